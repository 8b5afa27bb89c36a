// Proves what becomes of somebody who was a member before: every policy, late requests that must not bring anybody
// back, and invitations that may have lapsed.
#include "unit/commands.hpp"

namespace change_readd_test {

using namespace fixtures;

namespace {

constexpr std::array policies = {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh};
constexpr const char* policy_names[] = {"refuse", "reactivate", "restore_role", "fresh"};

Profile taking_back(OnFormer suspended, OnFormer removed) {
  return with(manager_rules(), [&](Profile& p) {
    p.on_suspended = suspended;
    p.on_removed = removed;
  });
}

Any adds(bool invites, const RoleId& as, const IdempotencyKey& under = {}) {
  if (invites) return make<Invite>(acme, ann, as, by(boss), under);
  return make<AddMembers>(acme, ann, as, by(boss), under);
}

}  // namespace

TEST_CASE("who was suspended or removed is refused, comes back, comes back as what they were, or is somebody new") {
  for (const State was : {State::suspended, State::removed})
    for (const OnFormer policy : policies)
      for (const bool invites : {false, true})
        for (const bool bulk : {false, true}) {
          INFO(text_of(was) << ", " << policy_names[static_cast<unsigned>(policy)]
                            << (invites ? ", invited" : ", added") << (bulk ? ", in a bulk" : ""));
          // The policy for the other state is one that would be seen.
          const OnFormer other = policy == OnFormer::refuse ? OnFormer::fresh : OnFormer::refuse;
          const Profile rules = was == State::suspended ? taking_back(policy, other) : taking_back(other, policy);
          AcmeFixture in;
          in.put(ann, guest, was);
          const MembershipId id = id_of(in, ann);
          const std::string before = in.at(ann);
          Any command = adds(invites, admin, key("again"));
          if (bulk && invites)
            command = make<Invite>(acme, std::vector<AccountSelector>{bob, ann}, admin, by(boss), key("again"));
          if (bulk && !invites)
            command = make<AddMembers>(acme, std::vector<AccountSelector>{bob, ann}, admin, by(boss), key("again"));
          const auto outcomes = in.outcomes(rules, *command);
          if (policy == OnFormer::refuse) {
            CHECK(outcomes.back() == (was == State::suspended ? Outcome::was_suspended : Outcome::was_removed));
            CHECK(in.at(ann) == before);
            continue;
          }
          CHECK(outcomes.back() == (invites                     ? Outcome::invited
                                    : policy == OnFormer::fresh ? Outcome::added
                                                                : Outcome::reactivated));
          CHECK(in.at(ann) ==
                std::string(policy == OnFormer::restore_role ? "guest" : "admin") + (invites ? " invited" : " active"));
          CHECK((id_of(in, ann) == id) == (policy != OnFormer::fresh));
          CHECK(in.broken() == "");
          const auto after = in.exactly();
          CHECK(in.outcomes(rules, *command).back() == Outcome::replayed);
          CHECK(in.exactly() == after);
        }
}

TEST_CASE("an add that names no role gives the default one, unless the old one is restored") {
  for (const OnFormer policy : {OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    AcmeFixture in;
    in.put(ann, guest, State::removed);
    CHECK(succeeded(in.outcome(taking_back(policy, policy), AddMembers(acme, ann, RoleId{}, by(boss)))));
    CHECK(in.at(ann) == (policy == OnFormer::restore_role ? "guest active" : "clerk active"));
  }
}

TEST_CASE("an add that came late undoes no removal, under whatever policy: known by its key, or by when it was asked") {
  for (const OnFormer policy : policies)
    for (const bool invites : {false, true}) {
      INFO(policy_names[static_cast<unsigned>(policy)] << (invites ? ", invited" : ", added"));
      const Profile rules = taking_back(policy, policy);
      AcmeFixture in;
      const Any first = adds(invites, clerk, key("first"));
      REQUIRE(succeeded(in.outcome(rules, *first)));
      REQUIRE(in.outcome(rules, RemoveMembers(acme, ann, by(boss))) == Outcome::removed);
      const Time removed = in.now;
      const auto before = in.exactly();
      CHECK(in.outcome(rules, *first) == Outcome::was_removed);  // the duplicate that was delivered late
      CHECK(in.exactly() == before);
      AddMembers late(acme, ann, clerk, by(boss), key("second"));
      late.asked_at = Time{static_cast<std::int64_t>(removed) - 1};
      CHECK(in.outcome(rules, late) == Outcome::was_removed);
      late.asked_at = removed;  // at the same moment: the removal is what stays
      CHECK(in.outcome(rules, late) == Outcome::was_removed);
      CHECK(in.exactly() == before);
      late.asked_at = Time{static_cast<std::int64_t>(removed) + 1};
      const Outcome returns = policy == OnFormer::refuse  ? Outcome::was_removed
                              : policy == OnFormer::fresh ? Outcome::added
                                                          : Outcome::reactivated;
      CHECK(in.outcome(rules, late) == (invites ? Outcome::added : returns));  // an invitation was no membership
    }
  AcmeFixture in;  // and one that is late for an acceptance, or for a departure
  in.put(ann, clerk, State::invited);
  REQUIRE(in.outcome(manager_rules(), Leave(acme, ann)) == Outcome::removed);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::was_removed);
  CHECK(in.outcome(manager_rules(), Leave(acme, ann)) == Outcome::not_member);
}

TEST_CASE("without tombstones nothing is left: a repeat of the removal finds nobody, and an add starts anew") {
  const Profile rules =
      with(taking_back(OnFormer::refuse, OnFormer::refuse), [](Profile& p) { p.keeps_tombstones = false; });
  AcmeFixture in;
  const AddMembers first(acme, ann, clerk, by(boss), key("first"));
  REQUIRE(in.outcome(rules, first) == Outcome::added);
  const RemoveMembers goes(acme, ann, by(boss), key("goes"));
  CHECK(in.outcome(rules, goes) == Outcome::removed);
  CHECK(in.at(ann) == "nothing");
  CHECK(in.broken() == "");
  CHECK(in.outcome(rules, goes) == Outcome::not_member);
  CHECK(in.outcome(rules, first) == Outcome::added);
  CHECK(in.outcome(rules, Leave(acme, ann)) == Outcome::removed);
  CHECK(in.at(ann) == "nothing");
  CHECK(in.outbox.events == Events{"added", "removed", "added", "left"});
}

TEST_CASE("a tombstone says who removed whom and when, and is listed by nobody") {
  AcmeFixture in;
  in.put(ann, clerk);
  const auto id = id_of(in, ann);
  REQUIRE(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("goes"))) == Outcome::removed);
  const auto former = in.store.former_membership(acme, ann).value();
  REQUIRE(former.has_value());
  CHECK(former->membership.id == id);
  CHECK(former->membership.role == clerk);
  CHECK(former->membership.state == State::removed);
  CHECK(same_request(former->membership.idempotency_key, bound(key("goes"), boss)));
  CHECK(former->removed_by == boss);
  CHECK(former->removed_at == in.now);
  CHECK_FALSE(in.store.membership(acme, ann).value().has_value());
  CHECK(in.count() == 1);
  CHECK(in.store.organization_count(ann).value() == 0);
  REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, guest, by(boss))) == Outcome::added);
  CHECK_FALSE(in.store.former_membership(acme, ann).value().has_value());
  CHECK(in.count() == 2);
}

