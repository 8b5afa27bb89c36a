// The engine has a short path for one cell. Its result equals that of an operation byte by byte: the report, the
// queries and writes, and the identifiers drawn. The store may fail in any of the first four calls.
#include "catch.hpp"
#include "laws/generators.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

AddMembers single(const AddMembers& from) {
  AddMembers one;
  if (from.organizations.size() != 0) one.organizations = from.organizations.span().front();
  if (from.accounts.size() != 0) one.accounts = from.accounts.span().front();
  if (from.roles.size() != 0) one.roles = from.roles.span().front();
  one.actor = from.actor;
  one.idempotency_key = from.idempotency_key;
  return one;
}

struct Run {
  std::string report, written;
  unsigned calls = 0, drawn = 0;
  State state;
};

template <class Add>
Run run(const Scenario& scenario, const Options& options, const std::array<Fault, 4>& script, bool breaks,
        const Add& add) {
  const Profile profile = scenario.rules.profile();
  TestFixture fixture(scenario.world, options);
  RC_ASSERT(fixture.filled);
  FaultyStore store(fixture.store,
                    [&](unsigned call, bool) { return call < script.size() ? script[call] : Fault::pass; });
  if (breaks)
    store.breaks = [](const Query&, Facts& facts) {
      return facts.organizations.truncate(facts.organizations.size() - 1), true;
    };
  Run run;
  store.seen = [&](const ChangeSet& changes) { run.written += all_of(changes); };
  run.report = all_of(add(Engine(profile, store, fixture.ids, options), store));
  run.calls = store.calls;
  run.drawn = fixture.ids.drawn();
  run.state = fixture.state();
  return run;
}

}  // namespace

TEST_CASE("one cell through the engine equals one cell through an operation") {
  Shares shares;
  prop("one cell through the engine equals one cell through an operation", [&] {
    Scenario scenario = *scenarios(1, 8, [](Scenario& drawn) {
      Profile& fields = drawn.rules.fields;  // mostly a profile that allows the short path
      if (drawn.choices[7] < 200 && fields.actor == ActorRule::parent_manager) fields.actor = ActorRule::manager;
      if (drawn.choices[7] < 200) fields.parent = ParentRule::ignore;
    });
    const AddMembers command = single(scenario.commands[0]);
    Draw draw(scenario.choices);
    std::array<Fault, 4> script{};
    for (Fault& fault : script)
      fault = draw.chance(30) ? faults[draw.below(faults.size())] : (draw.byte(), Fault::pass);
    const bool breaks = script == std::array<Fault, 4>{} && draw.chance(30);
    const Options options{.attempts_max = 2, .details = scenario.choices[6] < 200};
    const Run engine =
        run(scenario, options, script, breaks, [&](const Engine& front, Store&) { return front.add(command, now); });
    const Run operation = run(scenario, options, script, breaks, [&](const Engine& front, Store& store) {
      Operation begun = front.begin(command, now);
      return drive(begun, store);
    });
    RC_ASSERT(engine.report == operation.report);
    RC_ASSERT(engine.written == operation.written);
    RC_ASSERT(engine.calls == operation.calls);
    RC_ASSERT(engine.drawn == operation.drawn);
    RC_ASSERT(engine.state == operation.state);
    shares.count("asked", engine.calls > 0);
    shares.count("wrote", !engine.written.empty());
    shares.count("went on after a failed commit", engine.calls > 2);
  });
  shares.at_least("asked", 50);
  shares.at_least("wrote", 10);
  shares.at_least("went on after a failed commit", 2);
}
