// PostgresStore against hand-written SQL, in one process, taking turns, on the server that postgres.sh starts.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "hand_written.hpp"
#include "measure.hpp"
#include "roster/postgres_store.hpp"
#include "roster/roster.hpp"

using namespace bench;
using namespace roster;

namespace {

constexpr AccountId boss("boss");
constexpr RoleId member("member"), owner("owner");
constexpr std::array catalog_of_bench = {Role{.id = member, .rank = 1},
                                         Role{.id = owner, .rank = 2, .manages = true, .owns = true}};

Profile rules() {
  Profile rules{.actor = ActorRule::host_decides};
  rules.roles = catalog_of_bench;
  rules.default_role = member;
  rules.actor = ActorRule::manager;
  rules.mode = Mode::best_effort;
  rules.accounts_max = rules.organizations_max = 100'000;
  return rules;
}

template <class Work>
double wall_us(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
}

/// Processor time of this thread and of the server's process for one connection, in microseconds: what the other
/// programs of a busy machine do shows up less than in wall time.
double cpu_us(int backend) {
  double server = 0;
  if (std::FILE* const file = std::fopen(("/proc/" + std::to_string(backend) + "/schedstat").c_str(), "r")) {
    if (std::fscanf(file, "%lf", &server) != 1) server = 0;
    std::fclose(file);
  }
  return (static_cast<double>(thread_cpu_ns()) + server) / 1000;
}

/// 36 bytes, as most hosts have.
std::string long_name(const char* kind, int number) {
  char text[40];
  std::snprintf(text, sizeof text, "%s-%08x-4d2f-8b1a-6f3c9e57a%03d", kind, static_cast<unsigned>(number) * 2654435761u,
                number % 1000);
  return std::string(text, std::min<std::size_t>(36, std::strlen(text)));
}

class Bench {
 public:
  explicit Bench(const char* conninfo) : store_(conninfo), hand_(conninfo) {
    must(store_.create_schema());
    hand_.prepare();
  }

  /// `way`: how the server is reached.
  void singles(int adds, std::size_t rounds, const std::string& way) {
    fill(1, adds * 4 * static_cast<int>(rounds + 1) + 8);
    const Engine engine(rules(), store_, ids_);
    int next = 0;
    const auto turn = [&](int backend, auto&& add) {
      return [&, backend, add] {
        const int first = next;
        next += adds;
        std::vector<MembershipId> keys(static_cast<std::size_t>(adds));
        ids_.fill(keys);
        std::vector<double> metrics;
        for (const bool fresh : {true, false}) {
          const double before = cpu_us(backend);
          metrics.push_back(wall_us([&] {
                              for (int i = 0; i < adds; ++i)
                                expect(add(first + i, keys[static_cast<std::size_t>(i)]) == fresh, "an add");
                            }) /
                            adds);
          metrics.push_back((cpu_us(backend) - before) / adds);
        }
        return metrics;
      };
    };
    Contest contest;
    const auto naive = contest.enter(turn(hand_.backend(), [&](int i, const MembershipId& id) {
      return hand_.add_naively(organizations_[0], accounts_[static_cast<std::size_t>(i)], boss.view(), id);
    }));
    const auto at_once = contest.enter(turn(hand_.backend(), [&](int i, const MembershipId& id) {
      return hand_.add_at_once(organizations_[0], accounts_[static_cast<std::size_t>(i)], boss.view(), id);
    }));
    const auto in = OrganizationId::parse(organizations_[0]).value();
    const auto roster = contest.enter(turn(store_backend(), [&](int i, const MembershipId&) {
      const AddMembers command(in, AccountId::parse(accounts_[static_cast<std::size_t>(i)]).value(), {},
                               Actor{.id = boss});
      const auto report = engine.add(command, Time{1});
      expect(report.has_value(), "a report");
      return report.value().at(0, 0) == Outcome::added;
    }));
    contest.run(rounds, true);
    for (std::size_t cpu = 0; cpu < 2; ++cpu) {
      const std::string unit = (cpu != 0 ? ", processor time, " : ", wall time, ") + way;
      Table::compare("add, by id" + unit, "naive, 7 trips", contest.samples(naive, cpu), contest.samples(roster, cpu),
                     0.6, "us");
      Table::compare("add, by id" + unit, "one statement", contest.samples(at_once, cpu), contest.samples(roster, cpu),
                     0, "us");
      Table::compare("re-add" + unit, "naive, 6 trips", contest.samples(naive, 2 + cpu),
                     contest.samples(roster, 2 + cpu), 0.6, "us");
      Table::compare("re-add" + unit, "one statement", contest.samples(at_once, 2 + cpu),
                     contest.samples(roster, 2 + cpu), 0, "us");
    }
  }

