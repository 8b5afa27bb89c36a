// A small world in one thread, from one seed: many concurrent operations on one store, with every kind of failure.
// After every commit all invariants must hold.
//
// ROSTER_SEED=n replays the one seed n; ROSTER_SEEDS=n runs the seeds 1 to n. A failure names its seed.
#include <algorithm>
#include <cstdlib>
#include <memory>

#include "../../src/core/split_mix.hpp"
#include "catch.hpp"
#include "conditions.hpp"
#include "late_requests.hpp"
#include "outbox_reader.hpp"
#include "support/schedule.hpp"

using namespace roster;
using namespace roster_test;

namespace {

class Dice : public SplitMix64 {
 public:
  explicit Dice(std::uint64_t seed) : SplitMix64(seed * golden_ratio + 1) {}
  bool chance(unsigned percent) { return below(100) < percent; }
  Bytes bytes(std::size_t count) {
    Bytes drawn(count);
    for (std::uint8_t& byte : drawn) byte = static_cast<std::uint8_t>(next());
    return drawn;
  }
};

/// Counts of events, which show that a run reached its subject.
struct Tally {
  unsigned operations = 0, commits = 0, stale = 0, injected = 0, lost = 0, dropped = 0, duplicates = 0,
           refused_late = 0, changed = 0, expired = 0, disabled = 0, erased = 0, closed = 0, opened = 0;
  unsigned wrote = 0, contended = 0;
  std::map<Outcome, unsigned> outcomes;
};

class Simulation {
 public:
  Simulation(std::uint64_t seed, Tally& tally) : dice_(seed), tally_(tally) {
    story_ = read_opening(dice_.bytes(opening_bytes));
    profile_ = story_.rules.profile();
    world_ = story_.world;
    filled_ = fill(store_, world_);
    reader_ = std::make_unique<Reader>(world_);
    check_bounds();
  }

  /// Returns the error as text; empty: none.
  std::string run(unsigned steps) {
    if (!filled_) return "the store refused to be filled\n";
    for (unsigned i = 0; i < steps && wrong_.empty(); ++i) step();
    while (!alive_.empty() && wrong_.empty()) advance(alive_.size() - 1);
    return wrong_;
  }

 private:
  struct Alive {
    std::shared_ptr<Command> command;  // it outlives the operation
    std::unique_ptr<Operation> operation;
  };

  void step() {
    now_ += 1'000'000;
    const unsigned what = dice_.below(100);
    if (what >= 98) return act_as_host();
    if (alive_.empty() || (what < 30 && alive_.size() < 12)) return begin();
    if (what == 30) {  // a restart: one operation in progress is lost
      alive_.erase(alive_.begin() + dice_.below(static_cast<unsigned>(alive_.size())));
      ++tally_.dropped;
      return;
    }
    if (what == 31 && dice_.chance(15)) return close_or_open();
    advance(dice_.below(static_cast<unsigned>(alive_.size())));
  }

  void act_as_host() { profile_.roles.empty() && dice_.chance(50) ? erase_role() : change_account(); }

  /// Closes or opens an organization. Its members keep a closed one closed.
  void close_or_open() {
    const std::string place = place_name(dice_.below(3));
    bool& closed = world_.places[place].closed;
    const bool closes = !closed && dice_.chance(45);
    const bool kept = std::any_of(world_.members.begin(), world_.members.end(), [&](const auto& row) {
      return row.first.first == place && row.second.state != MembershipState::removed;
    });
    const auto changed = store_.change_organization(id<OrganizationId>(place), {.closed = closes}, any_version);
    if (changed.has_value() == (closed && !closes && kept)) wrong_ = place + " was not closed or opened as it had to\n";
    tally_.closed += closes ? 1 : 0;
    tally_.opened += closed && changed ? 1 : 0;
    if (changed) closed = closes;
    check_bounds();
  }

