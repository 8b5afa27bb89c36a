// Long histories of one client, compared step by step with the reference: errors that no other law covers.
#include <memory>
#include <vector>

#include "draft.hpp"
#include "laws.hpp"
#include "play.hpp"
#include "reference.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

/// Executes commands one after the other on the store and on the reference. Returns the difference; empty: none.
std::string difference_after(Stage& under, const Scene& scene, const std::vector<AnyCommand>& commands) {
  constexpr std::uint32_t between_looks = 15;
  Reference reference;
  Stage stage(under.fixture(), under.trial), expected(reference, under.trial);
  UuidSource ids({under.trial.seed, 3}), same_ids({under.trial.seed, 3});
  for (Stage* const on : {&stage, &expected}) {
    on->fresh();
    scene.set_up(*on);
  }
  std::uint32_t at = 0;
  for (const AnyCommand& command : commands) {
    const std::string told = carry_out(scene, *command, stage.store(), ids, at);
    const std::string right = carry_out(scene, *command, expected.store(), same_ids, at);
    stage.step(text_of(*command) + ": " + told);
    const RequestKey request = bound(command->request, command->actor.id);
    stage.watch(request);
    expected.watch(request);
    if (!stage.expect(told == right, "the last command should hear " + right)) break;
    if (++at % between_looks != 0 && at != commands.size()) continue;
    const Picture found = picture(stage, stage.store(), comparable());
    const Picture wanted = picture(expected, expected.store(), comparable());
    if (!stage.expect(found == wanted, "there is something else than there should be: " + difference(wanted, found)))
      break;
  }
  return stage.failure();
}

/// Removes every command that is not necessary for the failure.
std::string shortest(Stage& stage, const Scene& scene, std::vector<AnyCommand> commands, std::string failure) {
  for (std::size_t at = commands.size(); at-- > 0;) {
    std::vector<AnyCommand> fewer = commands;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(at));
    const std::string still = difference_after(stage, scene, fewer);
    if (still.empty()) continue;
    commands = std::move(fewer);
    failure = still;
  }
  return failure;
}

/// Random commands, each through the engine's loop.
void commands(Stage& stage) {
  const std::uint32_t histories = 6 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < histories && !stage.broken(); ++i) {
    Chance chance(stage.trial.seed * 1'000'003 + i);
    const Scene scene = random_scene(chance, 1, 60);
    const std::string failure = difference_after(stage, scene, scene.parts.front());
    if (!failure.empty()) stage.fail_as(shortest(stage, scene, scene.parts.front(), failure));
  }
}

/// Random change sets, some with facts read long before. decide() would not produce most of them.
class Scribe {
 public:
  Scribe(Stage& stage, std::uint64_t seed) : stage_(stage), chance_(seed) {}

  void set_up() {
    stage_.fresh();
    put_hall(stage_);
  }

  /// Prepares a change set, and commits one of the prepared ones. Returns the result of the store, and its index.
  std::string step() {
    drafts_.push_back(prepared());
    if (drafts_.size() < 3) return "";
    const std::size_t at = chance_.below(drafts_.size());
    const std::unique_ptr<Draft> draft = std::move(drafts_[at]);
    drafts_.erase(drafts_.begin() + static_cast<std::ptrdiff_t>(at));
    return text_of(draft->commit());
  }

 private:
  std::unique_ptr<Draft> prepared() {
    const std::vector<OrganizationSelector> rows = {org(chance_.below(2)), org(10)};
    std::vector<AccountSelector> columns;
    for (std::uint32_t i = 0; i < 3; ++i) columns.emplace_back(who(chance_.below(9)));
    auto draft = std::make_unique<Draft>(stage_, rows, columns, who(chance_.below(4)));
    draft->changes.keeps_removed = !chance_.one_in(4);
    draft->changes.invited_sits = chance_.one_in(2);
    draft->changes.valid_until = Time{chance_.one_in(3) ? 1 + std::int64_t{chance_.below(3)} : 0};
    if (chance_.one_in(5)) {
      const std::uint32_t fresh =
          draft->create(who(20 + chance_.below(4)), chance_.one_in(2) ? newcomer() : Email(), chance_.one_in(2));
      draft->add(0, fresh, member, state());
    }
    for (std::uint32_t cell = 0; cell < 6; ++cell) touch(*draft, cell / 3, cell % 3);
    guard(*draft);
    return draft;
  }

