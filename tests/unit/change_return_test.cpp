// Proves that a membership is not changed by what was asked before its last write, known by its time. And that nobody
// who came back goes again by what ended the membership before, known by its key; and where that ends.
#include "unit/commands.hpp"

namespace change_return_test {

using namespace fixtures;

namespace {

Profile taking_back(OnFormer policy) {
  return with(manager_rules(), [policy](Profile& p) { p.on_suspended = p.on_removed = policy; });
}

/// Somebody goes by `ends`, which is delivered a second time once they are back.
struct Way {
  CommandKind ends;
  State from;
};
constexpr std::array ways = {
    Way{CommandKind::remove, State::active},    Way{CommandKind::remove, State::invited},
    Way{CommandKind::remove, State::suspended}, Way{CommandKind::leave, State::active},
    Way{CommandKind::leave, State::suspended},  Way{CommandKind::suspend, State::active},
    Way{CommandKind::leave, State::invited},
};

/// They come back, as members or invited.
struct Return {
  CommandKind by;
  OnFormer policy;
};
constexpr std::array returns = {
    Return{CommandKind::add, OnFormer::reactivate}, Return{CommandKind::add, OnFormer::restore_role},
    Return{CommandKind::add, OnFormer::fresh},      Return{CommandKind::invite, OnFormer::reactivate},
    Return{CommandKind::invite, OnFormer::fresh},   Return{CommandKind::reactivate, OnFormer::refuse},
};

/// What asks about a membership in that state, and writes.
std::vector<CommandKind> changes_of(State state) {
  if (state == State::active)
    return {CommandKind::change_role, CommandKind::transfer_ownership, CommandKind::suspend, CommandKind::remove,
            CommandKind::leave,       CommandKind::change_expiry};
  return {CommandKind::change_role,
          CommandKind::remove,
          CommandKind::leave,
          CommandKind::accept_invitation,
          CommandKind::decline_invitation,
          CommandKind::revoke_invitation,
          CommandKind::change_expiry};
}

Time plus(Time at, std::int64_t more) {
  return Time{static_cast<std::int64_t>(at) + more};
}

/// The command, which nobody else has yet, as one that was made then.
Any asked_at(Time at, const Any& command) {
  const_cast<Command&>(*command).asked_at = at;
  return command;
}

/// A command that changes ann, whatever she was given.
Any late_command(CommandKind kind) {
  if (kind == CommandKind::change_role) return make<ChangeRole>(acme, ann, owner, by(boss));
  if (kind == CommandKind::change_expiry)
    return make<ChangeExpiry>(OrganizationSelector(acme), AccountSelector(ann), plus(far_off, 1), by(boss));
  return command_of(kind, ann);
}

/// Ann goes under the key `goes`, and comes back under `comes`.
void go_and_come(AcmeFixture& in, const Way& way, const Return& back) {
  in.put(ann, clerk, way.from);
  const Profile rules = taking_back(back.policy);
  must(wrote(in.outcome(rules, *command_of(way.ends, ann, boss, key("goes")))), "an end");
  must(wrote(in.outcome(rules, *command_of(back.by, ann, boss, key("comes")))), "a return");
}

bool fits(const Way& way, const Return& back) {
  return back.by != CommandKind::reactivate || way.ends == CommandKind::suspend;
}

}  // namespace

TEST_CASE("what ended a membership is delivered again after the return, by whichever way, and ends nothing") {
  for (const Way& way : ways)
    for (const Return& back : returns)
      for (const bool accepts : {false, true})
        for (const bool bulk : {false, true}) {
          if (!fits(way, back) || (accepts && back.by != CommandKind::invite)) continue;
          INFO(text_of(way.ends) << " of " << text_of(way.from) << ", back by " << text_of(back.by) << ", policy "
                                 << static_cast<int>(back.policy) << (accepts ? ", accepted" : "")
                                 << (bulk ? ", in a bulk" : ""));
          AcmeFixture in;
          go_and_come(in, way, back);
          const Profile rules = taking_back(back.policy);
          if (accepts) REQUIRE(in.outcome(rules, AcceptInvitation(acme, ann)) == Outcome::accepted);
          Any again = command_of(way.ends, ann, boss, key("goes"));
          const std::vector<AccountSelector> both = {stranger, ann};
          if (bulk && way.ends == CommandKind::remove) again = make<RemoveMembers>(acme, both, by(boss), key("goes"));
          if (bulk && way.ends == CommandKind::suspend) again = make<Suspend>(acme, both, by(boss), key("goes"));
          const auto before = in.exactly();
          in.outbox.events.clear();
          const bool means_nothing = way.ends == CommandKind::suspend && back.by == CommandKind::invite && !accepts;
          CHECK(in.outcomes(rules, *again).back() == (means_nothing ? Outcome::not_member : Outcome::has_changed));
          CHECK(in.exactly() == before);
          CHECK(in.outbox.events.empty());
          // The return itself is a retry as before, until somebody else has written the membership.
          if (!accepts) CHECK(in.outcome(rules, *command_of(back.by, ann, boss, key("comes"))) == Outcome::replayed);
          // A new request is heard.
          CHECK(in.outcome(rules, RemoveMembers(acme, ann, by(boss), key("new"))) == Outcome::removed);
          CHECK(in.outcome(rules, RemoveMembers(acme, ann, by(boss), key("new"))) == Outcome::replayed);
        }
}

TEST_CASE("whatever was asked about a membership before it came back is refused, to the moment of the return") {
  for (const Return& back : returns)
    for (const bool accepts : {false, true})
      for (const bool atomically : {false, true}) {
        if (accepts && back.by != CommandKind::invite) continue;
        const State state = back.by == CommandKind::invite && !accepts ? State::invited : State::active;
        for (const CommandKind kind : changes_of(state))
          for (const std::int64_t later : {-1, 0, 1}) {
            INFO(text_of(kind) << ", back by " << text_of(back.by) << (accepts ? ", accepted" : "") << ", asked "
                               << later << " after the return");
            AcmeFixture in;
            go_and_come(in, {CommandKind::suspend, State::active}, back);
            Profile rules = taking_back(back.policy);
            if (accepts) REQUIRE(in.outcome(rules, AcceptInvitation(acme, ann)) == Outcome::accepted);
            const Time returned = in.now;  // an acceptance is the last write
            if (atomically) rules = atomic(rules);
            const Any asked = asked_at(plus(returned, later), command_of(kind, ann));
            const auto before = in.exactly();
            const Outcome outcome = in.outcome(rules, *asked);
            CHECK((outcome == Outcome::has_changed) == (later <= 0));
            CHECK(wrote(outcome) == (later > 0));
            CHECK((in.exactly() == before) == (later <= 0));
          }
      }
}

TEST_CASE("what is done to a membership after its return does not hide the return") {
  struct Since {
    const char* name;
    void (*befalls)(AcmeFixture&);
  };
  const Since since[] = {
      {"another role",
       [](AcmeFixture& in) { in.outcome(manager_rules(), ChangeRole(acme, ann, guest, by(boss), key("role"))); }},
      {"an end",
       [](AcmeFixture& in) { in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(boss), key("end"))); }},
      {"an end, and none again",
       [](AcmeFixture& in) {
         in.outcome(manager_rules(), ChangeExpiry(acme, ann, far_off, by(boss), key("end")));
         in.outcome(manager_rules(), ChangeExpiry(acme, ann, Time{}, by(boss), key("no end")));
       }},
      {"another role by an add",
       [](AcmeFixture& in) {
         const Profile replaces = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
         in.outcome(replaces, AddMembers(acme, ann, admin, by(boss), key("raise")));
       }},
  };
  for (const Since& each : since) {
    INFO(each.name);
    AcmeFixture in;
    go_and_come(in, {CommandKind::remove, State::active}, {CommandKind::add, OnFormer::fresh});
    const auto first = in.exactly();
    each.befalls(in);
    REQUIRE(in.exactly() != first);
    const auto before = in.exactly();
    CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("goes"))) == Outcome::has_changed);
    CHECK(in.exactly() == before);
  }
  // Nor does it lose what else is remembered: who invited, and when it ends.
  AcmeFixture in;
  in.put(bob, admin);
  in.put(ann, clerk);
  REQUIRE(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("goes"))) == Outcome::removed);
  Invite again(acme, ann, clerk, by(bob), key("comes"));
  again.valid_until = far_off;
  REQUIRE(in.outcome(manager_rules(), again) == Outcome::invited);
  CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("goes"))) == Outcome::has_changed);
  CHECK(in.store.membership(acme, ann).value()->valid_until == far_off);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, bob, guest, by(boss))) == Outcome::replaced);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::inviter_lapsed);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, bob, admin, by(boss))) == Outcome::replaced);
  CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
  CHECK(in.store.membership(acme, ann).value()->valid_until == far_off);
  CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("goes"))) == Outcome::has_changed);
}

