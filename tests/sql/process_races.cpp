#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <thread>
#include <type_traits>

#include "sql/race_rounds.hpp"

namespace process_races {

using namespace fixtures;
static_assert(std::is_trivially_copyable_v<Counts>, "it is sent through a pipe as bytes");

Counts race(const std::function<Counts(int)>& child) {
  int go[2], back[2];
  REQUIRE(pipe(go) == 0);
  REQUIRE(pipe(back) == 0);
  for (int n = 0; n < processes; ++n) {
    if (fork() != 0) continue;
    char nothing;
    close(go[1]);
    (void)!read(go[0], &nothing, 1);  // returns when the parent closes its end: all begin at once
    Counts counts{};
    try {
      counts = child(n);
    } catch (...) {
      ++counts[Outcome{}];
    }
    (void)!write(back[1], &counts, sizeof counts);
    _exit(0);
  }
  close(go[0]);
  close(go[1]);
  Counts sum{};
  for (int n = 0; n < processes; ++n) {
    Counts counts{};
    REQUIRE(read(back[0], &counts, sizeof counts) == sizeof counts);
    for (const Outcome outcome : outcomes_by_precedence) sum[outcome] += counts[outcome];
    sum[Outcome{}] += counts[Outcome{}];
  }
  while (wait(nullptr) > 0) {
  }
  close(back[0]);
  close(back[1]);
  return sum;
}

void count(Counts& counts, const Result<Report>& report) {
  if (!report) {
    ++counts[Outcome{}];
    // A child process has no assertions: the reason stands beside the one that fails in its parent.
    const Error why = report.assume_error();
    std::fprintf(stderr, "a process of a race failed: %s (detail %u)\n", std::string(describe(why.code)).c_str(),
                 why.detail);
    return;
  }
  for (const Outcome outcome : report.value().outcomes) ++counts[outcome];
}

Result<Report> persistently(const Engine& engine, const Command& command) {
  for (int round = 0;; ++round) {
    auto report = engine.run(command, roster_test::now);
    const bool contended =
        report ? report.value().count(Outcome::undecided) != 0 : report.assume_error().code == Errc::contended;
    if (!contended || round == 200) return report;
  }
}

void with_engine(const Database& database, const Profile& profile,
                 const std::function<void(const Engine&, const Connected&)>& use) {
  static std::uint64_t connected = 0;
  UuidSource ids({static_cast<std::uint64_t>(getpid()), ++connected});
  database.connect([&](const Connected& it) { use(Engine(profile, it.store, ids), it); });
}

void put_rounds(const Database& database) {
  database.connect([](const Connected& it) {
    REQUIRE(roster_test::put_world(it.records, fixtures::fixture_world({.organizations = {},
                                                                        .owner = {},
                                                                        .own_catalogs = true,
                                                                        .numbered_organizations = organizations_max,
                                                                        .numbered_accounts = processes})));
  });
}
void prepare(const Database& database, const Profile& profile, const std::vector<const Command*>& commands) {
  with_engine(database, profile, [&](const Engine& engine, const Connected&) {
    for (const Command* const command : commands) {
      if (command == nullptr) continue;
      const auto report = persistently(engine, *command);
      REQUIRE(report.has_value());
      REQUIRE(report.assume_value().succeeded());
    }
  });
}
namespace {

class WaitingStore final : public Store {
 public:
  WaitingStore(Store& inner, int number) : inner_(inner), number_(number) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    auto done = inner_.fetch(query, facts);
    std::this_thread::sleep_for(std::chrono::microseconds((number_ + ++fetches_) % 4 * 700));
    return done;
  }
  Result<void> commit(const ChangeSet& changes) override {
    if (before_commit) before_commit();
    return inner_.commit(changes);
  }
  std::function<void()> before_commit;

 private:
  Store& inner_;
  int number_, fetches_ = 0;
};

}  // namespace

Counts race_engines(const Database& database, const std::vector<Profile>& profiles,
                    const std::function<void(int, Client&, Counts&)>& child) {
  return race([&](int n) {
    Counts mine{};
    UuidSource ids({static_cast<std::uint64_t>(getpid()), 0});
    database.connect([&](const Connected& it) {
      WaitingStore store(it.store, n);
      const Engine engine(profiles[static_cast<std::size_t>(n) % profiles.size()], store, ids);
      Client client{engine, it.records, store.before_commit};
      child(n, client, mine);
    });
    return mine;
  });
}

SharedFlag::SharedFlag() {
  void* const memory =
      mmap(nullptr, sizeof(std::atomic<bool>), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  REQUIRE(memory != MAP_FAILED);
  flag_ = new (memory) std::atomic<bool>(false);
}
SharedFlag::~SharedFlag() {
  munmap(flag_, sizeof *flag_);
}

bool set_disabled(RecordStore& records, const AccountId& account, bool disabled) {
  for (int attempt = 0; attempt < 200; ++attempt)
    if (records.change_account(account, {.disabled = disabled}, any_version)) return true;
  return false;
}

std::vector<Membership> members_of(const Connected& it, const OrganizationId& in) {
  std::vector<Membership> page(50);
  const auto count = it.reader.members(in, {}, page);
  REQUIRE(count.has_value());
  page.resize(count.assume_value());
  return page;
}

int owners_in(const Connected& it, const OrganizationId& in) {
  int owners = 0;
  for (const Membership& member : members_of(it, in)) {
    const auto account = it.records.account(member.account);
    REQUIRE(account.has_value());
    owners += is_effective(member, *account.assume_value(), roster_test::now) && member.valid_until == Time{} &&
              (member.role == fixtures::owner || member.role == proprietor);
  }
  return owners;
}

roster_test::Published check_events(const Database& database) {
  roster_test::Published published;
  if (!database.has_outbox()) return published;
  database.read_events(published);
  database.connect([&](const Connected& it) {
    std::vector<OrganizationId> all;
    for (unsigned round = 0; round < organizations_max; ++round) all.push_back(fixtures::organization(round));
    CHECK(published.members() == roster_test::listed(it.reader, all, AccountId()));
  });
  return published;
}

}  // namespace process_races