  State state() { return chance_.one_in(4) ? State::invited : State::active; }
  RoleId role() {
    const RoleId roles[] = {member, admin, owner};
    return roles[chance_.below(3)];
  }

  void touch(Draft& draft, std::uint32_t row, std::uint32_t column) {
    const bool is_there = draft.at(row, column) != nullptr;
    const std::uint32_t what = chance_.below(12);
    const RoleId as = role();
    const State to = state();
    if (!is_there) {
      if (what < 4) draft.add(row, column, as, to);
      return;
    }
    if (changed_twice(draft, row, column)) return;
    const State was = draft.at(row, column)->state;
    if (was == State::removed) {
      if (what < 3) draft.renew(row, column, as, to).dated = true;
      if (what == 3) draft.change(row, column, State::active, Event::reactivated, as);
    } else if (what == 0) {
      draft.change(row, column, was, Event::role_changed, as);
    } else if (what == 5) {
      draft.change(row, column, was, Event::expiry_changed).dated = true;
    } else if (what == 1) {
      draft.remove(row, column);
    } else if (what == 2 && was != State::suspended) {
      draft.change(row, column, was == State::invited ? State::active : State::suspended, Event::suspended);
    } else if (what == 3) {
      draft.change(row, column, State::active, Event::reactivated, as);
    } else if (what == 4 && was == State::suspended) {
      draft.renew(row, column, as, to);
    }
  }

  /// Two columns may name one account, and decide() writes a membership once.
  static bool changed_twice(const Draft& draft, std::uint32_t row, std::uint32_t column) {
    for (const MemberChanged& changed : draft.changes.changed)
      if (changed.id == draft.at(row, column)->id) return true;
    return false;
  }

  void guard(Draft& draft) {
    if (chance_.one_in(4)) draft.guard_organization(chance_.below(2));
    if (chance_.one_in(4)) draft.guard_account(chance_.below(3));
    if (chance_.one_in(4)) draft.guard_actor(0);
    if (chance_.one_in(4)) draft.limit_seats(0, 3 + chance_.below(5), draft.changes.invited_sits);
    if (chance_.one_in(3)) draft.keep_an_owner(0, chance_.one_in(2) ? std::vector{owner} : std::vector{owner, admin});
    const std::uint32_t column = chance_.below(3);
    const MembershipFact* const fact = draft.at(0, column);
    if (fact == nullptr) return;
    if (chance_.one_in(4)) draft.guard_membership(0, column);
    if (fact->state != State::invited || !chance_.one_in(2)) return;
    draft.guard_inviter(0, column);
    draft.guard_membership(0,
                           column);  // a store may or may not keep the inviter after an acceptance
  }

  Stage& stage_;
  Chance chance_;
  std::vector<std::unique_ptr<Draft>> drafts_;
};

void change_sets(Stage& stage) {
  const std::uint32_t histories = 4 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < histories && !stage.broken(); ++i) {
    Reference reference;
    Stage expected(reference, stage.trial);
    const std::uint64_t seed = stage.trial.seed * 1'000'003 + i;
    Scribe scribe(stage, seed), right(expected, seed);
    scribe.set_up();
    right.set_up();
    for (int step = 0; step < 60 && !stage.broken() && !expected.broken(); ++step) {
      const std::string said = scribe.step(), wanted = right.step();
      if (!stage.expect(said == wanted, "to the last change set it should say " + wanted)) return;
      if (step % 10 != 9) continue;
      const Picture found = picture(stage, stage.store(), {.versions = false});
      const Picture there = picture(expected, expected.store(), {.versions = false});
      if (!stage.expect(found == there, "there is something else than there should be: " + difference(there, found)))
        return;
    }
    stage.expect(!expected.broken(), "the kit itself: " + expected.failure());
  }
}

constexpr Entry history_entries[] = {
    {{"history/commands", "commands by chance hear what they would hear from the reference, and leave the same"},
     commands},
    {{"history/change-sets", "change sets by chance, fresh and outdated, are judged as the reference judges them"},
     change_sets},
};

}  // namespace

std::span<const Entry> history_laws() noexcept {
  return history_entries;
}

}  // namespace conformance
ROSTER_END