  /// Erases a role of an organization's own catalog. Commands that were decided under it may still be in progress.
  void erase_role() {
    const std::string place = place_name(dice_.below(3));
    auto& roles = world_.places[place].roles;
    if (roles.size() < 2) return;
    const auto erased = std::next(roles.begin(), dice_.below(static_cast<unsigned>(roles.size())));
    const auto instead = std::next(roles.begin(), dice_.below(static_cast<unsigned>(roles.size())));
    const std::string from = erased->first, to = instead->first;
    if (!store_.erase_role(id<OrganizationId>(place), id<RoleId>(from), id<RoleId>(to), any_version)) return;
    ++tally_.erased;
    roles.erase(erased);
    reader_->replace_role(place, from, to);  // MemoryStore has no outbox, which would have an entry for each
    const State state = state_of(store_, story_.world);
    if (const std::string wrong = reader_->difference(state); !wrong.empty()) wrong_ = wrong;
    look_again(state);
    // The replacement may take a seat where the erased role took none. The host then provides the seats.
    std::uint32_t& seats_max = world_.places[place].seats_max;
    seats_max = std::max(seats_max, seats_taken(world_, profile_, place, at_));
    if (!store_.change_organization(id<OrganizationId>(place), {.seats_max = seats_max}, any_version))
      wrong_ = "the host could not change " + place + "\n";
    check_bounds();
  }

  /// Disables or enables an account. The host may disable the last owner.
  void change_account() {
    const std::string name = person_name(dice_.below(people_max));
    if (world_.people.count(name) == 0) return;
    bool& disabled = world_.people[name].disabled;
    disabled = !disabled && dice_.chance(20);
    tally_.disabled += disabled ? 1 : 0;
    if (!store_.change_account(id<AccountId>(name), {.disabled = disabled}, any_version))
      wrong_ = "the host could not change " + name + "\n";
    had_owners_.clear();
    check_bounds();
  }

  void begin() {
    Alive fresh;
    if (!sent_.empty() && dice_.chance(15)) {  // the same command again, soon or much later
      const std::size_t back = dice_.chance(50) ? dice_.below(8) : dice_.below(static_cast<unsigned>(sent_.size()));
      fresh.command = sent_[sent_.size() - 1 - back % sent_.size()].command;
      ++tally_.duplicates;
    } else {
      std::vector<IssuedCommand>& recent = story_.issued;
      recent.assign(sent_.end() - std::min<std::ptrdiff_t>(8, std::ssize(sent_)), sent_.end());
      const Bytes bytes = dice_.bytes(issued_bytes);
      const IssuedCommand asked = read_issued(Draw(bytes), Time{now_}, story_.world, story_.rules, recent);
      fresh.command = asked.command;
      const auto same = [&](const IssuedCommand& each) { return each.command == asked.command; };
      if (std::any_of(recent.begin(), recent.end(), same)) {
        ++tally_.duplicates;
      } else {
        // A queue in front, which gives each request its time and a key of its own.
        fresh.command->asked_at = Time{now_};
        if (dice_.chance(90)) fresh.command->idempotency_key = fresh_key();
        sent_.push_back(asked);
      }
    }
    fresh.operation = std::make_unique<Operation>(profile_, *fresh.command, Context{Time{now_}, &ids_, true});
    ++tally_.operations;
    alive_.push_back(std::move(fresh));
  }

  IdempotencyKey fresh_key() {
    IdempotencyKey key;
    key.bytes.fill(0xD0);
    ++keys_;
    for (unsigned i = 0; i < 4; ++i) key.bytes[15 - i] = static_cast<std::uint8_t>(keys_ >> (8 * i));
    return key;
  }

  void advance(std::size_t at) {
    Operation& operation = *alive_[at].operation;
    if (operation.need() == Operation::Need::nothing) return finish(at);
    const Command& command = *alive_[at].command;
    Fault fault = Fault::pass;
    FaultyStore faulty(recorder_, [&](unsigned, bool commit) { return fault = draw_fault(commit); });
    faulty.written = [&](const ChangeSet& changes) {
      ++tally_.commits;
      tally_.lost += fault == Fault::fail_after ? 1 : 0;
      check(command, changes);
      recorder_.entries.clear();
    };
    const unsigned stale = recorder_.stale;
    roster_test::step(operation, faulty);
    tally_.stale += recorder_.stale - stale;
  }

  Fault draw_fault(bool commit) {
    if (!commit) return dice_.chance(2) ? ++tally_.injected, Fault::fail_before : Fault::pass;
    const unsigned fault = dice_.below(100);
    if (fault < 7) ++tally_.injected;
    return fault < 4 ? Fault::stale : fault < 7 ? Fault::fail_before : fault < 15 ? Fault::fail_after : Fault::pass;
  }

