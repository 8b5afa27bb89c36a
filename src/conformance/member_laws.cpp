// The answer of fetch about member counts, and about the inviters of pending invitations.
#include <string>

#include "change_set_builder.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;

void counts(TestContext& test) {
  test.put(OrganizationRecord{.id = test_organization(0), .seats_max = 7});
  test.put(OrganizationRecord{.id = test_organization(1)});
  test.put(OrganizationRecord{.id = test_organization(2), .seats_max = 0});
  test.put(OrganizationRecord{.id = test_organization(10), .parent = test_organization(0)});
  test.put_accounts(8);
  test.put(test_organization(0), Role{.id = admin, .rank = 2, .owns = true});
  test.put(test_organization(0), Role{.id = owner, .rank = 3, .owns = true});
  test.put(test_organization(1), Role{.id = member, .rank = 1, .owns = true});
  std::vector<AccountSelector> columns;
  for (std::uint32_t i = 0; i < 8; ++i) columns.emplace_back(test_account(i));
  ChangeSetBuilder builder(test, {test_organization(0), test_organization(1)}, columns);
  builder.add(0, 0, owner);
  builder.add(0, 1, owner);
  builder.add(0, 2, admin);
  builder.add(0, 3, member);
  builder.add(0, 4, owner, State::invited);
  builder.add(0, 5, owner);
  builder.add(0, 6, owner);
  builder.add(1, 0, member);
  builder.add(1, 7, owner);
  builder.succeeds("no account is a member");
  ChangeSetBuilder then(test, {test_organization(0)}, columns);
  then.change(0, 5, State::suspended, Event::suspended);
  then.remove(0, 6);
  then.changes.valid_until = Time{1};
  then.change(0, 1, State::active, Event::expiry_changed).sets_expiry = true;
  then.succeeds("one is suspended, one is removed, one will end or has ended");

  struct Case {
    const char* what;
    std::vector<RoleId> owners;
    std::uint32_t in_first, in_second;
  };
  for (const Case& it :
       {Case{"by the catalogs", {}, 2, 1}, Case{"for one role", {owner}, 1, 1},
        Case{"for two roles", {owner, admin}, 2, 1}, Case{"for a role that no member has", {RoleId("x")}, 0, 0},
        Case{"for a role that is named twice", {owner, admin, owner, owner}, 2, 1},
        Case{"for the last of many roles", {RoleId("x"), RoleId("y"), RoleId("z"), owner}, 1, 1}}) {
    OwnedQuery owned_query;
    owned_query.organizations = {test_organization(10), test_organization(0), test_organization(1),
                                 test_organization(2), test_organization(99)};
    owned_query.accounts = {test_account(99)};
    owned_query.counts = owned_query.parents = true;
    owned_query.owner_roles = it.owners;
    Facts facts;
    if (!test.fetch(owned_query, facts)) return;
    const auto are = [&](std::uint32_t row, const MemberCounts& expected) {
      const MemberCounts& counts = facts.organizations[row].counts;
      const std::string in(facts.organizations[row].id.view());
      test.expect(counts.seats_max == expected.seats_max, in + " has another number of seats than was put");
      test.expect(counts.active == expected.active, in + " has another number of active members");
      test.expect(counts.invited == expected.invited, in + " has another number of invited ones");
      test.expect(counts.owners == expected.owners, in + " has another number of owners, " + it.what);
    };
    are(1, {7, 4, 1, it.in_first});
    are(2, {no_limit, 2, 0, it.in_second});
    are(3, {0, 0, 0, 0});
    are(0, {no_limit, 0, 0, 0});
    if (facts.organizations[0].parent != no_index) are(facts.organizations[0].parent, {7, 4, 1, it.in_first});
  }
}

