// The writes of a commit: everything or nothing, visible at once.
#include "change_set_builder.hpp"
#include "laws.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

void added(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(3);
  ChangeSetBuilder builder(test, {test_organization(0), test_organization(1)},
                           {test_account(0), test_account(1), test_account(2)});
  const MembershipId ids[] = {builder.add(0, 0, owner), builder.add(0, 1, member, MembershipState::invited),
                              builder.add(1, 2, admin)};
  builder.succeeds("no account is a member");
  ChangeSetBuilder look(test, {test_organization(0), test_organization(1)},
                        {test_account(0), test_account(1), test_account(2)}, test_account(0));
  if (!test.expect(look.facts().memberships.size() == 3, "there are not the three memberships that were added")) return;
  const RoleId roles[] = {owner, member, admin};
  for (std::uint32_t i = 0; i < 3; ++i) {
    const MembershipFact& fact = look.facts().memberships[i];
    test.expect(fact.organization == i / 2 && fact.account == i, "a membership was added to another pair");
    test.expect(fact.id == ids[i], "a membership has another id than it was added with");
    test.expect(look.facts().roles[fact.role].id == roles[i], "a membership has another role than it was added with");
    test.expect(fact.state == (i == 1 ? MembershipState::invited : MembershipState::active),
                "a membership has another state than it was added with");
  }
  test.expect(look.facts().organizations[0].actor_is_member, "the actor that was added is not reported as a member");
}

void created(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(1);
  const Email zoe = address("Zoe@Example.org"), ann = address("ann@example.org");
  ChangeSetBuilder builder(test, {test_organization(0), test_organization(1)}, {test_account(0), zoe});
  const std::uint32_t first = builder.create(test_account(10), zoe),
                      second = builder.create(test_account(11), ann, true);
  const std::uint32_t third = builder.create(test_account(12));
  builder.add(0, first);
  builder.add(1, second, admin, MembershipState::invited);
  builder.add(1, 0);
  builder.add(1, third);
  builder.succeeds("neither ids nor addresses are in use");
  ChangeSetBuilder look(test, {test_organization(0), test_organization(1)},
                        {zoe, test_account(11), ann, test_account(12), test_account(10)});
  if (test.broken()) return;
  const Facts& facts = look.facts();
  test.expect(facts.accounts[0].id == test_account(10) && facts.accounts[4].id == test_account(10),
              "a created account is not found");
  test.expect(facts.accounts[1].id == test_account(11) && facts.accounts[2].id == test_account(11),
              "a created account is not found");
  test.expect(facts.accounts[3].id == test_account(12), "an account created without an address is not found");
  test.expect(!facts.accounts[0].invited && facts.accounts[1].invited, "`invited` is not as it was created");
  test.expect(!facts.accounts[0].disabled && !facts.accounts[0].verified, "a created account is disabled or verified");
  test.expect(look.at(0, 0) != nullptr && look.at(1, 1) != nullptr && look.at(1, 3) != nullptr &&
                  look.at(0, 1) == nullptr && look.at(1, 0) == nullptr,
              "the memberships of created accounts are not those that were added");
}

/// Every kind of stored data, so that a snapshot detects any write of a failed commit.
void put_everything(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(5);
  test.put(AccountRecord{.id = test_account(5), .email = address("zoe@example.org")});
  ChangeSetBuilder first(test, {test_organization(0), test_organization(1)},
                         {test_account(0), test_account(1), test_account(2), test_account(3)}, test_account(0));
  first.add(0, 0, owner);
  first.add(0, 1);
  first.add(0, 2);
  first.add(0, 3, member, MembershipState::invited);
  first.add(1, 0, admin);
  first.succeeds("no account is a member");
  ChangeSetBuilder second(test, {test_organization(0)}, {test_account(1), test_account(2)}, test_account(0));
  second.change(0, 0, MembershipState::suspended, Event::suspended);
  second.remove(0, 1);
  second.succeeds("the memberships have the versions that were read");
}

/// Adds one entry of each kind.
void write_everything(ChangeSetBuilder& builder) {
  const std::uint32_t kim = builder.create(test_account(20), address("kim@example.org"));
  builder.add(0, kim);
  builder.add(1, 4);
  builder.add(0, 4, admin, MembershipState::invited);
  builder.change(0, 0, MembershipState::active, Event::role_changed, admin);
  builder.change(0, 1, MembershipState::active, Event::reactivated);
  builder.renew(0, 2);
  builder.remove(0, 3);
}

