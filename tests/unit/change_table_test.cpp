// Proves what each kind of command makes of a membership in each state: the outcome, the state and role after it, the
// event, and what the report says was there before.
#include "unit/commands.hpp"

namespace change_table_test {

using namespace fixtures;

namespace {

/// States, that there is none, and that there was one until its time was over.
constexpr std::array places = {"active", "invited", "suspended", "removed", "none", "expired"};
void arrange(AcmeFixture& in, std::size_t place, const RoleId& as = clerk) {
  if (place < 4) in.put(ann, as, static_cast<State>(place));
  if (place == 5) put_expired(in, ann, as);
}

struct Step {
  Outcome outcome;
  const char* then = "=";  // what is there afterwards; "=" for what was there
  const char* event = "";  // empty: none
};
struct Line {
  CommandKind kind;
  std::array<Step, 6> of;  // active, invited, suspended, removed, none, expired
};

constexpr Step nobody{Outcome::not_member}, member{Outcome::conflict}, paused{Outcome::was_suspended};
constexpr Step already{Outcome::existing}, gone{Outcome::was_removed};
constexpr Step cleared{Outcome::removed, "clerk removed", "expired"};

constexpr std::array<Line, 12> table = {{
    {CommandKind::add,
     {{already,
       {Outcome::accepted, "clerk active", "accepted"},
       {Outcome::reactivated, "clerk active", "reactivated"},
       {Outcome::added, "clerk active", "added"},
       {Outcome::added, "clerk active", "added"},
       {Outcome::added, "clerk active", "added"}}}},
    {CommandKind::invite,
     {{already,
       {Outcome::invitation_renewed, "clerk invited", "invitation_renewed"},
       {Outcome::invited, "clerk invited", "invited"},
       {Outcome::invited, "clerk invited", "invited"},
       {Outcome::invited, "clerk invited", "invited"},
       {Outcome::invited, "clerk invited", "invited"}}}},
    {CommandKind::change_role,
     {{{Outcome::replaced, "guest active", "role_changed"},
       {Outcome::replaced, "guest invited", "role_changed"},
       {Outcome::replaced, "guest suspended", "role_changed"},
       nobody,
       nobody,
       nobody}}},
    {CommandKind::transfer_ownership,
     {{{Outcome::replaced, "owner active", "ownership_given"}, nobody, paused, nobody, nobody, nobody}}},
    {CommandKind::suspend,
     {{{Outcome::suspended, "clerk suspended", "suspended"}, nobody, already, nobody, nobody, nobody}}},
    {CommandKind::reactivate,
     {{already, nobody, {Outcome::reactivated, "clerk active", "reactivated"}, nobody, nobody, nobody}}},
    {CommandKind::remove,
     {{{Outcome::removed, "clerk removed", "removed"},
       {Outcome::removed, "clerk removed", "revoked"},
       {Outcome::removed, "clerk removed", "removed"},
       nobody,
       nobody,
       cleared}}},
    {CommandKind::leave,
     {{{Outcome::removed, "clerk removed", "left"},
       {Outcome::removed, "clerk removed", "declined"},
       {Outcome::removed, "clerk removed", "left"},
       nobody,
       nobody,
       cleared}}},
    {CommandKind::accept_invitation,
     {{already, {Outcome::accepted, "clerk active", "accepted"}, paused, gone, nobody, gone}}},
    {CommandKind::decline_invitation,
     {{member, {Outcome::removed, "clerk removed", "declined"}, member, nobody, nobody, nobody}}},
    {CommandKind::revoke_invitation,
     {{member, {Outcome::removed, "clerk removed", "revoked"}, member, nobody, nobody, nobody}}},
    {CommandKind::change_expiry,
     {{{Outcome::expiry_changed, "clerk active", "expiry_changed"},
       {Outcome::expiry_changed, "clerk invited", "expiry_changed"},
       {Outcome::expiry_changed, "clerk suspended", "expiry_changed"},
       nobody,
       nobody,
       nobody}}},
}};

}  // namespace

TEST_CASE("each kind of command and each state: outcome, what is there then, event, and what was there before") {
  for (const Line& line : table)
    for (std::size_t place = 0; place < places.size(); ++place)
      for (const Profile& rules : {manager_rules(), atomic(manager_rules())}) {
        const Step& step = line.of[place];
        INFO(text_of(line.kind) << ", " << places[place] << (rules.mode == Mode::atomic ? ", atomic" : ""));
        AcmeFixture in;
        arrange(in, place);
        const std::string before = in.at(ann);
        const MembershipId id = id_of(in, ann);
        in.outbox.events.clear();
        const auto answer = in.run(rules, *command_of(line.kind, ann));
        REQUIRE(answer.has_value());
        const Report& report = answer.assume_value();
        CHECK(report.at(0, 0) == step.outcome);
        const bool writes = step.then != std::string("=");
        CHECK(in.at(ann) == (writes ? step.then : before));
        const bool transfers = line.kind == CommandKind::transfer_ownership;
        CHECK((in.at(boss) == "admin active") == (transfers && writes));
        Events expected;
        if (writes) expected.push_back(step.event);
        if (writes && transfers) expected.push_back("ownership_given_up");
        CHECK(in.outbox.events == expected);
        CHECK(in.broken() == "");

        // Changed, not created: then the report knows what was there, and the membership is the same one.
        const Previous* const previous = report.before(0, 0);
        const bool changes = writes && place != 4;
        CHECK((previous != nullptr) == changes);
        if (changes && previous != nullptr) {
          CHECK(std::string(report.roles[previous->role].view()) == "clerk");
          CHECK(previous->state == (place == 5 ? State::active : static_cast<State>(place)));
        }
        // OnFormer::fresh, which is what the rules here say of the removed
        const bool adds = line.kind == CommandKind::add || line.kind == CommandKind::invite;
        const bool new_identity = adds && (place == 3 || place == 5);
        if (changes) CHECK((id_of(in, ann) == id) == !new_identity);
        if (succeeded(step.outcome)) {
          CHECK(report.membership(0, 0) == id_of(in, ann));
          CHECK(std::string(report.role(0, 0).view()) == in.at(ann).substr(0, in.at(ann).find(' ')));
        }
      }
}

TEST_CASE("whatever was carried out under a request key is replayed under it, by the same words and without an event") {
  for (const Line& line : table)
    for (std::size_t place = 0; place < places.size(); ++place) {
      if (line.of[place].then == std::string("=")) continue;
      INFO(text_of(line.kind) << ", " << places[place]);
      AcmeFixture in;
      arrange(in, place);
      const Any command = command_of(line.kind, ann, boss, key("once"));
      REQUIRE(in.outcome(manager_rules(), *command) == line.of[place].outcome);
      const auto after = in.exactly();
      in.outbox.events.clear();
      const auto again = in.run(manager_rules(), *command);
      REQUIRE(again.has_value());
      for (const Outcome outcome : again.assume_value().outcomes) CHECK(outcome == Outcome::replayed);
      CHECK(again.assume_value().membership(0, 0) == id_of(in, ann));
      CHECK(in.exactly() == after);
      CHECK(in.outbox.events.empty());
    }
}

TEST_CASE("a request key is its actor's own: under the same key somebody else asks for something else") {
  AcmeFixture in;
  REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("once"))) == Outcome::added);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("once"))) == Outcome::replayed);
  Profile strict = manager_rules();
  strict.on_same_role = OnConflict::reject;
  in.put(bob, owner);
  CHECK(in.outcome(strict, AddMembers(acme, ann, clerk, by(bob), key("once"))) == Outcome::conflict);
  CHECK(in.outcome(manager_rules(), Leave(acme, ann, key("once"))) == Outcome::removed);
}

