// Several clients in processes of their own, as several servers on one database are.
#include <string>

#include "crowds.hpp"
#include "draft.hpp"
#include "laws.hpp"

#if defined(__unix__) || defined(__APPLE__)
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
#define ROSTER_HAS_FORK 1
#endif

ROSTER_BEGIN
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

/// The program of a child: connects, reports that, waits for the others, executes its part, and reports the result.
[[noreturn]] void live(Stage& stage, const Scene& scene, std::uint32_t part, int ready, int gate, int told) {
  Store* const store = stage.fixture().connect_in_child();
  write_all(ready, ".");
  char open;
  (void)!::read(gate, &open, 1);  // ends when the parent lets go of its end
  if (store == nullptr) {
    write_all(told, "no connection");
  } else {
    UuidSource ids({stage.trial.seed, 100 + part});
    std::uint32_t at = 0;
    for (const AnyCommand& command : scene.parts[part])
      write_all(told, carry_out(scene, *command, *store, ids, at++) + "\n");
  }
  ::_exit(0);
}

/// Plays the scene in one process for each client. The answers have no times: all commands are concurrent.
std::vector<Done> play_in_processes(Stage& stage, const Scene& scene) {
  Pipe ready, gate;
  std::vector<Pipe> told(scene.parts.size());
  std::vector<pid_t> children;
  bool sound = ready.open() && gate.open();
  for (const Pipe& pipe : told) sound = sound && pipe.open();
  for (std::uint32_t part = 0; part < scene.parts.size() && sound; ++part) {
    const pid_t child = ::fork();
    if (child == 0) {
      gate.close(1);
      live(stage, scene, part, ready.end(1), gate.end(0), told[part].end(1));
    }
    sound = child > 0;
    if (sound) children.push_back(child);
  }
  ready.close(1);
  for (Pipe& pipe : told) pipe.close(1);
  char one;
  for (std::size_t i = 0; i < children.size() && sound; ++i) sound = ::read(ready.end(0), &one, 1) == 1;
  gate.close(0);
  gate.close(1);  // they all begin
  std::vector<Done> done;
  for (std::uint32_t part = 0; part < children.size(); ++part) {
    const std::string text = read_all(told[part].end(0));
    stage.expect(text != "no connection", "the fixture gave no connection in a child");
    std::uint32_t at = 0;
    for (std::size_t from = 0; from < text.size();) {
      const std::size_t end = std::min(text.find('\n', from), text.size());
      done.push_back({part, at++, text.substr(from, end - from), 1, 2});
      stage.step("process " + std::to_string(part) + ": " + done.back().answer);
      from = end + 1;
    }
    int status = 0;
    ::waitpid(children[part], &status, 0);
    stage.expect(status == 0 && at == scene.parts[part].size(), "a process ended before it was done");
  }
  stage.expect(sound, "the system gives no more pipes or processes");
  return done;
}

constexpr std::uint32_t killed_width = 12, killed_rows = 24;

/// A child that fills one organization after the other, each by one commit, and reports each. They are numbered from
/// `first` on.
pid_t begin_to_fill(Stage& stage, const Profile& rules, std::uint32_t first, Pipe& told) {
  const pid_t child = ::fork();
  if (child != 0) return child;
  Store* const store = stage.fixture().connect_in_child();
  if (store == nullptr) ::_exit(1);
  UuidSource ids({stage.trial.seed, 200});
  std::vector<AccountSelector> accounts;
  for (std::uint32_t i = 0; i < killed_width; ++i) accounts.emplace_back(who(i));
  const Scene scene{"", rules, {}, {}};
  for (std::uint32_t row = 0; row < killed_rows; ++row) {
    const AddMembers command(OneOrMany<OrganizationSelector>(OrganizationSelector(org(first + row))),
                             OneOrMany<AccountSelector>(accounts), OneOrMany<RoleId>(member), Actor{},
                             RequestKey::of("fill " + std::to_string(first + row)));
    if (!carry_out(scene, command, *store, ids).starts_with("added")) ::_exit(2);
    write_all(told.end(1), ".");
  }
  ::_exit(0);
}

