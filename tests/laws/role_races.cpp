// Races with a change of a catalog: an erase of a role beside grants of it, and two engines with different catalogs on
// one store.
#include "catch.hpp"
#include "race_setup.hpp"

namespace role_races {

using namespace fixtures;

/// The profile for organizations with catalogs of their own.
Profile own_rules() {
  return with(manager_rules(), [](Profile& p) {
    p.roles = {};
    p.on_other_role = OnConflict::replace;
    p.on_removed = OnFormer::restore_role;
  });
}

void put_ranks(AcmeFixture& in) {
  for (const Role& role : ranks) must(in.store.put_role(acme, role, any_version).has_value(), "a role");
}

TEST_CASE("a role is erased while it is granted: its members have the replacement, in every order") {
  const auto erases = [](const RoleId& role, const RoleId& instead) {
    return meanwhile([role, instead](MemoryStore& store) {
      must(store.erase_role(acme, role, instead, any_version).has_value(), "an erase");
    });
  };
  std::vector<std::vector<Participant>> races = {
      {participant<AddMembers>(acme, ann, clerk, by(boss))},
      {participant<Invite>(acme, ann, clerk, by(boss)), participant<AcceptInvitation>(acme, ann)},
      {participant<ChangeRole>(acme, cid, clerk, by(boss))},
      {participant<AddMembers>(acme, cid, clerk, by(boss)), participant<Suspend>(acme, cid, by(boss))},
      {participant<Reactivate>(acme, dora, by(boss))},
      {participant<AddMembers>(acme, emil, guest, by(boss))},
      {participant<AddMembers>(acme, std::vector<AccountSelector>{ann, bob, stranger}, clerk, by(boss))},
  };
  for (std::vector<Participant>& race : races) {
    race.push_back(erases(clerk, guest));
    const auto before = [](AcmeFixture& in) {
      put_ranks(in);
      in.put(cid, admin);
      in.put(dora, clerk, MembershipState::suspended);
      in.put(emil, clerk, MembershipState::removed);
    };
    const std::size_t schedules = every_schedule({no_limit, before, own_rules(), race}, [&](const Ended& ended) {
      INFO(text_of(ended));
      for (const auto& [pair, row] : ended.state.rows) CHECK(row.role != text_of(clerk));
      CHECK(owners(ended) == 1);
    });
    CHECK(schedules >= 2);
  }
}

// ---- two catalogs

constexpr RoleId proprietor("proprietor");
constexpr std::array old_roles = {Role{.id = clerk, .rank = 2},
                                  Role{.id = owner, .rank = 4, .manages = true, .owns = true}};
constexpr std::array new_roles = {Role{.id = clerk, .rank = 2},
                                  Role{.id = proprietor, .rank = 4, .manages = true, .owns = true}};
constexpr std::array former = {FormerRole{owner, proprietor}};
/// The old role stays, and owns no longer: nobody owns, or proprietors do.
constexpr std::array plain_roles = {Role{.id = clerk, .rank = 2}, Role{.id = owner, .rank = 4, .manages = true}};
constexpr std::array moved_roles = {plain_roles[0], plain_roles[1],
                                    Role{.id = proprietor, .rank = 5, .manages = true, .owns = true}};

Profile with_roles(std::span<const Role> roles, std::span<const FormerRole> former_roles = {}) {
  return with(host_rules(), [&](Profile& p) {
    p.roles = roles;
    p.former_roles = former_roles;
  });
}

/// Steps two operations in the order that `bits` says, the first one for a 0.
struct Pair {
  Pair(const Profile& a, const Command& first, const Profile& b, const Command& second, IdSource& ids)
      : operations{Operation(a, first, Context{Time{9'000'000}, &ids}, {}),
                   Operation(b, second, Context{Time{9'000'000}, &ids}, {})} {}

  void run(Store& store, unsigned bits) {
    for (; !ended(0) || !ended(1); bits >>= 1) {
      const unsigned next = bits & 1;
      roster_test::step(operations[ended(next) ? 1 - next : next], store);
    }
  }
  bool ended(unsigned which) const { return operations[which].need() == Operation::Need::nothing; }

  Operation operations[2];
};

/// Boss and ann are the owners, stored under these roles.
void put_two(MemoryStore& store, const RoleId& of_boss, const RoleId& of_ann) {
  must(store.put_organization({.id = acme}).has_value(), "acme");
  for (const AccountId& id : {boss, ann, bob}) must(store.put_account({.id = id}).has_value(), "an account");
  const auto put = [&](const AccountId& id, const RoleId& role) {
    const Membership member{.id = MembershipId::of(id.view()), .organization = acme, .account = id, .role = role};
    must(store.put_membership(member).has_value(), "a member");
  };
  put(boss, of_boss);
  put(ann, of_ann);
  for (const RoleId& role : {of_boss, of_ann}) must(store.record_owner_role(role).has_value(), "an owner role");
  put(bob, clerk);
}

std::size_t owners_in(const MemoryStore& store) {
  std::size_t count = 0;
  for (const AccountId& id : {boss, ann, bob}) {
    const auto found = store.membership(acme, id).value();
    count += found && found->state == MembershipState::active && found->valid_until == Time{} &&
             (found->role == owner || found->role == proprietor);
  }
  return count;
}

std::vector<std::shared_ptr<const Command>> takes_away(const AccountId& who) {
  const Actor host{{}, true};
  return {std::make_shared<const Leave>(acme, who), std::make_shared<const RemoveMembers>(acme, who, host),
          std::make_shared<const Suspend>(acme, who, host), std::make_shared<const ChangeRole>(acme, who, clerk, host),
          std::make_shared<const ChangeExpiry>(acme, who, far_off, host)};
}

TEST_CASE("two engines, one with the old catalog and one with the new, never take the last owner, in any order") {
  const Profile old = with_roles(old_roles), renamed = with_roles(new_roles, former), forgets = with_roles(new_roles),
                plain = with_roles(plain_roles), moved = with_roles(moved_roles);
  std::size_t refused = 0, taken = 0;
  for (const Profile* const other : {&renamed, &forgets, &plain, &moved})
    for (const auto& [of_boss, of_ann] : {std::pair(owner, owner), std::pair(owner, proprietor),
                                          std::pair(proprietor, owner), std::pair(proprietor, proprietor)})
      for (const auto& first : takes_away(boss))
        for (const auto& second : takes_away(ann))
          for (unsigned bits = 0; bits < 64; ++bits) {
            MemoryStore store;
            put_two(store, of_boss, of_ann);
            UuidSource ids({1, 2});
            Pair pair(old, *first, *other, *second, ids);
            pair.run(store, bits);
            const std::size_t left = owners_in(store);
            INFO(of_boss.view() << " and " << of_ann.view() << ", order " << bits);
            CHECK(left >= 1);
            (left == 2 ? refused : taken) += 1;
          }
  CHECK(refused > 0);
  CHECK(taken > 0);
}

}
