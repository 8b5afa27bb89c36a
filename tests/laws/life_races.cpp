// All the ways in which people who change memberships can get in each other's way: each pair, and some triples, is
// played in every order of steps there is. An owner remains, seats are kept, nobody has two rows, nobody who was
// removed comes back by a late request; and the end is what it would be, had they come one after the other.
#include <iostream>

#include "catch.hpp"
#include "support/club.hpp"

using namespace life;

namespace {

using State = MembershipState;

struct Race {
  std::string name;
  Setup scene;
  /// What must hold at every end; empty: nothing more than what holds of all.
  std::function<bool(const Ended&)> holds;
  bool somebody_loses = true;  // in some order somebody's commit is refused
};

Profile seated(SeatRule rule) {
  return with(club_rules(), [&](Profile& p) { p.seats = rule; });
}

/// One of the answers is the first, each other one the second.
std::function<bool(const Ended&)> one_of(std::string first, std::string others) {
  return [=](const Ended& ended) { return ended.count(first) == 1 && ended.count(others) + 1 == ended.answers.size(); };
}
std::function<bool(const Ended&)> ends_as(std::string row) {
  return [=](const Ended& ended) {
    const auto all = lines(ended.state);
    return std::find(all.begin(), all.end(), row) != all.end();
  };
}

void put(MemoryStore& store, AccountRecord record) {
  record.email = address("ann@x.example");
  must(store.put_account(record).has_value(), "an account");
}

std::vector<Race> races() {
  const auto two_owners = [](Club& in) { in.put(ann, owner); };
  const auto clerk_ann = [](Club& in) { in.put(ann, clerk); };
  const auto invited_ann = [](Club& in) { in.put(ann, clerk, State::invited); };
  const auto invited_by_bob = [](Club& in) {
    in.put(bob, admin);
    in.put(ann, clerk, State::invited, bob);
  };
  const auto suspended_ann = [](Club& in) { in.put(ann, clerk, State::suspended); };
  const Participant accepts = asks<AcceptInvitation>(club, ann), leaves = asks<Leave>(club, ann);
  const Participant adds_ann = asks<AddMembers>(club, ann, clerk, by(boss));
  const Participant removes_ann = asks<RemoveMembers>(club, ann, by(boss));
  std::vector<Race> list;

  // ---- an owner remains
  for (const Profile& rules : {club_rules(), atomic(club_rules())}) {
    list.push_back({"two owners leave",
                    {no_limit, two_owners, rules, {leaves, asks<Leave>(club, boss)}},
                    one_of("removed", "last_owner")});
    list.push_back({"two owners demote each other",
                    {no_limit,
                     two_owners,
                     rules,
                     {asks<ChangeRole>(club, ann, clerk, by(boss)), asks<ChangeRole>(club, boss, clerk, by(ann))}},
                    one_of("replaced", "forbidden")});
    list.push_back({"two owners remove each other",
                    {no_limit, two_owners, rules, {removes_ann, asks<RemoveMembers>(club, boss, by(ann))}},
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
                    {no_limit, two_owners, rules, {leaves, asks<ChangeRole>(club, ann, clerk, by(boss))}},
                    [](const Ended& ended) { return ended.said(0) == "removed"; }});
    list.push_back({"ownership is given to somebody who leaves",
                    {no_limit, clerk_ann, rules, {asks<TransferOwnership>(club, ann, owner, admin, by(boss)), leaves}},
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
                   {leaves, asks<Leave>(club, bob), asks<Leave>(club, boss)}},
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

  // ---- seats
  const std::array<AccountId, 4> queue{ann, bob, cid, dora};
  for (std::size_t k = 2; k <= 4; ++k) {
    Setup last{2, {}, seated(SeatRule::active), {}}, wide{100, {}, seated(SeatRule::active), {}};
    Setup letters{2, {}, seated(SeatRule::active_and_invited), {}};
    for (std::size_t i = 0; i < k; ++i) {
      last.players.push_back(asks<AddMembers>(club, queue[i], clerk, by(boss)));
      wide.players.push_back(last.players.back());
      letters.players.push_back(asks<Invite>(club, queue[i], clerk, by(boss)));
    }
    list.push_back({std::to_string(k) + " adds and one seat", last, one_of("added", "seats_taken")});
    list.push_back({std::to_string(k) + " invitations and one seat", letters, one_of("invited", "seats_taken")});
    list.push_back({std::to_string(k) + " adds far below the limit", wide,
                    [k](const Ended& ended) { return ended.count("added") == k && ended.stale == 0; }, false});
  }
  list.push_back({"an acceptance, an add and one seat",
                  {2, invited_ann, seated(SeatRule::active), {accepts, asks<AddMembers>(club, bob, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.count("seats_taken") == 1; }});
  list.push_back({"a reactivation, an add and one seat",
                  {2,
                   suspended_ann,
                   seated(SeatRule::active),
                   {asks<Reactivate>(club, ann, by(boss)), asks<AddMembers>(club, bob, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.count("seats_taken") == 1; }});
  list.push_back(
      {"an acceptance that has its seat, and an add",
       {2, invited_ann, seated(SeatRule::active_and_invited), {accepts, asks<AddMembers>(club, bob, clerk, by(boss))}},
       [](const Ended& ended) { return ended.said(0) == "accepted" && ended.said(1) == "seats_taken"; },
       false});
  list.push_back({"a leave and an add into a full club",
                  {2, clerk_ann, seated(SeatRule::active), {leaves, asks<AddMembers>(club, bob, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.said(0) == "removed"; },
                  false});
  list.push_back({"the limit is lowered under an add",
                  {3,
                   {},
                   seated(SeatRule::active),
                   {asks<AddMembers>(club, ann, clerk, by(boss)),
                    meanwhile([](MemoryStore& store) { (void)store.put_organization({.id = club, .seats_max = 1}); })}},
                  {}});
  list.push_back({"two bulks for three seats",
                  {4,
                   {},
                   atomic(seated(SeatRule::active)),
                   {asks<AddMembers>(club, std::vector<AccountSelector>{ann, bob}, clerk, by(boss)),
                    asks<AddMembers>(club, std::vector<AccountSelector>{dora, cid}, clerk, by(boss))}},
                  [](const Ended& ended) { return ended.count("added added") == 1; }});

  // ---- invitations
  list.push_back(
      {"two acceptances", {no_limit, invited_ann, club_rules(), {accepts, accepts}}, one_of("accepted", "existing")});
  list.push_back({"three acceptances",
                  {no_limit, invited_ann, club_rules(), {accepts, accepts, accepts}},
                  one_of("accepted", "existing")});
  const Participant keyed = asks<AcceptInvitation>(club, ann, key("click"));
  list.push_back({"one acceptance, delivered twice",
                  {no_limit, invited_ann, club_rules(), {keyed, keyed}},
                  one_of("accepted", "replayed")});
  for (const OnMember other : {OnMember::reject, OnMember::replace, OnMember::raise})
    list.push_back({"an acceptance, and an add as something else",
                    {no_limit,
                     invited_ann,
                     with(club_rules(), [&](Profile& p) { p.on_other_role = other; }),
                     {accepts, asks<AddMembers>(club, ann, admin, by(boss))}},
                    [](const Ended& ended) { return ended.said(0) == "accepted"; },
                    other != OnMember::reject});
  list.push_back({"an acceptance and a revocation",
                  {no_limit, invited_ann, club_rules(), {accepts, asks<RevokeInvitation>(club, ann, by(boss))}},
                  [](const Ended& ended) {
                    return (ended.said(0) == "accepted" && ended.said(1) == "conflict") ||
                           (ended.said(0) == "was_removed" && ended.said(1) == "removed");
                  }});
  list.push_back({"an acceptance and a removal",
                  {no_limit, invited_ann, club_rules(), {accepts, removes_ann}},
                  ends_as("club: ann clerk removed")});
  list.push_back({"an acceptance and a decline",
                  {no_limit, invited_ann, club_rules(), {accepts, asks<DeclineInvitation>(club, ann)}},
                  [](const Ended& ended) { return ended.count("accepted") + ended.count("removed") == 1; }});
  list.push_back({"an acceptance, and its inviter is removed",
                  {no_limit, invited_by_bob, club_rules(), {accepts, asks<RemoveMembers>(club, bob, by(boss))}},
                  [](const Ended& ended) { return ended.said(1) == "removed"; }});
  list.push_back({"an acceptance, and its inviter leaves",
                  {no_limit, invited_by_bob, atomic(club_rules()), {accepts, asks<Leave>(club, bob)}},
                  [](const Ended& ended) { return ended.said(1) == "removed"; }});
  list.push_back({"an acceptance, and its inviter is demoted",
                  {no_limit, invited_by_bob, club_rules(), {accepts, asks<ChangeRole>(club, bob, guest, by(boss))}},
                  [](const Ended& ended) { return ended.said(1) == "replaced"; }});
  list.push_back({"an acceptance, and the invitation is for another role now",
                  {no_limit, invited_ann, club_rules(), {accepts, asks<ChangeRole>(club, ann, guest, by(boss))}},
                  ends_as("club: ann guest active")});
  list.push_back({"an acceptance, and the address is no longer known to be theirs",
                  {no_limit, invited_ann, club_rules(), {accepts, meanwhile([](MemoryStore& store) {
                                                           put(store, {.id = ann, .verified = false});
                                                         })}},
                  {}});
  list.push_back({"an acceptance, and the account is shut off",
                  {no_limit, invited_ann, club_rules(), {accepts, meanwhile([](MemoryStore& store) {
                                                           put(store, {.id = ann, .disabled = true, .verified = true});
                                                         })}},
                  {}});
  for (const Profile& rules : {club_rules(), atomic(club_rules())}) {
    list.push_back({"two invitations of one new address",
                    {no_limit,
                     {},
                     rules,
                     {asks<Invite>(club, address("new@x.example"), clerk, by(boss)),
                      asks<Invite>(club, address("NEW@x.example"), clerk, by(boss))}},
                    one_of("invited", "existing")});
    list.push_back({"two invitations of one new address to two places",
                    {no_limit,
                     {},
                     rules,
                     {asks<Invite>(club, address("new@x.example"), clerk, by(boss)),
                      asks<Invite>(annex, address("NEW@x.example"), clerk, by(boss))}},
                    [](const Ended& ended) { return ended.count("invited") == 2; }});
  }
  list.push_back({"an invitation, and an add of the same",
                  {no_limit, {}, club_rules(), {asks<Invite>(club, ann, clerk, by(boss)), adds_ann}},
                  [](const Ended& ended) { return ended.count("existing") == 1; }});

  // ---- one membership
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
                  {no_limit, clerk_ann, club_rules(), {removes_ann, removes_ann}},
                  one_of("removed", "not_member")});
  const Participant once = asks<RemoveMembers>(club, ann, by(boss), key("goes"));
  list.push_back({"one removal, delivered twice",
                  {no_limit, clerk_ann, club_rules(), {once, once}},
                  one_of("removed", "replayed")});
  list.push_back({"a removal and a leave",
                  {no_limit, clerk_ann, club_rules(), {removes_ann, leaves}},
                  one_of("removed", "not_member")});
  list.push_back({"a removal and a change of role",
                  {no_limit, clerk_ann, club_rules(), {removes_ann, asks<ChangeRole>(club, ann, guest, by(boss))}},
                  [](const Ended& ended) { return ended.said(0) == "removed"; }});
  list.push_back({"two removals that leave nothing",
                  {no_limit,
                   clerk_ann,
                   with(club_rules(), [](Profile& p) { p.keeps_removed = false; }),
                   {removes_ann, removes_ann}},
                  one_of("removed", "not_member")});
  for (const OnFormer policy : {OnFormer::refuse, OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh}) {
    const Profile rules = with(club_rules(), [&](Profile& p) { p.on_suspended = p.on_removed = policy; });
    const auto carried_out = [](Club& in) {
      must(in.outcome(club_rules(), AddMembers(club, ann, clerk, by(boss), key("add"))) == Outcome::added, "an add");
    };
    const Participant late = asks<AddMembers>(club, ann, clerk, by(boss), key("add"));
    list.push_back({"a removal, and the add before it is delivered again",
                    {no_limit, carried_out, rules, {removes_ann, late}},
                    ends_as("club: ann clerk removed"),
                    false});
    list.push_back({"a removal, and the add before it is delivered twice more",
                    {no_limit, carried_out, rules, {removes_ann, late, late}},
                    ends_as("club: ann clerk removed"),
                    false});
    list.push_back({"a removal, and another add", {no_limit, carried_out, rules, {removes_ann, adds_ann}}, {}, false});
    list.push_back({"two adds of somebody who was removed",
                    {no_limit, [](Club& in) { in.put(ann, guest, State::removed); }, rules, {adds_ann, adds_ann}},
                    {},
                    policy != OnFormer::refuse});
    list.push_back({"an add and a reactivation of somebody who is suspended",
                    {no_limit, suspended_ann, rules, {adds_ann, asks<Reactivate>(club, ann, by(boss))}},
                    {},
                    policy != OnFormer::refuse});
  }
  return list;
}

}  // namespace

TEST_CASE("every schedule of people who change memberships ends well, and as if they came one after the other") {
  std::size_t all = 0, refused = 0;
  const auto list = races();
  REQUIRE(list.size() >= 60);
  for (const Race& race : list) {
    std::size_t wrong = 0;
    unsigned stale = 0;
    const bool limited = race.scene.rules.seats != SeatRule::unlimited;
    const std::size_t schedules = every_schedule(race.scene, [&](const Ended& ended) {
      stale += ended.stale;
      const bool invited_sit = race.scene.rules.seats == SeatRule::active_and_invited;
      const Ended serial = begin(race.scene)->one_after_the_other(ended.order());
      const char* fault = nullptr;
      if (!ended.state.broken.empty()) fault = ended.state.broken.c_str();
      if (owners(ended) == 0) fault = "nobody owns the club any more";
      if (limited && race.scene.seats >= 2 && !race.scene.players.back().act &&
          active(ended) + (invited_sit ? invited(ended) : 0) > race.scene.seats)
        fault = "there are more than may be";
      for (const auto& answer : ended.answers)
        if (answer.error || answer.stopped) fault = "no answer";
      if (race.holds && !race.holds(ended)) fault = "not as it must be";
      if (!(ended == serial)) fault = "not as one after the other";
      if (fault == nullptr || ++wrong > 1) return;
      FAIL_CHECK("race: " << race.name << "\n  " << fault << "\n  schedule " << text_of(ended) << "\n  serial "
                          << text_of(serial));
    });
    INFO(race.name << ": " << wrong << " of " << schedules << " schedules");
    CHECK(wrong == 0);
    CHECK(schedules >= 2);
    CHECK((stale > 0) == race.somebody_loses);
    refused += stale > 0 ? 1 : 0;
    all += schedules;
  }
  std::cout << "life races: " << list.size() << " races, " << all << " schedules, in " << refused
            << " races somebody had to decide again\n";
}
