// What the readers of an outbox are checked by: the events that they saw, replayed on an empty world. It is common to
// the tests of both SQL stores.
#ifndef ROSTER_TESTS_PUBLISHED_HPP
#define ROSTER_TESTS_PUBLISHED_HPP

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "catch.hpp"
#include "roster/engine.hpp"

namespace roster_test {

/// Memberships as their events tell them. An event that does not follow from those before it fails the test.
class Published {
 public:
  void apply(std::int64_t seq, const std::string& record, std::int64_t version, const std::string& event,
             const std::string& organization, const std::string& account, const std::string& role) {
    INFO(seq << ": " << event << " " << account << " in " << organization << ", version " << version);
    CHECK(seq > last_seq_);  // in this order every event is seen at most once
    last_seq_ = seq;
    ++events;
    names.push_back(event);
    roles.push_back(role);
    if (organization.empty()) return;  // an account
    const auto [known, is_first] = versions_.try_emplace(record, version);
    CHECK((is_first || known->second < version));
    known->second = version;
    auto& [state, held, last_version] = members_[{organization, account}];
    const auto step =
        std::find_if(std::begin(steps), std::end(steps), [&](const Step& it) { return it.event == event; });
    REQUIRE(step != std::end(steps));
    CHECK(step->from.find(state.empty() ? 'n' : state.front()) != std::string_view::npos);
    if (!step->to.empty()) state = step->to;
    held = role;
    last_version = version;
  }
  /// One line for each membership that is not removed: organization, account, role, state, version.
  std::string members() const {
    std::string lines;
    for (const auto& [pair, member] : members_)
      if (const auto& [state, role, version] = member; state != "removed")
        lines += pair.first + " " + pair.second + " " + role + " " + state + " " + std::to_string(version) + "\n";
    return lines;
  }
  std::vector<std::string> names, roles;  ///< of all events, in the order in which they were seen
  std::uint64_t events = 0;

 private:
  /// The states before an event, by their first letters (`n` if there was no membership), and the state after it.
  /// Empty: unchanged.
  struct Step {
    std::string_view event, from, to;
  };
  static constexpr Step steps[] = {
      {"added", "nr", "active"},       {"invited", "nr", "invited"},  {"role_changed", "ais", ""},
      {"removed", "as", "removed"},    {"left", "as", "removed"},     {"suspended", "a", "suspended"},
      {"reactivated", "rs", "active"}, {"accepted", "i", "active"},   {"declined", "i", "removed"},
      {"revoked", "i", "removed"},     {"expiry_changed", "ais", ""}, {"invitation_renewed", "i", ""},
  };
  struct Member {
    std::string state, role;
    std::int64_t version = 0;
  };
  std::map<std::pair<std::string, std::string>, Member> members_;
  std::map<std::string, std::int64_t> versions_;  // by record
  std::int64_t last_seq_ = 0;
};

/// A writer whose clock goes backwards. Its commands are drawn, and most of them succeed: those of one account in one
/// organization, or an add of several accounts.
class BackwardsWriter {
 public:
  BackwardsWriter(std::uint64_t number, std::vector<roster::OrganizationSelector> organizations,
                  std::vector<roster::AccountSelector> accounts, roster::AccountId actor,
                  std::array<roster::RoleId, 2> roles)
      : state_(number * 2 + 1),
        // The clocks of the writers are seconds apart, so that the later write is often the earlier command.
        now_(1'700'000'000'000'000 + static_cast<std::int64_t>(number) * 7'000'000),
        organizations_(std::move(organizations)),
        accounts_(std::move(accounts)),
        actor_{actor},
        roles_(roles) {}

  /// Runs one command, which may be refused or contended.
  void step(const roster::Engine& engine) {
    using namespace roster;
    now_ -= 1'000'000;
    const OrganizationSelector& in = organizations_[draw(organizations_.size())];
    const AccountSelector& who = accounts_[draw(accounts_.size())];
    const auto run = [&](const Command& command) { (void)engine.run(command, Time{now_}); };
    switch (draw(8)) {
      case 0:
      case 1: return run(RemoveMembers(in, who, actor_));
      case 2:
      case 3: return run(ChangeRole(in, who, roles_[draw(2)], actor_));
      case 4: return run(Suspend(in, who, actor_));
      case 5: return run(Reactivate(in, who, actor_));
      case 6: return run(AddMembers({in}, accounts_, {}, actor_));
      default: return run(AddMembers(in, who, {}, actor_));
    }
  }

 private:
  std::size_t draw(std::size_t below) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>(state_ >> 33) % below;
  }
  std::uint64_t state_;
  std::int64_t now_;
  std::vector<roster::OrganizationSelector> organizations_;
  std::vector<roster::AccountSelector> accounts_;
  roster::Actor actor_;
  std::array<roster::RoleId, 2> roles_;
};

}  // namespace roster_test

#endif
