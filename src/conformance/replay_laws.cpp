// Commits whose answer was lost: a retry recognises its own writes by the stored key.
#include <functional>

#include "laws.hpp"
#include "play.hpp"
#include "reference.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

/// Loses the answer to one commit: before it is written, or after.
class Lossy final : public Store {
 public:
  enum class Loses : std::uint8_t { before, after };
  Lossy(Store& store, std::uint32_t commit, Loses loses) : store_(store), left_(commit), loses_(loses) {}

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

/// Every command of every scene, each by itself in a hall of its own.
void for_each_command(const std::function<bool(const Scene&, const Command&)>& visit) {
  for (const Scenes scenes : all_scenes())
    for (const Scene& scene : scenes())
      for (const auto& part : scene.parts)
        if (!visit(scene, *part.front())) return;
}

/// The answers and the records, on the store under test and on the reference, by the same steps.
void expect_same(Stage& stage, const Scene& scene, const std::function<std::string(Stage&, Store&, IdSource&)>& steps,
                 const char* what) {
  Reference reference;
  Stage expected(reference, stage.trial);
  std::string told[2];
  Picture there[2];
  int i = 0;
  for (Stage* const on : {&stage, &expected}) {
    on->fresh();
    scene.set_up(*on);
    UuidSource ids({stage.trial.seed, 7});
    told[i] = steps(*on, on->store(), ids);
    there[i] = picture(*on, on->store(), comparable());
    ++i;
  }
  if (!stage.expect(told[0] == told[1], std::string(what) + ", and it is told " + told[0] + ", not " + told[1])) return;
  stage.expect(there[0] == there[1],
               std::string(what) + ", and there is something else: " + difference(there[1], there[0]));
}

template <Lossy::Loses loses>
void lost(Stage& stage) {
  for_each_command([&](const Scene& scene, const Command& command) {
    expect_same(
        stage, scene,
        [&](Stage& on, Store& store, IdSource& ids) {
          on.watch(bound(command.request, command.actor.id));
          Lossy lossy(store, 1, loses);
          const std::string first = carry_out(scene, command, lossy, ids);
          return first + ", and again " + carry_out(scene, command, store, ids);
        },
        loses == Lossy::Loses::before ? "a command did not reach the store" : "a command's answer was lost");
    return !stage.broken();
  });
}

/// The client's process ends before the answer arrives. Another client repeats the request.
void repeated(Stage& stage) {
  for_each_command([&](const Scene& scene, const Command& command) {
    expect_same(
        stage, scene,
        [&](Stage& on, Store& store, IdSource& ids) {
          on.watch(bound(command.request, command.actor.id));
          const std::string first = carry_out(scene, command, store, ids);
          return first + ", and again " + carry_out(scene, command, store, ids);
        },
        "a command came twice under one key");
    return !stage.broken();
  });
}

/// Others write between the lost answer and the repeat.
void repeated_after_others(Stage& stage) {
  const std::uint32_t scenes = 40 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < scenes && !stage.broken(); ++i) {
    Chance chance(stage.trial.seed * 1'000'003 + i);
    const Scene scene = random_scene(chance, 1, 5);
    const auto& commands = scene.parts.front();
    expect_same(
        stage, scene,
        [&](Stage& on, Store& store, IdSource& ids) {
          std::string told;
          std::uint32_t at = 0;
          for (const AnyCommand& command : commands) {
            on.watch(bound(command->request, command->actor.id));
            told += carry_out(scene, *command, store, ids, at++) + ", ";
          }
          for (const AnyCommand& command : commands)
            told += "again " + carry_out(scene, *command, store, ids, at++) + ", ";
          return told;
        },
        "commands were repeated after others had written");
  }
}

constexpr Entry replay_entries[] = {
    {{"replay/lost-before", "a commit that failed before it was written is made good by the operation, and a repeat"},
     lost<Lossy::Loses::before>},
    {{"replay/lost-after", "a commit whose answer was lost is found again by its key, by the operation and a repeat"},
     lost<Lossy::Loses::after>},
    {{"replay/repeated", "a command of any kind that comes twice under one key is carried out once"}, repeated},
    {{"replay/repeated-after-others", "a repeat that comes late undoes nothing of what others wrote"},
     repeated_after_others},
};

}  // namespace

std::span<const Entry> replay_laws() noexcept {
  return replay_entries;
}

}  // namespace conformance
ROSTER_END
