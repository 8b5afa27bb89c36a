// Invites by e-mail, and handles each end of an invitation: accepted, declined, revoked, expired, or its inviter has
// left.
#include <array>
#include <cstdio>
#include <string>
#include <vector>

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
  command.invitation_until = Time{static_cast<std::int64_t>(now) + 7'000'000};  // a short week; the membership stays
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

// review begins
/// Removes the invitations that nobody can accept any more, and returns their accounts.
Result<std::vector<AccountId>> clear(Host& host, const Actor& by, Time now) {
  std::vector<AccountId> cleared;
  AccountId after;  // empty: from the first
  std::array<Membership, 100> page;
  for (;;) {
    const auto count = host.store.invitations(acme, after, page);
    if (!count) return count.error();
    if (count.value() == 0) return cleared;
    for (const Membership& invitation : std::span(page).first(count.value())) {
      const auto inviter = host.store.membership(acme, invitation.invited_by);
      const auto account = host.store.account(invitation.invited_by);
      if (!inviter || !account) return inviter ? account.error() : inviter.error();
      const InvitationStatus status =
          invitation_status(rules, {}, invitation, inviter.value() ? &*inviter.value() : nullptr,
                            account.value() ? &*account.value() : nullptr, now);
      if (status == InvitationStatus::pending) continue;
      std::printf("%s, invited by %s: %s\n", std::string(invitation.account.view()).c_str(),
                  std::string(invitation.invited_by.view()).c_str(),
                  status == InvitationStatus::expired     ? "expired"
                  : status == InvitationStatus::role_gone ? "its role is gone"
                                                          : "its inviter may not invite any more");
      const auto report = host.engine.run(RevokeInvitation(acme, invitation.account, by), now);
      if (!report) return report.error();
      if (report.value().at(0, 0) == Outcome::removed) cleared.push_back(invitation.account);
    }
    after = page[count.value() - 1].account;
  }
}
// review ends

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

  // It is found and cleared. An expired invitation counts as removed, and is found and cleared in the same way.
  if (clear(host, Actor{ann}, Time{12}).value() != std::vector{second}) return 1;
  if (invite(host.engine, kim.value(), Actor{ann}, Time{13}) != second) return 1;
  if (!clear(host, Actor{ann}, Time{14}).value().empty()) return 1;
  if (accept(host, second, Time{8'000'000}) != Outcome::was_removed) return 1;
  if (clear(host, Actor{ann}, Time{8'000'001}).value() != std::vector{second}) return 1;

  // Invited again, the account accepts in time. Its membership does not end with the invitation.
  if (invite(host.engine, kim.value(), Actor{ann}, Time{8'000'002}) != second) return 1;
  if (accept(host, second, Time{8'000'003}) != Outcome::accepted) return 1;
  return is_effective(*host.store.membership(acme, second).value(), *host.store.account(second).value(),
                      Time{80'000'000})
             ? 0
             : 1;
}
