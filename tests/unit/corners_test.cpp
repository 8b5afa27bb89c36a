// Proves what holds where two rules meet: seats and parents, rights that were given up and retries, hidden
// organizations and staff, organizations led from above, owners who stay owners.
#include "unit/commands.hpp"

namespace corners_test {

using namespace fixtures;

namespace {

constexpr OrganizationId top{"top"}, under{"under"};

/// An organization in another one: who is added below is added above too.
struct Nest : AcmeFixture {
  explicit Nest(std::uint32_t seats_above = no_limit, std::uint32_t seats_below = no_limit, bool open = true) {
    must(store.put_organization({.id = top, .joinable = open, .seats_max = seats_above}).has_value(), "a top");
    must(store.put_organization({.id = under, .parent = top, .seats_max = seats_below}).has_value(), "one under it");
    for (const OrganizationId& place : {top, under}) put(place, boss, owner);
  }
  std::string both(const AccountId& who) const { return at(who, top) + ", " + at(who, under); }
  /// In that state in the parent, as a guest.
  void put_above(const AccountId& who, State state) { bring(top, who, state); }
  /// A guest below who was there once: suspended, removed, or active until a moment that has passed.
  void put_below(const AccountId& who, State was) {
    bring(under, who, was);
    if (was != State::active) return;
    const Time soon{static_cast<std::int64_t>(now) + 5'000};
    must(outcome(host_rules(), ChangeExpiry(under, who, soon, by(boss))) == Outcome::expiry_changed, "an end");
    now = soon;
  }

 private:
  void bring(const OrganizationId& place, const AccountId& who, State state) {
    if (state == State::invited)
      return must(outcome(host_rules(), Invite(place, who, guest, by(boss))) == Outcome::invited, "an invitation");
    put(place, who, guest);
    if (state == State::suspended)
      must(outcome(host_rules(), Suspend(place, who, by(boss))) == Outcome::suspended, "a suspension");
    if (state == State::removed)
      must(outcome(host_rules(), RemoveMembers(place, who, by(boss))) == Outcome::removed, "a removal");
  }
};

Profile nested(ParentRule rule) {
  return with(host_rules(), [&](Profile& p) {
    p.parent = rule;
    p.parent_role = guest;
    p.seats = SeatRule::active;
  });
}

}  // namespace

TEST_CASE("who is added to the parent too takes a seat in each, and neither where one of them has none") {
  struct Row {
    std::uint32_t above, below;  // the boss has one of each
    Outcomes outcomes;           // of ann and bob
  };
  const Row rows[] = {
      {no_limit, no_limit, {Outcome::added, Outcome::added}}, {3, 3, {Outcome::added, Outcome::added}},
      {2, 3, {Outcome::added, Outcome::seats_taken}},         {3, 2, {Outcome::added, Outcome::seats_taken}},
      {1, 3, {Outcome::seats_taken, Outcome::seats_taken}},   {3, 1, {Outcome::seats_taken, Outcome::seats_taken}},
      {0, 3, {Outcome::seats_taken, Outcome::seats_taken}},   {3, 0, {Outcome::seats_taken, Outcome::seats_taken}},
  };
  for (const Row& row : rows)
    for (const bool one_by_one : {false, true}) {
      INFO(row.above << " above, " << row.below << " below");
      Nest in(row.above, row.below);
      Outcomes came;
      if (one_by_one)
        for (const AccountId& who : {ann, bob})
          came.push_back(in.outcome(nested(ParentRule::add), AddMembers(under, who, clerk, by(boss))));
      else
        came = in.outcomes(nested(ParentRule::add),
                           AddMembers(under, std::vector<AccountSelector>{ann, bob}, clerk, by(boss)));
      CHECK(came == row.outcomes);
      for (const std::size_t i : {0u, 1u})
        CHECK(in.both(i == 0 ? ann : bob) ==
              (came[i] == Outcome::added ? "guest active, clerk active" : "nothing, nothing"));
    }
  // An invitation does not sit under that rule, so it needs no seat; one that does sit needs it.
  for (const SeatRule rule : {SeatRule::active, SeatRule::active_and_invited}) {
    Nest in(1, 1);
    const Profile rules = with(nested(ParentRule::add), [&](Profile& p) { p.seats = rule; });
    CHECK(in.outcome(rules, Invite(under, ann, clerk, by(boss))) ==
          (rule == SeatRule::active ? Outcome::invited : Outcome::seats_taken));
  }
  // Atomic: one seat too few, and nobody is in either.
  Nest in(2, 3);
  CHECK(in.outcomes(atomic(nested(ParentRule::add)),
                    AddMembers(under, std::vector<AccountSelector>{ann, bob}, clerk, by(boss))) ==
        Outcomes{Outcome::not_attempted, Outcome::seats_taken});
  CHECK(in.both(ann) == "nothing, nothing");
}

TEST_CASE("who was in the parent, and is not any more, is not put back there by an add below it") {
  for (const ParentRule rule : {ParentRule::add, ParentRule::require})
    for (const State state : {State::suspended, State::removed, State::active})
      for (const bool several : {false, true}) {
        INFO((rule == ParentRule::add ? "add" : "require") << ", " << text_of(state));
        Nest in;
        in.put_above(ann, state);
        const std::string above = in.at(ann, top);
        const AddMembers one(under, ann, clerk, by(boss)),
            two(under, std::vector<AccountSelector>{ann, cid}, clerk, by(boss));
        const bool former = state == State::suspended || state == State::removed;
        CHECK(in.outcome(nested(rule), several ? two : one) == (former ? Outcome::parent_required : Outcome::added));
        CHECK(in.both(ann) == above + (former ? ", nothing" : ", clerk active"));
      }
  Nest closed(no_limit, no_limit, false);
  CHECK(closed.outcome(nested(ParentRule::add), AddMembers(under, ann, clerk, by(boss))) == Outcome::parent_required);
  CHECK(closed.both(ann) == "nothing, nothing");
}

TEST_CASE("who is only invited to the parent is at most invited below it, where that is enough for the rule") {
  for (const ParentRule rule : {ParentRule::add, ParentRule::require})
    for (const bool invites : {false, true})
      for (const bool comes_back : {false, true})
        for (const bool several : {false, true}) {
          INFO((rule == ParentRule::add ? "add" : "require") << ", " << invites << comes_back << several);
          Nest in;
          if (comes_back) in.put_below(ann, State::removed);
          in.put_above(ann, State::invited);
          std::vector<AccountSelector> who{ann};
          if (several) who.emplace_back(cid);
          const Any asked =
              invites ? make<Invite>(under, who, clerk, by(boss)) : make<AddMembers>(under, who, clerk, by(boss));
          const Outcome expected = rule == ParentRule::add || invites ? Outcome::invited : Outcome::parent_required;
          CHECK(in.outcome(nested(rule), *asked) == expected);
          const std::string below = comes_back ? "guest removed" : "nothing";
          CHECK(in.both(ann) ==
                "guest invited, " + (expected == Outcome::invited ? std::string("clerk invited") : below));
        }
  // What an earlier cell of the same command leaves waiting above counts in the same way.
  Nest in;
  in.put_above(ann, State::invited);
  const Profile rules = with(nested(ParentRule::add), [](Profile& p) {
    p.on_other_role = OnConflict::replace;
    p.on_invited = OnInvited::keep;
  });
  CHECK(in.outcomes(rules, AddMembers(std::vector<OrganizationSelector>{top, under}, ann, clerk, by(boss))) ==
        Outcomes{Outcome::replaced, Outcome::invited});  // the invitation above is kept
  CHECK(in.both(ann) == "clerk invited, clerk invited");
}

TEST_CASE("an add that accepts an invitation below is asked for in the parent as anybody new is") {
  struct Row {
    ParentRule rule;
    std::optional<State> above;
    Outcome outcome;
    const char* both;
  };
  const Row rows[] = {
      {ParentRule::ignore, {}, Outcome::accepted, "nothing, clerk active"},
      {ParentRule::require, {}, Outcome::parent_required, "nothing, clerk invited"},
      {ParentRule::require, State::active, Outcome::accepted, "guest active, clerk active"},
      {ParentRule::require, State::invited, Outcome::parent_required, "guest invited, clerk invited"},
      {ParentRule::require, State::removed, Outcome::parent_required, "guest removed, clerk invited"},
      {ParentRule::add, {}, Outcome::accepted, "guest active, clerk active"},
      {ParentRule::add, State::active, Outcome::accepted, "guest active, clerk active"},
      {ParentRule::add, State::invited, Outcome::still_invited, "guest invited, clerk invited"},
      {ParentRule::add, State::suspended, Outcome::parent_required, "guest suspended, clerk invited"},
  };
  for (const Row& row : rows)
    for (const bool several : {false, true})
      for (const bool whole : {false, true}) {
        INFO(static_cast<int>(row.rule) << ", " << row.both << (several ? ", several" : "") << (whole ? ", all" : ""));
        Nest in;
        must(in.outcome(host_rules(), Invite(under, ann, clerk, by(boss))) == Outcome::invited, "an invitation");
        if (row.above) in.put_above(ann, *row.above);
        std::vector<AccountSelector> who{ann};
        if (several) who.emplace_back(boss);
        const Profile rules = whole ? atomic(nested(row.rule)) : nested(row.rule);
        CHECK(in.outcome(rules, AddMembers(under, who, OneOrMany<RoleId>(), by(boss))) == row.outcome);
        CHECK(in.both(ann) == row.both);
      }
}

TEST_CASE("who comes back below is asked for in the parent as anybody new is, in every form of an add") {
  constexpr std::array policies = {OnFormer::reactivate, OnFormer::restore_role, OnFormer::fresh};
  enum class Form { alone, several, whole, planned };
  for (const ParentRule rule : {ParentRule::add, ParentRule::require})
    for (const OnFormer policy : policies)
      for (const State was : {State::suspended, State::removed, State::active})  // active: until its time was over
        for (const Form form : {Form::alone, Form::several, Form::whole, Form::planned})
          for (const bool invites : {false, true}) {
            INFO((rule == ParentRule::add ? "add" : "require")
                 << ", policy " << int(policy) << ", " << text_of(was) << ", form " << int(form) << ", " << invites);
            Nest in;
            in.put_below(ann, was);
            const Profile rules = with(nested(rule), [&](Profile& p) {
              p.on_suspended = p.on_removed = policy;
              p.mode = form == Form::whole ? Mode::atomic : Mode::best_effort;
            });
            std::vector<AccountSelector> who{ann};
            if (form == Form::several || form == Form::whole) who.emplace_back(boss);
            const Any asked = invites ? make<Invite>(under, who, RoleId{}, by(boss))
                                      : make<AddMembers>(under, who, RoleId{}, by(boss));
            const std::string before = in.both(ann);
            const bool joins = rule == ParentRule::add;
            const Outcome back = invites                     ? Outcome::invited
                                 : policy == OnFormer::fresh ? Outcome::added
                                                             : Outcome::reactivated;
            CHECK(in.outcomes(rules, *asked, {.dry_run = form == Form::planned}).front() ==
                  (joins ? back : Outcome::parent_required));
            if (!joins || form == Form::planned) {
              CHECK(in.both(ann) == before);
            } else {
              const std::string state = invites ? " invited" : " active";
              CHECK(in.both(ann) ==
                    "guest" + state + ", " + (policy == OnFormer::restore_role ? "guest" : "clerk") + state);
            }
            // With a place in the parent nothing stands against it.
            Nest there;
            there.put_below(ann, was);
            there.put_above(ann, State::active);
            CHECK(there.outcomes(rules, *asked).front() == back);
          }
}

TEST_CASE("who comes back below takes a seat in the parent too, and comes back nowhere where it has none") {
  for (const State was : {State::suspended, State::removed})
    for (const bool room : {false, true}) {
      Nest in(room ? 2 : 1);
      in.put_below(ann, was);
      const std::string before = in.both(ann);
      const Profile rules = with(nested(ParentRule::add), [](Profile& p) { p.on_suspended = OnFormer::reactivate; });
      const Outcome back = was == State::removed ? Outcome::added : Outcome::reactivated;
      CHECK(in.outcome(rules, AddMembers(under, ann, clerk, by(boss))) == (room ? back : Outcome::seats_taken));
      CHECK(in.both(ann) == (room ? "guest active, clerk active" : before));
      CHECK(in.outcome(rules, AddMembers(under, bob, clerk, by(boss))) == Outcome::seats_taken);
    }
}

TEST_CASE("who leaves the parent between look and commit does not come back below it") {
  for (const ParentRule rule : {ParentRule::add, ParentRule::require}) {
    Nest in;
    in.put_below(ann, State::removed);
    in.put_above(ann, State::active);
    const Profile rules = nested(rule);
    const AddMembers command(under, ann, clerk, by(boss));
    Operation operation(rules, command, Context{in.now, &in.ids});
    operation.provide(in.store.fetch(operation.query(), operation.facts()));
    REQUIRE(operation.need() == Operation::Need::commit);
    must(in.outcome(host_rules(), RemoveMembers(top, ann, by(boss))) == Outcome::removed, "a removal");
    operation.committed(in.store.commit(operation.changes()));
    REQUIRE(operation.need() == Operation::Need::facts);
    operation.provide(in.store.fetch(operation.query(), operation.facts()));
    const auto report = operation.finish();
    REQUIRE(report.has_value());
    CHECK(report.assume_value().at(0, 0) == Outcome::parent_required);
  }
}

TEST_CASE("organizations led from above: every kind is judged by the actor's place in the parent, and by no other") {
  const Profile rules = with(host_rules(), [](Profile& p) { p.actor = ActorRule::parent_manager; });
  struct Who {
    const char* above;  // bob's role in the parent; null: none
    const char* below;
    bool may;
  };
  for (const Who& who : {Who{"admin", nullptr, true}, Who{"clerk", "owner", false}, Who{nullptr, "owner", false}})
    for (const Mode mode : {Mode::best_effort, Mode::atomic})
      for (const bool details : {true, false}) {
        const auto in_state = [&](State state) {
          auto in = std::make_unique<Nest>();
          if (who.above != nullptr) in->put(top, bob, RoleId::parse(who.above).assume_value());
          if (who.below != nullptr) in->put(under, bob, RoleId::parse(who.below).assume_value());
          for (const AccountId& member : {ann, cid}) {
            if (state != State::invited) in->put(under, member, guest);
            if (state == State::invited)
              must(in->outcome(host_rules(), Invite(under, member, guest, by(boss))) == Outcome::invited, "one");
            if (state == State::suspended)
              must(in->outcome(host_rules(), Suspend(under, member, by(boss))) == Outcome::suspended, "one");
          }
          return in;
        };
        const std::vector<AccountSelector> people{ann, cid};
        const std::pair<State, Any> tries[] = {
            {State::active, make<ChangeRole>(under, people, clerk, by(bob))},
            {State::active, make<Suspend>(under, people, by(bob))},
            {State::suspended, make<Reactivate>(under, people, by(bob))},
            {State::active, make<RemoveMembers>(under, people, by(bob))},
            {State::invited, make<RevokeInvitation>(under, people, by(bob))},
            {State::active, make<ChangeExpiry>(under, people, far_off, by(bob))},
            {State::active, make<AddMembers>(under, std::vector<AccountSelector>{dora, stranger}, clerk, by(bob))},
        };
        for (const auto& [state, command] : tries) {
          INFO(text_of(command->kind()));
          const auto in = in_state(state);
          for (const OrganizationId& place : {acme, works})  // where there is no parent, nobody leads
            CHECK(in->outcomes(rules, ChangeRole(place, boss, clerk, by(bob))) == Outcomes{Outcome::forbidden});
          const auto came =
              in->outcomes(with(rules, [&](Profile& p) { p.mode = mode; }), *command, {.details = details});
          for (const Outcome outcome : came) CHECK(outcome == (who.may ? came[0] : Outcome::forbidden));
          CHECK(wrote(came[0]) == who.may);
        }
      }
}

TEST_CASE(
    "a command that takes away its actor's right in one place, and goes on in another, is carried out as a whole") {
  for (const bool changes : {false, true}) {
    const Profile rules = atomic(with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; }));
    const auto command = [&](std::vector<OrganizationSelector> in) -> Any {
      if (changes) return make<ChangeRole>(std::move(in), bob, guest, by(bob), key("down"));
      return make<AddMembers>(std::move(in), bob, guest, by(bob), key("down"));
    };
    AcmeFixture in;
    for (const OrganizationId& place : {acme, works}) in.put(place, bob, admin);
    REQUIRE(in.outcomes(rules, *command({acme})) == Outcomes{Outcome::replaced});
    CHECK(in.outcomes(rules, *command({acme, works})) == Outcomes{Outcome::replayed, Outcome::replaced});
    CHECK(in.at(bob, works) == "guest active");
  }
}

