// A host with a seeded store: what the five tables of API statements (tests/apis/*_test.cpp) are played on.
#ifndef ROSTER_TESTS_SEEDS_SEEDED_HPP
#define ROSTER_TESTS_SEEDS_SEEDED_HPP

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "roster/roster.hpp"

template <>
struct Catch::StringMaker<roster::Outcome> {
  static std::string convert(roster::Outcome outcome) { return std::string(roster::name(outcome)); }
};
template <>
struct Catch::StringMaker<roster::Errc> {
  static std::string convert(roster::Errc code) { return std::string(roster::name(code)); }
};

namespace seeded {

using namespace roster;

constexpr Time now{1'700'000'000'000'000};

template <class Name>
Name named(std::string_view text) {
  auto parsed = Name::parse(text);
  REQUIRE(parsed.has_value());
  return parsed.assume_value();
}
inline OrganizationId organization(std::string_view text) {
  return named<OrganizationId>(text);
}
inline AccountId account(std::string_view text) {
  return named<AccountId>(text);
}
inline RoleId role(std::string_view text) {
  return text.empty() ? RoleId{} : named<RoleId>(text);
}
inline Email email(std::string_view text) {
  return named<Email>(text);
}
inline Actor by(std::string_view who) {
  return {account(who), false};
}
inline Actor staff() {
  return {AccountId{}, true};
}
template <class Name>
std::string text(const Name& id) {
  return std::string(id.view());
}

/// What select_account() says about a request that names an account in these ways; 0 if it accepts them.
inline Errc refusal(const Profile& profile, std::optional<std::string_view> id, std::optional<std::string_view> address,
                    std::optional<std::string_view> username) {
  auto selected = select_account(profile, id, address, username);
  return selected.has_value() ? Errc{} : selected.assume_error().code;
}

/// A profile, a store and the world around them. It is itself the store that the engine sees, so that it can write down
/// what is committed and do something in the middle of a request.
class Host final : public Store {
 public:
  explicit Host(const Profile& rules, bool case_insensitive_usernames = false)
      : profile(rules), store({.thread_safe = false, .case_insensitive_usernames = case_insensitive_usernames}) {}

  // ---- the world
  void has_organization(std::string_view id, std::string_view parent = {}, std::string_view slug = {},
                        bool joinable = true) {
    OrganizationRecord record{.id = organization(id), .joinable = joinable};
    if (!parent.empty()) record.parent = organization(parent);
    if (!slug.empty()) record.slug = named<Slug>(slug);
    REQUIRE(store.overwrite_organization(record).has_value());
  }
  void has_role(std::string_view place, const Role& role) {
    REQUIRE(store.put_role(organization(place), role, any_version).has_value());
  }
  void has_account(std::string_view id, std::string_view address = {}, std::string_view username = {},
                   bool disabled = false) {
    AccountRecord record{.id = account(id), .disabled = disabled};
    if (!address.empty()) record.email = email(address);
    if (!username.empty()) record.username = named<Username>(username);
    REQUIRE(store.overwrite_account(record).has_value());
  }
  void has_member(std::string_view place, std::string_view who, std::string_view as,
                  MembershipState state = MembershipState::active) {
    Membership membership;
    membership.organization = organization(place);
    membership.account = account(who);
    membership.role = role(as);
    membership.state = state;
    membership.added_at = Time{1'000'000};
    ids.fill(std::span<MembershipId>(&membership.id, 1));
    REQUIRE(store.put_membership(membership).has_value());
  }
  void has_group(std::string_view name, std::initializer_list<const char*> accounts) {
    std::vector<AccountId> members;
    for (const char* const who : accounts) members.push_back(account(who));
    REQUIRE(store.overwrite_group(named<GroupName>(name), members).has_value());
  }

  // ---- requests
  Report add(const AddMembers& command) {
    auto result = Engine(profile, *this, ids).add(command, now);
    REQUIRE(result.has_value());
    return std::move(result).assume_value();
  }
  /// The outcome of a command of one cell.
  Outcome one(const AddMembers& command) {
    const Report report = add(command);
    REQUIRE(report.outcomes.size() == 1);
    return report.at(0, 0);
  }
  Errc error(const AddMembers& command) {
    auto result = Engine(profile, *this, ids).add(command, now);
    REQUIRE(result.has_error());
    return result.assume_error().code;
  }
  std::vector<Outcome> outcomes(const AddMembers& command) {
    const Report report = add(command);
    return {report.outcomes.begin(), report.outcomes.end()};
  }
  unsigned status(Outcome outcome) const { return profile.status[outcome]; }

  /// All commands at once, in the worst order for those who come late: everybody reads before anybody writes.
  /// Between what the last one reads and what it writes stands all that the others do, and so on: the first writes
  /// first.
  std::vector<Report> race(const std::vector<AddMembers>& commands) {
    std::vector<Report> reports(commands.size());
    const std::function<void(std::size_t)> first = [&](std::size_t count) {
      if (count == 0) return;
      meanwhile = [&first, count] { first(count - 1); };
      reports[count - 1] = add(commands[count - 1]);
      if (meanwhile) std::exchange(meanwhile, nullptr)();  // it had nothing to write
    };
    first(commands.size());
    return reports;
  }

  // ---- what is there afterwards
  std::string role_of(std::string_view place, std::string_view who) const {
    const auto found = store.membership(organization(place), account(who)).value();
    return found ? text(found->role) : "";
  }
  Membership membership(std::string_view place, const AccountId& who) const {
    const auto found = store.membership(organization(place), who).value();
    REQUIRE(found.has_value());
    return *found;
  }

  // ---- Store
  Result<void> fetch(const Query& query, Facts& facts) override { return store.fetch(query, facts); }
  Result<void> commit(const ChangeSet& changes) override {
    if (meanwhile) std::exchange(meanwhile, nullptr)();
    auto done = store.commit(changes);
    if (done.has_value()) write_down(changes);
    return done;
  }

  Profile profile{.actor = ActorRule::host_decides};
  MemoryStore store;
  UuidSource ids{{1, 2}};
  std::vector<std::string> events;  ///< what was committed since the last look, in words
  std::string told_by;              ///< the actor of the last change set
  IdempotencyKey told_under;
  Time told_at{};
  std::function<void()> meanwhile;  ///< done once, between a fetch and its commit

  std::vector<std::string> take_events() { return std::exchange(events, {}); }

 private:
  void write_down(const ChangeSet& changes) {
    const auto who = [&](std::uint32_t index) {
      return index < changes.accounts.size()
                 ? text(changes.accounts[index].id)
                 : std::string(changes.created[index - changes.accounts.size()].email->key());
    };
    const auto where = [&](std::uint32_t index) { return text(changes.organizations[index].id); };
    for (const AccountCreated& created : changes.created)
      events.push_back("created " + std::string(created.email->key()) + (created.invited ? ", invited" : ""));
    for (const MemberAdded& added : changes.added)
      events.push_back("added " + who(added.account) + " to " + where(added.organization) + " as " +
                       text(changes.roles[added.role]));
    for (const MemberChanged& replaced : changes.changed)
      events.push_back("replaced " + who(replaced.account) + " in " + where(replaced.organization) + ": " +
                       text(changes.roles[replaced.previous_role]) + " by " + text(changes.roles[replaced.role]));
    told_by = text(changes.actor);
    told_under = changes.idempotency_key;
    told_at = changes.at;
  }
};

using Events = std::vector<std::string>;
using Outcomes = std::vector<Outcome>;

}  // namespace seeded

#endif
