// Facts made by hand: a question to decide() or an operation, and the answers to it, without any store.
#ifndef ROSTER_TESTS_UNIT_FACTS_BY_HAND_HPP
#define ROSTER_TESTS_UNIT_FACTS_BY_HAND_HPP

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "../../src/core/request.hpp"
#include "catch.hpp"
#include "roster/engine.hpp"
#include "shown.hpp"

namespace by_hand {

using namespace roster;
using Outcomes = std::vector<Outcome>;

template <class Name>
Name named(std::string_view text) {
  auto parsed = Name::parse(text);
  REQUIRE(parsed.has_value());
  return parsed.assume_value();
}
inline AccountId account(std::string_view text) {
  return named<AccountId>(text);
}
inline OrganizationId organization(std::string_view text) {
  return named<OrganizationId>(text);
}
inline RoleId role(std::string_view text) {
  return text.empty() ? RoleId{} : named<RoleId>(text);
}
inline Email email(std::string_view text) {
  return named<Email>(text);
}
inline MembershipId membership_id(std::uint8_t number) {
  MembershipId id;
  id.bytes[0] = 0xB0;
  id.bytes[15] = number;
  return id;
}

/// guest < clerk < chief; chief manages; ghost can be read, not given; squire owns.
inline constexpr std::array ladder = {
    Role{.id = RoleId("guest"), .rank = 1},
    Role{.id = RoleId("clerk"), .rank = 2},
    Role{.id = RoleId("chief"), .rank = 3, .manages = true},
    Role{.id = RoleId("ghost"), .rank = 4, .assignable = false},
    Role{.id = RoleId("squire"), .rank = 1, .manages = true, .owns = true},
};

/// Everything is allowed and large, best effort, with `clerk` as the default role.
inline Profile wide_profile() {
  Profile profile{.actor = ActorRule::host_decides};
  profile.roles = ladder;
  profile.default_role = RoleId("clerk");
  profile.mode = Mode::best_effort;
  profile.accounts_max = profile.organizations_max = 1000;
  return profile;
}

/// Identifiers that count, and how many of each kind were drawn.
class Numbers final : public IdSource {
 public:
  void fill(std::span<MembershipId> out) noexcept override {
    for (MembershipId& id : out) {
      id = {};
      id.bytes[0] = 0xA0;
      const unsigned number = ++memberships;
      for (unsigned i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
  }
  void fill(std::span<AccountId> out) noexcept override {
    for (AccountId& id : out) id = AccountId::parse("fresh" + std::to_string(++accounts)).assume_value();
  }
  unsigned memberships = 0, accounts = 0;
};

/// The membership is as a cell of this very request wrote it that asked for this.
inline void wrote_it(const AddMembers& command, const RoleId& asked, MembershipFact& fact) {
  fact.match = RequestMatch::last;
  fact.fingerprint = fingerprint_of(command.kind(), asked, command.valid_until);
}
inline void wrote_it(const AddMembers& command, MembershipFact& fact) {
  wrote_it(command, command.roles.size() == 0 ? RoleId{} : command.roles.span()[0], fact);
}

/// One tile: a profile, a command and the facts about it. The command's own lists are the query's.
struct Case {
  explicit Case(AddMembers asked, Profile rules = wide_profile())
      : profile(std::move(rules)), command(std::move(asked)) {
    query.organizations = command.organizations.span();
    query.accounts = command.accounts.span();
    query.actor = command.actor.id;
    query.idempotency_key = command.idempotency_key;
    tile.rows = static_cast<std::uint32_t>(command.organizations.size());
    tile.columns = static_cast<std::uint32_t>(command.accounts.size());
    query.parents = profile.parent != ParentRule::ignore || profile.actor == ActorRule::parent_manager;
    for (std::uint32_t i = 0; i < tile.rows; ++i) {
      const auto* const id = std::get_if<OrganizationId>(&query.organizations[i]);
      has(facts.organizations, {.id = id != nullptr ? *id : organization("o"), .version = Version{100 + i}});
    }
    for (std::uint32_t i = 0; i < tile.columns; ++i) {
      const auto* const id = std::get_if<AccountId>(&query.accounts[i]);
      has(facts.accounts, {.id = id != nullptr ? *id : AccountId{}, .version = Version{200 + i}});
    }
  }
  Case(const Case&) = delete;

  template <class T, std::uint32_t N>
  static void has(SmallVector<T, N>& list, const T& value) {
    REQUIRE(list.try_push_back(value));
  }
  RoleIndex knows_role(const Role& known) {
    for (std::uint32_t i = 0; i < facts.roles.size(); ++i)
      if (facts.roles[i].id == known.id) return static_cast<RoleIndex>(i);
    has(facts.roles, known);
    return static_cast<RoleIndex>(facts.roles.size() - 1);
  }
  RoleIndex knows_role(std::string_view id) { return knows_role(Role{.id = role(id)}); }
  std::uint32_t has_parent(std::uint32_t row, std::string_view id) {
    for (std::uint32_t i = 0; i < facts.organizations.size(); ++i)
      if (facts.organizations[i].id.view() == id) return facts.organizations[row].parent = i;
    has(facts.organizations, {.id = organization(id), .version = Version{300}});
    return facts.organizations[row].parent = facts.organizations.size() - 1;
  }
  MembershipFact& has_member(std::uint32_t row, std::uint32_t column, std::string_view as) {
    const auto number = static_cast<std::uint8_t>(facts.memberships.size() + 1);
    has(facts.memberships, {.organization = row,
                            .account = column,
                            .id = membership_id(number),
                            .version = Version{400u + number},
                            .role = knows_role(as)});
    return facts.memberships.back();
  }
  void has_actor(std::uint32_t place, std::string_view as) {
    OrganizationFact& fact = facts.organizations[place];
    fact.actor_is_member = true;
    fact.actor_role = knows_role(as);
    fact.actor_version = Version{500 + place};
  }

  const Decision& decide() {
    REQUIRE(validate_facts(query, facts).has_value());
    REQUIRE(roster::decide(profile, command, tile, query, facts, context, decision).has_value());
    REQUIRE(decision.outcomes.size() == tile.rows * (tile.columns + tile.missing_groups));
    return decision;
  }
  Outcomes outcomes() {
    decide();
    return {decision.outcomes.begin(), decision.outcomes.end()};
  }
  /// The outcome of a command of one cell, which must not depend on whether it stands alone.
  Outcome one() {
    Outcome beside = Outcome::undecided;
    MembershipId shown;
    std::string held;
    if (profile.mode == Mode::best_effort) {
      const std::array other{account("a neighbour")};
      Numbers same = ids;
      query.group_accounts = other;
      tile.columns = 2;
      context.ids = &same;
      has(facts.accounts, {.id = other[0], .disabled = true});
      decide();
      beside = decision.outcomes[0];
      if (context.details) shown = decision.memberships[0];
      if (context.details) held = shown_role(0);
      facts.accounts.truncate(1);
      query.group_accounts = {};
      tile.columns = 1;
      context.ids = &ids;
    }
    decide();
    REQUIRE(decision.outcomes.size() == 1);
    if (beside == Outcome::undecided) return decision.outcomes[0];
    CHECK(decision.outcomes[0] == beside);
    if (context.details) CHECK(decision.memberships[0] == shown);
    if (context.details) CHECK(shown_role(0) == held);
    return decision.outcomes[0];
  }
  std::string_view written_role(std::uint32_t added) const {
    return decision.changes.roles[decision.changes.added[added].role].view();
  }

  std::string_view shown_role(std::uint32_t cell) const {
    const RoleIndex index = decision.cell_roles[cell];
    return index == no_role ? std::string_view{} : decision.roles[index].view();
  }

  Profile profile{.actor = ActorRule::host_decides};
  AddMembers command;
  Facts facts;
  Query query;
  Tile tile;
  Numbers ids;
  Context context{Time{42}, &ids, true};
  Decision decision;
};

inline std::vector<OrganizationSelector> places(std::initializer_list<const char*> ids) {
  std::vector<OrganizationSelector> all;
  for (const char* const id : ids) all.push_back(organization(id));
  return all;
}
inline std::vector<AccountSelector> people(std::initializer_list<const char*> ids) {
  std::vector<AccountSelector> all;
  for (const char* const id : ids) all.push_back(account(id));
  return all;
}
inline AddMembers single(std::string_view as = {}) {
  return {organization("o"), account("a"), role(as)};
}

/// A store of which nothing but its answers exists: everything asked for is there, nobody is a member, and what the
/// commits say is written down beforehand. Counts how often it was asked.
class Desk final : public Store {
 public:
  static Result<void> answer(const Query& query, Facts& facts) {
    bool room = true;
    for (const GroupName& group : query.groups) {
      room = room && facts.groups.try_push_back({true, 1});
      room = room && facts.group_accounts.try_push_back(AccountId::parse(group.view()).assume_value());
    }
    for (const OrganizationSelector& asked : query.organizations) {
      const auto* const id = std::get_if<OrganizationId>(&asked);
      room = room && facts.organizations.try_push_back({.id = id != nullptr ? *id : OrganizationId("somewhere")});
    }
    for (const AccountSelector& asked : query.accounts) {
      const auto* const id = std::get_if<AccountId>(&asked);
      room = room && facts.accounts.try_push_back({.id = id != nullptr ? *id : AccountId{}});
    }
    for (const AccountId& id : query.group_accounts) room = room && facts.accounts.try_push_back({.id = id});
    for (std::size_t i = 0; i < query.organizations.size(); ++i)
      for (const RoleId& wanted : query.roles) {
        room = room && facts.wanted_roles.try_push_back(static_cast<RoleIndex>(facts.roles.size()));
        room = room && facts.roles.try_push_back({.id = wanted});
      }
    if (!room) return Errc::out_of_memory;
    return success();
  }
  Result<void> fetch(const Query& query, Facts& facts) override {
    ++fetches;
    if (asked) asked(query);
    if (throws_on_fetch) throw 7;
    if (fetch_error.code != Errc{}) return fetch_error;
    return answer(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    ++commits;
    if (throws_on_commit) throw 7;
    if (commit_error.code != Errc{}) return commit_error;
    added += changes.added.size();
    return success();
  }
  unsigned fetches = 0, commits = 0;
  std::uint64_t added = 0;
  std::function<void(const Query&)> asked;  ///< told of every query before it is answered
  Error fetch_error, commit_error;          ///< given for ever; code 0: none
  bool throws_on_fetch = false, throws_on_commit = false;
};

}  // namespace by_hand

#endif
