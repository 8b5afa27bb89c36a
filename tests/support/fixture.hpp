// The fixture: a store filled from a world, an engine on it, and its visible state in the terms of the oracle. Errors
// are returned as text, without a test framework, because the fuzz targets use the fixture too.
#ifndef ROSTER_TESTS_SUPPORT_FIXTURE_HPP
#define ROSTER_TESTS_SUPPORT_FIXTURE_HPP

#include <array>
#include <functional>
#include <stdexcept>

#include "roster/engine.hpp"
#include "roster/memory_store.hpp"
#include "support/oracle.hpp"

namespace roster_test {

/// Identifiers 1, 2, 3... and their count. Equal runs draw equal identifiers, and a run that writes nothing draws none.
class CountingIds final : public roster::IdSource {
 public:
  /// The default differs from every key that a scenario can name, and from every id in a filled fixture.
  explicit CountingIds(std::uint8_t first = 0xC0) : first_(first) {}
  void fill(std::span<roster::MembershipId> out) noexcept override;
  void fill(std::span<roster::AccountId> out) noexcept override;
  unsigned drawn() const { return keys_ + accounts_; }

 private:
  std::uint8_t first_;
  unsigned keys_ = 0, accounts_ = 0;
};

/// The contents of a store or a world, without the identifiers that differ between runs.
struct State {
  std::map<Pair, Member> rows;
  std::map<std::string, bool> accounts;  // whether they are only invited
  std::string broken;                    // empty: the store is consistent
  friend bool operator==(const State& a, const State& b) { return a.rows == b.rows && a.accounts == b.accounts; }
};
State state_of(const World& world);
/// `base` is the world that filled the store. Accounts outside it are the created ones.
State state_of(const roster::MemoryStore& store, const World& base);
/// The differences as text; empty: none.
std::string difference(const State& expected, const State& found);
std::string describe(const State& state);
/// One line for each membership, "club: ann clerk active", in alphabetical order, without ids and times.
std::vector<std::string> lines(const State& state);
/// The number of memberships that are not removed, or that have the given state; and that have the given role.
std::size_t members_of(const State& state, std::string_view place, std::optional<roster::MembershipState> in = {},
                       std::string_view as = {});

/// The report of an engine.
struct Answer : Summary {
  std::optional<roster::Error> error, stopped;
  // The identifiers drawn, which may differ between runs.
  std::vector<roster::AccountId> ids;
  std::vector<roster::MembershipId> memberships;
  roster::IdempotencyKey idempotency_key;

  roster::Outcome at(std::uint32_t row, std::uint32_t column) const {
    return outcomes[std::size_t{row} * columns + column];
  }
  /// Compares everything but identifiers.
  friend bool operator==(const Answer& a, const Answer& b) {
    return a.error == b.error && a.stopped == b.stopped && static_cast<const Summary&>(a) == b;
  }
};
Answer answer_of(const roster::Result<roster::Report>& result, const roster::MemoryStore& store, const World& base);
std::string describe(const Answer& answer);
/// The outcomes, cell after cell: "added existing", "error contended".
std::string outcomes_of(const Answer& answer);
/// Compares the report with the store: a reported membership must exist. If the command was `alone`, it must have the
/// reported id. If the command wrote it, it must also have the reported role and this request's key. Returns the
/// difference as text.
std::string contradiction(const roster::Command& command, const Answer& answer, const roster::MemoryStore& store,
                          bool alone = true);
/// The differences between the engine's report and the oracle's; empty: none.
std::string difference(const Expected& expected, const Answer& found);
/// A whole report as text, with identifiers, to compare two runs.
std::string all_of(const roster::Result<roster::Report>& result);
/// A whole change set as text.
std::string all_of(const roster::ChangeSet& changes);
/// The facts of a store as text, without the values that the store chooses. `exactly`: with versions.
std::string all_of(const roster::Query& query, const roster::Facts& facts, bool exactly = false);

/// One entry of an outbox: a happening, and the state before.
struct Entry {
  Happening happening;
  std::optional<Before> before;                       // of an existing membership
  std::optional<roster::Time> ends, invitation_ends;  // the ends in the entry; 0: none
};

/// A store that records every query and commit.
class Recorder final : public roster::Store {
 public:
  explicit Recorder(roster::Store& inner) : inner_(&inner) {}
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    ++fetches;
    return inner_->fetch(query, facts);
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override;

  unsigned fetches = 0, commits = 0, stale = 0;  // commits: those that succeeded
  std::vector<Entry> entries;                    // of all commits, until cleared
  std::vector<std::string> events;               // their names
  std::map<std::string, std::string> drawn;      // as World::drawn