TEST_CASE("one request key for one role or another, for none by name, or for another end is not dropped silently") {
  AcmeFixture in;
  REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("once"))) == Outcome::added);
  const auto before = in.exactly();
  AddMembers until(acme, ann, clerk, by(boss), key("once"));
  until.valid_until = Time{static_cast<std::int64_t>(in.now) + 1'000'000};
  CHECK(in.outcome(manager_rules(), until) == Outcome::request_reused);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, {}, by(boss), key("once"))) == Outcome::request_reused);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, owner, by(boss), key("once"))) == Outcome::request_reused);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, clerk, by(boss), key("once"))) == Outcome::request_reused);
  CHECK(in.exactly() == before);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("once"))) == Outcome::replayed);
}

TEST_CASE("a retry with the key of a report is the same request, also where that key was drawn") {
  AcmeFixture in;
  const auto first = in.run(manager_rules(), AddMembers(acme, ann, clerk, by(boss)));
  REQUIRE(first.has_value());
  const IdempotencyKey drawn = first.assume_value().idempotency_key;
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), drawn)) == Outcome::replayed);
  CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, owner, by(boss), drawn)) == Outcome::request_reused);
}

TEST_CASE("a request key is good for one thing: any other use of it is refused, and nothing is written") {
  for (const CommandKind kind : {CommandKind::change_role, CommandKind::suspend, CommandKind::remove}) {
    INFO(text_of(kind));
    AcmeFixture in;
    REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss), key("once"))) == Outcome::added);
    const auto before = in.exactly();
    CHECK(in.outcome(manager_rules(), *command_of(kind, ann, boss, key("once"))) == Outcome::request_reused);
    CHECK(in.exactly() == before);
  }
  for (const CommandKind kind : {CommandKind::suspend, CommandKind::remove})
    for (const CommandKind adds : {CommandKind::add, CommandKind::invite})
      for (const bool bulk : {false, true}) {
        INFO(text_of(adds) << " under the key of " << text_of(kind));
        AcmeFixture in;
        in.put(ann, clerk);
        REQUIRE(wrote(in.outcome(manager_rules(), *command_of(kind, ann, boss, key("once")))));
        const auto before = in.exactly();
        Any again = command_of(adds, ann, boss, key("once"));
        if (bulk) again = make<AddMembers>(acme, std::vector<AccountSelector>{ann, ann}, clerk, by(boss), key("once"));
        for (const Outcome outcome : in.outcomes(manager_rules(), *again)) CHECK(outcome == Outcome::request_reused);
        CHECK(in.exactly() == before);
      }
  AcmeFixture in;
  in.put(ann, clerk);
  REQUIRE(in.outcome(manager_rules(), ChangeRole(acme, ann, guest, by(boss), key("once"))) == Outcome::replaced);
  CHECK(in.outcome(manager_rules(), ChangeRole(acme, ann, admin, by(boss), key("once"))) == Outcome::request_reused);
  CHECK(in.at(ann) == "guest active");
}

