// Races after which the club must still have an owner.
#include "life_races.hpp"

namespace life {

std::vector<Race> races_of_owners() {
  std::vector<Race> list;
  for (const Profile& rules : {club_rules(), atomic(club_rules())}) {
    list.push_back({"two owners leave",
                    {no_limit, two_owners, rules, {leaves(), asks<Leave>(club, boss)}},
                    one_of("removed", "last_owner")});
    list.push_back({"two owners demote each other",
                    {no_limit,
                     two_owners,
                     rules,
                     {asks<ChangeRole>(club, ann, clerk, by(boss)), asks<ChangeRole>(club, boss, clerk, by(ann))}},
                    one_of("replaced", "forbidden")});
    list.push_back({"two owners remove each other",
                    {no_limit, two_owners, rules, {removes_ann(), asks<RemoveMembers>(club, boss, by(ann))}},
                    one_of("removed", "forbidden")});
    list.push_back(
        {"two owners suspend each other",
         {no_limit, two_owners, rules, {asks<Suspend>(club, ann, by(boss)), asks<Suspend>(club, boss, by(ann))}},
         one_of("suspended", "forbidden")});
    list.push_back(
        {"an owner leaves, and the other demotes herself",
         {no_limit, two_owners, rules, {asks<Leave>(club, boss), asks<ChangeRole>(club, ann, clerk, by(ann))}},
         [](const Ended& ended) { return ended.count("last_owner") == 1; }});
    list.push_back({"an owner leaves while she is demoted",
                    {no_limit, two_owners, rules, {leaves(), asks<ChangeRole>(club, ann, clerk, by(boss))}},
                    [](const Ended& ended) { return ended.said(0) == "removed"; }});
    list.push_back(
        {"ownership is given to somebody who leaves",
         {no_limit, clerk_ann, rules, {asks<TransferOwnership>(club, ann, owner, admin, by(boss)), leaves()}},
         {}});
    list.push_back({"ownership is given away by somebody who leaves",
                    {no_limit,
                     clerk_ann,
                     rules,
                     {asks<TransferOwnership>(club, ann, owner, admin, by(boss)), asks<Leave>(club, boss)}},
                    [](const Ended& ended) { return owners(ended) == 1; },
                    false});
    list.push_back(
        {"ownership is given to somebody who is removed",
         {no_limit,
          [](Club& in) {
            in.put(ann, clerk);
            in.put(bob, admin);
          },
          rules,
          {asks<TransferOwnership>(club, ann, owner, admin, by(boss)), asks<RemoveMembers>(club, ann, by(bob))}},
         [](const Ended& ended) { return owners(ended) == 1; }});
    list.push_back({"ownership is given to somebody who is suspended",
                    {no_limit,
                     [](Club& in) {
                       in.put(ann, clerk);
                       in.put(bob, admin);
                     },
                     rules,
                     {asks<TransferOwnership>(club, ann, owner, admin, by(boss)), asks<Suspend>(club, ann, by(bob))}},
                    [](const Ended& ended) { return owners(ended) == 1; }});
    list.push_back({"ownership is given to two people",
                    {no_limit,
                     [](Club& in) {
                       in.put(ann, clerk);
                       in.put(bob, clerk);
                     },
                     rules,
                     {asks<TransferOwnership>(club, ann, owner, admin, by(boss)),
                      asks<TransferOwnership>(club, bob, owner, admin, by(boss))}},
                    [](const Ended& ended) { return owners(ended) == 1 && ended.count("replaced replaced") == 1; }});
    list.push_back(
        {"an owner is made while the only one leaves",
         {no_limit, clerk_ann, rules, {asks<ChangeRole>(club, ann, owner, by(boss)), asks<Leave>(club, boss)}},
         {},
         false});
  }
  list.push_back({"three owners leave",
                  {no_limit,
                   [](Club& in) {
                     in.put(ann, owner);
                     in.put(bob, owner);
                   },
                   club_rules(),
                   {leaves(), asks<Leave>(club, bob), asks<Leave>(club, boss)}},
                  [](const Ended& ended) { return ended.count("removed") == 2 && ended.count("last_owner") == 1; }});
  list.push_back({"all owners are removed in bulks of opposite order",
                  {no_limit,
                   [](Club& in) {
                     in.put(ann, owner);
                     in.put(bob, owner);
                   },
                   atomic(host_rules()),
                   {asks<RemoveMembers>(club, std::vector<AccountSelector>{ann, bob}),
                    asks<RemoveMembers>(club, std::vector<AccountSelector>{boss, bob})}},
                  {}});
  return list;
}

}  // namespace life
