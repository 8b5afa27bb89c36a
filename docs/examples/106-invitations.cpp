// Invites by e-mail, and handles each end of an invitation: accepted, declined, revoked, expired, or its inviter has
// left.
#include "roster/roster.hpp"

using namespace roster;

namespace {

enum class TeamRole { member, owner };

consteval auto roster_roles(TeamRole) {
  using Entry = RoleEntry<TeamRole>;
  return std::array{
      Entry{TeamRole::member, {.id = RoleId("member"), .rank = 1}, Grant::default_},
      Entry{TeamRole::owner, {.id = RoleId("owner"), .rank = 2, .manages = true, .owns = true}},
  };
}

constexpr Profile rules = {
    .roles = catalog<TeamRole>, .default_role = default_role<TeamRole>, .actor = ActorRule::manager};

const OrganizationId acme("acme");
const AccountId ann("ann"), ben("ben");

Outcome outcome_of(const Result<Report>& report) {
  return report ? report.value().at(0, 0) : Outcome::undecided;
}

struct Host {
  UuidSource ids{{1, 2}};
  MemoryStore store;
  Engine engine{rules, store, ids};

  bool fill() {
    const auto owner = [&](const char* id, const AccountId& account) {
      return store.put_account({.id = account}) && store.put_membership({.id = MembershipId::of(id),
                                                                         .organization = acme,
                                                                         .account = account,
                                                                         .role = grant<TeamRole::owner>});
    };
    return store.put_organization({.id = acme}) && owner("1", ann) && owner("2", ben);
  }
};

// invite begins
/// Invites an address, and returns its account. Empty if the invitation was refused.
AccountId invite(const Engine& engine, const Email& address, const Actor& by, Time now) {
  Invite command(acme, address, {}, by);
  command.valid_until = Time{static_cast<std::int64_t>(now) + 7'000'000};  // a short week
  const auto report = engine.run(command, now);
  if (!report || report.value().at(0, 0) != Outcome::invited) return {};
  return report.value().accounts[0].id;  // the host sends the mail, with a signed link
}
// invite ends

// accept begins
/// Runs when the link is opened: verifies the address and accepts the invitation.
Outcome accept(Host& host, const AccountId& invited, Time now) {
  const auto account = host.store.account(invited);
  if (!account || !account.value()) return Outcome::account_not_found;
  // `stale` if another worker stores another address meanwhile: that one is not verified by this link.
  const Version read = account.value()->version;
  const auto verified = host.store.change_account(invited, {.invited = false, .verified = true}, read);
  if (!verified) return Outcome::undecided;
  return outcome_of(host.engine.run(AcceptInvitation(acme, invited), now));
}
// accept ends

}  // namespace

int main() {
  Host host;
  const auto zoe = Email::parse("zoe@example.com"), kim = Email::parse("kim@example.com");
  if (!zoe || !kim || !host.fill()) return 1;

  const AccountId invited = invite(host.engine, zoe.value(), Actor{ann}, Time{1});
  if (invited.empty()) return 1;
  // Without a verified address the account cannot accept.
  if (outcome_of(host.engine.run(AcceptInvitation(acme, invited), Time{2})) != Outcome::not_verified) return 1;
  if (accept(host, invited, Time{3}) != Outcome::accepted) return 1;

  // Declined by the account, revoked by a manager.
  const AccountId second = invite(host.engine, kim.value(), Actor{ann}, Time{4});
  if (outcome_of(host.engine.run(DeclineInvitation(acme, second), Time{5})) != Outcome::removed) return 1;
  if (invite(host.engine, kim.value(), Actor{ann}, Time{6}) != second) return 1;  // the same account
  if (outcome_of(host.engine.run(RevokeInvitation(acme, second, Actor{ben}), Time{7})) != Outcome::removed) return 1;
  if (accept(host, second, Time{8}) != Outcome::was_removed) return 1;

  // The invitation of an inviter that has left cannot be accepted.
  if (invite(host.engine, kim.value(), Actor{ben}, Time{9}) != second) return 1;
  if (outcome_of(host.engine.run(Leave(acme, ben), Time{10})) != Outcome::removed) return 1;
  if (accept(host, second, Time{11}) != Outcome::inviter_lapsed) return 1;

  // An expired invitation counts as removed.
  if (outcome_of(host.engine.run(RevokeInvitation(acme, second, Actor{ann}), Time{12})) != Outcome::removed) return 1;
  if (invite(host.engine, kim.value(), Actor{ann}, Time{13}) != second) return 1;
  return accept(host, second, Time{8'000'000}) == Outcome::was_removed ? 0 : 1;
}
