// Large commits in which every entry differs from the one before it, and long lists of other shapes than a square.
#include <algorithm>
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

/// The n-th kind of change of a membership that was added as active, or as invited.
void change_by_kind(ChangeSetBuilder& builder, const MembershipFact& fact, std::uint32_t n) {
  const bool waits = fact.state == State::invited;
  switch (n) {
    case 0: builder.change(fact, fact.state, Event::role_changed, owner); return;
    case 1: builder.change(fact, State::suspended, Event::suspended); return;
    case 2: builder.change(fact, State::removed, waits ? Event::revoked : Event::removed); return;
    case 3: builder.change(fact, fact.state, Event::expiry_changed).sets_expiry = true; return;
    case 4: builder.change(fact, State::active, waits ? Event::accepted : Event::role_changed, admin); return;
    case 5: {
      MemberChanged& changed = builder.change(fact, State::active, Event::added, member);
      changed.new_identity = changed.sets_expiry = true;
      changed.new_id = MembershipId{fact.id};
      changed.new_id.bytes[14] ^= 0xFF;
      return;
    }
    default: return;  // unchanged
  }
}

/// Every entry of a large commit is written with its own role, state, expiry and history.
void mixed(TestContext& test) {
  const std::uint32_t width = std::clamp(test.options.cells_max / 3, 7u, 400u);
  constexpr std::int64_t until = 4'000'000'000'000'007;
  test.put_organizations(3);
  test.put_accounts(width);
  const RoleId roles[] = {member, admin, owner, RoleId("guest")};
  const auto added_role = [&](std::uint32_t cell) { return roles[cell % 4]; };
  const auto added_state = [](std::uint32_t cell) { return cell % 3 == 0 ? State::invited : State::active; };
  ChangeSetBuilder added(test, test_organizations(3), test_accounts(width));
  std::vector<MembershipId> ids;
  for (std::uint32_t cell = 0; cell < 3 * width; ++cell)
    ids.push_back(added.add(cell / width, cell % width, added_role(cell), added_state(cell)));
  added.succeeds("no account is a member");
  ChangeSetBuilder changed(test, test_organizations(3), test_accounts(width));
  changed.changes.valid_until = Time{until};
  if (!test.expect(changed.facts().memberships.size() == 3 * width, "there are not as many members as were added"))
    return;
  for (std::uint32_t cell = 0; cell < 3 * width; ++cell)
    change_by_kind(changed, changed.facts().memberships[cell], cell % 7);
  changed.succeeds("the memberships have the versions that were read");

  OwnedQuery owned_query;
  owned_query.organizations = test_organizations(3);
  owned_query.accounts = test_accounts(width);
  Facts by_added, by_changed;
  owned_query.idempotency_key = added.changes.idempotency_key;
  if (!test.fetch(owned_query, by_added)) return;
  owned_query.idempotency_key = changed.changes.idempotency_key;
  if (!test.fetch(owned_query, by_changed)) return;
  if (!test.expect(by_changed.memberships.size() == 3 * width, "there are not as many members as were changed")) return;
  for (std::uint32_t cell = 0, entry = 0; cell < 3 * width && !test.broken(); ++cell) {
    const MembershipFact& fact = by_changed.memberships[cell];
    const std::uint32_t n = cell % 7;
    const bool ended = n == 1 || n == 2, returned = n == 5, stays = n == 6;
    const State state = n == 1             ? State::suspended
                        : n == 2           ? State::removed
                        : n == 4 || n == 5 ? State::active
                                           : added_state(cell);
    const RoleId role = n == 0 ? owner : n == 4 ? admin : n == 5 ? member : added_role(cell);
    const std::string which = " of entry " + std::to_string(cell) + " of many is another than was written";
    test.expect((fact.id == ids[cell]) == !returned, "the id" + which);
    test.expect(fact.state == state, "the state" + which);
    test.expect(by_changed.roles[fact.role].id == role, "the role" + which);
    test.expect(fact.valid_until == Time{n == 3 || n == 5 ? until : 0}, "the end" + which);
    test.expect(fact.written_by_request() == !stays && by_added.memberships[cell].written_by_request() == stays,
                "the request" + which);
    const MembershipFact& earlier = by_added.memberships[cell];
    test.expect(earlier.match == RequestMatch::none || earlier.fingerprint == added.changes.added[cell].fingerprint,
                "the fingerprint" + which);
    if (!stays)
      test.expect(fact.fingerprint == changed.changes.changed[entry++].fingerprint, "the fingerprint" + which);
    test.expect(by_added.memberships[cell].outdated == (ended || returned) && !fact.outdated, "the past" + which);
  }
}