TEST_CASE("a retry is recognised before rules about actors: who gave up a right by a request hears that it was done") {
  AcmeFixture in;
  in.put(ann, admin);
  const RemoveMembers goes(acme, ann, by(ann), key("goes"));
  CHECK(in.outcome(manager_rules(), goes) == Outcome::removed);
  CHECK(in.outcome(manager_rules(), goes) == Outcome::replayed);
  CHECK(in.outcome(manager_rules(), RemoveMembers(acme, ann, by(ann), key("other"))) == Outcome::forbidden);

  const TransferOwnership gives(acme, bob, owner, guest, by(boss), key("gives"));
  in.put(bob, clerk);
  CHECK(in.outcomes(manager_rules(), gives) == Outcomes{Outcome::replaced, Outcome::replaced});
  CHECK(in.outcomes(manager_rules(), gives) == Outcomes{Outcome::replayed, Outcome::replayed});
  CHECK(in.at(boss) == "guest active");
}

TEST_CASE("a key that was drawn is its actor's own: who was forbidden stays forbidden, alone and in bulk") {
  AcmeFixture in;
  const AddMembers both({acme}, {ann, bob}, clerk, by(boss));
  const auto report = in.run(manager_rules(), both);
  REQUIRE(report.has_value());
  const Report& wrote = report.value();
  REQUIRE(wrote.at(0, 0) == Outcome::added);
  for (const IdempotencyKey& known : {wrote.idempotency_key, IdempotencyKey{wrote.membership(0, 0).bytes}}) {
    CHECK(in.outcomes(manager_rules(), AddMembers({acme}, {ann, bob}, clerk, by(ann), known)) ==
          Outcomes(2, Outcome::forbidden));
    CHECK(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(ann), known)) == Outcome::forbidden);
    // The boss brings it back as its own.
    CHECK(in.outcomes(manager_rules(), AddMembers({acme}, {ann, bob}, clerk, by(boss), known)) ==
          Outcomes(2, Outcome::replayed));
  }
}

TEST_CASE("a transfer that drew its key is replayed in both cells when that key is brought back") {
  AcmeFixture in;
  const TransferOwnership gives(acme, ann, owner, clerk, by(boss));
  REQUIRE(in.outcome(manager_rules(), AddMembers(acme, ann, clerk, by(boss))) == Outcome::added);
  const auto report = in.run(manager_rules(), gives);
  REQUIRE(report.has_value());
  TransferOwnership again = gives;
  again.idempotency_key = report.value().idempotency_key;
  CHECK(in.outcomes(manager_rules(), again) == Outcomes{Outcome::replayed, Outcome::replayed});
  CHECK(in.outcomes(manager_rules(), gives) == Outcomes(2, Outcome::forbidden));
}

}
