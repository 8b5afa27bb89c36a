// Races about an invitation: accept, decline, revoke, and changes of its inviter.
#include "membership_races.hpp"

namespace fixtures {

static void put(MemoryStore& store, AccountRecord record) {
  record.email = address("ann@x.example");
  must(store.overwrite_account(record).has_value(), "an account");
}

static void invited_by_bob(AcmeFixture& in) {
  in.put(bob, admin);
  in.put(ann, clerk, State::invited, bob);
}

std::vector<Race> races_of_invitations() {
  std::vector<Race> list;
  list.push_back({"two acceptances",
                  {no_limit, invited_ann, manager_rules(), {accepts(), accepts()}},
                  one_of("accepted", "existing")});
  list.push_back({"three acceptances",
                  {no_limit, invited_ann, manager_rules(), {accepts(), accepts(), accepts()}},
                  one_of("accepted", "existing")});
  const Participant keyed = participant<AcceptInvitation>(acme, ann, key("click"));
  list.push_back({"one acceptance, delivered twice",
                  {no_limit, invited_ann, manager_rules(), {keyed, keyed}},
                  one_of("accepted", "replayed")});
  for (const OnConflict other : {OnConflict::reject, OnConflict::replace, OnConflict::raise})
    for (const OnInvited policy : {OnInvited::activate, OnInvited::keep}) {
      const auto changes = [&](Profile& p) {
        p.on_other_role = other;
        p.on_invited = policy;
      };
      list.push_back({"an acceptance, and an add as something else",
                      {no_limit,
                       invited_ann,
                       with(manager_rules(), changes),
                       {accepts(), participant<AddMembers>(acme, ann, admin, by(boss))}},
                      [policy](const Ended& ended) {
                        const bool by_add = ended.outcome_of(0) == "existing" && ended.outcome_of(1) == "accepted";
                        return ended.outcome_of(0) == "accepted" || (policy == OnInvited::activate && by_add);
                      },
                      policy == OnInvited::activate || other != OnConflict::reject});
    }
  list.push_back(
      {"an acceptance, and the same invitation as something else",
       {no_limit, invited_by_bob, manager_rules(), {accepts(), participant<Invite>(acme, ann, guest, by(boss))}},
       [](const Ended& ended) {
         return ended.outcome_of(0) == "accepted" &&
                (ended.outcome_of(1) == "invitation_renewed" || ended.outcome_of(1) == "role_conflict");
       }});
  list.push_back(
      {"an acceptance and a revocation",
       {no_limit, invited_ann, manager_rules(), {accepts(), participant<RevokeInvitation>(acme, ann, by(boss))}},
       [](const Ended& ended) {
         return (ended.outcome_of(0) == "accepted" && ended.outcome_of(1) == "conflict") ||
                (ended.outcome_of(0) == "was_removed" && ended.outcome_of(1) == "removed");
       }});
  list.push_back({"an acceptance and a removal",
                  {no_limit, invited_ann, manager_rules(), {accepts(), removes_ann()}},
                  ends_as("acme: ann clerk removed")});
  list.push_back({"an acceptance and a decline",
                  {no_limit, invited_ann, manager_rules(), {accepts(), participant<DeclineInvitation>(acme, ann)}},
                  [](const Ended& ended) { return ended.count("accepted") + ended.count("removed") == 1; }});
  list.push_back(
      {"an acceptance, and its inviter is removed",
       {no_limit, invited_by_bob, manager_rules(), {accepts(), participant<RemoveMembers>(acme, bob, by(boss))}},
       [](const Ended& ended) { return ended.outcome_of(1) == "removed"; }});
  list.push_back({"an acceptance, and its inviter leaves",
                  {no_limit, invited_by_bob, atomic(manager_rules()), {accepts(), participant<Leave>(acme, bob)}},
                  [](const Ended& ended) { return ended.outcome_of(1) == "removed"; }});
  list.push_back(
      {"an acceptance, and its inviter is demoted",
       {no_limit, invited_by_bob, manager_rules(), {accepts(), participant<ChangeRole>(acme, bob, guest, by(boss))}},
       [](const Ended& ended) { return ended.outcome_of(1) == "replaced"; }});
  list.push_back(
      {"an acceptance, and the invitation is for another role now",
       {no_limit, invited_ann, manager_rules(), {accepts(), participant<ChangeRole>(acme, ann, guest, by(boss))}},
       ends_as("acme: ann guest active")});
  list.push_back({"an acceptance, and the address is no longer known to be theirs",
                  {no_limit, invited_ann, manager_rules(), {accepts(), meanwhile([](MemoryStore& store) {
                                                              put(store, {.id = ann, .verified = false});
                                                            })}},
                  {}});
  list.push_back({"an acceptance, and the account is shut off",
                  {no_limit, invited_ann, manager_rules(), {accepts(), meanwhile([](MemoryStore& store) {
                                                              put(store,
                                                                  {.id = ann, .disabled = true, .verified = true});
                                                            })}},
                  {}});
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    list.push_back({"two invitations of one new address",
                    {no_limit,
                     {},
                     rules,
                     {participant<Invite>(acme, address("new@x.example"), clerk, by(boss)),
                      participant<Invite>(acme, address("NEW@x.example"), clerk, by(boss))}},
                    one_of("invited", "invitation_renewed")});
    list.push_back({"two invitations of one new address to two places",
                    {no_limit,
                     {},
                     rules,
                     {participant<Invite>(acme, address("new@x.example"), clerk, by(boss)),
                      participant<Invite>(works, address("NEW@x.example"), clerk, by(boss))}},
                    [](const Ended& ended) { return ended.count("invited") == 2; }});
  }
  list.push_back({"an invitation, and an add of the same",
                  {no_limit, {}, manager_rules(), {participant<Invite>(acme, ann, clerk, by(boss)), adds_ann()}},
                  [](const Ended& ended) {
                    return ended.outcome_of(0) == (ended.outcome_of(1) == "added" ? "existing" : "invited") &&
                           (ended.outcome_of(1) == "added" || ended.outcome_of(1) == "accepted");
                  }});
  return list;
}

}  // namespace fixtures