TEST_CASE("an actor who gave up the right is told so, also where an old role came back instead of the one asked for") {
  const Profile rules = with(host_rules(), [](Profile& p) {
    p.actor = ActorRule::parent_manager;
    p.on_suspended = p.on_removed = OnFormer::restore_role;
  });
  for (const bool bulk : {false, true}) {
    Nest in;
    in.put(top, bob, admin);
    in.put(under, bob, clerk);
    must(in.outcome(host_rules(), RemoveMembers(under, bob, by(boss))) == Outcome::removed, "a removal");
    const AddMembers one(under, bob, guest, by(bob), key("back")),
        two(under, std::vector<AccountSelector>{bob, ann}, guest, by(bob), key("back"));
    const Command& command = bulk ? two : one;
    REQUIRE(in.outcome(rules, command) == Outcome::reactivated);
    REQUIRE(in.at(bob, under) == "clerk active");
    REQUIRE(in.outcome(host_rules(), RemoveMembers(top, bob, by(boss))) == Outcome::removed);
    CHECK(in.outcome(rules, command) == Outcome::replayed);
    // Under another key it is no retry.
    CHECK(in.outcome(rules, AddMembers(under, bob, guest, by(bob), key("other"))) == Outcome::forbidden);
  }
}

TEST_CASE("whoever was suspended or removed under a key has not been added under it, and does not learn that it was") {
  const Profile replaces = with(manager_rules(), [](Profile& p) { p.on_other_role = OnConflict::replace; });
  for (const bool removes : {false, true})
    for (const bool bulk : {false, true})
      for (const bool himself : {false, true}) {  // the actor, who is forbidden then, or somebody else
        INFO((removes ? "removed" : "suspended") << (bulk ? ", bulk" : "") << (himself ? ", the actor" : ""));
        const AccountId who = himself ? bob : cid;
        AcmeFixture in;
        in.put(bob, admin);
        if (!himself) in.put(cid, owner);
        const AddMembers one(acme, who, himself ? admin : owner, by(bob), key("k")),
            two(acme, std::vector<AccountSelector>{who, dora}, himself ? admin : owner, by(bob), key("k"));
        if (removes)
          REQUIRE(in.outcome(host_rules(), RemoveMembers(acme, who, by(boss), key("k"))) == Outcome::removed);
        else
          REQUIRE(in.outcome(host_rules(), Suspend(acme, who, by(boss), key("k"))) == Outcome::suspended);
        const auto before = in.exactly();
        const auto outcomes = bulk ? in.outcomes(replaces, two) : in.outcomes(replaces, one);
        for (const Outcome outcome : outcomes) CHECK_FALSE(succeeded(outcome));
        CHECK(in.exactly() == before);
      }
}

