// Races with a host that disables or enables an account. Disabling is never refused, so a command that was committed
// before may have left the disabled account as the only owner.
#include "membership_races.hpp"

namespace fixtures {

static Participant disables(const AccountId& who, bool disabled = true) {
  return meanwhile([=](MemoryStore& store) {
    must(store.change_account(who, {.disabled = disabled}, any_version).has_value(), "an account");
  });
}
static void disable_ann(AcmeFixture& in) {
  must(in.store.change_account(ann, {.disabled = true}, any_version).has_value(), "an account");
}
static void owned_by_disabled_ann(AcmeFixture& in) {
  in.put(ann, owner);
  disable_ann(in);
}
static std::function<bool(const Ended&)> either(std::string first, std::string second) {
  return [=](const Ended& ended) { return ended.outcome_of(0) == first || ended.outcome_of(0) == second; };
}

std::vector<Race> races_of_disabled() {
  std::vector<Race> list;
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    list.push_back({"an owner leaves while the other one is disabled",
                    {no_limit, two_owners, rules, {participant<Leave>(acme, boss), disables(ann)}},
                    either("removed", "last_owner")});
    list.push_back(
        {"an owner is demoted while the other one is disabled",
         {no_limit, two_owners, rules, {participant<ChangeRole>(acme, boss, clerk, by(boss)), disables(ann)}},
         either("replaced", "last_owner")});
    list.push_back(
        {"a disabled owner is removed while she is enabled and the other one leaves",
         {no_limit,
          owned_by_disabled_ann,
          rules,
          {removes_ann(), disables(ann, false), participant<Leave>(acme, boss)}},
         [](const Ended& ended) { return ended.outcome_of(0) == "removed" || ended.outcome_of(2) == "removed"; }});
    list.push_back({"an owner adds while she is disabled",
                    {no_limit, two_owners, rules, {participant<AddMembers>(acme, bob, clerk, by(ann)), disables(ann)}},
                    either("added", "forbidden")});
    list.push_back({"an owner adds while she is disabled and enabled",
                    {no_limit,
                     two_owners,
                     rules,
                     {participant<AddMembers>(acme, bob, clerk, by(ann)), disables(ann), disables(ann, false)}},
                    either("added", "forbidden")});
    list.push_back({"an owner removes a member while she is disabled",
                    {no_limit,
                     [](AcmeFixture& in) {
                       in.put(ann, owner);
                       in.put(bob, clerk);
                     },
                     rules,
                     {participant<RemoveMembers>(acme, bob, by(ann)), disables(ann)}},
                    either("removed", "forbidden")});
    list.push_back({"ownership is transferred to a disabled member",
                    {no_limit,
                     clerk_ann,
                     rules,
                     {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)), disables(ann)}},
                    [](const Ended& ended) { return owners(ended) == 1; }});
    list.push_back({"an acceptance, and its inviter is disabled",
                    {no_limit,
                     [](AcmeFixture& in) {
                       in.put(bob, admin);
                       in.put(ann, clerk, State::invited, bob);
                     },
                     rules,
                     {accepts(), disables(bob)}},
                    either("accepted", "inviter_lapsed")});
    list.push_back({"a suspended member is reactivated as the second owner, disabled, and the first owner leaves",
                    {no_limit,
                     [](AcmeFixture& in) { in.put(ann, owner, State::suspended); },
                     rules,
                     {participant<Leave>(acme, boss), participant<Reactivate>(acme, ann, by(boss)), disables(ann)}},
                    {}});
  }
  list.push_back(
      {"two owners leave while the third one is disabled",
       {no_limit,
        [](AcmeFixture& in) {
          in.put(ann, owner);
          in.put(bob, owner);
        },
        manager_rules(),
        {participant<Leave>(acme, boss), participant<Leave>(acme, bob), disables(ann)}},
       [](const Ended& ended) { return ended.outcome_of(0) != ended.outcome_of(1) || ended.count("removed") == 2; }});
  return list;
}

}  // namespace fixtures
