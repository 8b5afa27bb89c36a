// Several connections in turns: the writes of one, and the puts of the host, are visible to the others.
#include <algorithm>
#include <functional>

#include "draft.hpp"
#include "laws.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

/// The connections of the fixture; none if it has fewer than declared, which fails the law.
std::vector<Store*> all_connections(Stage& stage) {
  const std::uint32_t count = std::min(stage.fixture().abilities().connections, 8u);
  std::vector<Store*> stores;
  for (std::uint32_t i = 0; i < count; ++i) stores.push_back(stage.fixture().connection(i));
  if (stage.expect(std::find(stores.begin(), stores.end(), nullptr) == stores.end(),
                   "the fixture says that it has " + std::to_string(count) + " connections, and has not"))
    return stores;
  return {};
}

/// The commit of one connection is visible to the other, and guards it, at once.
void agree(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(3);
  const std::vector<Store*> stores = all_connections(stage);
  for (Store* const writer : stores)
    for (Store* const reader : stores) {
      Draft late(stage, {org(0), org(1)}, {who(0)}, {}, reader);
      Draft first(stage, {org(0), org(1)}, {who(0)}, {}, writer);
      first.add(0, 0);
      late.add(0, 0, admin);
      first.succeeds("the pair is not in use");
      late.is_stale("the pair was taken on another connection");
      Draft seen(stage, {org(0), org(1)}, {who(0)}, {}, reader);
      if (!stage.expect(seen.at(0, 0) != nullptr, "what one connection commits another does not see")) return;
      Draft guarded(stage, {org(0), org(1)}, {who(0)}, {}, reader);
      guarded.guard_membership(0, 0);
      guarded.add(1, 0);
      Draft gone(stage, {org(0)}, {who(0)}, {}, writer);
      gone.changes.keeps_removed = false;
      gone.remove(0, 0);
      gone.succeeds("the membership has the version that was read");
      guarded.is_stale("the guarded membership was removed on another connection");
      if (stage.broken()) return;
    }
}

/// The action of a client between its fetch and its commit.
enum class Between : std::uint8_t { nothing, looks_at_others, looks_again };

/// Two clients that have both read. Each writes the record that the other guards.
struct Skew {
  const char* what;
  std::function<void(Draft&)> first, second;
};

/// org(0): who(0) to who(3) are owners; who(4) was invited by who(2), and who(5) by who(3). who(6) and who(7) are
/// nobody, and act for nobody. The columns are who(0) to who(7).
void put_two_of_everything(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(8);
  Draft start(stage, orgs(2), people(4));
  for (std::uint32_t i = 0; i < 4; ++i) start.add(0, i, owner);
  start.add(1, 0, owner);
  start.succeeds("nobody is a member");
  for (std::uint32_t i = 0; i < 2; ++i) {
    Draft invites(stage, {org(0)}, {who(4 + i)}, who(2 + i));
    invites.add(0, 0, member, State::invited);
    invites.succeeds("that account is no member");
  }
}

void promote(Draft& draft, std::uint32_t account) {
  draft.change(0, account, State::active, Event::role_changed, admin);
}

/// A guard is evaluated on the state at commit, not on the state that the connection read. Each has a second guard
/// beside it, so that no single check decides.
void snapshots(Stage& stage) {
  const Skew skews[] = {
      {"a membership that the other guards",
       [](Draft& draft) { promote(draft, 0), draft.guard_membership(0, 1), draft.guard_organization(0); },
       [](Draft& draft) { promote(draft, 1), draft.guard_membership(0, 0), draft.guard_organization(0); }},
      {"the membership of the actor", [](Draft& draft) { promote(draft, 0), draft.guard_organization(0); },
       [](Draft& draft) { draft.add(0, 6), draft.guard_actor(0), draft.guard_organization(0); }},
      {"the membership of the inviter",
       [](Draft& draft) { promote(draft, 2), draft.guard_inviter(0, 5), draft.guard_organization(0); },
       [](Draft& draft) { promote(draft, 3), draft.guard_inviter(0, 4), draft.guard_organization(0); }},
      {"the last seat", [](Draft& draft) { draft.add(0, 6), draft.limit_seats(0, 7), draft.guard_organization(0); },
       [](Draft& draft) { draft.add(0, 7), draft.limit_seats(0, 7), draft.guard_organization(0); }},
      {"the last owner",
       [](Draft& draft) {
         for (const std::uint32_t account : {0u, 1u, 2u}) promote(draft, account);
         draft.keep_an_owner(0), draft.guard_organization(0);
       },
       [](Draft& draft) { promote(draft, 3), draft.keep_an_owner(0), draft.guard_organization(0); }},
  };
  for (const Skew& skew : skews)
    for (const Between between : {Between::nothing, Between::looks_at_others, Between::looks_again}) {
      stage.fresh();
      const std::vector<Store*> stores = all_connections(stage);
      if (stage.broken()) return;
      put_two_of_everything(stage);
      Store& one = *stores.front();
      Store& other = *stores.back();
      Draft first(stage, {org(0)}, people(8), who(0), &one), second(stage, {org(0)}, people(8), who(0), &other);
      skew.first(first);
      skew.second(second);
      first.succeeds("everything is as it was read");
      if (between == Between::looks_at_others) Draft(stage, {org(1)}, {who(0)}, {}, &other);
      if (between == Between::looks_again) Draft(stage, {org(0)}, people(8), who(0), &other);
      second.is_stale(std::string("another connection has written ") + skew.what);
      if (stage.broken()) return;
    }
}

