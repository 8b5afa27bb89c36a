// Public reports about roles that changed, replayed on any store as in reported.hpp.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_ROLES_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_ROLES_HPP

#include <array>
#include <vector>

#include "comparisons/reported.hpp"

namespace reported {

inline constexpr RoleId proprietor{"proprietor"}, guest{"guest"};
/// The catalog after `owner` was renamed, and `admin` was deleted.
inline constexpr Role new_roles[] = {Role{.id = member, .rank = 1},
                                     Role{.id = proprietor, .rank = 3, .manages = true, .owns = true}};
inline constexpr FormerRole former_roles[] = {{owner, proprietor}};
/// `declares`: the former id of the renamed role.
inline Profile renamed_rules(bool declares) {
  Profile renamed = rules;
  renamed.roles = new_roles;
  if (declares) renamed.former_roles = former_roles;
  renamed.on_removed = renamed.on_suspended = OnFormer::restore_role;
  return renamed;
}
inline const Actor staff{{}, true};

/// board#1480, ushahidi#1014: `owner` is renamed to `proprietor` in the catalog of the profile.
template <class AnyStore>
std::string renamed_owner(AnyStore& store) {
  Replay in(store);
  const Profile renamed = renamed_rules(true);
  in.expect("another owner", AddMembers(acme, ann, owner, by_boss), Outcome::added);
  in.expect("an add with the same role", AddMembers(acme, ann, proprietor, by_boss), Outcome::existing, renamed);
  in.expect("an add with the former id", AddMembers(acme, ann, owner, by_boss), Outcome::existing, renamed);
  in.expect_member("after reads", ann, owner, MembershipState::active);
  in.expect("an add by an owner", AddMembers(acme, bob, member, Actor{ann}), Outcome::added, renamed);
  in.expect("a suspension", Suspend(acme, ann, by_boss), Outcome::suspended, renamed);
  in.expect_member("after a write", ann, proprietor, MembershipState::suspended);
  in.expect("the last owner leaves", Leave(acme, boss), Outcome::last_owner, renamed);
  in.expect("a return", Reactivate(acme, ann, by_boss), Outcome::reactivated, renamed);
  in.expect("an owner leaves", Leave(acme, boss), Outcome::removed, renamed);
  in.expect("the other leaves", Leave(acme, ann), Outcome::last_owner, renamed);
  in.expect("a transfer to the former id", TransferOwnership(acme, bob, owner, member, Actor{ann}), Outcome::replaced,
            renamed);
  in.expect_member("after a transfer", bob, proprietor, MembershipState::active);
  return in.wrong;
}

/// The same, and the former id is not declared: no owner may be taken away, because the catalog knows none.
template <class AnyStore>
std::string forgotten_owner(AnyStore& store) {
  Replay in(store);
  const Profile forgets = renamed_rules(false);
  in.expect("another owner", AddMembers(acme, ann, owner, by_boss), Outcome::added);
  in.expect("a member", AddMembers(acme, bob, member, by_boss), Outcome::added);
  in.expect("an owner leaves", Leave(acme, ann), Outcome::last_owner, forgets);
  in.expect("an owner is removed", RemoveMembers(acme, ann, staff), Outcome::last_owner, forgets);
  in.expect("an owner is suspended", Suspend(acme, ann, staff), Outcome::last_owner, forgets);
  in.expect("an owner gets an end", ChangeExpiry(acme, ann, Time{4'000'000'000'000'000}, staff), Outcome::last_owner,
            forgets);
  in.expect("an owner is demoted", ChangeRole(acme, ann, member, staff), Outcome::last_owner, forgets);
  in.expect("a member leaves", Leave(acme, bob), Outcome::removed, forgets);
  in.expect("an owner gets the new role", ChangeRole(acme, boss, proprietor, staff), Outcome::replaced, forgets);
  in.expect("the other leaves", Leave(acme, ann), Outcome::removed, forgets);
  in.expect("the last leaves", Leave(acme, boss), Outcome::last_owner, forgets);
  return in.wrong;
}

/// The same, and the role stays in the catalog without the ownership: what the store has recorded keeps the owners.
template <class AnyStore>
std::string lost_ownership(AnyStore& store) {
  static constexpr Role plain[] = {Role{.id = member, .rank = 1}, Role{.id = admin, .rank = 2, .manages = true},
                                   Role{.id = owner, .rank = 3, .manages = true}};
  static constexpr Role moved[] = {plain[0], Role{.id = admin, .rank = 4, .manages = true, .owns = true}, plain[2]};
  Replay in(store);
  Profile nobody = rules, admins = rules;
  nobody.roles = plain;
  admins.roles = moved;
  in.expect("another owner", AddMembers(acme, ann, owner, by_boss), Outcome::added);
  in.expect("a member", AddMembers(acme, bob, member, by_boss), Outcome::added);
  for (const Profile* now : {&nobody, &admins}) {
    in.expect("an owner leaves", Leave(acme, ann), Outcome::last_owner, *now);
    in.expect("an owner is removed", RemoveMembers(acme, ann, staff), Outcome::last_owner, *now);
    in.expect("an owner is suspended", Suspend(acme, ann, staff), Outcome::last_owner, *now);
    in.expect("an owner gets an end", ChangeExpiry(acme, ann, far_off, staff), Outcome::last_owner, *now);
    in.expect("an owner is demoted", ChangeRole(acme, ann, member, staff), Outcome::last_owner, *now);
    in.expect("an owner is demoted by an add", AddMembers(acme, ann, member, staff), Outcome::last_owner, *now);
  }
  in.expect("a member leaves", Leave(acme, bob), Outcome::removed, nobody);
  in.expect("a former owner becomes an owner", ChangeRole(acme, boss, admin, staff), Outcome::replaced, admins);
  in.expect("the other leaves", Leave(acme, ann), Outcome::removed, admins);
  in.expect("the last leaves", Leave(acme, boss), Outcome::last_owner, admins);
  in.expect("the last leaves under another catalog", Leave(acme, boss), Outcome::last_owner, nobody);
  if (!store.forget_owner_role(admin)) in.fail("the role is not recorded");
  in.expect("it leaves after the host has said so", Leave(acme, boss), Outcome::removed, nobody);
  return in.wrong;
}

/// Each way to become an owner records the role.
template <class AnyStore>
std::string recorded_owners(AnyStore& store) {
  static constexpr Role plain[] = {Role{.id = member, .rank = 1}, Role{.id = proprietor, .rank = 3, .manages = true}};
  Replay in(store);
  Profile plainly = rules;
  plainly.roles = plain;
  const auto stays = [&](const char* how, const AccountId& id) {
    in.expect(how, Leave(acme, id), Outcome::last_owner, plainly);
    if (!store.forget_owner_role(proprietor)) in.fail(std::string(how) + ": the role is not recorded");
    in.expect(how, Leave(acme, id), Outcome::removed, plainly);
  };
  Profile renamed = renamed_rules(true);
  renamed.on_removed = OnFormer::fresh;
  renamed.accounts_max = 2;
  in.expect("an add of two", AddMembers({acme}, {ann, bob}, proprietor, staff), Outcome::added, renamed);
  stays("after an add of two", ann);
  in.expect("an add by its address", AddMembers(acme, Email::parse("dee@x.org").value(), proprietor, staff),
            Outcome::invited, renamed);
  if (!store.forget_owner_role(proprietor)) in.fail("an invitation does not record the role");
  in.expect("an invitation", Invite(acme, ann, proprietor, staff), Outcome::invited, renamed);
  in.expect("an acceptance", AcceptInvitation(acme, ann), Outcome::accepted, renamed);
  stays("after an acceptance", ann);
  in.expect("an add", AddMembers(acme, ann, member, staff), Outcome::added, renamed);
  in.expect("a promotion", ChangeRole(acme, ann, proprietor, staff), Outcome::replaced, renamed);
  stays("after a promotion", ann);
  in.expect("an add", AddMembers(acme, ann, member, staff), Outcome::added, renamed);
  in.expect("a transfer", TransferOwnership(acme, ann, proprietor, member, Actor{bob}), Outcome::replaced, renamed);
  stays("after a transfer", ann);
  if (!store.record_owner_role(member)) in.fail("the host records no role");
  in.expect("after the host has recorded it", Leave(acme, bob), Outcome::last_owner, plainly);
  return in.wrong;
}

/// `admin` is deleted: accepting, reactivating and restoring do not bring the role back.
template <class AnyStore>
std::string deleted_role(AnyStore& store) {
  Replay in(store);
  const Profile renamed = renamed_rules(true);
  in.expect("an invitation", Invite(acme, ann, admin, by_boss), Outcome::invited);
  in.expect("an admin", AddMembers(acme, bob, admin, by_boss), Outcome::added);
  in.expect("a suspension", Suspend(acme, bob, by_boss), Outcome::suspended);
  in.expect("an acceptance", AcceptInvitation(acme, ann), Outcome::role_not_found, renamed);
  in.expect("an add of the invited", AddMembers(acme, ann, RoleId{}, by_boss), Outcome::role_not_found, renamed);
  in.expect("a renewal", Invite(acme, ann, RoleId{}, by_boss), Outcome::role_not_found, renamed);
  in.expect("a reactivation", Reactivate(acme, bob, by_boss), Outcome::role_not_found, renamed);
  in.expect("an add that restores", AddMembers(acme, bob, member, by_boss), Outcome::role_not_found, renamed);
  in.expect("a removal", RemoveMembers(acme, bob, by_boss), Outcome::removed, renamed);
  in.expect("an add that restores after a removal", AddMembers(acme, bob, member, by_boss), Outcome::role_not_found,
            renamed);
  in.expect_member("after refusals", ann, admin, MembershipState::invited);
  in.expect("an invitation with a role", Invite(acme, ann, member, by_boss), Outcome::invitation_renewed, renamed);
  in.expect("an acceptance of it", AcceptInvitation(acme, ann), Outcome::accepted, renamed);
  in.expect_member("after an acceptance", ann, member, MembershipState::active);
  return in.wrong;
}

/// The same in an organization with a catalog of its own.
template <class AnyStore>
std::string own_catalog(AnyStore& store) {
  Replay in(store);
  const auto expect = [&](const char* what, const Result<Version>& got, Errc right) {
    const Errc code = got ? Errc{} : got.error().code;
    if (code != right) in.fail(std::string(what) + ": " + std::string(name(code)));
  };
  Profile own = rules;
  own.roles = {};
  own.on_suspended = OnFormer::restore_role;
  for (const Role& role : roles) expect("a role", store.put_role(acme, role, any_version), Errc{});
  in.expect("another owner", AddMembers(acme, ann, owner, by_boss), Outcome::added, own);
  in.expect("an admin", AddMembers(acme, bob, admin, by_boss), Outcome::added, own);
  in.expect("a suspension", Suspend(acme, bob, by_boss), Outcome::suspended, own);
  expect("owners own no longer", store.put_role(acme, {.id = owner, .rank = 3}, any_version), Errc::owner_last);
  expect("the role of the owners is erased", store.erase_role(acme, owner, member, any_version), Errc::owner_last);
  expect("a role in use is erased", store.erase_role(acme, admin, {}, any_version), Errc::role_in_use);
  expect("the new role", store.put_role(acme, new_roles[1], any_version), Errc{});
  expect("the old role is replaced", store.erase_role(acme, owner, proprietor, any_version), Errc{});
  in.expect_member("after a renaming", ann, proprietor, MembershipState::active);
  expect("a deleted role is replaced", store.erase_role(acme, admin, member, any_version), Errc{});
  in.expect_member("after a replacement", bob, member, MembershipState::suspended);
  in.expect("a reactivation", Reactivate(acme, bob, by_boss), Outcome::reactivated, own);
  in.expect("an owner leaves", Leave(acme, boss), Outcome::removed, own);
  in.expect("the other leaves", Leave(acme, ann), Outcome::last_owner, own);
  std::vector<Role> left(4);
  const auto count = store.roles(acme, {}, left);
  if (!count || count.value() != 2 || left[0] != new_roles[0] || left[1] != new_roles[1])
    in.fail("the catalog is another");
  std::vector<Membership> members(4);
  const auto listed = store.members_with_role(acme, member, {}, members);
  if (!listed || listed.value() != 1 || members[0].account != bob) in.fail("the members with a role are others");
  return in.wrong;
}

/// zulip#22712: guests are free. The same by a profile's catalog, and by the organization's own.
template <class AnyStore>
std::string free_guests(AnyStore& store) {
  static constexpr std::array with_guests = {Role{.id = guest, .rank = 0, .takes_seat = false},
                                             Role{.id = member, .rank = 1}, roles[2]};
  Replay in(store);
  for (const Role& role : with_guests)
    if (!store.put_role(acme, role, any_version)) return "a role was not put";
  if (!store.change_organization(acme, {.seats_max = 2}, any_version)) return "the seats were not put";
  for (const bool own : {false, true}) {
    Profile free = rules;
    free.seats = SeatRule::active_and_invited;
    free.on_removed = OnFormer::fresh;
    free.roles = own ? std::span<const Role>() : std::span<const Role>(with_guests);
    in.expect("a member", AddMembers(acme, ann, member, by_boss), Outcome::added, free);
    in.expect("another member", AddMembers(acme, bob, member, by_boss), Outcome::seats_taken, free);
    in.expect("a guest is invited", Invite(acme, bob, guest, by_boss), Outcome::invited, free);
    in.expect("the guest accepts", AcceptInvitation(acme, bob), Outcome::accepted, free);
    in.expect("the guest becomes a member", ChangeRole(acme, bob, member, by_boss), Outcome::seats_taken, free);
    in.expect("a member becomes a guest", ChangeRole(acme, ann, guest, by_boss), Outcome::replaced, free);
    in.expect("now there is a seat", ChangeRole(acme, bob, member, by_boss), Outcome::replaced, free);
    in.expect("a guest is suspended", Suspend(acme, ann, by_boss), Outcome::suspended, free);
    in.expect("a guest comes back", Reactivate(acme, ann, by_boss), Outcome::reactivated, free);
    for (const AccountId& id : {ann, bob})
      in.expect("a removal", RemoveMembers(acme, id, by_boss), Outcome::removed, free);
  }
  return in.wrong;
}

/// The first wrong answer of all of them. `replay(scenario)` runs one on an empty store.
template <class ReplayEach>
std::string all_about_roles(const ReplayEach& replay) {
  std::string wrong = replay([](auto& store) { return renamed_owner(store); });
  if (wrong.empty()) wrong = replay([](auto& store) { return forgotten_owner(store); });
  if (wrong.empty()) wrong = replay([](auto& store) { return lost_ownership(store); });
  if (wrong.empty()) wrong = replay([](auto& store) { return recorded_owners(store); });
  if (wrong.empty()) wrong = replay([](auto& store) { return deleted_role(store); });
  if (wrong.empty()) wrong = replay([](auto& store) { return own_catalog(store); });
  return wrong.empty() ? replay([](auto& store) { return free_guests(store); }) : wrong;
}

}  // namespace reported

#endif
