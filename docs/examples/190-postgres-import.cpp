// Imports any number of memberships into PostgreSQL, ten thousand at a time and in little memory, with a progress bar.
// Each command has its own idempotency key, so a stopped import can be started again.
//
// Usage: ROSTER_POSTGRES="host=... dbname=..." example-190-postgres-import [memberships]
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "roster/postgres_store.hpp"
#include "roster/roster.hpp"

using namespace roster;

namespace {

constexpr int accounts_a_part = 1000, places_a_part = 10;
constexpr int cells_a_part = accounts_a_part * places_a_part;
constexpr long memory_mib_max = 64;

constexpr std::array seats = {Role{.id = RoleId("member"), .rank = 1}};

Profile rules() {
  Profile rules{.actor = ActorRule::host_decides};
  rules.mode = Mode::best_effort;
  rules.roles = seats;
  rules.default_role = seats[0].id;
  rules.accounts_max = accounts_a_part;
  rules.organizations_max = places_a_part;
  return rules;
}

/// One part of the source; a real import would read it.
struct Part {
  std::vector<OrganizationSelector> places;
  std::vector<AccountSelector> people;
};

/// Puts the host's records of a part. Returns false if the server failed.
bool read_part(PostgresStore& store, int part, Part& to) {
  to = {};
  std::vector<AccountRecord> people;
  for (int i = 0; i < accounts_a_part; ++i) {
    people.push_back({.id = AccountId::parse("person-" + std::to_string(part * accounts_a_part + i)).value()});
    to.people.emplace_back(people.back().id);
  }
  for (int i = 0; i < places_a_part; ++i) {
    const auto id = OrganizationId::parse("place-" + std::to_string(part * places_a_part + i)).value();
    if (!store.put_organization({.id = id})) return false;
    to.places.emplace_back(id);
  }
  return store.add_accounts(people).has_value();
}

class Progress {
 public:
  explicit Progress(int parts) : parts_(parts), visible_(isatty(STDERR_FILENO) != 0) {}
  void show(int done) {
    const int filled = done * 40 / parts_;
    if (!visible_ || filled == drawn_) return;
    drawn_ = filled;
    std::fprintf(stderr, "\r[%-40s] %d of %d parts%s", std::string(static_cast<std::size_t>(filled), '#').c_str(), done,
                 parts_, done == parts_ ? "\n" : "");
  }

 private:
  int parts_, drawn_ = -1;
  bool visible_;
};

}  // namespace

int main(int count, char** words) {
  const char* const conninfo = std::getenv("ROSTER_POSTGRES");
  if (conninfo == nullptr) {
    std::puts("set ROSTER_POSTGRES to a libpq conninfo to try this");
    return 0;
  }
  const int parts = (count > 1 ? std::atoi(words[1]) : cells_a_part) / cells_a_part;
  PostgresStore store(conninfo);
  const auto failed = [&] {
    std::fprintf(stderr, "\nthe import stopped: %.*s\n", static_cast<int>(store.last_error_message().size()),
                 store.last_error_message().data());
    return 1;
  };
  if (!store.create_schema()) return failed();
  UuidSource ids({2, static_cast<std::uint64_t>(getpid())});
  const Engine engine(rules(), store, ids, {.details = false});
  const auto start = std::chrono::steady_clock::now();
  Progress progress(parts);
  unsigned long long added = 0, replayed = 0;
  Part part;
  for (int n = 0; n < parts; ++n) {
    if (!read_part(store, n, part)) return failed();
    const AddMembers command(std::move(part.places), std::move(part.people), {}, {},
                             IdempotencyKey::of("import, part " + std::to_string(n)));
    const auto report = engine.add(command, Time{1});
    if (!report || report.value().stopped) return failed();
    added += report.value().count(Outcome::added);
    replayed += report.value().count(Outcome::replayed);
    progress.show(n + 1);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("%llu added, %llu replayed in %.1f s, %.0f a second, %llu round trips, at most %ld MiB of memory\n",
              added, replayed, seconds, static_cast<double>(added + replayed) / seconds,
              static_cast<unsigned long long>(*store.round_trips()), used.ru_maxrss >> 10);
  const auto there = store.membership_count();
  const unsigned long long expected = static_cast<unsigned long long>(parts) * cells_a_part;
  return there && added + replayed == expected && there.value() >= expected && used.ru_maxrss >> 10 <= memory_mib_max
             ? 0
             : 1;
}