  void bulk(int organizations, int accounts, std::size_t rounds) {
    fill(organizations, accounts);
    const std::size_t cells = static_cast<std::size_t>(organizations) * static_cast<std::size_t>(accounts);
    const Engine engine(rules(), store_, ids_, {.details = false});
    std::vector<OrganizationSelector> rows;
    std::vector<AccountSelector> columns;
    for (const std::string& text : organizations_) rows.emplace_back(OrganizationId::parse(text).value());
    for (const std::string& text : accounts_) columns.emplace_back(AccountId::parse(text).value());
    std::vector<std::string> sorted_rows = organizations_, sorted_columns = accounts_;
    std::sort(sorted_rows.begin(), sorted_rows.end());
    std::sort(sorted_columns.begin(), sorted_columns.end());
    std::vector<MembershipId> keys(cells);
    std::uint64_t trips[2] = {0, 0};
    const auto turn = [&](auto&& add) {
      return [&, add] {
        clear_members();
        ids_.fill(keys);
        std::vector<double> metrics;
        for (const bool fresh : {true, false})
          metrics.push_back(wall_us([&] { expect(add(fresh) == (fresh ? static_cast<int>(cells) : 0), "a bulk"); }) /
                            static_cast<double>(cells));
        return metrics;
      };
    };
    Contest contest;
    const auto sorted =
        contest.enter(turn([&](bool) { return hand_.add_all_sorted(sorted_rows, sorted_columns, boss.view(), keys); }));
    const auto usual =
        contest.enter(turn([&](bool) { return hand_.add_all_as_usual(organizations_, accounts_, boss.view()); }));
    const auto roster = contest.enter(turn([&](bool fresh) {
      const std::uint64_t before = *store_.round_trips();
      const AddMembers command(rows, columns, {}, Actor{.id = boss});
      const auto report = engine.add(command, Time{1});
      expect(report.has_value() && report.value().succeeded(), "a report");
      trips[fresh ? 0 : 1] = *store_.round_trips() - before;
      return static_cast<int>(report.value().count(Outcome::added));
    }));
    contest.run(rounds, true);
    const std::string size = std::to_string(accounts) + " x " + std::to_string(organizations);
    Table::compare(size + ", new, a cell", "sorted, ids supplied", contest.samples(sorted, 0),
                   contest.samples(roster, 0), 1.2, "us");
    Table::compare(size + ", new, a cell", "the usual form", contest.samples(usual, 0), contest.samples(roster, 0),
                   0.85, "us");
    Table::compare(size + ", existing, a cell", "sorted, ids supplied", contest.samples(sorted, 1),
                   contest.samples(roster, 1), 0, "us");
    Table::compare(size + ", existing, a cell", "the usual form", contest.samples(usual, 1), contest.samples(roster, 1),
                   0.85, "us");
    // Tiles are as wide as the list of accounts, here.
    const double rows_of_tile = std::floor(static_cast<double>(Options{}.tile_cells_max) / accounts);
    const double tiles = std::ceil(organizations / rows_of_tile);
    Table::number(size + ", new, round trips a tile", static_cast<double>(trips[0]) / tiles, 2, "");
    Table::number(size + ", existing, round trips a tile", static_cast<double>(trips[1]) / tiles, 1, "");
  }

 private:
  /// The server's process for the store's connection, which a statement tells by name.
  int store_backend() {
    return hand_.number(
        "SELECT pid FROM pg_stat_activity WHERE application_name = 'roster'"
        " ORDER BY backend_start DESC LIMIT 1");
  }
  template <class T>
  void must(const Result<T>& done) {
    if (!done) broken(std::string(store_.last_error_message()));
  }
  void clear_members() {
    hand_.plain("DELETE FROM roster_memberships WHERE role_id = 'member'");
    hand_.plain("VACUUM roster_memberships");
  }
  void fill(int organizations, int accounts) {
    hand_.plain("TRUNCATE roster_organizations, roster_accounts, roster_memberships");
    organizations_.clear();
    accounts_.clear();
    std::vector<AccountRecord> people{{.id = boss}};
    for (int i = 0; i < accounts; ++i) {
      accounts_.push_back(long_name("a", i));
      people.push_back({.id = AccountId::parse(accounts_.back()).value()});
    }
    must(store_.add_accounts(people));
    for (int i = 0; i < organizations; ++i) {
      organizations_.push_back(long_name("o", i));
      const auto in = OrganizationId::parse(organizations_.back()).value();
      must(store_.put_organization({.id = in}));
      MembershipId id;
      ids_.fill({&id, 1});
      must(store_.put_membership({.id = id, .organization = in, .account = boss, .role = owner}));
    }
    hand_.plain("ANALYZE");
  }

  PostgresStore store_;
  HandWritten hand_;
  UuidSource ids_{{3, 4}};
  std::vector<std::string> organizations_, accounts_;
};

}  // namespace

int main(int count, char** words) {
  const char* const conninfo = std::getenv("ROSTER_POSTGRES");
  if (conninfo == nullptr) return 2;
  const bool large = count > 1 && std::strcmp(words[1], "--large") == 0;
  Table::heading("PostgresStore against hand-written SQL");
  // What is saved is trips. They are dearer by TCP than by socket, and dearest to another machine.
  if (const char* const tcp = std::getenv("ROSTER_POSTGRES_TCP")) Bench(tcp).singles(300, 9, "TCP");
  Bench bench(conninfo);
  bench.singles(300, 9, "socket");
  if (count < 2 || std::strcmp(words[1], "single") != 0) bench.bulk(100, 1000, 5);
  if (large) bench.bulk(1000, 1000, 2);
  Table::summary();
}
