// Several clients, each in its own process, like several servers on one database.
#include <string>

#include "change_set_builder.hpp"
#include "contention.hpp"
#include "laws.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#define ROSTER_HAS_FORK 1
#endif

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

#if ROSTER_HAS_FORK

/// Closes the open ends of a pipe on destruction.
class Pipe {
 public:
  Pipe() noexcept {
    if (::pipe(ends_) != 0) ends_[0] = ends_[1] = -1;
  }
  ~Pipe() {
    close(0);
    close(1);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  bool open() const noexcept { return ends_[0] >= 0; }
  int end(int which) const noexcept { return ends_[which]; }
  void close(int which) noexcept {
    if (ends_[which] >= 0) ::close(ends_[which]);
    ends_[which] = -1;
  }

 private:
  int ends_[2];
};

void write_all(int to, const std::string& text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    const auto written = ::write(to, text.data() + at, text.size() - at);
    if (written <= 0) return;
    at += static_cast<std::size_t>(written);
  }
}

std::string read_all(int from) {
  std::string text;
  char buffer[4096];
  for (;;) {
    const auto got = ::read(from, buffer, sizeof buffer);
    if (got <= 0) return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
}

/// The program of a child process. It connects, reports that, waits for the others, executes its part, and reports the
/// result.
[[noreturn]] void run_child(TestContext& test, const Scenario& scenario, std::uint32_t part, int ready, int gate,
                            int output) {
  Store* const store = test.fixture().connect_in_child();
  write_all(ready, ".");
  char open;
  (void)!::read(gate, &open, 1);  // returns when the parent closes its end
  if (store == nullptr) {
    write_all(output, "no connection");
  } else {
    UuidSource ids({test.options.seed, 100 + part});
    std::uint32_t at = 0;
    for (const AnyCommand& command : scenario.parts[part])
      write_all(output, execute(scenario, *command, *store, ids, at++) + "\n");
  }
  ::_exit(0);
}

/// Runs the scenario in one process for each client. The answers have no times: all commands are concurrent.
std::vector<ExecutedCommand> run_in_processes(TestContext& test, const Scenario& scenario) {
  Pipe ready, gate;
  std::vector<Pipe> outputs(scenario.parts.size());
  std::vector<pid_t> children;
  bool sound = ready.open() && gate.open();
  for (const Pipe& pipe : outputs) sound = sound && pipe.open();
  for (std::uint32_t part = 0; part < scenario.parts.size() && sound; ++part) {
    const pid_t child = ::fork();
    if (child == 0) {
      gate.close(1);
      run_child(test, scenario, part, ready.end(1), gate.end(0), outputs[part].end(1));
    }
    sound = child > 0;
    if (sound) children.push_back(child);
  }
  ready.close(1);
  for (Pipe& pipe : outputs) pipe.close(1);
  char one;
  for (std::size_t i = 0; i < children.size() && sound; ++i) sound = ::read(ready.end(0), &one, 1) == 1;
  gate.close(0);
  gate.close(1);  // starts all children
  std::vector<ExecutedCommand> done;
  for (std::uint32_t part = 0; part < children.size(); ++part) {
    const std::string text = read_all(outputs[part].end(0));
    test.expect(text != "no connection", "the fixture returned no connection in a child");
    std::uint32_t at = 0;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      done.push_back({part, at++, text.substr(from, end - from), 1, 2});
      test.step("process " + std::to_string(part) + ": " + done.back().answer);
      from = end + 1;
    }
    int status = 0;
    ::waitpid(children[part], &status, 0);
    test.expect(status == 0 && at == scenario.parts[part].size(), "a process ended before it was done");
  }
  test.expect(sound, "the system has no more pipes or processes");
  return done;
}

constexpr std::uint32_t killed_width = 12, killed_rows = 24;

/// Starts a child process that fills organizations from number `first` on. It fills each by one commit, and reports
/// each.
pid_t begin_to_fill(TestContext& test, const Profile& rules, std::uint32_t first, Pipe& confirmations) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  Store* const store = test.fixture().connect_in_child();
  if (store == nullptr) ::_exit(1);
  UuidSource ids({test.options.seed, 200});
  std::vector<AccountSelector> accounts;
  for (std::uint32_t i = 0; i < killed_width; ++i) accounts.emplace_back(test_account(i));
  const Scenario scenario{"", rules, {}, {}};
  for (std::uint32_t row = 0; row < killed_rows; ++row) {
    const AddMembers command(OneOrMany<OrganizationSelector>(OrganizationSelector(test_organization(first + row))),
                             OneOrMany<AccountSelector>(accounts), OneOrMany<RoleId>(member), Actor{},
                             IdempotencyKey::of("fill " + std::to_string(first + row)));
    if (!execute(scenario, command, *store, ids).starts_with("added")) ::_exit(2);
    write_all(confirmations.end(1), ".");
  }
  ::_exit(0);
}

