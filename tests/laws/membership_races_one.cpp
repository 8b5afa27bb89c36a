// Races about one membership: changes, removals and late adds.
#include "membership_races.hpp"

namespace fixtures {

namespace {

/// The command, made before the race.
template <class Of>
Participant earlier(Of command) {
  command.asked_at = Time{8'000'000};
  return participant<Of>(command);
}

}  // namespace

std::vector<Race> races_about_one_membership() {
  std::vector<Race> list;
  list.push_back({"a suspension and a change of role",
                  {no_limit,
                   clerk_ann,
                   manager_rules(),
                   {participant<Suspend>(acme, ann, by(boss)), participant<ChangeRole>(acme, ann, guest, by(boss))}},
                  ends_as("acme: ann guest suspended")});
  list.push_back({"a suspension and a reactivation",
                  {no_limit,
                   clerk_ann,
                   manager_rules(),
                   {participant<Suspend>(acme, ann, by(boss)), participant<Reactivate>(acme, ann, by(boss))}},
                  {},
                  false});
  list.push_back(
      {"two changes of role",
       {no_limit,
        clerk_ann,
        atomic(manager_rules()),
        {participant<ChangeRole>(acme, ann, guest, by(boss)), participant<ChangeRole>(acme, ann, admin, by(boss))}},
       [](const Ended& ended) { return ended.count("replaced") == 2; }});
  // IssuedCommand for before the other is written, and after every write before the race.
  for (const bool atomically : {false, true})
    list.push_back(
        {"a promotion that was requested earlier, and a demotion",
         {no_limit,
          clerk_ann,
          atomically ? atomic(manager_rules()) : manager_rules(),
          {earlier(ChangeRole(acme, ann, admin, by(boss))), participant<ChangeRole>(acme, ann, guest, by(boss))}},
         ends_as("acme: ann guest active")});
  list.push_back(
      {"a removal that was requested earlier, and an end",
       {no_limit,
        clerk_ann,
        manager_rules(),
        {earlier(RemoveMembers(acme, ann, by(boss))), participant<ChangeExpiry>(acme, ann, far_off, by(boss))}},
       [](const Ended& ended) {
         return ended.outcome_of(0) == (ended.outcome_of(1) == "expiry_changed" ? "has_changed" : "removed");
       }});
  list.push_back(
      {"a manager changes a member, and is demoted",
       {no_limit,
        [](AcmeFixture& in) {
          in.put(ann, clerk);
          in.put(bob, admin);
        },
        manager_rules(),
        {participant<ChangeRole>(acme, ann, guest, by(bob)), participant<ChangeRole>(acme, bob, clerk, by(boss))}},
       {}});
  list.push_back({"two removals",
                  {no_limit, clerk_ann, manager_rules(), {removes_ann(), removes_ann()}},
                  one_of("removed", "not_member")});
  const Participant once = participant<RemoveMembers>(acme, ann, by(boss), key("goes"));
  list.push_back({"one removal, delivered twice",
                  {no_limit, clerk_ann, manager_rules(), {once, once}},
                  one_of("removed", "replayed")});
  list.push_back({"a removal and a leave",
                  {no_limit, clerk_ann, manager_rules(), {removes_ann(), leaves()}},
                  one_of("removed", "not_member")});
  list.push_back(
      {"a removal and a change of role",
       {no_limit, clerk_ann, manager_rules(), {removes_ann(), participant<ChangeRole>(acme, ann, guest, by(boss))}},
       [](const Ended& ended) { return ended.outcome_of(0) == "removed"; }});
  list.push_back({"two removals that leave nothing",
                  {no_limit,
                   clerk_ann,
                   with(manager_rules(), [](Profile& p) { p.keeps_tombstones = false; }),
                   {removes_ann(), removes_ann()}},
                  one_of("removed", "not_member")});
  for (const OnFormer policy : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    const Profile rules = with(manager_rules(), [&](Profile& p) { p.on_suspended = p.on_removed = policy; });
    const auto carried_out = [](AcmeFixture& in) {
      must(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("add"))) == Outcome::added, "an add");
    };
    const Participant late = participant<AddMembers>(acme, ann, clerk, by(boss), key("add"));
    list.push_back({"a removal, and the add before it is delivered again",
                    {no_limit, carried_out, rules, {removes_ann(), late}},
                    ends_as("acme: ann clerk removed"),
                    false});
    list.push_back({"a removal, and the add before it is delivered twice more",
                    {no_limit, carried_out, rules, {removes_ann(), late, late}},
                    ends_as("acme: ann clerk removed"),
                    false});
    list.push_back(
        {"a removal, and another add", {no_limit, carried_out, rules, {removes_ann(), adds_ann()}}, {}, false});
    list.push_back(
        {"two adds of a removed member",
         {no_limit, [](AcmeFixture& in) { in.put(ann, guest, State::removed); }, rules, {adds_ann(), adds_ann()}},
         {},
         policy != OnFormer::refuse});
    list.push_back({"an add and a reactivation of a suspended member",
                    {no_limit, suspended_ann, rules, {adds_ann(), participant<Reactivate>(acme, ann, by(boss))}},
                    {},
                    policy != OnFormer::refuse});
  }
  return list;
}

}  // namespace fixtures
