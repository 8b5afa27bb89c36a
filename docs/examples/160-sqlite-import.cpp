// Imports any number of memberships into a file, with a progress bar and in little memory. Each command has some
// thousand cells and its own idempotency key. After a stop, the import can be started again: existing memberships are
// `replayed`.
//
//     example-160-sqlite-import [MEMBERSHIPS [FILE]]      for example 1000000 /tmp/roster.db
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"

using namespace roster;

namespace {

constexpr unsigned batch = 1000;           // accounts of a command
constexpr unsigned joined = 10;            // organizations of an account
constexpr unsigned memory_max = 64 << 10;  // KiB in total, for any number of memberships

constexpr std::array roles = {Role{.id = RoleId("member"), .rank = 1}};

Profile import_profile() {
  Profile profile{.actor = ActorRule::host_decides};
  profile.name = "import";
  profile.mode = Mode::best_effort;
  profile.on_same_role = profile.on_other_role = OnConflict::keep;
  profile.roles = roles;
  profile.default_role = roles[0].id;
  profile.accounts_max = batch;
  profile.organizations_max = joined;
  return profile;
}

template <class AnyId>
AnyId numbered(const char* what, unsigned n) {
  return AnyId::parse(what + std::to_string(n)).value();
}

/// Redraws the bar on a terminal, and prints nothing elsewhere.
void show_progress(std::uint64_t done, std::uint64_t all) {
  static std::uint64_t drawn = 101;
  const std::uint64_t percent = done * 100 / all;
  if (isatty(STDERR_FILENO) == 0 || percent == drawn) return;
  drawn = percent;
  const std::string bar(static_cast<std::size_t>(percent) * 2 / 5, '#');
  std::fprintf(stderr, "\r[%-40s] %3u %% of %llu%s", bar.c_str(), static_cast<unsigned>(percent),
               static_cast<unsigned long long>(all), percent == 100 ? "\n" : "");
}

int failed(const char* step, const Error& error) {
  const std::string_view why = error.code == Errc::store_failed ? describe_sqlite(error.detail) : describe(error.code);
  std::fprintf(stderr, "\n%s: %.*s\n", step, static_cast<int>(why.size()), why.data());
  return 1;
}

}  // namespace

int main(int count, char** words) {
  const std::uint64_t memberships = count > 1 ? std::strtoull(words[1], nullptr, 10) : 20'000;
  const char* const path = count > 2 ? words[2] : ":memory:";
  const auto accounts = static_cast<unsigned>((memberships + joined - 1) / joined);
  const unsigned commands = (accounts + batch - 1) / batch;
  auto opened = SqliteStore::open(path);
  if (!opened) return failed("opening", opened.error());
  SqliteStore& store = opened.value();
  UuidSource ids({1, static_cast<std::uint64_t>(getpid())});
  const Engine engine(import_profile(), store, ids, {.details = false});

  const auto start = std::chrono::steady_clock::now();
  std::uint64_t added = 0, replayed = 0;
  for (unsigned n = 0; n < commands; ++n) {
    // Each batch of accounts has its own ten organizations. A real import reads the next rows of its source here.
    std::vector<OrganizationRecord> places;
    std::vector<OrganizationSelector> to;
    for (unsigned i = 0; i < joined; ++i) {
      places.push_back({.id = numbered<OrganizationId>("organization-", n * joined + i)});
      to.emplace_back(places.back().id);
    }
    std::vector<AccountRecord> people;
    std::vector<AccountSelector> who;
    for (unsigned i = n * batch; i < (n + 1) * batch && i < accounts; ++i) {
      people.push_back({.id = numbered<AccountId>("account-", i)});
      who.emplace_back(people.back().id);
    }
    if (const auto put = store.put_organizations(places); !put) return failed("organizations", put.error());
    if (const auto put = store.put_accounts(people); !put) return failed("accounts", put.error());

    const AddMembers command(std::move(to), std::move(who), {}, {},
                             IdempotencyKey::of("import, part " + std::to_string(n)));
    const auto report = engine.add(command, Time{0});
    if (!report) return failed("memberships", report.error());
    if (report.value().stopped) return failed("memberships", *report.value().stopped);
    added += report.value().count(Outcome::added);
    replayed += report.value().count(Outcome::replayed);
    show_progress(n + 1, commands);
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage used{};
  getrusage(RUSAGE_SELF, &used);
  std::printf("%llu added, %llu replayed, in %.1f s: %.0f a second; at most %ld MiB of memory\n",
              static_cast<unsigned long long>(added), static_cast<unsigned long long>(replayed), seconds,
              static_cast<double>(added + replayed) / seconds, used.ru_maxrss >> 10);
  const bool all = added + replayed == std::uint64_t{accounts} * joined;
  return all && (count <= 2 || used.ru_maxrss <= long{memory_max}) ? 0 : 1;
}
