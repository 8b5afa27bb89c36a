// Storage that fails at every possible point: everything or nothing, a correct result, and a retry that converges.
#include "draft.hpp"
#include "laws.hpp"
#include "picture.hpp"
#include "play.hpp"

ROSTER_BEGIN
namespace conformance {

namespace {

using State = MembershipState;

constexpr std::uint32_t places_most = 100'000;

/// One of everything, on the hall.
void write_all_kinds(Draft& draft) {
  draft.guard_organization(0);
  draft.guard_actor(0);
  draft.keep_an_owner(0);
  draft.limit_seats(0, 20);
  draft.add(0, draft.create(who(30), newcomer()));
  draft.add(0, 1, admin, State::invited);
  draft.add(1, 1);
  draft.change(0, 0, State::active, Event::role_changed, admin);
  draft.change(0, 2, State::active, Event::accepted);
  draft.renew(0, 3);
  draft.remove(0, 4);
}

const std::vector<OrganizationSelector> rows_of_all = {org(0), org(1)};
const std::vector<AccountSelector> columns_of_all = {who(3), who(4), who(6), who(8), who(7)};

void set_up(Stage& stage) {
  stage.fresh();
  put_hall(stage);
}

/// After a failure a fixture that can restarts its store, as a host would.
void recover(Stage& stage) {
  if (!stage.fixture().abilities().restarts) return;
  stage.step("restart");
  stage.expect(stage.fixture().restart().has_value(), "the store does not start again after a failure");
}

void commit(Stage& stage) {
  set_up(stage);
  Draft right(stage, rows_of_all, columns_of_all, who(0));
  write_all_kinds(right);
  const Shown shown{.versions = false};
  const Picture before = picture(stage, stage.store(), shown);
  if (!right.succeeds("nothing fails yet")) return;
  const Picture after = picture(stage, stage.store(), shown);
  for (std::uint32_t place = 1; place <= places_most; ++place) {
    set_up(stage);
    Draft draft(stage, rows_of_all, columns_of_all, who(0));
    write_all_kinds(draft);
    if (stage.broken()) return;
    (void)stage.fixture().fail_at(place);
    const Said said = draft.commit();
    const bool failed = stage.fixture().fail_at(0);
    const std::string where = "with a failure at place " + std::to_string(place) + " of the storage ";
    if (!stage.expect(!said.threw, where + "the store threw")) return;
    recover(stage);
    const Picture now = picture(stage, stage.store(), shown);
    if (stage.broken()) return;
    if (said.ok()) {
      stage.expect(now == after, where + "it said done, and not everything is there: " + difference(after, now));
    } else if (said.code == Errc::store_failed) {
      stage.expect(now == before || now == after,
                   where + "it wrote a part: " + difference(before, now) + "; or " + difference(after, now));
    } else {
      const bool means_nothing =
          said.code == Errc::stale || said.code == Errc::out_of_memory || said.code == Errc::store_full;
      stage.expect(means_nothing, where + "it said " + text_of(said) + ", which a commit may not");
      stage.expect(now == before, where + "it said " + text_of(said) + " and wrote: " + difference(before, now));
    }
    if (now == before) {
      Draft again(stage, rows_of_all, columns_of_all, who(0));
      write_all_kinds(again);
      again.succeeds("the failure is over");
    }
    if (stage.broken()) return;
    if (!failed) {
      stage.expect(place > 1, "the fixture says that it can fail, and never did");
      return;
    }
  }
  stage.fail("the storage goes on failing after " + std::to_string(places_most) + " places");
}

void fetch(Stage& stage) {
  set_up(stage);
  Ask ask;
  ask.organizations = {org(10), org(0), org(1)};
  ask.accounts = columns_of_all;
  ask.accounts.emplace_back(newcomer());
  ask.actor = who(2);
  ask.parents = ask.counts = ask.inviters = true;
  ask.owner_roles = {owner};
  const auto told = [](const Facts& facts) {
    std::string text;
    for (const OrganizationFact& fact : facts.organizations)
      text += std::string(fact.id.view()) + " " + std::to_string(fact.counts.active) + " " +
              std::to_string(fact.counts.owners) + (fact.actor_is_member ? " actor" : "") + "; ";
    for (const AccountFact& fact : facts.accounts) text += std::string(fact.id.view()) + "; ";
    for (const MembershipFact& fact : facts.memberships)
      text += std::to_string(fact.organization) + "/" + std::to_string(fact.account) + " " + text_of(fact.state) + "; ";
    for (const InviterFact& fact : facts.inviters) text += fact.is_member ? "member; " : "none; ";
    return text;
  };
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  const std::string right = told(facts);
  for (std::uint32_t place = 1; place <= places_most; ++place) {
    (void)stage.fixture().fail_at(place);
    facts.clear();
    const Said said = say(stage.store(), ask.query(), facts);
    const bool failed = stage.fixture().fail_at(0);
    const std::string where = "with a failure at place " + std::to_string(place) + " of the storage ";
    if (said.ok())
      stage.expect(check_shape(ask.query(), facts) && told(facts) == right, where + "it answered, and wrongly");
    else
      stage.expect(said.threw || said.code == Errc::store_failed || said.code == Errc::out_of_memory,
                   where + "fetch said " + text_of(said) + ", which it may not");
    recover(stage);
    if (!stage.fetch(ask, facts) || !stage.expect(told(facts) == right, where + "later answers are wrong too")) return;
    if (!failed) return;
  }
}

/// Through the engine: after any failure, a repeat with the same key completes the command.
void repeat(Stage& stage) {
  for (const auto scenes : {pair_scenes, address_scenes, invitation_scenes, nested_scenes}) {
    const Scene scene = scenes().front();
    const Command& command = *scene.parts.front().front();
    const auto play = [&](std::uint32_t place) {
      stage.fresh();
      scene.set_up(stage);
      stage.watch(bound(command.request, command.actor.id));
      UuidSource ids({stage.trial.seed, 13}), other_ids({stage.trial.seed, 17});
      (void)stage.fixture().fail_at(place);
      stage.step("a command hears " + carry_out(scene, command, stage.store(), ids));
      const bool failed = stage.fixture().fail_at(0);
      recover(stage);
      stage.step("and again " + carry_out(scene, command, stage.store(), other_ids));
      return failed;
    };
    play(0);
    const Picture right = picture(stage, stage.store(), comparable());
    for (std::uint32_t place = 1; place <= places_most && !stage.broken(); ++place) {
      const bool failed = play(place);
      const Picture now = picture(stage, stage.store(), comparable());
      stage.expect(now == right, "with a failure at place " + std::to_string(place) +
                                     " of the storage a repeat does not make it good: " + difference(right, now));
      if (!failed) break;
    }
    if (stage.broken()) return;
  }
}

constexpr Entry fault_entries[] = {
    {{"faults/commit", "wherever the storage fails, a commit writes all or nothing, and says so truly"},
     commit,
     Takes::faults},
    {{"faults/fetch", "wherever the storage fails, fetch fails: it never leaves out what it could not read"},
     fetch,
     Takes::faults},
    {{"faults/repeat", "wherever the storage fails, a repeat under the same key makes it good"}, repeat, Takes::faults},
};

}  // namespace

std::span<const Entry> fault_laws() noexcept {
  return fault_entries;
}

}  // namespace conformance
ROSTER_END