TEST_CASE("a transfer by who was removed under its very key is not one that gave ownership up") {
  AcmeFixture in;
  in.put(cid, owner);
  REQUIRE(in.outcome(manager_rules(), RemoveMembers(acme, boss, by(cid), key("k"))) == Outcome::removed);
  const TransferOwnership transfer(acme, cid, owner, admin, by(boss), key("k"));
  for (const Outcome outcome : in.outcomes(manager_rules(), transfer)) CHECK_FALSE(succeeded(outcome));
  CHECK(in.at(boss) == "owner removed");
}

TEST_CASE("staff that leaves a hidden organization of which it is no member hears that it is none, others nothing") {
  const Profile rules = with(manager_rules(), [](Profile& p) { p.hides_organizations = true; });
  for (const OrganizationId& place : {acme, nowhere}) {
    AcmeFixture in;
    Leave plain(place, stranger), vouched(place, stranger);
    vouched.actor.staff = true;
    CHECK(in.outcome(rules, plain) == Outcome::forbidden);
    CHECK(in.outcome(rules, vouched) == (place == acme ? Outcome::not_member : Outcome::organization_not_found));
  }
}

TEST_CASE("the only owner may get another role that owns, by a change and by an add, and stays the only owner") {
  static constexpr RoleId founder{"founder"};
  static constexpr std::array two_own = {ranks[0], ranks[3],
                                         Role{.id = founder, .rank = 4, .manages = true, .owns = true}};
  const Profile rules = with(host_rules(), [](Profile& p) {
    p.roles = two_own;
    p.default_role = guest;
    p.on_other_role = OnConflict::replace;
  });
  for (const bool adds : {false, true})
    for (const bool beside : {false, true}) {
      AcmeFixture in;
      in.put(ann, guest);
      std::vector<AccountSelector> who{boss};
      if (beside) who.emplace_back(ann);
      const Any command =
          adds ? make<AddMembers>(acme, who, founder, by(boss)) : make<ChangeRole>(acme, who, founder, by(boss));
      CHECK(in.outcomes(rules, *command) == Outcomes(who.size(), Outcome::replaced));
      CHECK(in.at(boss) == "founder active");
      CHECK(in.outcome(rules, ChangeRole(acme, boss, guest, by(boss))) ==
            (beside ? Outcome::replaced : Outcome::last_owner));
    }
}