TEST_CASE("a membership that ended by itself and was given anew is not touched by what was asked before") {
  AcmeFixture in;
  in.put(ann, clerk);
  const Time soon = plus(in.now, 5'000);
  const ChangeExpiry ends(acme, ann, soon, by(boss), key("ends"));
  REQUIRE(in.outcome(manager_rules(), ends) == Outcome::expiry_changed);
  in.now = soon;
  REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("comes"))) == Outcome::added);
  RemoveMembers late(acme, ann, by(boss), key("late"));
  late.asked_at = soon;
  CHECK(in.outcome(manager_rules(), late) == Outcome::has_changed);
  late.asked_at = plus(in.now, 1);
  CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("ends"))) == Outcome::has_changed);
  CHECK(in.outcome(manager_rules(), late) == Outcome::removed);
}

TEST_CASE("a reactivation that is delivered again after the next suspension brings nobody back") {
  AcmeFixture in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(manager_rules(), Suspend(acme, ann, by(boss), key("goes"))) == Outcome::suspended);
  REQUIRE(in.outcome(manager_rules(), Reactivate(acme, ann, by(boss), key("comes"))) == Outcome::reactivated);
  REQUIRE(in.outcome(manager_rules(), Suspend(acme, ann, by(boss), key("goes again"))) == Outcome::suspended);
  const Time suspended = in.now;
  const auto before = in.exactly();
  CHECK(in.outcome(manager_rules(), Reactivate(acme, ann, by(boss), key("comes"))) == Outcome::replayed);
  Reactivate late(acme, ann, by(boss), key("late"));
  late.asked_at = suspended;
  CHECK(in.outcome(manager_rules(), late) == Outcome::was_suspended);
  CHECK(in.exactly() == before);
  // Nor does a removal that was asked for before the suspension.
  RemoveMembers removal(acme, ann, by(boss), key("removal"));
  removal.asked_at = suspended;
  CHECK(in.outcome(manager_rules(), removal) == Outcome::was_suspended);
  removal.asked_at = plus(suspended, 1);
  CHECK(in.outcome(manager_rules(), removal) == Outcome::removed);
}