/// The host's records, which every connection may have read before they were put again.
void puts(Stage& stage) {
  const std::vector<Store*> stores = all_connections(stage);
  stage.put(OrganizationRecord{.id = org(0), .slug = Slug("zero")});
  stage.put_accounts(2);
  stage.put(org(0), Role{.id = admin, .rank = 2});
  stage.put(GroupName("all"), {who(0)});
  Draft members(stage, {org(0)}, {who(0)});
  members.add(0, 0, admin);
  members.succeeds("nobody is a member");
  Ask ask, groups;
  ask.organizations = {Slug("zero"), Slug("nought")};
  ask.accounts = {who(0), Username("zoe")};
  ask.roles = {admin, member};
  ask.counts = true;
  groups.groups = {GroupName("all"), GroupName("none")};
  Facts facts;
  for (Store* const store : stores)
    if (!stage.fetch(*store, ask, facts) || !stage.fetch(*store, groups, facts)) return;
  const Role other{.id = admin, .rank = 9, .manages = true, .owns = true};
  stage.put(OrganizationRecord{.id = org(0), .slug = Slug("nought"), .joinable = false, .seats_max = 9});
  stage.put(AccountRecord{.id = who(0), .username = Username("zoe"), .disabled = true, .verified = true});
  stage.put(org(0), other);
  stage.put(org(0), Role{.id = member, .rank = 1});
  stage.put(GroupName("all"), {who(1), who(0)});
  stage.put(GroupName("none"), {});
  for (Store* const store : stores) {
    if (!stage.fetch(*store, ask, facts)) return;
    const OrganizationFact& organization = facts.organizations[1];
    const AccountFact& account = facts.accounts[0];
    stage.expect(facts.organizations[0].id.empty() && organization.id == org(0) && facts.accounts[1].id == who(0),
                 "another connection does not go by the names that were put last");
    stage.expect(!organization.joinable && organization.counts.seats_max == 9 && organization.counts.owners == 1,
                 "another connection does not see the organization as it was put last");
    stage.expect(account.disabled && account.verified,
                 "another connection does not see the account as it was put last");
    const RoleIndex wanted = facts.wanted_roles[2], added = facts.wanted_roles[3];
    stage.expect(wanted != no_role && facts.roles[wanted] == other && added != no_role,
                 "another connection does not see the catalog as it was put last");
    stage.expect(facts.memberships.size() == 2 && facts.roles[facts.memberships[0].role] == other,
                 "another connection does not see a member's role as it was put last");
    if (!stage.fetch(*store, groups, facts)) return;
    stage.expect(facts.groups[0].accounts == 2 && facts.group_accounts[0] == who(1) && facts.groups[1].found,
                 "another connection does not see the groups as they were put last");
  }
}

/// A client may read on one connection and commit on another.
void facts_of_another(Stage& stage) {
  const std::vector<Store*> stores = all_connections(stage);
  if (stage.broken()) return;
  stage.put_organizations(2);
  stage.put_accounts(4);
  Draft start(stage, {org(0)}, {who(0), who(1)});
  start.add(0, 0, owner);
  start.add(0, 1);
  start.succeeds("nobody is a member");
  for (std::uint32_t newcomer = 2; newcomer < 4; ++newcomer) {
    Store* const reads = newcomer == 2 ? stores.front() : stores.back();
    Store* const writes = newcomer == 2 ? stores.back() : stores.front();
    Draft draft(stage, orgs(2), people(4), who(0), reads), late(stage, orgs(2), people(4), who(0), reads);
    for (Draft* const it : {&draft, &late}) {
      it->guard_organization(1);
      it->guard_account(2);
      it->guard_actor(0);
      it->guard_membership(0, 1);
      it->add(0, newcomer);
      it->change(0, 1, State::active, Event::role_changed, admin);
    }
    stage.expect(draft.commit(*writes).ok(), "what was read on one connection cannot be committed on another");
    stage.expect(late.commit(*writes).code == Errc::stale,
                 "what was read on one connection, and is not so any more, is not stale on another");
    Draft look(stage, orgs(2), people(4), {}, reads);
    stage.expect(look.at(0, newcomer) != nullptr, "what another connection committed is not there");
  }
}

constexpr Entry connection_entries[] = {
    {{"connections/agree", "what one connection commits, every other sees and is held to"}, agree, Takes::connections},
    {{"connections/snapshots",
      "guards and bounds are about what is there at commit, not about what a connection saw: of two who write what the "
      "other guards, one is stale"},
     snapshots,
     Takes::connections},
    {{"connections/puts", "every connection sees the records, catalogs and groups as they were put last"},
     puts,
     Takes::connections},
    {{"connections/facts-of-another", "what one connection read may be committed on another, and is guarded there"},
     facts_of_another,
     Takes::connections},
};

}  // namespace

std::span<const Entry> connection_laws() noexcept {
  return connection_entries;
}

}  // namespace conformance
ROSTER_END