void stale_writes_nothing(TestContext& test) {
  put_everything(test);
  const std::vector<OrganizationSelector> rows = {test_organization(0), test_organization(1)};
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2),
                                                test_account(3), test_account(4), address("zoe@example.org")};
  constexpr int ways = 11;
  for (int way = 0; way < ways; ++way) {
    ChangeSetBuilder builder(test, rows, columns, test_account(0));
    write_everything(builder);
    switch (way) {
      case 0: builder.guard(Guard::Record::organization, 1, 0, Version{0xFFFFFFF}); break;
      case 1: builder.guard(Guard::Record::account, 0, 4, Version{0xFFFFFFF}); break;
      case 2: builder.guard(Guard::Record::membership, 1, 0, Version{0xFFFFFFF}); break;
      case 3: builder.guard(Guard::Record::actor, 1, 0, Version{0xFFFFFFF}); break;
      case 4: builder.guard(Guard::Record::inviter, 0, 3, Version{0xFFFFFFF}); break;
      case 5: builder.limit_seats(0, 1); break;
      case 6: builder.keep_an_owner(0, {RoleId("nobody's")}); break;
      case 7: builder.add(1, 0); break;  // an existing pair, after all other entries
      case 8: builder.create(test_account(5)); break;
      case 9: builder.create(test_account(21), address("ZOE@example.org")); break;
      case 10:
        builder.change(1, 0, MembershipState::active, Event::role_changed, owner).version = Version{0xFFFFFFF};
        break;
      default: break;
    }
    const Snapshot before = take_snapshot(test);
    if (!builder.is_stale("one of its checks fails")) return;
    const Snapshot after = take_snapshot(test);
    if (!test.expect(before == after, "a commit that was stale wrote: " + difference(before, after))) return;
  }
  ChangeSetBuilder sound(test, rows, columns, test_account(0));
  write_everything(sound);
  sound.succeeds("the same change set, with nothing wrong in it");
}

void nothing(TestContext& test) {
  put_everything(test);
  const Snapshot before = take_snapshot(test);
  ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(0)});
  builder.guard_organization(0);
  builder.succeeds("there is nothing to write, and the guard holds");
  ChangeSetBuilder stale(test, {test_organization(0)}, {test_account(0)});
  stale.guard(Guard::Record::organization, 0, 0, Version{0xFFFFFFF});
  stale.is_stale("there is nothing to write, and the guard does not hold");
  const Snapshot after = take_snapshot(test);
  test.expect(before == after, "a commit without entries wrote: " + difference(before, after));
}

/// A commit checks no rules. The core decides authorization, disabled accounts and roles.
void no_decision(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .joinable = false, .closed = true, .seats_max = 0});
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .assignable = false, .owns = true});
  test.put(AccountRecord{.id = test_account(0), .disabled = true});
  test.put(AccountRecord{.id = test_account(1), .invited = true});
  test.put(AccountRecord{.id = test_account(2)});
  ChangeSetBuilder added(test, {test_organization(0)}, {test_account(0), test_account(1), test_account(2)});
  added.add(0, 0, RoleId("of no catalog"));
  added.add(0, 1, owner);
  added.add(0, 2);
  added.succeeds("no account is a member, and there is no guard");
  ChangeSetBuilder changed(test, {test_organization(0)}, {test_account(0), test_account(1), test_account(2)},
                           test_account(2));
  changed.change(0, 0, MembershipState::active, Event::role_changed, owner);
  changed.change(0, 1, MembershipState::active, Event::role_changed, RoleId("of no catalog either"));
  changed.change(0, 2, MembershipState::removed, Event::left);
  changed.succeeds("the memberships have the versions that were read, and there is no guard");
  ChangeSetBuilder last(test, {test_organization(0)}, {test_account(0)},
                        test_account(98));  // an actor without an account, and no guard on it
  last.remove(0, 0);
  last.succeeds("the last owner is removed, and there is no guard");
}

/// A command of many tiles has as many commits, all with its key.
void one_request_many_commits(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  const std::vector<AccountSelector> columns = {test_account(0), test_account(1), test_account(2), test_account(3)};
  IdempotencyKey idempotency_key;
  for (std::uint32_t i = 0; i < 4; ++i) {
    ChangeSetBuilder builder(test, {test_organization(0)}, columns);
    if (i == 0)
      idempotency_key = builder.changes.idempotency_key;
    else
      builder.sign(idempotency_key);
    builder.add(0, i);
    builder.succeeds("a further part of the same request adds another account");
  }
  ChangeSetBuilder changed(test, {test_organization(0)}, columns);
  changed.sign(idempotency_key);
  changed.change(0, 0, MembershipState::active, Event::role_changed, admin);
  changed.succeeds("a further part of the same request changes a membership");
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = columns;
  owned_query.idempotency_key = idempotency_key;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.memberships.size() == 4, "not all parts of a request were written");
  for (const MembershipFact& fact : facts.memberships)
    test.expect(fact.written_by_request(), "a part of a request does not store its key");
}

