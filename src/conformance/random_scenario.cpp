// Random commands by several clients, under random rules.
#include <utility>

#include "scenarios.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using Organizations = OneOrMany<OrganizationSelector>;
using Accounts = OneOrMany<AccountSelector>;

class CommandGenerator {
 public:
  explicit CommandGenerator(Rng& rng) : rng_(rng), atomic_(rng.one_in(2)) {}

  Profile rules() {
    Profile rules = plain_rules();
    rules.on_same_role = any<OnConflict>(3);
    rules.on_other_role = any<OnConflict>(4);
    rules.on_unknown_account = any<OnUnknown>(3);
    rules.on_invited = any<OnInvited>(2);
    rules.on_reinvite = any<OnReinvite>(2);
    rules.on_suspended = any<OnFormer>(4);
    rules.on_removed = any<OnFormer>(4);
    rules.actor = rng_.one_in(2) ? ActorRule::manager : ActorRule::host_decides;
    rules.seats = any<SeatRule>(3);
    rules.keeps_tombstones = !rng_.one_in(4);
    rules.mode = atomic_ ? Mode::atomic : Mode::best_effort;
    rules.parent = any<ParentRule>(3);
    rules.parent_role = member;
    return rules;
  }

  AnyCommand command() {
    const IdempotencyKey key = IdempotencyKey::of("command " + std::to_string(++commands_));
    // Most commands are about few records, so that clients conflict.
    const Actor by{test_account(rng_.below(4))};
    const RoleId role = this->role();
    switch (rng_.below(14)) {
      case 0:
      case 1:
      case 2: return made(ending(AddMembers(places(), test_accounts(true), OneOrMany<RoleId>(role), by, key)));
      case 3: return made(ending(Invite(places(), test_accounts(true), OneOrMany<RoleId>(role), by, key)));
      case 4: return made(ChangeRole(places(), test_accounts(false), OneOrMany<RoleId>(role), by, key));
      case 5: return made(TransferOwnership(place(), test_account(rng_.below(9)), owner, role, by, key));
      case 6: return made(Suspend(places(), test_accounts(false), by, key));
      case 7: return made(Reactivate(places(), test_accounts(false), by, key));
      case 8: return made(RemoveMembers(places(), test_accounts(false), by, key));
      case 9: return made(Leave(place(), test_account(rng_.below(9)), key));
      case 10: return made(AcceptInvitation(place(), test_account(rng_.below(2) * 6), key));
      case 11: return made(ChangeExpiry(places(), test_accounts(false), end(), by, key));
      case 12: return made(RevokeInvitation(place(), test_accounts(false), by, key));
      default: return made(DeclineInvitation(place(), test_account(6), key));
    }
  }

 private:
  template <class Any>
  static AnyCommand made(Any command) {
    return std::make_shared<Any>(std::move(command));
  }
  /// Half a second after some command of the client, never, or long after all commands.
  Time end() {
    const std::int64_t ends[] = {0, 0, scenarios_begin_at + 500'000, scenarios_begin_at + 2'500'000,
                                 scenarios_begin_at + 9'000'000'000};
    return Time{ends[rng_.below(5)]};
  }
  template <class Any>
  Any ending(Any command) {
    command.valid_until = end();
    command.invitation_until = end();
    return command;
  }
  template <class Any>
  Any any(std::uint32_t count) {
    return static_cast<Any>(rng_.below(count));
  }
  RoleId role() {
    const RoleId roles[] = {member, admin, owner};
    return roles[rng_.below(3)];
  }
  OrganizationSelector place() {
    const OrganizationSelector places[] = {test_organization(0), test_organization(0), test_organization(1),
                                           Nested{test_organization(0), test_organization(10)}};
    return places[rng_.below(4)];
  }
  Organizations places() {
    std::vector<OrganizationSelector> places = {place()};
    if (atomic_ && rng_.one_in(4)) places.push_back(place());
    return places;
  }
  Accounts test_accounts(bool strangers) {
    std::vector<AccountSelector> test_accounts;
    for (std::uint32_t i = atomic_ && rng_.one_in(3) ? 3 : 1; i > 0; --i) {
      if (strangers && rng_.one_in(4))
        test_accounts.emplace_back(newcomer(rng_.one_in(2)));
      else
        test_accounts.emplace_back(test_account(rng_.below(9)));
    }
    return test_accounts;
  }

  Rng& rng_;
  /// A best-effort command has several commits, with commits of other clients between them. If not atomic, every
  /// command has one cell.
  const bool atomic_;
  int commands_ = 0;
};

}  // namespace

Scenario random_scenario(Rng& rng, std::uint32_t clients, std::uint32_t commands) {
  CommandGenerator author(rng);
  const std::uint32_t seats_max = rng.one_in(2) ? no_limit : 4 + rng.below(4);
  // One of the first accounts, which are owners, the admin and a member; or none.
  const std::uint32_t disabled = rng.one_in(2) ? rng.below(4) : no_index;
  const auto set_up = [seats_max, disabled](TestContext& test) {
    put_fixture_data(test, seats_max);
    if (disabled != no_index) test.put(AccountRecord{.id = test_account(disabled), .disabled = true});
  };
  Scenario scenario{"commands by chance", author.rules(), set_up, {}};
  for (std::uint32_t client = 0; client < clients; ++client) {
    scenario.parts.emplace_back();
    for (std::uint32_t i = 0; i < commands; ++i) scenario.parts.back().push_back(author.command());
  }
  return scenario;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
