// The data after a restart of the store.
#include "draft.hpp"
#include "laws.hpp"
#include "picture.hpp"
#include "play.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

void restart(Stage& stage) {
  const auto done = stage.fixture().restart();
  stage.step("restart");
  stage.expect(done.has_value(), "the fixture could not restart its store");
}

void keeps_everything(Stage& stage) {
  put_hall(stage, 9);
  stage.put(org(0), Role{.id = admin, .rank = 2, .manages = true});
  Draft draft(stage, {org(0)}, {who(3)}, who(0));
  draft.remove(0, 0);
  draft.add(0, draft.create(who(30), newcomer()));
  draft.succeeds("nothing is wrong with it");
  const Picture before = picture(stage, stage.store(), {.versions = false});
  restart(stage);
  if (stage.broken()) return;
  const Picture after = picture(stage, stage.store(), {.versions = false});
  stage.expect(before == after, "not everything outlived a restart: " + difference(before, after));
}

void keeps_requests(Stage& stage) {
  for (const auto scenes : {pair_scenes, address_scenes, former_scenes, invitation_scenes})
    for (const Scene& scene : scenes()) {
      const Command& command = *scene.parts.front().front();
      stage.fresh();
      scene.set_up(stage);
      if (stage.broken()) return;
      UuidSource ids({stage.trial.seed, 11});
      const std::string first = carry_out(scene, command, stage.store(), ids);
      const std::string again = carry_out(scene, command, stage.store(), ids);
      stage.step("a command hears " + first + ", and again " + again);
      restart(stage);
      if (stage.broken()) return;
      const std::string after = carry_out(scene, command, stage.store(), ids);
      if (!stage.expect(after == again, "after a restart a repeated command hears " + after)) return;
    }
}

/// Versions that restart would make facts from before the restart match the current records.
void versions_do_not_return_by_restart(Stage& stage) {
  stage.put_organizations(2);
  stage.put_accounts(2);
  const std::vector<OrganizationSelector> rows = {org(0), org(1)};
  Draft start(stage, rows, {who(0), who(1)});
  start.add(0, 0);
  start.add(0, 1);
  start.succeeds("nobody is a member");
  Draft guards(stage, rows, {who(0)}), changes(stage, rows, {who(1)}), record(stage, rows, {who(0)});
  guards.guard_membership(0, 0);
  guards.add(1, 0);
  changes.change(0, 0, State::active, Event::role_changed, admin);
  record.guard_organization(0);
  record.guard_account(0);
  record.add(1, 0);
  Draft gone(stage, rows, {who(0), who(1)});
  gone.changes.keeps_removed = false;
  gone.remove(0, 0);
  gone.change(0, 1, State::active, Event::role_changed, owner);
  gone.succeeds("the memberships have the versions that were read");
  restart(stage);
  if (stage.broken()) return;
  stage.put(OrganizationRecord{.id = org(0), .joinable = false});
  Draft back(stage, rows, {who(0)});
  back.add(0, 0);
  back.succeeds("the pair is free");
  const auto is_stale = [&](Draft& draft, const char* what) {
    const Said said = draft.commit(stage.store());
    stage.expect(said.code == Errc::stale, "after a restart the store said " + text_of(said) + ": " + what);
  };
  is_stale(guards, "another membership stands where the guarded one stood");
  is_stale(changes, "the membership was changed after it was read");
  is_stale(record, "the organization was changed after it was read");
}

constexpr Entry restart_entries[] = {
    {{"restart/keeps-everything", "records, memberships, tombstones, inviters and keys outlive the store"},
     keeps_everything,
     Takes::restarts},
    {{"restart/keeps-requests", "a command that is repeated after a restart is known"},
     keeps_requests,
     Takes::restarts},
    {{"restart/versions-do-not-return",
      "a version that was read before a restart does not come again for another record"},
     versions_do_not_return_by_restart,
     Takes::restarts},
};

}  // namespace

std::span<const Entry> restart_laws() noexcept {
  return restart_entries;
}

}  // namespace conformance
ROSTER_END