/// Entries and guards refer to rows and columns by their indexes in the facts, also if some records were not found.
void positions(TestContext& test) {
  test.put_organizations(3);
  test.put_accounts(3);
  const Email mail = address("zoe@example.org"), none = address("none@example.org");
  test.put(AccountRecord{.id = test_account(5), .email = mail});
  const std::vector<OrganizationSelector> rows = {test_organization(98), test_organization(0),  Slug("none"),
                                                  test_organization(1),  test_organization(99), test_organization(2)};
  const std::vector<AccountSelector> columns = {none, test_account(0),  test_account(97),
                                                mail, test_account(98), test_account(1)};
  ChangeSetBuilder start(test, rows, columns);
  start.add(1, 1, owner);
  start.add(5, 1, owner);
  start.succeeds("no account is a member");
  ChangeSetBuilder builder(test, rows, columns, test_account(0));
  const std::uint32_t kim = builder.create(test_account(20)), ann = builder.create(test_account(21));
  builder.add(3, 3);
  builder.add(5, 5, admin);
  builder.add(1, kim, owner);
  builder.add(3, ann, admin);
  builder.change(5, 1, MembershipState::active, Event::role_changed, member);
  builder.guard_organization(3);
  builder.guard_account(5);
  builder.guard_membership(5, 1);
  builder.guard_actor(5);
  builder.limit_seats(3, 2);
  builder.keep_an_owner(1);
  builder.succeeds("every index is that of a record that was found");
  ChangeSetBuilder look(test, {test_organization(0), test_organization(1), test_organization(2)},
                        {test_account(0), test_account(1), test_account(5), test_account(20), test_account(21)});
  const std::pair<std::uint32_t, std::uint32_t> members[] = {{0, 0}, {0, 3}, {1, 2}, {1, 4}, {2, 0}, {2, 1}};
  test.expect(look.facts().memberships.size() == std::size(members), "an account was added to another pair");
  for (const auto& [row, column] : members)
    test.expect(look.at(row, column) != nullptr, "an account was added to another pair");
}

/// A missing address does not collide with another missing address.
void created_without_address(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(2);
  for (std::uint32_t round = 0; round < 2; ++round) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(0)});
    for (std::uint32_t i = 0; i < 3; ++i) builder.add(0, builder.create(test_account(1000 + 10 * round + i)));
    builder.succeeds("accounts without an address have no key that could be in use");
  }
  ChangeSetBuilder look(test, {test_organization(0)},
                        {test_account(1000), test_account(1001), test_account(1002), test_account(1010),
                         test_account(1011), test_account(1012)});
  for (std::uint32_t i = 0; i < 6; ++i)
    test.expect(look.at(0, i) != nullptr, "an account that was created without an address is not there");
  // The created account has a version, as every account has.
  ChangeSetBuilder late(test, {test_organization(0)}, {test_account(1001), test_account(0)}),
      kept(test, {test_organization(0)}, {test_account(1002), test_account(1)});
  for (ChangeSetBuilder* const builder : {&late, &kept}) {
    builder->guard_account(0);
    builder->add(0, 1);
  }
  test.put(AccountRecord{.id = test_account(1001), .disabled = true});
  late.is_stale("an account that was created was put again after it was read");
  kept.succeeds("an account that was created is as it was read");
}

constexpr Entry commit_entries[] = {
    {{"commit/added",
      "an added membership is visible at once, in its organization and account, with its id, role and state"},
     added},
    {{"commit/created", "a created account has the given id, address and invited flag, and joins in the same commit"},
     created},
    {{"commit/stale-writes-nothing", "a stale commit changes nothing, for each check that can fail"},
     stale_writes_nothing},
    {{"commit/created-without-address",
      "a commit creates any number of accounts without an address, and guards apply to them as to others"},
     created_without_address},
    {{"commit/positions", "entries and guards refer to records by position, also beside records that were not found"},
     positions},
    {{"commit/one-request-many-commits",
      "one request may make several commits, and every membership that they write stores its key"},
     one_request_many_commits},
    {{"commit/no-decision", "a commit writes every unguarded entry, and evaluates no rule about members and roles"},
     no_decision},
    {{"commit/nothing", "a change set without entries checks its guards and writes nothing"}, nothing},
};

}  // namespace

std::span<const Entry> commit_laws() noexcept {
  return commit_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