  void finish(std::size_t at) {
    const auto result = alive_[at].operation->finish();
    if (result) {
      const Report& report = result.assume_value();
      for (const Outcome outcome : report.outcomes) ++tally_.outcomes[outcome];
      tally_.refused_late += report.count(Outcome::was_removed) != 0 ? 1 : 0;
      tally_.changed += report.count(Outcome::has_changed) != 0 ? 1 : 0;
      if (!report.stopped && report.count(Outcome::undecided) != 0) fail(*alive_[at].command, "a cell is undecided");
      if (report.stopped && report.stopped->code == Errc::contended) ++tally_.contended;
    } else {
      const Errc code = result.assume_error().code;
      const bool malformed = code < Errc::stale;  // or a late command whose expiry has passed
      if (code != Errc::store_failed && code != Errc::contended && !malformed)
        fail(*alive_[at].command, "it ended in an error");
      if (code == Errc::contended) ++tally_.contended;
    }
    alive_.erase(alive_.begin() + static_cast<std::ptrdiff_t>(at));
  }

  // ---- invariants after a commit

  void check(const Command& command, const ChangeSet& changes) {
    for (const Entry& entry : recorder_.entries) {
      tally_.expired += entry.happening.event == Event::expired ? 1 : 0;
      if (const std::string wrong = reader_->read(entry, changes.at); !wrong.empty()) fail(command, wrong);
      check_right(command, entry, changes.at);
      check_open(command, entry);
      if (const std::string wrong = late_.read(command, entry, changes, world_, profile_); !wrong.empty())
        fail(command, wrong);
    }
    at_ = std::max(at_, changes.at);
    const State state = state_of(store_, story_.world);
    if (!state.broken.empty()) fail(command, state.broken);
    if (const std::string wrong = reader_->difference(state); !wrong.empty()) fail(command, wrong);
    look_again(state);
    world_.drawn = recorder_.drawn;
    check_bounds(&command);
  }

  /// In a closed organization a membership only ends, or is suspended.
  void check_open(const Command& command, const Entry& entry) {
    constexpr std::array ends = {Event::suspended, Event::removed, Event::left,
                                 Event::declined,  Event::revoked, Event::expired};
    const auto& [event, pair, role] = entry.happening;
    if (world_.places.at(pair.first).closed && std::find(ends.begin(), ends.end(), event) == ends.end())
      fail(command, pair.first + " is closed");
  }

  /// The actor has its right at the moment of the commit, whatever it had at the decision. So has the inviter of an
  /// accepted invitation. The world is still the one before the commit.
  void check_right(const Command& command, const Entry& entry, Time at) {
    const auto& [event, pair, role] = entry.happening;
    const std::string actor = text_of(command.actor.id);
    bool named = false, joined = false;  // as the parent of another
    for (const OrganizationSelector& selector : command.organizations.span()) {
      const std::string place = find_place(world_, selector);
      named = named || place == pair.first;
      joined = joined || (!place.empty() && world_.places.at(place).parent == pair.first);
    }
    joined = joined && profile_.parent == ParentRule::add;
    if (named && !joined && !authorizes(world_, profile_, command, pair.first, at))
      fail(command, actor + " has no right to that in " + pair.first);
    const auto had = world_.members.find(pair);
    const bool waits = had != world_.members.end() && had->second.state == MembershipState::invited;
    if (event == Event::invited || event == Event::invitation_renewed || (event == Event::role_changed && waits)) {
      invited_by_.erase(pair);
      if (world_.people.count(actor) && !command.actor.staff) invited_by_[pair] = actor;
    }
    const auto inviter = invited_by_.find(pair);
    const bool rechecks =
        profile_.rechecks_inviter && (profile_.actor == ActorRule::member || profile_.actor == ActorRule::manager);
    const bool accepts = event == Event::accepted && command.kind() == CommandKind::accept_invitation;
    if (!accepts || !rechecks || inviter == invited_by_.end()) return;
    if (profile_.organization_is_account && inviter->second == pair.first) return;
    const Role* const held = role_in(pair.first, inviter->second, at);
    if (held == nullptr || (profile_.actor == ActorRule::manager && !held->manages) ||
        held->rank < rank_of(pair.first, role))
      fail(command, inviter->second + " may not invite to " + pair.first + " any more");
  }
  /// The role of an active member at that moment; null: no active member.
  const Role* role_in(const std::string& place, const std::string& account, Time at) const {
    const Member* const found = find_member(world_, place, account);
    if (found == nullptr || found->state_at(at) != MembershipState::active || is_disabled(world_, account))
      return nullptr;
    return find_role(world_, profile_, place, found->role);
  }
  unsigned rank_of(const std::string& place, const std::string& name) const {
    const Role* const role = find_role(world_, profile_, place, name);
    return role != nullptr ? role->rank : 0;
  }