 private:
  roster::Store* inner_;
};

// ---- a store that fails on demand: a script chooses a fault for each call

enum class Fault : std::uint8_t {
  pass,
  fail_before,    ///< store_failed, and nothing was read or written
  fail_after,     ///< store_failed after the call succeeded: the reply is lost
  stale,          ///< nothing was written
  out_of_memory,  ///< nothing was written
  throw_before,
  throw_after,
};
inline constexpr std::array faults = {Fault::fail_before,   Fault::fail_after,   Fault::stale,
                                      Fault::out_of_memory, Fault::throw_before, Fault::throw_after};
inline const char* name(Fault fault) {
  constexpr const char* names[] = {"pass",          "fail before",  "fail after", "stale",
                                   "out of memory", "throw before", "throw after"};
  return names[static_cast<unsigned>(fault)];
}

/// Not thread-safe, because a script is not.
class FaultyStore final : public roster::Store {
 public:
  /// Returns the fault of the call with this number, counted from 0.
  using Script = std::function<Fault(unsigned call, bool commit)>;

  explicit FaultyStore(roster::Store& inner, Script script = {}) : inner_(&inner), script_(std::move(script)) {}

  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    return disturbed(false, [&] {
      auto fetched = inner_->fetch(query, facts);
      if (breaks && fetched) broke = breaks(query, facts) || broke;
      return fetched;
    });
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override {
    if (seen) seen(changes);
    return disturbed(true, [&] {
      auto committed = inner_->commit(changes);
      if (committed && written) written(changes);
      return committed;
    });
  }

  unsigned calls = 0, commits = 0;
  bool failed = false;                                               ///< a fault was injected
  bool broke = false;                                                ///< some facts were broken
  std::function<bool(const roster::Query&, roster::Facts&)> breaks;  ///< applied to all facts; true: broken
  std::function<void(const roster::ChangeSet&)> seen;                ///< called with every change set
  std::function<void(const roster::ChangeSet&)> written;  ///< called after each successful commit, before its reply

 private:
  template <class Call>
  roster::Result<void> disturbed(bool commit, const Call& call) {
    const Fault fault = script_ ? script_(calls, commit) : Fault::pass;
    ++calls;
    commits += commit ? 1 : 0;
    failed = failed || fault != Fault::pass;
    const roster::Error failure(roster::Errc::store_failed, 7);
    if (fault == Fault::throw_before) throw std::runtime_error("before");
    if (fault == Fault::fail_before) return failure;
    if (fault == Fault::stale) return roster::Errc::stale;
    if (fault == Fault::out_of_memory) return roster::Errc::out_of_memory;
    auto answer = call();
    if (fault == Fault::throw_after) throw std::runtime_error("after");
    return fault == Fault::fail_after ? failure : answer;
  }

  roster::Store* inner_;
  Script script_;
};

/// Checks the bounds: each organization that had an owner has one, and no seats are exceeded. `had` collects the
/// organizations that had an owner. Returns the violation as text.
std::string broken_bounds(const World& world, const roster::Profile& profile, roster::Time now,
                          std::set<std::string>& had);

/// Puts the world into an empty memory store; false: it was refused. For any other store: store_view.hpp.
bool fill(roster::MemoryStore& store, const World& world);
bool change_account(roster::MemoryStore& store, const IssuedCommand& issued);

constexpr roster::Time now{1'700'000'000'000'000};

/// A filled store and the other parts of an engine. Not movable, because operations refer to it.
class TestFixture {
 public:
  explicit TestFixture(const World& world, roster::Options chosen = {}) : base(world), options(chosen) {
    filled = fill(store, world);
  }
  TestFixture(const TestFixture&) = delete;

  /// Runs the command on an engine, through `through` if calls are to fail.
  Answer run(const roster::Profile& profile, const roster::Command& command, roster::Store* through = nullptr,
             roster::Time at = now) {
    return answer_of(raw_run(profile, command, through, at), store, base);
  }
  roster::Result<roster::Report> raw_run(const roster::Profile& profile, const roster::Command& command,
                                         roster::Store* through = nullptr, roster::Time at = now) {
    return roster::Engine(profile, through != nullptr ? *through : store, ids, options).run(command, at);
  }
  State state() const { return state_of(store, base); }
  /// All answers of the store about its world, with identifiers, keys and versions.
  std::string exactly();

  World base;
  roster::Options options;
  roster::MemoryStore store{roster::MemoryOptions{.thread_safe = false}};
  Recorder outbox{store};
  CountingIds ids;
  bool filled = false;
};

}  // namespace roster_test

#endif