/// The facts of an answer about the inviter of the only invitation.
InviterFact inviter_of(TestContext& test, std::uint32_t account) {
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(1), test_organization(0)};
  owned_query.accounts = {test_account(0), test_account(1), test_account(account)};
  owned_query.inviters = true;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return {};
  InviterFact found;
  for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    if (fact.state != State::invited)
      test.expect(facts.inviters[i].id.empty(), "a membership that is not pending has an inviter");
    if (fact.organization == 1 && fact.account == 2) found = facts.inviters[i];
  }
  // The index of a role has no meaning outside of this answer, so it is replaced: 1 for admin, otherwise 0.
  found.role = found.is_member && facts.roles[found.role].id == admin ? 1 : 0;
  return found;
}

void inviters(TestContext& test) {
  test.put_organizations(2);
  test.put_accounts(5);
  ChangeSetBuilder start(test, {test_organization(0), test_organization(1)}, {test_account(0), test_account(1)});
  start.add(0, 0, admin);
  start.add(0, 1, admin);
  start.add(1, 0, owner);
  start.succeeds("no account is a member");
  ChangeSetBuilder invites(test, {test_organization(0)}, {test_account(2), test_account(0)}, test_account(0));
  invites.add(0, 0, member, State::invited);
  invites.succeeds("that account is no member");
  ChangeSetBuilder host(test, {test_organization(0)}, {test_account(3)});
  host.add(0, 0, member, State::invited);
  host.succeeds("that account is no member");
  if (test.broken()) return;

  InviterFact inviter = inviter_of(test, 2);
  test.expect(!inviter.id.empty() && inviter.is_member && inviter.role == 1,
              "the inviter is missing, or not reported as the member that it is");
  test.expect(invites.at(0, 1) != nullptr && inviter.version == invites.at(0, 1)->version,
              "the inviter's version is not that of the inviter's membership");
  test.expect(inviter_of(test, 3).id.empty(), "an invitation by the host has an inviter");

  const auto change = [&](std::uint32_t account, State to, Event event, const RoleId& role = {},
                          std::uint32_t actor = 1) {
    ChangeSetBuilder builder(test, {test_organization(0)}, {test_account(account)}, test_account(actor));
    builder.change(0, 0, to, event, role);
    builder.succeeds("the membership has the version that was read");
  };
  change(1, State::active, Event::role_changed, owner);
  for (const std::uint32_t actor : {1u, 0u}) {
    change(2, State::invited, Event::role_changed, actor == 1 ? admin : member, actor);
    const ChangeSetBuilder look(test, {test_organization(0)}, {test_account(actor)});
    inviter = inviter_of(test, 2);
    test.expect(inviter.is_member && look.at(0, 0) != nullptr && inviter.version == look.at(0, 0)->version,
                "the actor that offers another role is not the inviter");
  }
  change(1, State::active, Event::role_changed, admin);
  change(0, State::active, Event::role_changed, member);
  inviter = inviter_of(test, 2);
  test.expect(inviter.is_member && inviter.role == 0, "the inviter's role is not the current one");
  change(0, State::suspended, Event::suspended);
  test.expect(!inviter_of(test, 2).is_member, "a suspended inviter is reported as a member");
  change(0, State::active, Event::reactivated);
  test.expect(inviter_of(test, 2).is_member, "a reactivated inviter is not reported as a member");
  change(0, State::removed, Event::removed);
  inviter = inviter_of(test, 2);
  test.expect(!inviter.id.empty() && !inviter.is_member, "a removed inviter is missing, or reported as a member");
  change(2, State::removed, Event::revoked);
  ChangeSetBuilder again(test, {test_organization(0)}, {test_account(2)}, test_account(1));
  again.renew(0, 0, member, State::invited);
  again.succeeds("the invitation was revoked");
  inviter = inviter_of(test, 2);
  test.expect(!inviter.id.empty() && inviter.is_member && inviter.role == 1,
              "an invitation that was sent again has not the new inviter");
  // Another actor sends an expired invitation again.
  ChangeSetBuilder over(test, {test_organization(0)}, {test_account(2)}, test_account(3));
  over.change(0, 0, State::invited, Event::invited, member).sets_expiry = true;
  over.succeeds("the membership has the version that was read");
  inviter = inviter_of(test, 2);
  test.expect(!inviter.id.empty() && !inviter.is_member, "an invitation that is sent again keeps its first inviter");
  // The host sends it again, without an actor.
  ChangeSetBuilder hosts(test, {test_organization(0)}, {test_account(2)});
  hosts.change(0, 0, State::invited, Event::invited);
  hosts.succeeds("the membership has the version that was read");
  test.expect(inviter_of(test, 2).id.empty(), "an invitation that the host sends again keeps its inviter");
  // The inviter leaves, without a tombstone.
  ChangeSetBuilder third(test, {test_organization(0)}, {test_account(2)}, test_account(1));
  third.change(0, 0, State::invited, Event::invited);
  third.succeeds("the membership has the version that was read");
  ChangeSetBuilder gone(test, {test_organization(0)}, {test_account(1)});
  gone.changes.keeps_tombstones = false;
  gone.remove(0, 0);
  gone.succeeds("the membership has the version that was read");
  inviter = inviter_of(test, 2);
  test.expect(!inviter.id.empty() && !inviter.is_member,
              "the inviter of an invitation is missing, or reported as a member after it left");
  ChangeSetBuilder there(test, {test_organization(0)}, {test_account(2)});
  if (!test.expect(there.at(0, 0) != nullptr && there.at(0, 0)->state == State::invited,
                   "an invitation was removed with its inviter"))
    return;
  ChangeSetBuilder accepted(test, {test_organization(0)}, {test_account(2)}, test_account(2));
  accepted.change(0, 0, State::active, Event::accepted);
  accepted.succeeds("the membership has the version that was read");
  test.expect(inviter_of(test, 2).id.empty(), "an accepted membership has an inviter");
}