  /// Reads the world back from the store, independently of the oracle.
  void look_again(const State& state) {
    world_.members.clear();
    for (const auto& [pair, row] : state.rows)
      if (row.state != MembershipState::removed) world_.members[pair] = row;
  }

  void check_bounds(const Command* command = nullptr) {
    const std::string broken = broken_bounds(world_, profile_, at_, had_owners_);
    if (broken.empty()) return;
    if (command != nullptr) return fail(*command, broken);
    wrong_ = broken;
  }

  void fail(const Command& command, const std::string& why) {
    if (!wrong_.empty()) return;
    std::ostringstream out;
    out << why << "\nafter: ";
    describe(out, command);
    out << "\nunder: ";
    describe(out, story_.rules);
    out << "\nstore:\n" << describe(state_of(store_, story_.world));
    wrong_ = out.str();
  }

  Dice dice_;
  Tally& tally_;
  CommandHistory story_;
  Profile profile_{.actor = ActorRule::host_decides};
  World world_;
  MemoryStore store_{MemoryOptions{.thread_safe = false}};
  Recorder recorder_{store_};
  CountingIds ids_;
  std::unique_ptr<Reader> reader_;
  Time at_{};  // the latest time of a commit
  std::vector<Alive> alive_;
  std::vector<IssuedCommand> sent_;
  LateRequests late_;
  std::map<Pair, std::string> invited_by_;
  std::set<std::string> had_owners_;
  std::int64_t now_ = 1'700'000'000'000'000;
  unsigned keys_ = 0;
  bool filled_ = false;
  std::string wrong_;
};

constexpr unsigned steps = 750;  // of one seed: about 200 operations
constexpr unsigned usual_seeds = 680;

unsigned long number_in(const char* variable) {
  const char* const given = std::getenv(variable);
  return given != nullptr ? std::strtoul(given, nullptr, 10) : 0;
}

}  // namespace

TEST_CASE("many operations at once break no bound, and every report matches the records") {
  const unsigned long one = number_in("ROSTER_SEED"), given = number_in("ROSTER_SEEDS");
  const unsigned long first = one != 0 ? one : 1, last = one != 0 ? one : given != 0 ? given : usual_seeds;
  Tally tally;
  for (unsigned long seed = first; seed <= last; ++seed) {
    const std::string wrong = Simulation(seed, tally).run(steps);
    if (wrong.empty()) continue;
    FAIL("again with ROSTER_SEED=" << seed << ":\n" << wrong);
  }
  INFO(tally.operations << " operations, " << tally.commits << " commits, " << tally.stale << " stale, "
                        << tally.injected << " failed, " << tally.lost << " answers lost, " << tally.dropped
                        << " dropped, " << tally.duplicates << " duplicates, " << tally.refused_late
                        << " refused because of a removal, " << tally.changed << " because of another change, "
                        << tally.contended << " contended, " << tally.closed << " closed, " << tally.opened
                        << " opened");
  SUCCEED();
  if (one != 0 || last < usual_seeds) return;
  CHECK(tally.operations >= 100'000);
  CHECK(tally.commits > 10'000);
  CHECK(tally.stale > tally.commits / 50);
  CHECK(tally.injected > 1000);
  CHECK(tally.lost > tally.commits / 15);  // of successful commits, 7 in 93 lose their reply
  CHECK(tally.dropped > 1000);
  CHECK(tally.duplicates > 10'000);
  CHECK(tally.refused_late > 500);
  CHECK(tally.changed > 500);
  CHECK(tally.outcomes[Outcome::seats_taken] > 500);
  CHECK(tally.outcomes[Outcome::last_owner] > 500);
  CHECK(tally.outcomes[Outcome::accepted] > 500);
  CHECK(tally.outcomes[Outcome::expiry_changed] > 500);
  CHECK(tally.expired > 500);
  CHECK(tally.disabled > 1000);
  CHECK(tally.erased > 100);
  CHECK(tally.closed > 40);
  CHECK(tally.opened > 3);
  CHECK(tally.outcomes[Outcome::organization_closed] > 500);
  CHECK(tally.outcomes[Outcome::replayed] > 500);
}