/// Every confirmed commit is there, and of the unconfirmed one all or nothing.
void expect_whole_commits(Stage& stage, std::uint32_t first, std::uint32_t told) {
  Ask ask;
  for (std::uint32_t row = 0; row < killed_rows; ++row) ask.organizations.emplace_back(org(first + row));
  for (std::uint32_t i = 0; i < killed_width; ++i) ask.accounts.emplace_back(who(i));
  Facts facts;
  if (!stage.fetch(ask, facts)) return;
  std::vector<std::uint32_t> there(killed_rows);
  for (const MembershipFact& fact : facts.memberships) ++there[fact.organization];
  for (std::uint32_t row = 0; row < killed_rows; ++row) {
    if (row < told) stage.expect(there[row] == killed_width, "what a client was told of is not there");
    stage.expect(there[row] == 0 || there[row] == killed_width, "a part of a commit is there whose client was killed");
    stage.expect(row <= told || there[row] == 0, "something is there that nobody can have written");
  }
  // None of its locks blocks other clients.
  stage.put(AccountRecord{.id = who(killed_width)});
  Draft after(stage, {org(first + (told < killed_rows ? told : 0))}, {who(killed_width)});
  after.guard_organization(0);
  after.limit_seats(0, killed_width + 1);
  after.add(0, 0);
  after.succeeds("whoever may have held it up is dead");
}

/// Kills a client at any moment.
void killed(Stage& stage) {
  Profile rules = plain_rules();
  rules.mode = Mode::atomic;
  const std::uint32_t times = 8 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < times && !stage.broken(); ++i) {
    stage.fresh();
    // A server may execute the statements of a killed client after the store was already replaced. Each time has
    // organizations of its own, so that this finds nothing to write to.
    const std::uint32_t first = i * killed_rows;
    for (std::uint32_t row = 0; row < killed_rows; ++row) stage.put(OrganizationRecord{.id = org(first + row)});
    stage.put_accounts(killed_width);
    Pipe told;
    if (stage.broken() || !stage.expect(told.open(), "the system gives no more pipes")) return;
    const pid_t child = begin_to_fill(stage, rules, first, told);
    if (!stage.expect(child > 0, "the system gives no more processes")) return;
    told.close(1);
    const std::uint32_t wait_for = 1 + stage.chance.below(killed_rows / 2);
    std::uint32_t heard = 0;
    char one;
    while (heard < wait_for && ::read(told.end(0), &one, 1) == 1) ++heard;
    ::usleep(stage.chance.below(16u << stage.chance.below(10)));  // stores differ by as much
    ::kill(child, SIGKILL);
    heard += static_cast<std::uint32_t>(read_all(told.end(0)).size());
    ::waitpid(child, nullptr, 0);
    stage.step("a client was killed after it had been told of " + std::to_string(heard) + " commits");
    if (stage.expect(heard >= wait_for, "a client in a process of its own came to no end of its first commits"))
      expect_whole_commits(stage, first, heard);
  }
}

#else

void killed(Stage& stage) {
  stage.fail("this system has no fork: say in Abilities that there are no processes");
}

std::vector<Done> play_in_processes(Stage& stage, const Scene&) {
  stage.fail("this system has no fork: say in Abilities that there are no processes");
  return {};
}

#endif

template <Crowd (*crowd)(std::uint32_t)>
void crowd_in_processes(Stage& stage) {
  constexpr std::uint32_t clients = 4;
  const std::uint32_t times = 3 * stage.trial.rounds;
  const Crowd playing = crowd(clients);
  for (std::uint32_t i = 0; i < times && !stage.broken(); ++i) {
    stage.fresh();
    playing.scene.set_up(stage);
    if (!stage.broken()) expect_right(stage, playing, play_in_processes(stage, playing.scene));
  }
}

void histories_in_processes(Stage& stage) {
  const std::uint32_t histories = 6 * stage.trial.rounds;
  for (std::uint32_t i = 0; i < histories && !stage.broken(); ++i) {
    Chance chance(stage.trial.seed * 1'000'003 + i);
    const Scene scene = random_scene(chance, 2 + i % 2, 2);
    stage.fresh();
    scene.set_up(stage);
    if (!stage.broken()) expect_explained(stage, scene, play_in_processes(stage, scene));
  }
}

constexpr Entry process_entries[] = {
    {{"processes/pair", "of many processes that add one account, one adds it"},
     crowd_in_processes<pair_crowd>,
     Takes::processes},
    {{"processes/address", "of many processes that add one new address, one creates the account"},
     crowd_in_processes<address_crowd>,
     Takes::processes},
    {{"processes/owners", "of all owners who leave from processes of their own, one stays"},
     crowd_in_processes<owner_crowd>,
     Takes::processes},
    {{"processes/seats", "of many who are added by processes, as many are as there are seats"},
     crowd_in_processes<seat_crowd>,
     Takes::processes},
    {{"processes/bulks", "bulks of processes in all orders come to an end, and every pair is added once"},
     crowd_in_processes<bulk_crowd>,
     Takes::processes},
    {{"processes/histories", "commands by chance in processes: some order explains what is heard and what is there"},
     histories_in_processes,
     Takes::processes},
    {{"processes/killed", "of a client that is killed all that it was told of is there, and no part of more"},
     killed,
     Takes::processes},
};

}  // namespace

std::span<const Entry> process_laws() noexcept {
  return process_entries;
}

}  // namespace conformance
ROSTER_END