/// ChangeSet::host_invites: the actor is stored, and is not the inviter. It is the actor of other writes.
void host_inviters(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  const auto by_host = [&](std::vector<AccountSelector> accounts, auto&& write) {
    ChangeSetBuilder builder(test, {test_organization(0)}, std::move(accounts), test_account(0));
    builder.changes.host_invites = true;
    write(builder);
    builder.succeeds("the memberships have the versions that were read");
  };
  const auto has = [&](std::uint32_t account, bool inviter, const char* what) {
    const ChangeSetBuilder look(test, {test_organization(0)}, {test_account(account)});
    const auto& inviters = look.facts().inviters;
    test.expect(test.broken() || (inviters.size() == 1 && inviters[0].id.empty() != inviter), what);
  };
  by_host({test_account(0), test_account(1), test_account(2)}, [](ChangeSetBuilder& builder) {
    builder.add(0, 0, admin);
    builder.add(0, 1, member, State::invited);
    builder.add(0, 2, member);
  });
  has(1, false, "an invitation that staff sends has its actor as an inviter");
  const auto renew = [&](Event event, const char* what) {
    ChangeSetBuilder other(test, {test_organization(0)}, {test_account(1)}, test_account(0));
    other.change(0, 0, State::invited, Event::invitation_renewed, member);
    other.succeeds("the membership has the version that was read");
    has(1, true, "the actor of a renewal is not the inviter");
    by_host({test_account(1)}, [&](ChangeSetBuilder& builder) { builder.change(0, 0, State::invited, event, admin); });
    has(1, false, what);
  };
  renew(Event::invitation_renewed, "an invitation that staff renews keeps its inviter, or has its actor as one");
  renew(Event::role_changed, "an invitation to which staff gives a role keeps its inviter, or has its actor as one");
  by_host({test_account(2)}, [](ChangeSetBuilder& builder) { builder.remove(0, 0); });
  by_host({test_account(2)}, [](ChangeSetBuilder& builder) { builder.renew(0, 0, member, State::invited); });
  has(2, false, "an invitation that staff sends to a former member has its actor as an inviter");
}

