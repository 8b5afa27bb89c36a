// Commits whose answer was lost: a retry recognises its own writes by the stored key.
#include <functional>

#include "laws.hpp"
#include "reference.hpp"
#include "schedule.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// Loses the answer to one commit, before or after the write.
class LosesReplies final : public Store {
 public:
  enum class Loses : std::uint8_t { before, after };
  LosesReplies(Store& store, std::uint32_t commit, Loses loses) : store_(store), left_(commit), loses_(loses) {}

  Result<void> fetch(const Query& query, Facts& facts) override { return store_.fetch(query, facts); }
  Result<void> commit(const ChangeSet& changes) override {
    const bool lost = left_-- == 1;
    if (lost && loses_ == Loses::before) return Errc::store_failed;
    const auto done = store_.commit(changes);
    return lost ? Result<void>(Errc::store_failed) : done;
  }

 private:
  Store& store_;
  std::uint32_t left_;
  Loses loses_;
};

/// Visits the first command of each client of every scenario. Each runs alone on its own fixture data.
void for_each_command(const std::function<bool(const Scenario&, const Command&)>& visit) {
  for (const ScenarioList scenarios : all_scenarios())
    for (const Scenario& scenario : scenarios())
      for (const auto& part : scenario.parts)
        if (!visit(scenario, *part.front())) return;
}

/// Compares the answers and the records after the same steps on the store under test and on the reference.
void expect_same(TestContext& test, const Scenario& scenario,
                 const std::function<std::string(TestContext&, Store&, IdSource&)>& steps, const char* what) {
  Reference reference;
  TestContext expected(reference, test.options);
  std::string answers[2];
  Snapshot records[2];
  int i = 0;
  for (TestContext* const on : {&test, &expected}) {
    on->fresh();
    scenario.set_up(*on);
    UuidSource ids({test.options.seed, 7});
    answers[i] = steps(*on, on->store(), ids);
    records[i] = take_snapshot(*on, on->store(), comparable());
    ++i;
  }
  if (!test.expect(answers[0] == answers[1], std::string(what) + ": it returns " + answers[0] + ", not " + answers[1]))
    return;
  test.expect(records[0] == records[1],
              std::string(what) + ", and the records differ: " + difference(records[1], records[0]));
}

template <LosesReplies::Loses loses>
void lost(TestContext& test) {
  for_each_command([&](const Scenario& scenario, const Command& command) {
    expect_same(
        test, scenario,
        [&](TestContext& on, Store& store, IdSource& ids) {
          on.watch(bound(command.idempotency_key, command.actor.id));
          LosesReplies lossy(store, 1, loses);
          const std::string first = execute(scenario, command, lossy, ids);
          return first + ", and then " + execute(scenario, command, store, ids);
        },
        loses == LosesReplies::Loses::before ? "a command did not reach the store" : "a command's answer was lost");
    return !test.broken();
  });
}

/// The client's process ends before the answer arrives. Another client repeats the request.
void repeated(TestContext& test) {
  for_each_command([&](const Scenario& scenario, const Command& command) {
    expect_same(
        test, scenario,
        [&](TestContext& on, Store& store, IdSource& ids) {
          on.watch(bound(command.idempotency_key, command.actor.id));
          const std::string first = execute(scenario, command, store, ids);
          return first + ", and then " + execute(scenario, command, store, ids);
        },
        "a command came twice under one key");
    return !test.broken();
  });
}

/// Other clients write between the lost answer and the repeat.
void repeated_after_others(TestContext& test) {
  const std::uint32_t scenarios = 40 * test.options.rounds;
  for (std::uint32_t i = 0; i < scenarios && !test.broken(); ++i) {
    Rng rng(test.options.seed * 1'000'003 + i);
    const Scenario scenario = random_scenario(rng, 1, 5);
    const auto& commands = scenario.parts.front();
    expect_same(
        test, scenario,
        [&](TestContext& on, Store& store, IdSource& ids) {
          std::string answers;
          std::uint32_t at = 0;
          for (const AnyCommand& command : commands) {
            on.watch(bound(command->idempotency_key, command->actor.id));
            answers += execute(scenario, *command, store, ids, at++) + ", ";
          }
          for (const AnyCommand& command : commands)
            answers += "again " + execute(scenario, *command, store, ids, at++) + ", ";
          return answers;
        },
        "commands were repeated after others had written");
  }
}

constexpr Entry replay_entries[] = {
    {{"replay/lost-before",
      "a commit that failed before its write is completed by its operation or by a repeat of the command"},
     lost<LosesReplies::Loses::before>},
    {{"replay/lost-after",
      "after a lost answer, both the operation and a repeat of the command identify the commit by its key"},
     lost<LosesReplies::Loses::after>},
    {{"replay/repeated", "a command of any kind that is repeated under one key is executed once"}, repeated},
    {{"replay/repeated-after-others", "a late repeat of a command undoes no later write of another command"},
     repeated_after_others},
};

}  // namespace

std::span<const Entry> replay_laws() noexcept {
  return replay_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