TEST_CASE("an invitation is accepted by an account whose address is its own, and that is not shut off") {
  AcmeFixture in;
  in.put(ann, clerk, State::invited);
  in.put_account({.id = ann, .verified = false});
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::not_verified);
  in.put_account({.id = ann, .invited = true, .verified = true});  // nobody has come forward yet
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::not_verified);
  in.put_account({.id = ann, .disabled = true, .verified = true});
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::account_disabled);
  CHECK(in.at(ann) == "clerk invited");
  in.put_account({.id = ann, .verified = true});
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
  // Neither is asked of whoever goes, or is made to.
  in.put_account({.id = ann, .disabled = true, .verified = false});
  CHECK(in.outcome(manager_rules(), Suspend(acme, ann, by(boss))) == Outcome::suspended);
  CHECK(in.outcome(manager_rules(), Reactivate(acme, ann, by(boss))) == Outcome::account_disabled);
  CHECK(in.outcome(manager_rules(), Leave(acme, ann)) == Outcome::removed);
}

TEST_CASE("an unknown address that is invited gets an account, which accepts once the host knows whose it is") {
  AcmeFixture in;
  const auto answer = in.run(manager_rules(), Invite(acme, address("new@x.example"), clerk, by(boss)));
  REQUIRE(answer.has_value());
  CHECK(answer.assume_value().at(0, 0) == Outcome::invited);
  const AccountId fresh = answer.assume_value().accounts[0].id;
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, fresh)) == Outcome::not_verified);
  in.put_account({.id = fresh, .email = address("new@x.example"), .verified = true});
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, fresh)) == Outcome::accepted);
  CHECK(in.at(fresh) == "clerk active");
}