/// A renewed invitation has the new inviter, or none. It is the same membership, and no return.
void renewed(TestContext& test) {
  test.put_organizations(1);
  test.put_accounts(4);
  ChangeSetBuilder start(test, {test_organization(0)}, {test_account(0), test_account(1)});
  start.add(0, 0, owner);
  start.add(0, 1, admin);
  start.succeeds("no account is a member");
  ChangeSetBuilder first(test, {test_organization(0)}, {test_account(2)}, test_account(0));
  first.add(0, 0, member, State::invited);
  first.succeeds("that account is no member");
  ChangeSetBuilder host(test, {test_organization(0)}, {test_account(3)});
  host.add(0, 0, member, State::invited);
  host.succeeds("that account is no member");
  std::int64_t until = 9'000'000'000'000'000;
  const auto renew = [&](std::vector<AccountSelector> accounts, const AccountId& by, const RoleId& role) {
    if (test.broken()) return;
    ChangeSetBuilder builder(test, {test_organization(0)}, accounts, by);
    builder.changes.valid_until = Time{++until};
    std::vector<MembershipId> ids;
    for (std::uint32_t i = 0; i < accounts.size(); ++i) {
      MemberChanged& changed = builder.change(0, i, State::invited, Event::invitation_renewed, role);
      changed.sets_expiry = true;
      ids.push_back(changed.id);
    }
    if (!builder.succeeds("the invitations have the versions that were read")) return;
    ChangeSetBuilder after(test, {test_organization(0)}, accounts);
    for (std::uint32_t i = 0; i < accounts.size() && !test.broken(); ++i) {
      const MembershipFact* const fact = after.at(0, i);
      if (!test.expect(fact != nullptr, "a renewed invitation is missing")) return;
      test.expect(fact->state == State::invited && fact->id == ids[i], "a renewed invitation is another membership");
      test.expect(fact->valid_until == Time{until} && after.facts().roles[fact->role].id == role,
                  "a renewed invitation has not the end and the role of its renewal");
    }
  };
  const auto is_by = [&](std::uint32_t account, const RoleId& role, const char* what) {
    if (test.broken()) return;
    ChangeSetBuilder look(test, {test_organization(0)}, {test_account(account)});
    if (!test.expect(look.facts().inviters.size() == 1, "fetch: a membership that was committed is not in the answer"))
      return;
    const InviterFact& inviter = look.facts().inviters[0];
    test.expect(!inviter.id.empty() && inviter.is_member && look.facts().roles[inviter.role].id == role,
                std::string("the inviter is missing, or another account, ") + what);
  };
  is_by(2, owner, "of a new invitation");
  renew({test_account(2)}, test_account(1), admin);
  OwnedQuery owned_query;
  owned_query.organizations = {test_organization(0)};
  owned_query.accounts = {test_account(2)};
  owned_query.idempotency_key = first.changes.idempotency_key;
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  test.expect(facts.memberships.size() == 1 && facts.memberships[0].match == RequestMatch::none &&
                  !facts.memberships[0].outdated,
              "a renewed invitation is reported as a return");
  is_by(2, admin, "of an invitation that another has renewed");
  renew({test_account(2), test_account(3)}, test_account(0), member);
  is_by(2, owner, "of one of two renewed invitations");
  is_by(3, owner, "of an invitation that had none and was renewed");
  renew({test_account(2)}, {}, member);
  test.expect(test.broken() || inviter_of(test, 2).id.empty(), "an invitation that the host renewed has an inviter");
}

constexpr Entry member_entries[] = {
    {{"facts/counts",
      "fetch returns the seat limit and the numbers of active members, invitations and owners, also of parents, if the "
      "query requests counts"},
     counts},
    {{"facts/renewed-inviters",
      "a renewed invitation is the same membership, with the actor of the renewal as its inviter, or without an "
      "inviter"},
     renewed},
    {{"facts/host-inviters",
      "an invitation of a change set with `host_invites` has no inviter, though its actor is stored"},
     host_inviters},
    {{"facts/inviters", "fetch returns the current membership of an inviter as long as the invitation is pending"},
     inviters},
};

}  // namespace

std::span<const Entry> member_laws() noexcept {
  return member_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
