// Races after which acme must still have an owner.
#include "membership_races.hpp"

namespace fixtures {

std::vector<Race> races_of_owners() {
  std::vector<Race> list;
  for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
    list.push_back({"two owners leave",
                    {no_limit, two_owners, rules, {leaves(), participant<Leave>(acme, boss)}},
                    one_of("removed", "last_owner")});
    list.push_back(
        {"two owners demote each other",
         {no_limit,
          two_owners,
          rules,
          {participant<ChangeRole>(acme, ann, clerk, by(boss)), participant<ChangeRole>(acme, boss, clerk, by(ann))}},
         one_of("replaced", "forbidden")});
    list.push_back({"two owners remove each other",
                    {no_limit, two_owners, rules, {removes_ann(), participant<RemoveMembers>(acme, boss, by(ann))}},
                    one_of("removed", "forbidden")});
    list.push_back({"two owners suspend each other",
                    {no_limit,
                     two_owners,
                     rules,
                     {participant<Suspend>(acme, ann, by(boss)), participant<Suspend>(acme, boss, by(ann))}},
                    one_of("suspended", "forbidden")});
    list.push_back({"an owner leaves, and the other demotes herself",
                    {no_limit,
                     two_owners,
                     rules,
                     {participant<Leave>(acme, boss), participant<ChangeRole>(acme, ann, clerk, by(ann))}},
                    [](const Ended& ended) { return ended.count("last_owner") == 1; }});
    list.push_back({"an owner leaves while she is demoted",
                    {no_limit, two_owners, rules, {leaves(), participant<ChangeRole>(acme, ann, clerk, by(boss))}},
                    [](const Ended& ended) { return ended.outcome_of(0) == "removed"; }});
    list.push_back(
        {"ownership is transferred to a member that leaves",
         {no_limit, clerk_ann, rules, {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)), leaves()}},
         {}});
    list.push_back(
        {"ownership is transferred by an owner that leaves",
         {no_limit,
          clerk_ann,
          rules,
          {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)), participant<Leave>(acme, boss)}},
         [](const Ended& ended) { return owners(ended) == 1; },
         false});
    list.push_back({"ownership is transferred to a member that is removed",
                    {no_limit,
                     [](AcmeFixture& in) {
                       in.put(ann, clerk);
                       in.put(bob, admin);
                     },
                     rules,
                     {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)),
                      participant<RemoveMembers>(acme, ann, by(bob))}},
                    [](const Ended& ended) { return owners(ended) == 1; }});
    list.push_back({"ownership is transferred to a member that is suspended",
                    {no_limit,
                     [](AcmeFixture& in) {
                       in.put(ann, clerk);
                       in.put(bob, admin);
                     },
                     rules,
                     {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)),
                      participant<Suspend>(acme, ann, by(bob))}},
                    [](const Ended& ended) { return owners(ended) == 1; }});
    list.push_back({"ownership is given to two people",
                    {no_limit,
                     [](AcmeFixture& in) {
                       in.put(ann, clerk);
                       in.put(bob, clerk);
                     },
                     rules,
                     {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)),
                      participant<TransferOwnership>(acme, bob, owner, admin, by(boss))}},
                    [](const Ended& ended) { return owners(ended) == 1 && ended.count("replaced replaced") == 1; }});
    list.push_back({"an owner is made while the only one leaves",
                    {no_limit,
                     clerk_ann,
                     rules,
                     {participant<ChangeRole>(acme, ann, owner, by(boss)), participant<Leave>(acme, boss)}},
                    {},
                    false});
  }
  list.push_back({"three owners leave",
                  {no_limit,
                   [](AcmeFixture& in) {
                     in.put(ann, owner);
                     in.put(bob, owner);
                   },
                   manager_rules(),
                   {leaves(), participant<Leave>(acme, bob), participant<Leave>(acme, boss)}},
                  [](const Ended& ended) { return ended.count("removed") == 2 && ended.count("last_owner") == 1; }});
  list.push_back({"all owners are removed in bulks of opposite order",
                  {no_limit,
                   [](AcmeFixture& in) {
                     in.put(ann, owner);
                     in.put(bob, owner);
                   },
                   atomic(host_rules()),
                   {participant<RemoveMembers>(acme, std::vector<AccountSelector>{ann, bob}),
                    participant<RemoveMembers>(acme, std::vector<AccountSelector>{boss, bob})}},
                  {}});
  return list;
}

}  // namespace fixtures
