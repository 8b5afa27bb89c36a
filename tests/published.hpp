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
#include <variant>
#include <vector>

#include "catch.hpp"
#include "roster/engine.hpp"

namespace roster_test {

/// The ends of a membership, in microseconds; 0: none.
struct Ends {
  std::int64_t valid_until = 0, invitation_until = 0;
};
inline std::string text_of(const Ends& until) {
  return " until " + std::to_string(until.valid_until) + " " + std::to_string(until.invitation_until) + "\n";
}

/// Memberships as their events tell them. An event that does not follow from those before it fails the test.
class Published {
 public:
  void apply(std::int64_t seq, const std::string& record, std::int64_t version, const std::string& event,
             const std::string& organization, const std::string& account, const std::string& role, const Ends& until) {
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
    auto& [state, held, last_version, known_ends] = members_[{organization, account}];
    const auto step =
        std::find_if(std::begin(steps), std::end(steps), [&](const Step& it) { return it.event == event; });
    REQUIRE(step != std::end(steps));
    // One that has an end may be over, by the clock of the command. It is then like one that was removed.
    const bool may_be_over = known_ends.valid_until != 0 || known_ends.invitation_until != 0;
    const char from = state.empty() ? 'n' : state.front();
    CHECK((step->from.find(from) != std::string_view::npos ||
           (may_be_over && step->from.find('r') != std::string_view::npos)));
    if (!step->to.empty()) state = step->to;
    held = role;
    last_version = version;
    known_ends = until;
  }
  /// One line for each membership that is not removed: organization, account, role, state, version, ends.
  std::string members() const {
    std::string lines;
    for (const auto& [pair, member] : members_)
      if (const auto& [state, role, version, until] = member; state != "removed")
        lines +=
            pair.first + " " + pair.second + " " + role + " " + state + " " + std::to_string(version) + text_of(until);
    return lines;
  }
  /// Whether an event of every kind was seen.
  bool has_every_event() const {
    return std::all_of(std::begin(steps), std::end(steps), [&](const Step& step) {
      return std::find(names.begin(), names.end(), step.event) != names.end();
    });
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
      {"added", "nr", "active"},       {"invited", "nrs", "invited"},   {"role_changed", "ais", ""},
      {"removed", "as", "removed"},    {"left", "as", "removed"},       {"suspended", "a", "suspended"},
      {"reactivated", "rs", "active"}, {"accepted", "i", "active"},     {"declined", "i", "removed"},
      {"revoked", "i", "removed"},     {"expiry_changed", "ais", ""},   {"invitation_renewed", "i", ""},
      {"ownership_given", "a", ""},    {"ownership_given_up", "a", ""}, {"expired", "ais", "removed"},
  };
  struct Member {
    std::string state, role;
    std::int64_t version = 0;
    Ends until;
  };
  std::map<std::pair<std::string, std::string>, Member> members_;
  std::map<std::string, std::int64_t> versions_;  // by record
  std::int64_t last_seq_ = 0;
};

/// A writer whose clock goes backwards. Its commands are drawn from every kind, and many of them succeed: those of one
/// account in one organization, or an add of several accounts. A transfer takes an owner among the accounts.
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
    const AccountSelector &who = accounts_[draw(accounts_.size())], &other = accounts_[draw(accounts_.size())];
    switch (draw(18)) {
      case 0: return run(engine, RemoveMembers(in, who, actor_));
      case 1: return run(engine, Leave(in, std::get<AccountId>(who)));
      case 2:
      case 3: return run(engine, ChangeRole(in, who, roles_[draw(2)], actor_));
      case 4: return run(engine, Suspend(in, who, actor_));
      case 5: return run(engine, Reactivate(in, who, actor_));
      case 6: return run(engine, AddMembers({in}, accounts_, {}, actor_));
      case 7:
      case 8:
      case 9: return run(engine, with_ends(Invite(in, who, {}, actor_)));
      case 10:
      case 11: return run(engine, AcceptInvitation(in, std::get<AccountId>(who)));
      case 12: return run(engine, DeclineInvitation(in, std::get<AccountId>(who)));
      case 13: return run(engine, RevokeInvitation(in, who, actor_));
      case 14: return run(engine, ChangeExpiry(in, who, end(), actor_));
      case 15: return run(engine, TransferOwnership(in, who, roles_[1], roles_[0], {std::get<AccountId>(other)}));
      case 16: return run(engine, with_ends(AddMembers(in, who, {}, actor_)));
      default: return run(engine, AddMembers(in, who, {}, actor_));
    }
  }
  /// Writes an event of every kind about the first account, which is new in the first organization.
  void write_every_event(const roster::Engine& engine) {
    using namespace roster;
    const OrganizationSelector& in = organizations_[0];
    const AccountSelector &who = accounts_[0], &other = accounts_[1];
    const AccountId &self = std::get<AccountId>(who), &next = std::get<AccountId>(other);
    const auto all = [&](const auto&... commands) { (write(engine, commands), ...); };
    all(Invite(in, who, {}, actor_), with_ends(Invite(in, who, {}, actor_)), DeclineInvitation(in, self));
    all(Invite(in, who, {}, actor_), RevokeInvitation(in, who, actor_), with_ends(Invite(in, who, {}, actor_)));
    all(AcceptInvitation(in, self), ChangeExpiry(in, who, Time{now_ + 900'000'000}, actor_), Suspend(in, who, actor_));
    all(Reactivate(in, who, actor_), ChangeExpiry(in, who, {}, actor_), ChangeRole(in, who, roles_[1], actor_));
    all(AddMembers(in, other, {}, actor_), TransferOwnership(in, other, roles_[1], roles_[0], {self}));
    all(TransferOwnership(in, who, roles_[1], roles_[0], {next}), Leave(in, next), RemoveMembers(in, who, actor_));
    all(AddMembers(in, who, {}, actor_), ChangeExpiry(in, who, Time{now_ + 1}, actor_));
    now_ += 1'000'000;
    all(RemoveMembers(in, who, actor_));
  }

 private:
  void run(const roster::Engine& engine, const roster::Command& command) {
    (void)engine.run(command, roster::Time{now_});
  }
  void write(const roster::Engine& engine, const roster::Command& command) {
    const auto report = engine.run(command, roster::Time{now_});
    INFO("command of kind " << static_cast<int>(command.kind()));
    REQUIRE(report.has_value());
    REQUIRE(report.assume_value().succeeded());
  }
  /// None, one that is soon over by the clocks of other writers, or a late one.
  roster::Time end() {
    const std::int64_t after[] = {0, 5'000'000, 40'000'000, 900'000'000};
    const std::int64_t drawn = after[draw(4)];
    return roster::Time{drawn == 0 ? 0 : now_ + drawn};
  }
  template <class AnyAdd>
  AnyAdd with_ends(AnyAdd add) {
    add.valid_until = end();
    add.invitation_until = end();
    return add;
  }
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