TEST_CASE("a request that is not later than the last write of a membership is refused, whatever either of them is") {
  struct Write {
    const char* name;
    State before, after;
    Any (*command)();
    bool ends = false;
  };
  const Write writes[] = {
      {"an add", State::removed, State::active, [] { return command_of(CommandKind::add, ann); }},
      {"another role", State::active, State::active, [] { return command_of(CommandKind::change_role, ann); }},
      {"another role by an add", State::active, State::active,
       [] { return make<AddMembers>(acme, ann, admin, by(boss)); }},
      {"another role while invited", State::invited, State::invited,
       [] { return command_of(CommandKind::change_role, ann); }},
      {"an end", State::active, State::active, [] { return command_of(CommandKind::change_expiry, ann); }, true},
      {"an acceptance", State::invited, State::active, [] { return command_of(CommandKind::accept_invitation, ann); }},
      {"a reactivation", State::suspended, State::active, [] { return command_of(CommandKind::reactivate, ann); }},
      {"an invitation", State::removed, State::invited, [] { return command_of(CommandKind::invite, ann); }},
  };
  for (const Write& write : writes)
    for (const CommandKind kind : changes_of(write.after))
      for (const std::int64_t later : {-1'000'000, -1, 0, 1}) {
        if (kind == CommandKind::transfer_ownership && write.ends) continue;  // no owner would be left
        const bool by_add = write.before == State::removed;
        INFO(write.name << ", then " << text_of(kind) << " that was made " << later << " after it");
        AcmeFixture in;
        const Profile rules = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
        if (!by_add) in.put(ann, clerk, write.before);
        in.now = plus(in.now, by_add ? 0 : 7);  // the time of an add is kept in milliseconds
        REQUIRE(wrote(in.outcome(rules, *write.command())));
        const Any asked = asked_at(plus(in.now, later), late_command(kind));
        const auto before = in.exactly();
        const Outcome outcome = in.outcome(rules, *asked);
        CHECK((outcome == Outcome::has_changed) == (later <= 0));
        CHECK(wrote(outcome) == (later > 0));
        CHECK((in.exactly() == before) == (later <= 0));
      }
}

