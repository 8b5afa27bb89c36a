// Races about one membership: changes, removals and late adds.
#include "life_races.hpp"

namespace life {

std::vector<Race> races_about_one_membership() {
  std::vector<Race> list;
  list.push_back({"a suspension and a change of role",
                  {no_limit,
                   clerk_ann,
                   club_rules(),
                   {asks<Suspend>(club, ann, by(boss)), asks<ChangeRole>(club, ann, guest, by(boss))}},
                  ends_as("club: ann guest suspended")});
  list.push_back(
      {"a suspension and a reactivation",
       {no_limit, clerk_ann, club_rules(), {asks<Suspend>(club, ann, by(boss)), asks<Reactivate>(club, ann, by(boss))}},
       {},
       false});
  list.push_back({"two changes of role",
                  {no_limit,
                   clerk_ann,
                   atomic(club_rules()),
                   {asks<ChangeRole>(club, ann, guest, by(boss)), asks<ChangeRole>(club, ann, admin, by(boss))}},
                  [](const Ended& ended) { return ended.count("replaced") == 2; }});
  list.push_back({"a manager changes somebody, and is demoted",
                  {no_limit,
                   [](Club& in) {
                     in.put(ann, clerk);
                     in.put(bob, admin);
                   },
                   club_rules(),
                   {asks<ChangeRole>(club, ann, guest, by(bob)), asks<ChangeRole>(club, bob, clerk, by(boss))}},
                  {}});
  list.push_back({"two removals",
                  {no_limit, clerk_ann, club_rules(), {removes_ann(), removes_ann()}},
                  one_of("removed", "not_member")});
  const Participant once = asks<RemoveMembers>(club, ann, by(boss), key("goes"));
  list.push_back({"one removal, delivered twice",
                  {no_limit, clerk_ann, club_rules(), {once, once}},
                  one_of("removed", "replayed")});
  list.push_back({"a removal and a leave",
                  {no_limit, clerk_ann, club_rules(), {removes_ann(), leaves()}},
                  one_of("removed", "not_member")});
  list.push_back({"a removal and a change of role",
                  {no_limit, clerk_ann, club_rules(), {removes_ann(), asks<ChangeRole>(club, ann, guest, by(boss))}},
                  [](const Ended& ended) { return ended.said(0) == "removed"; }});
  list.push_back({"two removals that leave nothing",
                  {no_limit,
                   clerk_ann,
                   with(club_rules(), [](Profile& p) { p.keeps_tombstones = false; }),
                   {removes_ann(), removes_ann()}},
                  one_of("removed", "not_member")});
  for (const OnFormer policy : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    const Profile rules = with(club_rules(), [&](Profile& p) { p.on_suspended = p.on_removed = policy; });
    const auto carried_out = [](Club& in) {
      must(in.outcome(club_rules(), AddMembers(club, ann, clerk, by(boss), key("add"))) == Outcome::added, "an add");
    };
    const Participant late = asks<AddMembers>(club, ann, clerk, by(boss), key("add"));
    list.push_back({"a removal, and the add before it is delivered again",
                    {no_limit, carried_out, rules, {removes_ann(), late}},
                    ends_as("club: ann clerk removed"),
                    false});
    list.push_back({"a removal, and the add before it is delivered twice more",
                    {no_limit, carried_out, rules, {removes_ann(), late, late}},
                    ends_as("club: ann clerk removed"),
                    false});
    list.push_back(
        {"a removal, and another add", {no_limit, carried_out, rules, {removes_ann(), adds_ann()}}, {}, false});
    list.push_back({"two adds of somebody who was removed",
                    {no_limit, [](Club& in) { in.put(ann, guest, State::removed); }, rules, {adds_ann(), adds_ann()}},
                    {},
                    policy != OnFormer::refuse});
    list.push_back({"an add and a reactivation of somebody who is suspended",
                    {no_limit, suspended_ann, rules, {adds_ann(), asks<Reactivate>(club, ann, by(boss))}},
                    {},
                    policy != OnFormer::refuse});
  }
  return list;
}

}  // namespace life