/// The store has every confirmed commit, and all or nothing of the unconfirmed one.
void expect_whole_commits(TestContext& test, std::uint32_t first, std::uint32_t confirmed) {
  OwnedQuery owned_query;
  for (std::uint32_t row = 0; row < killed_rows; ++row)
    owned_query.organizations.emplace_back(test_organization(first + row));
  for (std::uint32_t i = 0; i < killed_width; ++i) owned_query.accounts.emplace_back(test_account(i));
  Facts facts;
  if (!test.fetch(owned_query, facts)) return;
  std::vector<std::uint32_t> there(killed_rows);
  for (const MembershipFact& fact : facts.memberships) ++there[fact.organization];
  for (std::uint32_t row = 0; row < killed_rows; ++row) {
    if (row < confirmed) test.expect(there[row] == killed_width, "a commit that was confirmed to a client is missing");
    test.expect(there[row] == 0 || there[row] == killed_width,
                "only a part of the commit of a killed client is written");
    test.expect(row <= confirmed || there[row] == 0, "there is data that no client can have written");
  }
  // No lock of the killed client blocks other clients.
  test.put(AccountRecord{.id = test_account(killed_width)});
  ChangeSetBuilder after(test, {test_organization(first + (confirmed < killed_rows ? confirmed : 0))},
                         {test_account(killed_width)});
  after.guard_organization(0);
  after.limit_seats(0, killed_width + 1);
  after.add(0, 0);
  after.succeeds("the client that may have locked it was killed");
}

/// Kills a client at any moment.
void killed(TestContext& test) {
  Profile rules = plain_rules();
  rules.mode = Mode::atomic;
  const std::uint32_t times = 8 * test.options.rounds;
  for (std::uint32_t i = 0; i < times && !test.broken(); ++i) {
    test.fresh();
    // A server may execute the statements of a killed client after the store was replaced. Each iteration has its own
    // organizations, so that such statements have no effect.
    const std::uint32_t first = i * killed_rows;
    for (std::uint32_t row = 0; row < killed_rows; ++row)
      test.put(OrganizationRecord{.id = test_organization(first + row)});
    test.put_accounts(killed_width);
    Pipe confirmations;
    if (test.broken() || !test.expect(confirmations.open(), "the system has no more pipes")) return;
    const pid_t child = begin_to_fill(test, rules, first, confirmations);
    if (!test.expect(child > 0, "the system has no more processes")) return;
    confirmations.close(1);
    const std::uint32_t wait_for = 1 + test.rng.below(killed_rows / 2);
    std::uint32_t confirmed = 0;
    char one;
    while (confirmed < wait_for && ::read(confirmations.end(0), &one, 1) == 1) ++confirmed;
    ::usleep(test.rng.below(16u << test.rng.below(10)));  // the speed of stores differs by as much
    ::kill(child, SIGKILL);
    confirmed += static_cast<std::uint32_t>(read_all(confirmations.end(0)).size());
    ::waitpid(child, nullptr, 0);
    test.step("a client was killed after " + std::to_string(confirmed) + " confirmed commits");
    if (test.expect(confirmed >= wait_for, "a client in a process of its own did not complete its first commits"))
      expect_whole_commits(test, first, confirmed);
  }
}

#else

void killed(TestContext& test) {
  test.fail("this system has no fork: set Capabilities::processes to false");
}

std::vector<ExecutedCommand> run_in_processes(TestContext& test, const Scenario&) {
  test.fail("this system has no fork: set Capabilities::processes to false");
  return {};
}

#endif

template <ContentionScenario (*contention)(std::uint32_t)>
void contention_in_processes(TestContext& test) {
  constexpr std::uint32_t clients = 4;
  const std::uint32_t times = 3 * test.options.rounds;
  const ContentionScenario playing = contention(clients);
  for (std::uint32_t i = 0; i < times && !test.broken(); ++i) {
    test.fresh();
    playing.scenario.set_up(test);
    if (!test.broken()) expect_right(test, playing, run_in_processes(test, playing.scenario));
  }
}

void histories_in_processes(TestContext& test) {
  const std::uint32_t histories = 6 * test.options.rounds;
  for (std::uint32_t i = 0; i < histories && !test.broken(); ++i) {
    Rng rng(test.options.seed * 1'000'003 + i);
    const Scenario scenario = random_scenario(rng, 2 + i % 2, 2);
    test.fresh();
    scenario.set_up(test);
    if (!test.broken()) expect_explained(test, scenario, run_in_processes(test, scenario));
  }
}

constexpr Entry process_entries[] = {
    {{"processes/pair", "one of many concurrent processes that add the same account adds it"},
     contention_in_processes<pair_contention>,
     Requires::processes},
    {{"processes/address", "one of many concurrent processes that add the same new address creates the account"},
     contention_in_processes<address_contention>,
     Requires::processes},
    {{"processes/owners", "one owner remains if all owners leave in concurrent processes"},
     contention_in_processes<owner_contention>,
     Requires::processes},
    {{"processes/seats", "concurrent processes add exactly as many members as there are free seats"},
     contention_in_processes<seat_contention>,
     Requires::processes},
    {{"processes/bulks",
      "concurrent bulk commands in processes end, for any order of their cells, and add each pair once"},
     contention_in_processes<bulk_contention>,
     Requires::processes},
    {{"processes/histories", "some order explains the answers and records of random commands in concurrent processes"},
     histories_in_processes,
     Requires::processes},
    {{"processes/killed",
      "a killed client leaves every confirmed commit, and an unconfirmed one completely or not at all"},
     killed,
     Requires::processes},
};

}  // namespace

std::span<const Entry> process_laws() noexcept {
  return process_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
