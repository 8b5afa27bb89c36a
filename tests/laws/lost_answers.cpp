// A commit succeeds, its reply is lost, and the host changes any record before the next fetch. The cells that the
// request has written are `replayed`. This holds for every kind of command, for one cell and in bulk, atomic and best
// effort. It holds within the operation and for a retry. Exception: a retry is `forbidden` if its actor has lost its
// right.
#include <map>
#include <memory>

#include "catch.hpp"
#include "support/fixture_world.hpp"

using namespace fixtures;

namespace {

using State = MembershipState;
using Any = std::shared_ptr<Command>;

constexpr OrganizationId holding{"holding"};  // the parent of acme and works
constexpr std::size_t kinds = static_cast<std::size_t>(CommandKind::change_expiry) + 1;
using roster_test::is_add;
using roster_test::is_own;

/// The rules that apply, and the catalog of the roles.
struct Setting {
  const char* name;
  ActorRule actor = ActorRule::manager;
  ParentRule parent = ParentRule::ignore;
  bool own_catalogs = false;
  bool fits(CommandKind kind) const {
    if (parent != ParentRule::ignore) return is_add(kind);
    return actor != ActorRule::parent_manager || kind != CommandKind::transfer_ownership;
  }
  Profile profile(Mode mode) const {
    Profile profile = host_rules();
    profile.actor = actor;
    profile.parent = parent;
    profile.parent_role = guest;
    profile.mode = mode;
    profile.on_same_role = profile.on_other_role = OnConflict::reject;
    if (own_catalogs) profile.roles = {};
    return profile;
  }
};
constexpr std::array settings = {
    Setting{"a catalog of the profile"},
    Setting{"catalogs of organizations", ActorRule::manager, ParentRule::ignore, true},
    Setting{"members may add", ActorRule::member},
    Setting{"parents manage", ActorRule::parent_manager, ParentRule::ignore, true},
    Setting{"parents are joined", ActorRule::manager, ParentRule::add},
    Setting{"parents are required", ActorRule::manager, ParentRule::require},
};

/// The cells: one, several accounts, several organizations, or the actor among the accounts.
struct Shape {
  const char* name;
  std::size_t rows, columns;
  bool with_actor = false;
  std::uint32_t tile_cells_max = 16384;
  bool fits(CommandKind kind) const {
    if (is_own(kind) || kind == CommandKind::transfer_ownership) return columns == 1 && !with_actor;
    const bool takes = kind == CommandKind::change_role || kind == CommandKind::suspend || kind == CommandKind::remove;
    return !with_actor || takes;
  }
};
constexpr std::array shapes = {Shape{"one cell", 1, 1},
                               Shape{"two accounts", 1, 2},
                               Shape{"two organizations", 2, 1},
                               Shape{"four cells", 2, 2},
                               Shape{"four cells in as many tiles", 2, 2, false, 1},
                               Shape{"the actor and another", 1, 2, true}};

struct Case {
  CommandKind kind;
  Setting setting;
  Shape shape;
  Mode mode;
};

Any command_of(const Case& of, const IdempotencyKey& under) {
  roster_test::Parts parts;
  parts.places = {acme};
  if (of.shape.rows == 2) parts.places.emplace_back(works);
  parts.people = {ann};
  if (of.shape.columns == 2) parts.people.emplace_back(of.shape.with_actor ? boss : bob);
  parts.roles = {of.kind == CommandKind::change_role ? guest : clerk};
  if (of.kind == CommandKind::transfer_ownership) parts.roles = {owner, clerk};
  parts.actor = by(is_own(of.kind) ? ann : boss);
  parts.key = under;
  if (of.kind == CommandKind::change_expiry) parts.end = far_off;
  return make_command(of.kind, parts);
}

/// The state of a membership that a command of that kind changes; none: an add.
std::optional<State> found_by(CommandKind kind) {
  if (is_add(kind)) return std::nullopt;
  if (kind == CommandKind::reactivate) return State::suspended;
  const bool answers = kind == CommandKind::accept_invitation || kind == CommandKind::decline_invitation;
  return answers || kind == CommandKind::revoke_invitation ? State::invited : State::active;
}

void put_catalog(AcmeFixture& in, const OrganizationId& place, const Role& changed = {}) {
  for (const Role& role : ranks)
    must(in.store.put_role(place, role.id == changed.id ? changed : role, any_version).has_value(), "a role");
}

/// Acme and works inside the holding, two owners in each, and the accounts of the command.
void settle(AcmeFixture& in, const Case& of) {
  must(in.store.put_organization({.id = holding}).has_value(), "a holding");
  in.base.places[text_of(holding)];
  for (const OrganizationId& place : {acme, works, holding}) {
    if (!(place == holding))
      must(in.store.overwrite_organization({.id = place, .parent = holding}).has_value(), "inside the holding");
    put_catalog(in, place);
    if (place == holding) in.put(place, boss, owner);
    in.put(place, dora, owner);
    for (const AccountId& who : {ann, bob}) {
      if (place == holding) {
        if (of.setting.parent == ParentRule::require) in.put(place, who, clerk);
        continue;
      }
      const auto state = found_by(of.kind);
      if (!state) continue;
      if (*state == State::invited) {
        must(in.outcome(host_rules(), Invite(place, who, clerk, by(dora))) == Outcome::invited, "an invitation");
        continue;
      }
      in.put(place, who, clerk);
      if (*state == State::suspended)
        must(in.outcome(host_rules(), Suspend(place, who, by(dora))) == Outcome::suspended, "a suspension");
    }
  }
}

/// The host's change before the next fetch.
struct Change {
  const char* name;
  std::function<void(AcmeFixture&)> make;
  bool forbids = false;   // the actor loses its right
  bool to_actor = false;  // it changes the actor's membership
  bool catalogs = false;  // it changes roles of an organization's own catalog
};

void put_actor(AcmeFixture& in, const OrganizationId& place, const RoleId& as) {
  must(in.store.erase_membership(place, boss).has_value(), "an actor");
  if (!as.empty()) in.put(place, boss, as);
}

std::vector<Change> changes() {
  const auto account = [](AccountRecord record) { return [record](AcmeFixture& in) { in.put_account(record); }; };
  const auto organization = [](OrganizationRecord record) {
    return [record](AcmeFixture& in) {
      for (const OrganizationId& place : {acme, works}) {
        OrganizationRecord changed = record;
        changed.id = place;
        must(in.store.overwrite_organization(changed).has_value(), "a change");
      }
    };
  };
  const auto role = [](Role changed) {
    return [changed](AcmeFixture& in) {
      for (const OrganizationId& place : {acme, works, holding}) put_catalog(in, place, changed);
    };
  };
  const auto actor = [](RoleId as) {
    return [as](AcmeFixture& in) {
      for (const OrganizationId& place : {acme, works, holding}) put_actor(in, place, as);
    };
  };
  return {
      {"nothing", [](AcmeFixture&) {}},
      {"the account is disabled", account({.id = ann, .disabled = true, .verified = true})},
      {"its address is not verified any more", account({.id = ann, .verified = false})},
      {"the account waits to be confirmed", account({.id = ann, .invited = true})},
      {"the member is suspended",
       [](AcmeFixture& in) { (void)in.run(host_rules(), Suspend(acme, ann, by(dora), key("another"))); }},
      {"the organizations are closed", organization({.id = acme, .parent = holding, .joinable = false})},
      {"no seat is left", organization({.id = acme, .parent = holding, .seats_max = 0})},
      {"the organizations stand alone", organization({.id = acme})},
      {"the parent is closed",
       [](AcmeFixture& in) {
         must(in.store.overwrite_organization({.id = holding, .joinable = false}).has_value(), "a holding");
       }},
      {"the account is not in the parent any more",
       [](AcmeFixture& in) { (void)in.store.erase_membership(holding, ann); }},
      {"the role given is read-only", role({.id = clerk, .rank = 2, .assignable = false}), false, false, true},
      {"the role given ranks higher", role({.id = clerk, .rank = 9}), false, false, true},
      {"another role given ranks higher", role({.id = guest, .rank = 9}), false, false, true},
      {"the role given owns", role({.id = clerk, .rank = 2, .owns = true}), false, false, true},
      {"the actor's role manages nothing", role({.id = owner, .rank = 4, .owns = true}), true, true, true},
      {"the actor is lowered", actor(admin), false, true},
      {"the actor is lowered to the ranks", actor(guest), true, true},
      {"the actor is no member any more", actor(RoleId{}), true, true},
  };
}

using Outcomes = std::vector<Outcome>;
std::string words(const Outcomes& outcomes) {
  std::string all;
  for (const Outcome outcome : outcomes) all += (all.empty() ? "" : " ") + std::string(name(outcome));
  return all;
}

/// Whether this change has the effect of its name under those rules.
bool applies(const Change& change, const Case& of, bool retry) {
  if (change.catalogs && !of.setting.own_catalogs) return false;
  if (change.to_actor && (of.kind == CommandKind::transfer_ownership || of.shape.with_actor)) return false;
  // Under parent_manager no actor is authorized for a row without a parent.
  return !(retry && of.setting.actor == ActorRule::parent_manager &&
           std::string(change.name).find("alone") != std::string::npos);
}
bool forbids(const Change& change, const Case& of) {
  if (is_own(of.kind) || !change.forbids) return false;
  // Under ActorRule::member any member may add.
  return !(of.setting.actor == ActorRule::member && is_add(of.kind) &&
           std::string(change.name).find("ranks") != std::string::npos);
}

Outcomes outcomes_of(const Result<Report>& report) {
  if (!report) return {};
  return {report.assume_value().outcomes.begin(), report.assume_value().outcomes.end()};
}

/// Runs the case: the reply to the last commit is lost, then the host makes its change. The operation, or a retry by
/// another one, reads again. Returns the error as text; empty: none.
std::string play(const Case& of, const Change& change, bool retry, std::map<std::string, unsigned>& met) {
  const Profile profile = of.setting.profile(of.mode);
  const Any command = command_of(of, key("the request"));
  const Options options{.tile_cells_max = of.shape.tile_cells_max, .unknown_commit_retries_max = retry ? 0u : 1u};
  AcmeFixture undisturbed, in;
  settle(undisturbed, of);
  settle(in, of);
  const Outcomes clean = undisturbed.outcomes(profile, *command, options);
  std::vector<bool> written;
  for (const Outcome outcome : clean) written.push_back(roster_test::is_written(outcome));

  const unsigned last = of.shape.tile_cells_max == 1 ? static_cast<unsigned>(of.shape.rows * of.shape.columns) : 1;
  unsigned commits = 0;
  roster_test::FaultyStore store(in.outbox, [&](unsigned, bool commit) {
    return commit && ++commits == last ? roster_test::Fault::fail_after : roster_test::Fault::pass;
  });
  std::string rows;
  store.written = [&](const ChangeSet&) {
    if (commits == last) change.make(in), rows = in.exactly();
  };
  Outcomes found = outcomes_of(Engine(profile, store, in.ids, options).run(*command, in.now));
  if (commits != last || rows.empty()) return "it was not written once: " + words(clean);
  if (retry) found = in.outcomes(profile, *command, Options{.tile_cells_max = of.shape.tile_cells_max});
  if (found.size() != clean.size()) return "the report has another size";
  for (std::size_t cell = 0; cell < clean.size(); ++cell) {
    if (!written[cell]) return "a cell writes nothing: " + words(clean);
    const bool settled = !retry && of.shape.tile_cells_max == 1 && cell + 1 != clean.size();
    Outcome expected = settled ? clean[cell] : Outcome::replayed;
    if (retry && forbids(change, of)) expected = Outcome::forbidden;
    ++met[std::string(name(expected))];
    if (found[cell] != expected) return "was " + words(clean) + ", is now " + words(found);
  }
  return in.exactly() == rows ? "" : "something was written by the second look";
}

}  // namespace

