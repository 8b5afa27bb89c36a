// Proves that the status of an invitation is what its acceptance would be, and that invitations are listed.
#include "roster/invitation.hpp"
#include "unit/ending_invitation.hpp"

namespace invitation_status_test {

using namespace fixtures;

TEST_CASE("the status of an invitation is what its acceptance would be") {
  const std::array inviters = {guest, clerk, admin, owner};
  std::size_t statuses[3] = {};
  for (const ActorRule rule : {ActorRule::host_decides, ActorRule::member, ActorRule::manager})
    for (const bool rechecks : {true, false})
      for (const bool own_catalog : {false, true})
        for (const RoleId& was : {admin, owner})
          for (const RoleId& invited_as : {guest, admin, owner})
            for (int fate = 0; fate < 10; ++fate)
              for (const Time now : {Time{5'000'000}, Time{9'000'000}}) {
                AcmeFixture in;
                for (const Role& role : ranks)
                  if (own_catalog) REQUIRE(in.store.put_role(acme, role, any_version));
                in.put(bob, was);
                Invite invites(acme, ann, invited_as, by(bob));
                invites.invitation_until = Time{9'000'000};
                REQUIRE(in.outcome(host_rules(), invites) == Outcome::invited);
                if (fate < 4 && inviters[static_cast<std::size_t>(fate)] != was)
                  REQUIRE(in.outcome(host_rules(), ChangeRole(acme, bob, inviters[static_cast<std::size_t>(fate)],
                                                              by(boss))) == Outcome::replaced);
                if (fate == 4) REQUIRE(in.outcome(host_rules(), Suspend(acme, bob, by(boss))) == Outcome::suspended);
                if (fate == 5 || fate >= 8)
                  REQUIRE(in.outcome(host_rules(), RemoveMembers(acme, bob, by(boss))) == Outcome::removed);
                if (fate >= 8)
                  REQUIRE(in.store.erase_account(bob, any_version, fate == 8 ? Mentions::keep : Mentions::erase)
                              .has_value());
                if (fate == 6)
                  REQUIRE(in.outcome(host_rules(), ChangeExpiry(acme, bob, Time{4'000'000}, by(boss))) ==
                          Outcome::expiry_changed);
                const Profile rules = with(host_rules(), [&](Profile& p) {
                  p.actor = rule;
                  p.rechecks_inviter = rechecks;
                  if (own_catalog) p.roles = {};
                });
                const Membership invitation = of(in, ann);
                const auto inviter = in.store.membership(acme, invitation.invited_by).value();
                const auto account = in.store.account(invitation.invited_by).value();
                const InvitationStatus status =
                    invitation_status(rules, own_catalog ? std::span<const Role>(ranks) : std::span<const Role>(),
                                      invitation, inviter ? &*inviter : nullptr, account ? &*account : nullptr, now);
                const Outcome outcome = outcome_at(in, rules, AcceptInvitation(acme, ann), now);
                INFO(static_cast<int>(rule) << " " << rechecks << " " << own_catalog << " " << text_of(was) << " "
                                            << text_of(invited_as) << " " << fate);
                CHECK(outcome == (status == InvitationStatus::pending   ? Outcome::accepted
                                  : status == InvitationStatus::expired ? Outcome::was_removed
                                                                        : Outcome::inviter_lapsed));
                ++statuses[static_cast<std::size_t>(status)];
              }
  for (const std::size_t count : statuses) CHECK(count > 50);
}

TEST_CASE("an invitation lapses without an enabled account of its inviter, and not without an inviter") {
  AcmeFixture in;
  invite_ann(in);
  const Profile rules = manager_rules();
  Membership invitation = of(in, ann);
  const Membership inviter = of(in, bob);
  AccountRecord account = in.store.account(bob).value().value();
  const auto status = [&](const Membership* member, const AccountRecord* of_member) {
    return invitation_status(rules, {}, invitation, member, of_member, in.now);
  };
  CHECK(status(&inviter, &account) == InvitationStatus::pending);
  CHECK(status(&inviter, nullptr) == InvitationStatus::lapsed);
  CHECK(status(nullptr, &account) == InvitationStatus::lapsed);
  account.disabled = true;
  CHECK(status(&inviter, &account) == InvitationStatus::lapsed);
  invitation.invited_by = {};
  CHECK(status(nullptr, nullptr) == InvitationStatus::pending);
  invitation.role = RoleId("tutor");  // in no catalog
  CHECK(status(nullptr, nullptr) == InvitationStatus::role_gone);
  invitation.valid_until = in.now;
  CHECK(status(nullptr, nullptr) == InvitationStatus::expired);
  invitation.valid_until = {};
  invitation.state = State::active;
  CHECK(status(nullptr, nullptr) == InvitationStatus::expired);
}

TEST_CASE("invitations are listed in the order of accounts, expired ones included, and no others") {
  AcmeFixture in;
  invite_ann_in_vain(in);
  in.put(dora, guest, State::invited, bob);
  in.put(cid, clerk, State::suspended);
  in.put(emil, clerk, State::invited);
  REQUIRE(in.outcome(manager_rules(), RevokeInvitation(acme, emil, by(boss))) == Outcome::removed);
  std::array<Membership, 9> page;
  REQUIRE(in.store.invitations(acme, {}, page).value() == 2);
  CHECK(page[0].account == ann);
  CHECK(page[0].invited_by == bob);
  CHECK(page[1].account == dora);
  CHECK(page[1].invitation_until == Time{});
  CHECK(in.store.invitations(acme, page[0].account, page).value() == 1);
  CHECK(page[0].account == dora);
  CHECK(in.store.invitations(nowhere, {}, page).value() == 0);
}

}