/// Each of many invitations keeps its inviter. Some of them are sent again by another inviter.
void inviters_of_many(TestContext& test) {
  const std::uint32_t count = std::clamp(test.options.cells_max / 3, 4u, 400u);
  test.put_organizations(2);
  test.put_accounts(count);
  for (std::uint32_t i = 0; i < 3; ++i) test.put(AccountRecord{.id = test_account(5000 + i)});
  ChangeSetBuilder senders(test, test_organizations(2), test_accounts(3, 5000));
  for (std::uint32_t row = 0; row < 2; ++row)
    for (std::uint32_t i = 0; i < 3; ++i) senders.add(row, i, i == 0 ? member : i == 1 ? admin : owner);
  senders.succeeds("no account is a member");
  const auto expect_inviters = [&](const auto& role_of, const char* what) {
    OwnedQuery owned_query;
    owned_query.organizations = test_organizations(2);
    owned_query.accounts = test_accounts(count);
    owned_query.inviters = true;
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    if (!test.expect(facts.memberships.size() == 2 * count, "there are not as many as were invited")) return;
    for (std::uint32_t i = 0; i < 2 * count && !test.broken(); ++i) {
      const InviterFact& inviter = facts.inviters[i];
      test.expect(!inviter.id.empty() && inviter.is_member && facts.roles[inviter.role].id == role_of(i % count),
                  std::string("one of many invitations has another inviter, or none, ") + what);
    }
  };
  for (std::uint32_t by = 0; by < 2; ++by) {
    ChangeSetBuilder invites(test, test_organizations(2), test_accounts(count), test_account(5000 + by));
    for (std::uint32_t row = 0; row < 2; ++row)
      for (std::uint32_t i = by; i < count; i += 2) invites.add(row, i, member, State::invited);
    invites.succeeds("none of these accounts is a member");
  }
  expect_inviters([](std::uint32_t i) { return i % 2 == 0 ? member : admin; }, "once");
  ChangeSetBuilder again(test, test_organizations(2), test_accounts(count), test_account(5002));
  for (const MembershipFact& fact : again.facts().memberships)
    if (fact.account % 3 == 0) again.change(fact, State::invited, Event::invited);
  again.succeeds("the memberships have the versions that were read");
  expect_inviters([](std::uint32_t i) { return i % 3 == 0 ? owner : i % 2 == 0 ? member : admin; }, "and again");
}

/// A few accounts in more organizations than most have members.
void tall(TestContext& test) {
  const std::uint32_t count = std::clamp(test.options.cells_max / 3, 1u, 1'000u);
  test.put_organizations(count);
  test.put_accounts(3);
  ChangeSetBuilder added(test, test_organizations(count), test_accounts(3));
  for (std::uint32_t row = 0; row < count; ++row)
    for (std::uint32_t i = 0; i < 3; ++i) added.add(row, (row + i) % 3, i == 0 ? admin : member);
  added.succeeds("no account is a member");
  for (std::uint32_t round = 0; round < 2; ++round) {
    ChangeSetBuilder look(test, test_organizations(count), test_accounts(3));
    test.expect(look.facts().memberships.size() == 3 * count, "a membership of one of many organizations is missing");
    for (const MembershipFact& fact : look.facts().memberships)
      test.expect(look.facts().roles[fact.role].id == (fact.account == fact.organization % 3 ? admin : member),
                  "of many organizations of an account one has another role for it");
    look.changes.keeps_tombstones = false;
    for (const MembershipFact& fact : look.facts().memberships)
      if (fact.account == 1) look.change(fact, State::removed, Event::removed);
    look.succeeds("the memberships have the versions that were read");
    ChangeSetBuilder back(test, test_organizations(count), test_accounts(3));
    test.expect(back.facts().memberships.size() == 2 * count,
                "an account that left many organizations is still a member of one");
    for (std::uint32_t row = count; row-- > 0;) back.add(row, 1, row % 3 == 1 ? admin : member);
    back.succeeds("the account left these organizations");
    if (test.broken()) return;
  }
}

/// Long lists of every kind of name, in which every second name is unknown.
void many_names(TestContext& test) {
  const std::uint32_t count = std::clamp(test.options.cells_max, 2u, 1'200u);
  OwnedQuery owned_query, groups;
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::string name = "name-" + std::to_string(i);
    if (i % 2 == 0) {
      test.put(OrganizationRecord{.id = test_organization(i), .slug = id<Slug>(name)});
      test.put(AccountRecord{.id = test_account(i), .username = id<Username>(name)});
      test.put(id<GroupName>(name),
               i == 0 ? std::vector{test_account(0)} : std::vector{test_account(i), test_account(0)});
    }
    owned_query.organizations.emplace_back(id<Slug>(name));
    owned_query.accounts.emplace_back(id<Username>(name));
    owned_query.group_accounts.push_back(test_account(count - 1 - i));
    groups.groups.push_back(id<GroupName>(name));
  }
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  for (std::uint32_t i = 0; i < count && !test.broken(); ++i) {
    const bool there = i % 2 == 0, last = (count - 1 - i) % 2 == 0;
    test.expect(facts.organizations[i].id == (there ? test_organization(i) : OrganizationId()),
                "one of many slugs is another's");
    test.expect(facts.accounts[i].id == (there ? test_account(i) : AccountId()), "one of many usernames is another's");
    test.expect(facts.accounts[count + i].id == (last ? test_account(count - 1 - i) : AccountId()),
                "one of many accounts of groups is another");
  }
  if (!test.fetch(groups, facts)) return;
  std::uint32_t at = 0;
  for (std::uint32_t i = 0; i < count && !test.broken(); ++i) {
    test.expect(facts.groups[i].found == (i % 2 == 0), "one of many groups is there that is not, or is not");
    if (i % 2 == 0 && test.expect(facts.groups[i].accounts == (i == 0 ? 1 : 2), "one of many groups has another size"))
      test.expect(
          facts.group_accounts[at] == test_account(i) && (i == 0 || facts.group_accounts[at + 1] == test_account(0)),
          "one of many groups has other accounts");
    at += facts.groups[i].accounts;
  }
}

constexpr Entry mixed_entries[] = {
    {{"batch/mixed", "a large commit writes each entry with its own role, state, expiry, last key and previous key"},
     mixed},
    {{"batch/inviters", "each of many invitations, new or sent again, has the actor that sent it last as its inviter"},
     inviters_of_many},
    {{"batch/tall", "an account joins or leaves hundreds of organizations in one commit"}, tall},
    {{"batch/many-names", "fetch returns hundreds of slugs, usernames, groups or accounts of groups for one query"},
     many_names},
};

}  // namespace

std::span<const Entry> mixed_laws() noexcept {
  return mixed_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
