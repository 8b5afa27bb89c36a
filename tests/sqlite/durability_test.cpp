// Proves that a process killed in the middle of an import leaves whole tiles and nothing else, and that the same
// command under the same key completes it: `replayed` for what was there, `added` for the rest.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <random>
#include <set>
#include <thread>

#include "catch.hpp"
#include "folder.hpp"
#include "numbered_world.hpp"
#include "prop.hpp"
#include "roster/memory_store.hpp"

namespace durability_test {

using namespace roster;
using namespace roster_test;
using namespace fixtures;

namespace {

constexpr unsigned organizations = 24, accounts = 101;

Options tiles() {
  Options options;
  options.tile_cells_max = 120;
  return options;
}

using Pair = std::pair<std::string, std::string>;

/// Writes down which pairs each commit adds.
class TilesWritten final : public Store {
 public:
  explicit TilesWritten(Store& inner) : inner_(inner) {}
  Result<void> fetch(const Query& query, Facts& facts) override { return inner_.fetch(query, facts); }
  Result<void> commit(const ChangeSet& changes) override {
    std::set<Pair> pairs;
    for (const MemberAdded& added : changes.added)
      pairs.emplace(changes.organizations[added.organization].id.view(), changes.accounts[added.account].id.view());
    commits.push_back(pairs);
    return inner_.commit(changes);
  }
  std::vector<std::set<Pair>> commits;

 private:
  Store& inner_;
};

/// What a process that imports does; it may be killed anywhere in here.
void import_all(const std::string& file) {
  auto store = SqliteStore::open(file.c_str());
  if (!store) return;
  UuidSource ids({static_cast<std::uint64_t>(getpid()), 7});
  const Engine engine(numbered_rules(), store.value(), ids, tiles());
  (void)engine.add(add_all(organizations, accounts), now);
}

/// Starts the import in a process of its own and kills it after that time, or lets it end.
void import_until(const std::string& file, std::chrono::microseconds killed_after) {
  const pid_t child = fork();
  if (child == 0) {
    import_all(file);
    _exit(0);
  }
  REQUIRE(child > 0);
  if (killed_after.count() > 0) {
    std::this_thread::sleep_for(killed_after);
    kill(child, SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
}

std::set<Pair> members_of(const SqliteStore& store) {
  std::set<Pair> all;
  for (unsigned i = 0; i < organizations; ++i) {
    std::array<Membership, 128> page;
    const std::size_t count = store.members(organization(i), {}, page).value();
    for (std::size_t k = 0; k < count; ++k)
      if (page[k].account != account(0)) all.emplace(page[k].organization.view(), page[k].account.view());
  }
  return all;
}

}  // namespace

TEST_CASE("an import that is killed leaves whole tiles, and its repeat completes them") {
  // In memory, to learn what the tiles are.
  MemoryStore memory;
  REQUIRE(put_numbered(memory, organizations, accounts));
  TilesWritten recorder(memory);
  UuidSource ids({1, 2});
  REQUIRE(Engine(numbered_rules(), recorder, ids, tiles()).add(add_all(organizations, accounts), now));
  REQUIRE(recorder.commits.size() >= 20);

  const Folder place;
  const std::string before = place.file("before.db"), file = place.file("roster.db");
  {
    auto store = SqliteStore::open(before.c_str());
    REQUIRE(store);
    REQUIRE(execute(store.value().connection(), "BEGIN"));
    REQUIRE(put_numbered(store.value(), organizations, accounts));
    REQUIRE(execute(store.value().connection(), "COMMIT"));
  }
  const auto start_over = [&] {
    for (const char* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file + suffix);
    std::filesystem::copy_file(before, file);
  };
  start_over();
  const auto started = std::chrono::steady_clock::now();
  import_until(file, {});
  const auto whole = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);

  const char* const wished = std::getenv("ROSTER_KILLS");
  const int kills = wished != nullptr ? std::atoi(wished) : 100;
  const char* const seed = std::getenv("ROSTER_SEED");
  std::mt19937_64 random(seed != nullptr ? std::strtoull(seed, nullptr, 10) : 1);
  int halfway = 0;
  for (int i = 0; i < kills; ++i) {
    start_over();
    const std::chrono::microseconds moment{1 + random() % static_cast<std::uint64_t>(whole.count())};
    import_until(file, moment);
    auto store = SqliteStore::open(file.c_str());
    INFO("killed after " << moment.count() << " of " << whole.count() << " microseconds");
    REQUIRE(store);
    const std::set<Pair> there = members_of(store.value());
    std::size_t tiles_there = 0, pairs_there = 0;
    for (const std::set<Pair>& tile : recorder.commits) {
      std::size_t found = 0;
      for (const Pair& pair : tile) found += there.count(pair);
      CHECK((found == 0 || found == tile.size()));
      tiles_there += found != 0 ? 1 : 0;
      pairs_there += found;
    }
    CHECK(pairs_there == there.size());
    halfway += tiles_there != 0 && tiles_there != recorder.commits.size() ? 1 : 0;

    const Engine engine(numbered_rules(), store.value(), ids, tiles());
    const auto report = engine.add(add_all(organizations, accounts), now);
    REQUIRE(report);
    CHECK(report.value().count(Outcome::replayed) == there.size());
    CHECK(report.value().count(Outcome::added) == organizations * (accounts - 1) - there.size());
    CHECK(members_of(store.value()).size() == organizations * (accounts - 1));
    CHECK(read_number(store.value().connection(),
                      "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'") == 0);
  }
  CHECK(halfway * 10 >= kills);
}

}
