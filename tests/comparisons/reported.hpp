// Public reports about other systems, replayed on any store. Each function returns the first wrong answer as text;
// empty: all are right.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_HPP

#include <array>
#include <string>

#include "roster/engine.hpp"
#include "roster/invitation.hpp"
#include "roster/profiles.hpp"
#include "roster/record_store.hpp"

namespace reported {

using namespace roster;

inline constexpr OrganizationId acme{"acme"};
inline constexpr AccountId boss{"boss"}, ann{"ann"}, bob{"bob"}, cyd{"cyd"};
inline constexpr RoleId member{"member"}, admin{"admin"}, owner{"owner"};
inline constexpr Time far_off{9'000'000'000'000'000};
inline constexpr Role roles[] = {Role{.id = member, .rank = 1}, Role{.id = admin, .rank = 2, .manages = true},
                                 Role{.id = owner, .rank = 3, .manages = true, .owns = true}};
inline constexpr Profile rules = {.name = "reported",
                                  .on_unknown_account = OnUnknown::invite,
                                  .on_other_role = OnConflict::replace,
                                  .roles = roles,
                                  .default_role = member,
                                  .actor = ActorRule::manager,
                                  .on_removed = OnFormer::refuse};

/// The organization `acme` with the owner `boss`, in a store that is empty at first. Each command is a second later.
template <class AnyStore>
class Replay {
 public:
  explicit Replay(AnyStore& store) : store_(store) {
    put(store.put_organization({.id = acme}));
    for (const AccountId& id : {boss, ann, bob, cyd}) put(store.put_account({.id = id, .verified = true}));
    AddMembers first(acme, boss, owner, Actor{{}, true});
    expect("the first owner", first, Outcome::added);
  }

  void expect(const char* what, const Command& command, Outcome right, const Profile& profile = rules) {
    at_ = Time{static_cast<std::int64_t>(at_) + 1'000'000};
    const Engine engine(profile, store_, ids);
    const auto report = plans ? engine.plan(command, at_) : engine.run(command, at_);
    const std::string_view got = report ? name(report.value().at(0, 0)) : name(report.error().code);
    if (got != name(right)) fail(std::string(what) + ": " + std::string(got) + ", not " + std::string(name(right)));
  }
  /// Whether the account is a member with this role in this state.
  void expect_member(const char* what, const AccountId& id, const RoleId& role, MembershipState state) {
    const auto found = store_.membership(acme, id);
    if (!found || !found.value() || found.value()->role != role || found.value()->state != state)
      fail(std::string(what) + ": the membership is another");
  }

  void fail(const std::string& what) {
    if (wrong.empty()) wrong = what;
  }
  Time now() const { return at_; }  ///< of the last command
  /// That many seconds after the last command.
  Time in(std::int64_t seconds) const { return Time{static_cast<std::int64_t>(at_) + 1'000'000 * seconds}; }
  void wait_until(Time time) { at_ = time; }
  std::string wrong;
  UuidSource ids{{1, 2}};
  bool plans = false;  ///< commands are planned, not executed

 private:
  template <class T>
  void put(const Result<T>& done) {
    if (!done) fail("a record was not put");
  }

  AnyStore& store_;
  Time at_{1'700'000'000'000'000};
};

inline const Actor by_boss{boss};

/// nbproject#172: a late copy of a promotion arrives after the demotion.
template <class AnyStore>
std::string late_promotion(AnyStore& store) {
  Replay in(store);
  in.expect("an add", AddMembers(acme, ann, member, by_boss), Outcome::added);
  ChangeRole promotes(acme, ann, admin, by_boss, IdempotencyKey::of("K"));
  promotes.asked_at = in.now();  // of the add, which it must be later than
  in.expect("a promotion at the time of the add", promotes, Outcome::has_changed);
  promotes.asked_at = Time{static_cast<std::int64_t>(in.now()) + 1};
  in.expect("a promotion", promotes, Outcome::replaced);
  in.expect("the same promotion again", promotes, Outcome::replayed);
  in.expect("a demotion", ChangeRole(acme, ann, member, by_boss, IdempotencyKey::of("L")), Outcome::replaced);
  in.expect("the promotion, late", promotes, Outcome::has_changed);
  AddMembers adds(acme, ann, admin, by_boss, IdempotencyKey::of("M"));
  adds.asked_at = promotes.asked_at;
  in.expect("an add with a role, late", adds, Outcome::has_changed);
  RemoveMembers removes(acme, ann, by_boss, IdempotencyKey::of("N"));
  removes.asked_at = promotes.asked_at;
  in.expect("a removal, late", removes, Outcome::has_changed);
  in.expect_member("after late requests", ann, member, MembershipState::active);
  removes.asked_at = in.now();
  in.expect("a removal that is later than the demotion", removes, Outcome::removed);
  return in.wrong;
}

/// sim#7567: one worker disables an account; another one, which read before, stores a new address: it is enabled again.
/// The same with the seats of an organization, 2 to 10.
template <class AnyStore>
std::string lost_update(AnyStore& store) {
  Replay in(store);
  const auto expect = [&](const char* what, const Result<Version>& got, Errc right) {
    const Errc code = got ? Errc{} : got.error().code;
    if (code != right) in.fail(std::string(what) + ": " + std::string(name(code)));
  };
  const auto first = store.account(ann), second = store.account(ann);
  if (!first || !first.value() || !second || !second.value()) return "the account is not found";
  expect("the first worker disables", store.change_account(ann, {.disabled = true}, first.value()->version), Errc{});
  AccountRecord moved = *second.value();
  moved.email = Email::parse("ann@x.example").value();
  expect("the second worker stores an address", store.put_account(moved), Errc::stale);
  const auto account = store.account(ann);
  if (!account || !account.value() || !account.value()->disabled || account.value()->email)
    in.fail("the account is another");
  in.expect("an add of the account", AddMembers(acme, ann, member, by_boss), Outcome::account_disabled);

  expect("two seats", store.overwrite_organization({.id = acme, .seats_max = 2}), Errc{});
  const auto read = store.organization(acme);
  if (!read || !read.value()) return "the organization is not found";
  expect("ten seats", store.change_organization(acme, {.seats_max = 10}, read.value()->version), Errc{});
  OrganizationRecord closed = *read.value();
  closed.joinable = false;
  expect("a put of what was read", store.put_organization(closed), Errc::stale);
  const auto organization = store.organization(acme);
  if (!organization || !organization.value() || organization.value()->seats_max != 10 ||
      !organization.value()->joinable)
    in.fail("the organization is another");
  return in.wrong;
}

/// webknossos#5061, #6804, heimdall2#4196: of two owners one is disabled, and the other one leaves, or is removed by
/// any other command. The disabled one adds, invites and accepts. Alone, in bulk, atomic, and planned.
template <class AnyStore>
std::string disabled_owner(AnyStore& store) {
  Replay in(store);
  Profile many = rules;
  many.accounts_max = 10;
  Profile host = many, whole = many;
  host.actor = ActorRule::host_decides;
  whole.mode = Mode::atomic;
  in.expect("a second owner", AddMembers(acme, ann, owner, by_boss), Outcome::added);
  in.expect("an invitation by her", Invite(acme, bob, member, Actor{ann}), Outcome::invited);
  if (!store.change_account(ann, {.disabled = true}, any_version)) return "the account was not disabled";
  const std::vector<AccountSelector> both{boss, bob};
  for (const bool planned : {true, false}) {
    in.plans = planned;
    in.expect("the other owner leaves", Leave(acme, boss), Outcome::last_owner);
    in.expect("it is removed", RemoveMembers(acme, boss), Outcome::last_owner, host);
    in.expect("it is removed by an atomic bulk", RemoveMembers(acme, both, by_boss), Outcome::last_owner, whole);
    in.expect("it is demoted", ChangeRole(acme, boss, admin, by_boss), Outcome::last_owner);
    in.expect("it is suspended", Suspend(acme, boss, by_boss), Outcome::last_owner);
    in.expect("it gets an expiry", ChangeExpiry(acme, boss, far_off, by_boss), Outcome::last_owner);
    in.expect("it hands over", TransferOwnership(acme, ann, owner, admin, by_boss), Outcome::account_disabled);
    in.expect("the disabled one adds", AddMembers(acme, bob, member, Actor{ann}), Outcome::forbidden);
    in.expect("it adds in bulk", AddMembers(acme, both, member, Actor{ann}), Outcome::forbidden, many);
    in.expect("it adds in an atomic bulk", AddMembers(acme, both, member, Actor{ann}), Outcome::forbidden, whole);
    in.expect("it invites again", Invite(acme, bob, member, Actor{ann}), Outcome::forbidden);
    in.expect("it removes", RemoveMembers(acme, boss, Actor{ann}), Outcome::forbidden);
    in.expect("its invitation is accepted", AcceptInvitation(acme, bob), Outcome::inviter_lapsed);
    in.expect("it is added again", AddMembers(acme, ann, owner, by_boss), Outcome::account_disabled);
  }
  in.expect_member("after refusals", boss, owner, MembershipState::active);
  in.plans = true;
  in.expect("the disabled one leaves", Leave(acme, ann), Outcome::removed);
  in.expect("the disabled one is demoted", ChangeRole(acme, ann, member, by_boss), Outcome::replaced);
  in.expect("the other one is removed by a bulk", RemoveMembers(acme, both), Outcome::last_owner, host);
  in.plans = false;
  in.expect("the other one invites", Invite(acme, bob, member, by_boss), Outcome::invitation_renewed);
  if (!store.change_account(ann, {.disabled = false}, any_version)) return "the account was not enabled";
  in.expect("its renewed invitation is accepted", AcceptInvitation(acme, bob), Outcome::accepted);
  in.expect("the enabled one promotes", ChangeRole(acme, bob, admin, Actor{ann}), Outcome::replaced);
  in.expect("the other owner leaves", Leave(acme, boss), Outcome::removed);
  in.expect("the last owner leaves", Leave(acme, ann), Outcome::last_owner);
  return in.wrong;
}

/// prefect#7727, suna#4555: an administrator or a directory adds an account that has a pending invitation.
template <class AnyStore>
std::string pending_add(AnyStore& store) {
  Replay in(store);
  Profile keeps = rules;
  keeps.on_invited = OnInvited::keep;
  in.expect("an invitation", Invite(acme, ann, admin, by_boss), Outcome::invited);
  in.expect("an add under keep", AddMembers(acme, ann, RoleId{}, by_boss), Outcome::still_invited, keeps);
  in.expect_member("an add under keep", ann, admin, MembershipState::invited);
  const AddMembers adds(acme, ann, RoleId{}, by_boss, IdempotencyKey::of("adds ann"));
  in.expect("an add", adds, Outcome::accepted);
  in.expect_member("an add", ann, admin, MembershipState::active);
  in.expect("the same add again", adds, Outcome::replayed);
  in.expect("another add", AddMembers(acme, ann, RoleId{}, by_boss), Outcome::existing);
  in.expect("another invitation", Invite(acme, bob, admin, by_boss), Outcome::invited);
  in.expect("an add with a role", AddMembers(acme, bob, member, Actor{ann}), Outcome::accepted);
  in.expect_member("an add with a role", bob, member, MembershipState::active);
  return in.wrong;
}

/// loomio#4896, sentry#75630: the inviter is removed, and the owner invites again, then adds.
template <class AnyStore>
std::string renewed_invitation(AnyStore& store) {
  Replay in(store);
  in.expect("the inviter joins", AddMembers(acme, bob, admin, by_boss), Outcome::added);
  in.expect("an invitation", Invite(acme, ann, admin, Actor{bob}), Outcome::invited);
  in.expect("the inviter is removed", RemoveMembers(acme, bob, by_boss), Outcome::removed);
  in.expect("an acceptance", AcceptInvitation(acme, ann), Outcome::inviter_lapsed);
  Profile keeps = rules;
  keeps.on_reinvite = OnReinvite::keep;
  in.expect("an invitation under keep", Invite(acme, ann, RoleId{}, by_boss), Outcome::still_invited, keeps);
  Invite again(acme, ann, RoleId{}, by_boss, IdempotencyKey::of("invites again"));
  again.valid_until = Time{4'000'000'000'000'000};
  in.expect("an invitation by the owner", again, Outcome::invitation_renewed);
  in.expect("the same invitation again", again, Outcome::replayed);
  in.expect_member("an invitation by the owner", ann, admin, MembershipState::invited);
  const auto found = store.membership(acme, ann);
  if (!found || !found.value() || found.value()->valid_until != again.valid_until) return "the renewal has another end";
  in.expect("an invitation with a role", Invite(acme, ann, member, by_boss), Outcome::invitation_renewed);
  in.expect_member("an invitation with a role", ann, member, MembershipState::invited);
  in.expect("an acceptance of the renewed invitation", AcceptInvitation(acme, ann), Outcome::accepted);
  in.expect("an add", AddMembers(acme, ann, RoleId{}, by_boss), Outcome::existing);
  return in.wrong;
}

/// The same, and the owner adds at once: the inviter makes no difference to an add.
template <class AnyStore>
std::string add_of_a_lapsed_invitation(AnyStore& store) {
  Replay in(store);
  in.expect("the inviter joins", AddMembers(acme, bob, admin, by_boss), Outcome::added);
  in.expect("an invitation", Invite(acme, ann, member, Actor{bob}), Outcome::invited);
  in.expect("the inviter is removed", RemoveMembers(acme, bob, by_boss), Outcome::removed);
  in.expect("an add by the owner", AddMembers(acme, ann, RoleId{}, by_boss), Outcome::accepted);
  in.expect_member("an add by the owner", ann, member, MembershipState::active);
  return in.wrong;
}

/// milo#802, daytona#1778, safe-client-gateway#3115: an invitation is good until day 15, and accepted on day 9. Another
/// one expires: it is found with its inviter, keeps no seat, is cleared away, and is sent again.
template <class AnyStore>
std::string ending_invitation(AnyStore& store) {
  Replay in(store);
  Profile seats = rules;
  seats.seats = SeatRule::active_and_invited;
  seats.on_removed = OnFormer::fresh;
  if (!store.change_organization(acme, {.seats_max = 3}, any_version)) return "the organization is not changed";
  const auto expect = [&](const char* what, const AccountId& id, Time end, const AccountId& inviter) {
    const auto found = store.membership(acme, id);
    if (!found || !found.value() || found.value()->invitation_until != end || found.value()->invited_by != inviter)
      in.fail(std::string(what) + ": the end or the inviter is another");
    if (found && found.value() && found.value()->valid_until != Time{}) in.fail("the membership has an end");
  };
  constexpr std::int64_t day = 86'400;
  Invite first(acme, ann, admin, by_boss);
  first.invitation_until = in.in(15 * day);
  in.expect("an invitation", first, Outcome::invited, seats);
  expect("an invitation", ann, first.invitation_until, boss);
  in.wait_until(in.in(9 * day));
  in.expect("an acceptance", AcceptInvitation(acme, ann), Outcome::accepted, seats);
  expect("an acceptance", ann, {}, {});
  in.wait_until(in.in(90 * day));
  in.expect("a command of the member, long after", ChangeRole(acme, ann, admin, Actor{ann}), Outcome::existing, seats);

  Invite second(acme, bob, member, Actor{ann});
  second.invitation_until = in.in(2 * day);
  in.expect("another invitation", second, Outcome::invited, seats);
  second.invitation_until = in.in(5 * day);
  in.expect("the same with a later end", second, Outcome::invitation_renewed, seats);
  in.wait_until(in.in(4 * day));
  expect("before the end", bob, second.invitation_until, ann);
  in.expect("an add while all seats are taken", AddMembers(acme, cyd, member, by_boss), Outcome::seats_taken, seats);
  in.wait_until(in.in(1 * day));
  in.expect("an acceptance after the end", AcceptInvitation(acme, bob), Outcome::was_removed, seats);
  std::array<Membership, 2> page;
  const auto listed = store.invitations(acme, {}, page);
  if (!listed || listed.value() != 1 || page[0].account != bob || page[0].invited_by != ann)
    return "the expired invitation is not listed with its inviter";
  const auto inviter = store.membership(acme, page[0].invited_by);
  const auto account = store.account(page[0].invited_by);
  if (!inviter || !inviter.value() || !account || !account.value()) return "the inviter is not found";
  if (invitation_status(seats, {}, page[0], &*inviter.value(), &*account.value(), in.now()) !=
      InvitationStatus::expired)
    return "the invitation is not reported as expired";
  in.expect("an add into its seat", AddMembers(acme, cyd, member, by_boss), Outcome::added, seats);
  in.expect("an invitation without a seat", Invite(acme, bob, member, by_boss), Outcome::seats_taken, seats);
  in.expect("it is cleared away", RevokeInvitation(acme, bob, by_boss), Outcome::removed, seats);
  in.expect("and again", RevokeInvitation(acme, bob, by_boss), Outcome::not_member, seats);
  in.expect("a seat is free", RemoveMembers(acme, cyd, by_boss), Outcome::removed, seats);
  in.expect("an invitation again", Invite(acme, bob, member, by_boss), Outcome::invited, seats);
  expect("an invitation again", bob, {}, boss);
  const auto empty = store.invitations(acme, bob, page);
  if (!empty || empty.value() != 0) return "there is an invitation behind the last";
  return in.wrong;
}

}  // namespace reported

#endif