TEST_CASE("the writes of a request are replayed after any change by the host while its answer is lost") {
  std::map<std::string, unsigned> met, wrong_by;
  unsigned played = 0, wrong = 0;
  std::string first;
  for (const Setting& setting : settings)
    for (const Shape& shape : shapes)
      for (const Mode mode : {Mode::best_effort, Mode::atomic})
        for (std::size_t kind = 0; kind < kinds; ++kind) {
          const Case of{static_cast<CommandKind>(kind), setting, shape, mode};
          if (!setting.fits(of.kind) || !shape.fits(of.kind)) continue;
          if (shape.tile_cells_max == 1 && (mode == Mode::atomic || of.kind == CommandKind::transfer_ownership))
            continue;
          for (const Change& change : changes())
            for (const bool retry : {false, true}) {
              if (!applies(change, of, retry)) continue;
              ++played;
              const std::string fault = play(of, change, retry, met);
              if (fault.empty()) continue;
              ++wrong;
              ++wrong_by[roster_test::text_of(of.kind) + ": " + change.name];
              if (first.size() < 4000)
                first += roster_test::text_of(of.kind) + ", " + shape.name + ", " +
                         (mode == Mode::atomic ? "atomic, " : "best effort, ") + setting.name + "; " + change.name +
                         (retry ? "; a retry " : "; the operation ") + fault + "\n";
            }
        }
  std::string table;
  for (const auto& [what, count] : wrong_by) table += what + ": " + std::to_string(count) + "\n";
  INFO(wrong << " of " << played << " cases\n" << first << table);
  CHECK(wrong == 0);
  CHECK(played >= 2'000);
  CHECK(met["replayed"] > 2'000);
  CHECK(met["forbidden"] > 100);
}