TEST_CASE("an atomic change that is refused says so without details, too, and writes nothing") {
  for (const bool details : {true, false}) {
    AcmeFixture in;
    in.put(ann, guest);
    const auto before = in.exactly();
    const auto answer =
        in.run(atomic(manager_rules()), Suspend(std::vector<OrganizationSelector>{acme, works}, ann, by(boss)),
               {.details = details});
    REQUIRE(answer.has_value());
    const Report& report = answer.assume_value();
    CHECK(report.at(0, 0) == Outcome::not_attempted);
    CHECK(report.at(1, 0) == Outcome::not_member);
    CHECK(report.membership(0, 0).empty());
    CHECK(report.role(0, 0).empty());
    CHECK(report.previous.empty());
    CHECK(in.exactly() == before);
  }
}

TEST_CASE("an operation that is moved into itself goes on as it was") {
  AcmeFixture in;
  const Profile rules = manager_rules();
  const AddMembers command(acme, std::vector<AccountSelector>{ann, bob}, clerk, by(boss));
  const Engine engine(rules, in.store, in.ids);
  Operation operation = engine.begin(command, Time{5});
  Operation& same = operation;
  operation = std::move(same);
  const auto report = drive(operation, in.store);
  REQUIRE(report.has_value());
  CHECK(report.assume_value().count(Outcome::added) == 2);
}

}
