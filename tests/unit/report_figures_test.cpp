// Proves that a report counts tiles, decisions, stale commits and, where the store counts them, round trips.
#include <vector>

#include "roster/engine.hpp"
#include "roster/memory_store.hpp"
#include "unit/manual_operation.hpp"

namespace report_figures_test {

using namespace by_hand;

namespace {

/// A store that counts a round trip for each call, and refuses the first commits as stale.
class CountingStore final : public Store {
 public:
  explicit CountingStore(unsigned stale) : stale_(stale) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    ++trips_;
    return inner_.fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    ++trips_;
    if (stale_ == 0) return inner_.commit(changes);
    --stale_;
    return Errc::stale;
  }
  std::optional<std::uint64_t> round_trips() const noexcept override { return trips_; }

  MemoryStore& records() { return inner_; }

 private:
  MemoryStore inner_;
  unsigned stale_;
  std::uint64_t trips_ = 0;
};

struct Figures {
  std::uint32_t tiles, attempts, stale;
  std::uint64_t round_trips;
  friend bool operator==(const Figures&, const Figures&) = default;
};
Figures figures_of(const Report& report) {
  return {report.tiles, report.attempts, report.stale, report.round_trips};
}

/// Five accounts join one organization, in tiles of at most so many cells.
Figures add_five(Store& store, MemoryStore& records, std::uint32_t tile_cells_max, Mode mode) {
  REQUIRE(records.put_organization({.id = organization("o")}).has_value());
  std::vector<AccountSelector> accounts;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    REQUIRE(records.put_account({.id = account(name)}).has_value());
    accounts.emplace_back(account(name));
  }
  Profile profile = wide_profile();
  profile.mode = mode;
  Numbers ids;
  const Engine engine(profile, store, ids, {.tile_cells_max = tile_cells_max});
  const auto report = engine.run(AddMembers(organization("o"), accounts, role("clerk")), Time{1});
  REQUIRE(report.has_value());
  CHECK(report.value().succeeded());
  return figures_of(report.value());
}

}  // namespace

TEST_CASE("figures: each tile is one decision, one fetch and one commit") {
  CountingStore store(0);
  CHECK(add_five(store, store.records(), 2, Mode::best_effort) == Figures{3, 3, 0, 6});
}

TEST_CASE("figures: a tile is at most 1,024 accounts wide, so that 16 organizations fill it") {
  MemoryStore store;
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  for (int i = 0; i < 16; ++i) {
    organizations.emplace_back(organization("o" + std::to_string(i)));
    REQUIRE(store.put_organization({.id = organization("o" + std::to_string(i))}).has_value());
  }
  for (int i = 0; i < 2'000; ++i) accounts.emplace_back(account("a" + std::to_string(i)));  // none exists
  Profile profile = wide_profile();
  profile.accounts_max = 2'000;
  Numbers ids;
  const auto report = Engine(profile, store, ids).run(AddMembers(organizations, accounts), Time{1});
  REQUIRE(report.has_value());
  CHECK(report.value().count(Outcome::account_not_found) == 32'000);
  CHECK(figures_of(report.value()) == Figures{2, 2, 0, 0});
}

TEST_CASE("figures: an actor refused everywhere learns no group's size from them, if organizations are hidden") {
  const auto figures = [](std::size_t size) {
    CountingStore store(0);
    std::vector<AccountId> group;
    REQUIRE(store.records().put_organization({.id = organization("o")}).has_value());
    for (std::size_t i = 0; i < size; ++i) {
      group.push_back(account("a" + std::to_string(i)));
      REQUIRE(store.records().put_account({.id = group.back()}).has_value());
    }
    REQUIRE(store.records().overwrite_group(GroupName("all"), group).has_value());
    Profile profile = wide_profile();
    profile.actor = ActorRule::manager;
    profile.hides_organizations = true;
    Numbers ids;
    AddMembers command;
    command.organizations = organization("o");
    command.groups = {GroupName("all")};
    command.actor.id = account("stranger");
    const auto report = Engine(profile, store, ids, {.tile_cells_max = 2}).run(command, Time{1});
    REQUIRE(report.has_value());
    CHECK(report.value().count(Outcome::forbidden) == 1);
    return figures_of(report.value());
  };
  CHECK(figures(1) == figures(9));
}

TEST_CASE("figures: a stale commit is another decision of the same tile") {
  CountingStore store(2);
  CHECK(add_five(store, store.records(), 100, Mode::atomic) == Figures{1, 3, 2, 6});
}

TEST_CASE("figures: half of a stale tile is a tile of its own") {
  CountingStore store(1);
  CHECK(add_five(store, store.records(), 100, Mode::best_effort) == Figures{2, 3, 1, 6});
}

TEST_CASE("figures: a store that counts no round trips has none, in bulk and for one cell") {
  MemoryStore bulk;
  CHECK(add_five(bulk, bulk, 2, Mode::best_effort) == Figures{3, 3, 0, 0});
  MemoryStore store;
  REQUIRE(store.put_organization({.id = organization("o")}).has_value());
  REQUIRE(store.put_account({.id = account("a")}).has_value());
  Numbers ids;
  const Engine engine(wide_profile(), store, ids);
  for (int time : {1, 2}) {  // added, then existing
    const auto report = engine.run(AddMembers(organization("o"), account("a"), role("clerk")), Time{time});
    REQUIRE(report.has_value());
    CHECK(figures_of(report.value()) == Figures{1, 1, 0, 0});
  }
}

TEST_CASE("figures: one cell in a store that counts takes a fetch and a commit, and nothing more if nothing changes") {
  CountingStore store(0);
  REQUIRE(store.records().put_organization({.id = organization("o")}).has_value());
  REQUIRE(store.records().put_account({.id = account("a")}).has_value());
  Numbers ids;
  const Engine engine(wide_profile(), store, ids);
  const AddMembers command(organization("o"), account("a"), role("clerk"));
  CHECK(figures_of(engine.run(command, Time{1}).value()) == Figures{1, 1, 0, 2});
  CHECK(figures_of(engine.run(command, Time{2}).value()) == Figures{1, 1, 0, 1});
}

}
