// The stage: a store filled from a world, and what can be seen on it afterwards, in the words of the model.
//
// Looking at a store also checks it: one row per pair, one account per address, lists and counts that agree. What is
// wrong is said in State::broken, as text and without a test framework, because the fuzz targets look as well.
#ifndef ROSTER_TESTS_SUPPORT_STAGE_HPP
#define ROSTER_TESTS_SUPPORT_STAGE_HPP

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "roster/engine.hpp"
#include "roster/memory_store.hpp"
#include "support/model.hpp"
#include "support/scene.hpp"

namespace roster_test {

/// Identifiers 1, 2, 3... and a count of them: equal runs draw equal ones, and a run that writes nothing draws none.
class CountingIds final : public roster::IdSource {
 public:
  void fill(std::span<roster::MembershipId> out) noexcept override;
  void fill(std::span<roster::AccountId> out) noexcept override;
  unsigned drawn() const { return keys_ + accounts_; }

 private:
  unsigned keys_ = 0, accounts_ = 0;
};

struct Row {
  std::string role, request;
  roster::MembershipState state = roster::MembershipState::active;
  std::int64_t added_at = 0;
  friend bool operator==(const Row&, const Row&) = default;
};

/// What a store or a world holds, without the identifiers that differ from run to run.
struct State {
  std::map<std::pair<std::string, std::string>, Row> rows;  // (organization, account)
  std::map<std::string, bool> accounts;                     // and whether they are only invited
  std::string broken;                                       // empty: the store agrees with itself
  friend bool operator==(const State& a, const State& b) { return a.rows == b.rows && a.accounts == b.accounts; }
};
State state_of(const World& world);
/// `base` is the world that the store was filled from: accounts outside it are the created ones.
State state_of(const roster::MemoryStore& store, const World& base);
/// Where the two differ, in words; empty if they do not.
std::string difference(const State& expected, const State& found);

/// A report in the words of the model.
struct Answer {
  std::optional<roster::Error> error, stopped;
  std::uint32_t rows = 0, columns = 0, named = 0;
  std::vector<roster::Outcome> outcomes;
  std::vector<std::string> accounts, cell_roles;
  std::vector<bool> created;
  std::vector<roster::MembershipId> memberships;
  roster::RequestKey request;

  roster::Outcome at(std::uint32_t row, std::uint32_t column) const {
    return outcomes[std::size_t{row} * columns + column];
  }
  bool none_undecided() const;
  /// The same in everything but the identifiers drawn.
  friend bool operator==(const Answer& a, const Answer& b);
};
Answer answer_of(const roster::Result<roster::Report>& result, const roster::MemoryStore& store, const World& base);
std::string describe(const Answer& answer);
/// Where the engine's answer differs from the model's; empty if nowhere.
std::string difference(const ModelAnswer& expected, const Answer& found);
/// A report byte by byte, identifiers included, for comparing two runs.
std::string all_of(const roster::Result<roster::Report>& result);
/// A change set likewise.
std::string all_of(const roster::ChangeSet& changes);

/// Puts everything of the world into an empty store; false if the store refused something.
bool fill(roster::MemoryStore& store, const World& world);

constexpr roster::Time now{1'700'000'000'000'000};

/// A filled store and an engine's other ingredients. Not movable: operations point into it.
class Stage {
 public:
  explicit Stage(const World& world, roster::Options chosen = {}) : base(world), options(chosen) {
    filled = fill(store, world);
  }

  /// Through the engine, on `through` if the calls are to be disturbed.
  Answer add(const roster::Profile& profile, const roster::AddMembers& command, roster::Store* through = nullptr) {
    return answer_of(raw_add(profile, command, through), store, base);
  }
  roster::Result<roster::Report> raw_add(const roster::Profile& profile, const roster::AddMembers& command,
                                         roster::Store* through = nullptr) {
    return roster::Engine(profile, through != nullptr ? *through : store, ids, options).add(command, now);
  }
  State state() const { return state_of(store, base); }

  const World base;
  roster::Options options;
  roster::MemoryStore store{roster::MemoryOptions{.locked = false}};
  CountingIds ids;
  bool filled = false;
};

}  // namespace roster_test

#endif