TEST_CASE("an invitation is good as long as whoever sent it might send it, unless the profile freezes that") {
  struct Fate {
    const char* name;
    void (*befalls)(AcmeFixture&);  // bob, who invited ann as an admin
    bool lapses;
  };
  const Fate fates[] = {
      {"nothing happens", [](AcmeFixture&) {}, false},
      {"removed", [](AcmeFixture& in) { in.outcome(host_rules(), RemoveMembers(acme, bob, by(boss))); }, true},
      {"left", [](AcmeFixture& in) { in.outcome(host_rules(), Leave(acme, bob)); }, true},
      {"suspended", [](AcmeFixture& in) { in.outcome(host_rules(), Suspend(acme, bob, by(boss))); }, true},
      {"suspended and back",
       [](AcmeFixture& in) {
         in.outcome(host_rules(), Suspend(acme, bob, by(boss)));
         in.outcome(host_rules(), Reactivate(acme, bob, by(boss)));
       },
       false},
      {"demoted", [](AcmeFixture& in) { in.outcome(host_rules(), ChangeRole(acme, bob, clerk, by(boss))); }, true},
      {"promoted", [](AcmeFixture& in) { in.outcome(host_rules(), ChangeRole(acme, bob, owner, by(boss))); }, false},
      {"erased", [](AcmeFixture& in) { must(in.store.erase_membership(acme, bob).has_value(), "an end"); }, true},
  };
  for (const Fate& fate : fates)
    for (const ActorRule rule : {ActorRule::manager, ActorRule::member, ActorRule::host_decides})
      for (const bool rechecks : {true, false}) {
        INFO(fate.name << ", rule " << static_cast<int>(rule) << (rechecks ? ", asked again" : ", frozen"));
        AcmeFixture in;
        in.put(bob, admin);
        in.put(ann, admin, State::invited, bob);
        fate.befalls(in);
        const Profile rules = with(host_rules(), [&](Profile& p) {
          p.actor = rule;
          p.rechecks_inviter = rechecks;
        });
        const bool lapses = fate.lapses && rechecks && rule != ActorRule::host_decides;
        CHECK(in.outcome(rules, AcceptInvitation(acme, ann)) == (lapses ? Outcome::inviter_lapsed : Outcome::accepted));
        CHECK(in.at(ann) == (lapses ? "admin invited" : "admin active"));
      }
  AcmeFixture in;  // nobody in particular invited: there is nobody to ask about
  REQUIRE(in.outcome(host_rules(), Invite(acme, ann, owner)) == Outcome::invited);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
  in.put(bob, clerk);  // any member may invite to what they are themselves
  const Profile members = with(manager_rules(), [](Profile& p) { p.actor = ActorRule::member; });
  REQUIRE(in.outcome(members, Invite(acme, cid, clerk, by(bob))) == Outcome::invited);
  REQUIRE(in.outcome(host_rules(), ChangeRole(acme, bob, guest, by(boss))) == Outcome::replaced);
  CHECK(in.outcome(members, AcceptInvitation(acme, cid)) == Outcome::inviter_lapsed);
  // A kept invitation is no other one for being sent once more. It is revoked first.
  const Profile keeps = with(members, [](Profile& p) { p.on_reinvite = OnReinvite::keep; });
  CHECK(in.outcome(keeps, Invite(acme, cid, clerk, by(boss))) == Outcome::still_invited);
  CHECK(in.outcome(members, AcceptInvitation(acme, cid)) == Outcome::inviter_lapsed);
  REQUIRE(in.outcome(members, RevokeInvitation(acme, cid, by(boss))) == Outcome::removed);
  REQUIRE(in.outcome(members, Invite(acme, cid, clerk, by(boss))) == Outcome::invited);
  CHECK(in.outcome(members, AcceptInvitation(acme, cid)) == Outcome::accepted);
}

}