TEST_CASE("a late request that would write nothing gets the answer of any other") {
  AcmeFixture in;
  go_and_come(in, {CommandKind::remove, State::active}, {CommandKind::add, OnFormer::fresh});
  AddMembers late(acme, ann, clerk, by(boss), key("goes"));
  CHECK(in.outcome(manager_rules(), late) == Outcome::existing);
  late.asked_at = Time{1};
  CHECK(in.outcome(manager_rules(), late) == Outcome::existing);
  CHECK(in.outcome(manager_rules(), *asked_at(Time{1}, command_of(CommandKind::reactivate, ann))) == Outcome::existing);
  // A request that is its own last write is a replay, also if it says when it was made.
  const Any role = asked_at(plus(in.now, 1), command_of(CommandKind::change_role, ann, boss, key("role")));
  in.now = plus(in.now, 2);
  REQUIRE(in.outcome(manager_rules(), *role) == Outcome::replaced);
  CHECK(in.outcome(manager_rules(), *role) == Outcome::replayed);
}

TEST_CASE("an expired membership is neither restored nor cleared by a request from before its expiry") {
  AcmeFixture in;
  put_expired(in, ann, clerk);
  const Time over = in.now;
  for (const CommandKind kind : {CommandKind::add, CommandKind::invite, CommandKind::remove, CommandKind::leave})
    CHECK(in.outcome(manager_rules(), *asked_at(over, command_of(kind, ann))) == Outcome::was_removed);
  CHECK(in.outcome(manager_rules(), *asked_at(plus(over, 1), command_of(CommandKind::remove, ann))) ==
        Outcome::removed);
}

TEST_CASE("one key is remembered: after a second end and return the first removal is known by its time alone") {
  for (const bool sets_expiry : {false, true}) {
    INFO((sets_expiry ? "with its time" : "without"));
    AcmeFixture in;
    go_and_come(in, {CommandKind::remove, State::active}, {CommandKind::add, OnFormer::fresh});
    RemoveMembers first(acme, ann, by(boss), key("goes"));
    if (sets_expiry) first.asked_at = in.now;
    REQUIRE(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("second"))) == Outcome::removed);
    REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("third"))) == Outcome::added);
    CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(boss), key("second"))) == Outcome::has_changed);
    CHECK(in.outcome(manager_rules(), first) == (sets_expiry ? Outcome::has_changed : Outcome::removed));
  }
  // And without tombstones nothing is.
  const Profile forgets = with(manager_rules(), [](Profile& p) { p.keeps_tombstones = false; });
  AcmeFixture in;
  in.put(ann, clerk);
  const RemoveMembers goes(acme, ann, by(boss), key("goes"));
  REQUIRE(in.outcome(forgets, goes) == Outcome::removed);
  REQUIRE(in.outcome(forgets, AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
  CHECK(in.outcome(forgets, goes) == Outcome::removed);
}

}
