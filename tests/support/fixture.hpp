// The fixture: a store filled from a world, what an engine makes of it, and what can be seen on it afterwards, in the
// words of the oracle. What is wrong is said as text and without a test framework, because the fuzz targets look as
// well.
#ifndef ROSTER_TESTS_SUPPORT_FIXTURE_HPP
#define ROSTER_TESTS_SUPPORT_FIXTURE_HPP

#include <array>
#include <functional>
#include <stdexcept>

#include "roster/engine.hpp"
#include "roster/memory_store.hpp"
#include "support/oracle.hpp"

namespace roster_test {

/// Identifiers 1, 2, 3... and a count of them: equal runs draw equal ones, and a run that writes nothing draws none.
class CountingIds final : public roster::IdSource {
 public:
  /// By default unlike every key that a scenario can name, and every id that a fixture is filled with.
  explicit CountingIds(std::uint8_t first = 0xC0) : first_(first) {}
  void fill(std::span<roster::MembershipId> out) noexcept override;
  void fill(std::span<roster::AccountId> out) noexcept override;
  unsigned drawn() const { return keys_ + accounts_; }

 private:
  std::uint8_t first_;
  unsigned keys_ = 0, accounts_ = 0;
};

/// What a store or a world holds, without the identifiers that differ from run to run.
struct State {
  std::map<Pair, Member> rows;
  std::map<std::string, bool> accounts;  // and whether they are only invited
  std::string broken;                    // empty: the store agrees with itself
  friend bool operator==(const State& a, const State& b) { return a.rows == b.rows && a.accounts == b.accounts; }
};
State state_of(const World& world);
/// `base` is the world that the store was filled from: accounts outside it are the created ones.
State state_of(const roster::MemoryStore& store, const World& base);
/// Where the two differ, in words; empty if they do not.
std::string difference(const State& expected, const State& found);
std::string describe(const State& state);
/// One line a membership, "club: ann clerk active", in alphabetical order: the same for two runs that drew different
/// ids at different times.
std::vector<std::string> lines(const State& state);
/// How many are there: not removed, or in that state, and with that role.
std::size_t members_of(const State& state, std::string_view place, std::optional<roster::MembershipState> in = {},
                       std::string_view as = {});

/// What an engine answered.
struct Answer : Summary {
  std::optional<roster::Error> error, stopped;
  // The identifiers drawn, in which two runs may differ.
  std::vector<roster::AccountId> ids;
  std::vector<roster::MembershipId> memberships;
  roster::IdempotencyKey idempotency_key;

  roster::Outcome at(std::uint32_t row, std::uint32_t column) const {
    return outcomes[std::size_t{row} * columns + column];
  }
  /// The same in everything but identifiers.
  friend bool operator==(const Answer& a, const Answer& b) {
    return a.error == b.error && a.stopped == b.stopped && static_cast<const Summary&>(a) == b;
  }
};
Answer answer_of(const roster::Result<roster::Report>& result, const roster::MemoryStore& store, const World& base);
std::string describe(const Answer& answer);
/// The outcomes alone, cell after cell: "added existing", "error contended".
std::string outcomes_of(const Answer& answer);
/// The report and the store agree: what is reported as done is there; if the command was `alone`, under the
/// id that is shown, and what was written with the role that is shown and by this request. Says what is wrong.
std::string contradiction(const roster::Command& command, const Answer& answer, const roster::MemoryStore& store,
                          bool alone = true);
/// Where the engine's answer differs from the oracle's; empty if nowhere.
std::string difference(const Expected& expected, const Answer& found);
/// A report byte by byte, identifiers included, for comparing two runs.
std::string all_of(const roster::Result<roster::Report>& result);
/// A change set likewise.
std::string all_of(const roster::ChangeSet& changes);
/// An answer of a store in words, without what it chooses for itself; with versions too, if `exactly`.
std::string all_of(const roster::Query& query, const roster::Facts& facts, bool exactly = false);

/// What an outbox says of one change: a happening, and what there was before.
struct Entry {
  Happening happening;
  std::optional<Before> before;      // of a membership that was there
  std::optional<roster::Time> ends;  // what it says about the end of a membership; 0: for ever
};

/// A store that writes down what is asked of it and committed.
class Recorder final : public roster::Store {
 public:
  explicit Recorder(roster::Store& inner) : inner_(&inner) {}
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override {
    ++fetches;
    return inner_->fetch(query, facts);
  }
  roster::Result<void> commit(const roster::ChangeSet& changes) override;

  unsigned fetches = 0, commits = 0, stale = 0;  // commits: done; stale: refused
  std::vector<Entry> entries;                    // of all commits, until it is cleared
  std::vector<std::string> events;               // their names
  std::map<std::string, std::string> drawn;      // as World::drawn

 private:
  roster::Store* inner_;
};

// ---- a store that misbehaves on demand: a script says for each call what goes wrong

enum class Fault : std::uint8_t {
  pass,
  fail_before,    ///< store_failed, and nothing was read or written
  fail_after,     ///< store_failed, but it was: the answer is lost
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

/// As thread-safe as its script: that is, not at all.
class FaultyStore final : public roster::Store {
 public:
  /// Says what goes wrong in the call with this number, counted from 0.
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
  bool failed = false;                                               ///< something did go wrong
  bool broke = false;                                                ///< some facts were broken
  std::function<bool(const roster::Query&, roster::Facts&)> breaks;  ///< applied to every answer; whether it could
  std::function<void(const roster::ChangeSet&)> seen;                ///< told of every change set
  std::function<void(const roster::ChangeSet&)> written;  ///< of those that were carried out, before they are answered

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

/// The memberships that a reader of the outbox knows of.
class Reader {
 public:
  explicit Reader(const World& world) : known_(world.members) {}
  /// Takes in an entry; says what is wrong with it, or nothing.
  std::string read(const Entry& entry, roster::Time now);
  /// Where what it knows is not what is there.
  std::string difference(const State& state) const;

 private:
  std::map<Pair, Member> known_;
};

/// An owner where there was one, and no more than there are seats. `had` remembers who had an owner.
std::string broken_bounds(const World& world, const roster::Profile& profile, std::set<std::string>& had);

/// Puts everything of the world into an empty store; false if the store refused something. Into any other: look.hpp.
bool fill(roster::MemoryStore& store, const World& world);
/// The host has seen that the address is its own.
bool verify(roster::MemoryStore& store, const std::string& address);

constexpr roster::Time now{1'700'000'000'000'000};

/// A filled store and an engine's other ingredients. Not movable: operations point into it.
class TestFixture {
 public:
  explicit TestFixture(const World& world, roster::Options chosen = {}) : base(world), options(chosen) {
    filled = fill(store, world);
  }
  TestFixture(const TestFixture&) = delete;

  /// Through the engine, on `through` if the calls are to be disturbed.
  Answer run(const roster::Profile& profile, const roster::Command& command, roster::Store* through = nullptr,
             roster::Time at = now) {
    return answer_of(raw_run(profile, command, through, at), store, base);
  }
  roster::Result<roster::Report> raw_run(const roster::Profile& profile, const roster::Command& command,
                                         roster::Store* through = nullptr, roster::Time at = now) {
    return roster::Engine(profile, through != nullptr ? *through : store, ids, options).run(command, at);
  }
  State state() const { return state_of(store, base); }
  /// Everything that the store answers about its world, with identifiers, keys and versions.
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
