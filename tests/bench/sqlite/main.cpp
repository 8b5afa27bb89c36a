// roster_bench_sqlite [--quick] [single] [bulk]: SqliteStore against hand-written SQL that makes the same checks and
// writes the same record, in memory and on a file, CPU time, in turns; and how many statements each operation takes.
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>

#include "hand_written.hpp"
#include "measure.hpp"
#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"
#include "sections.hpp"

namespace bench {
namespace {

using namespace roster;

constexpr Time now{1'767'225'600'000'000};

std::filesystem::path folder;
/// A new file for each turn; empty for a database in memory.
std::string fresh(bool on_file) {
  static unsigned n = 0;
  if (!on_file) return {};
  for (const auto& entry : std::filesystem::directory_iterator(folder)) std::filesystem::remove(entry);
  return (folder / (std::to_string(++n) + ".db")).string();
}

template <class AnyId>
AnyId id_of(const Key16& key) {
  const UuidText text = print_uuid(key);
  return AnyId::parse({text.data(), text.size()}).value();
}

/// Who is there: in the form that each contestant takes.
struct Population {
  Population(std::uint32_t organization_count, std::uint32_t account_count) {
    for (std::uint32_t i = 0; i < organization_count; ++i) organizations.push_back(key_of('o', i));
    for (std::uint32_t i = 0; i < account_count; ++i) accounts.push_back(key_of('a', i));
    for (const Key16& key : organizations) organization_ids.push_back(id_of<OrganizationId>(key));
    for (const Key16& key : accounts) account_ids.push_back(id_of<AccountId>(key));
  }
  std::vector<Key16> organizations, accounts;  // the first account acts
  std::vector<OrganizationId> organization_ids;
  std::vector<AccountId> account_ids;
};

constexpr std::array<Role, 2> roles = {Role{.id = RoleId("member"), .rank = 1},
                                       Role{.id = RoleId("admin"), .rank = 2, .manages = true}};
Profile profile() {
  Profile made{.actor = ActorRule::host_decides};
  made.name = "bench";
  made.mode = Mode::best_effort;
  made.on_same_role = made.on_other_role = OnConflict::keep;
  made.roles = roles;
  made.default_role = roles[0].id;
  made.actor = ActorRule::member;
  made.accounts_max = made.organizations_max = 100'000;
  made.cells_max = 10'000'000;
  return made;
}

std::uint64_t statements = 0;
int count_statement(unsigned, void*, void*, void*) {
  ++statements;
  return 0;
}

class RosterSeat {
 public:
  RosterSeat(const Population& population, bool on_file)
      : population_(population), store_(open(on_file)), engine_(profile(), store_, ids_, options()) {
    std::vector<OrganizationRecord> organizations;
    for (const auto& id : population.organization_ids) organizations.push_back({.id = id});
    std::vector<AccountRecord> accounts;
    for (const auto& id : population.account_ids) accounts.push_back({.id = id});
    expect(store_.put_organizations(organizations) && store_.put_accounts(accounts), "the store was not filled");
  }
  /// Makes members without the engine; untimed.
  void put_members(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& members) {
    sqlite3_exec(store_.connection(), "BEGIN", nullptr, nullptr, nullptr);
    for (const auto& [organization, account] : members) {
      Membership row;
      ids_.fill({&row.id, 1});
      row.organization = population_.organization_ids[organization];
      row.account = population_.account_ids[account];
      row.role = roles[0].id;
      expect(store_.put_membership(row).has_value(), "a membership was not put");
    }
    sqlite3_exec(store_.connection(), "COMMIT", nullptr, nullptr, nullptr);
  }
  bool add(std::uint32_t organization, std::uint32_t account) {
    const AddMembers command(population_.organization_ids[organization], population_.account_ids[account], {},
                             Actor{population_.account_ids[0]});
    const auto report = engine_.add(command, now);
    expect(report && report.value().succeeded(), "an add was refused");
    return report.value().outcomes[0] == Outcome::added;
  }
  std::uint64_t bulk(const AddMembers& command) {
    const auto report = engine_.add(command, now);
    expect(report && report.value().succeeded(), "a bulk was refused");
    return report.value().count(Outcome::added);
  }
  AddMembers everybody() const {
    return AddMembers(OneOrMany<OrganizationSelector>(std::vector<OrganizationSelector>(
                          population_.organization_ids.begin(), population_.organization_ids.end())),
                      OneOrMany<AccountSelector>(
                          std::vector<AccountSelector>(population_.account_ids.begin(), population_.account_ids.end())),
                      {}, Actor{population_.account_ids[0]});
  }
  void count_statements() {
    statements = 0;
    sqlite3_trace_v2(store_.connection(), SQLITE_TRACE_STMT, count_statement, nullptr);
  }

 private:
  static Options options() {
    Options chosen;
    chosen.details = false;
    return chosen;
  }
  static SqliteStore open(bool on_file) {
    const std::string path = fresh(on_file);
    auto opened = SqliteStore::open(path.empty() ? ":memory:" : path.c_str(),
                                    {.durability = SqliteOptions::Durability::crash, .thread_safe = false});
    expect(opened.has_value(), "no store");
    return std::move(opened).value();
  }
  const Population& population_;
  UuidSource ids_{{1, 2}};
  SqliteStore store_;
  Engine engine_;
};

/// CPU time of the work, in ns.
template <class Work>
double timed(Work&& work) {
  const std::uint64_t start = thread_cpu_ns();
  work();
  return static_cast<double>(thread_cpu_ns() - start);
}

std::uint32_t mixed(std::uint32_t n) {
  return static_cast<std::uint32_t>(n * 0x9E3779B97F4A7C15u >> 33);
}

void single(const Plan& plan, bool on_file) {
  const std::uint32_t adds = plan.quick ? 2'000 : 10'000;
  const Population population(500, 5'001);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> there, wanted;
  for (std::uint32_t i = 0; i < 500; ++i) there.emplace_back(i, 0);
  for (std::uint32_t i = 0; i < 50'000; ++i) there.emplace_back((i + i / 5'000 * 37) % 500, 1 + i % 5'000);
  for (std::uint32_t i = 0; i < adds; ++i) {
    // Ten organizations on, where nobody of these is yet.
    const std::uint32_t account = 1 + mixed(i) % 5'000;
    wanted.emplace_back((account - 1 + 10 * 37 + i / 5'000 * 37 + mixed(i) / 5'000 % 7) % 500, account);
  }
  std::sort(wanted.begin(), wanted.end());
  wanted.erase(std::unique(wanted.begin(), wanted.end()), wanted.end());
  std::erase_if(wanted, [&](const auto& pair) { return std::find(there.begin(), there.end(), pair) != there.end(); });
  std::sort(wanted.begin(), wanted.end(), [](const auto& a, const auto& b) {
    return mixed(a.first * 7919 + a.second) < mixed(b.first * 7919 + b.second);
  });
  const auto per_add = [&](double ns) { return ns / 1000 / static_cast<double>(wanted.size()); };

  Contest contest;
  const std::size_t by_hand = contest.enter([&] {
    HandWritten floor(fresh(on_file));
    floor.put(population.organizations, population.accounts);
    std::uint32_t n = 0;
    for (const auto& [organization, account] : there)
      floor.put_member(population.organizations[organization], population.accounts[account], key_of('m', ++n));
    const auto all = [&](bool fresh_ones) {
      return timed([&] {
        for (const auto& [organization, account] : wanted)
          expect(floor.add(population.organizations[organization], population.accounts[0], population.accounts[account],
                           key_of('m', ++n)) == fresh_ones,
                 "an add by hand did something else");
      });
    };
    const double added = all(true);
    return std::vector<double>{per_add(added), per_add(all(false))};
  });
  const std::size_t by_roster = contest.enter([&] {
    RosterSeat seat(population, on_file);
    seat.put_members(there);
    const auto all = [&](bool fresh_ones) {
      return timed([&] {
        for (const auto& [organization, account] : wanted)
          expect(seat.add(organization, account) == fresh_ones, "an add did something else");
      });
    };
    const double added = all(true);
    return std::vector<double>{per_add(added), per_add(all(false))};
  });
  contest.run(plan.rounds, true);
  const std::string where = on_file ? ", on a file" : ", in memory";
  Table::compare("add, new" + where, "by hand", contest.samples(by_hand, 0), contest.samples(by_roster, 0), 1.15, "us");
  Table::compare("add, existing" + where, "by hand", contest.samples(by_hand, 1), contest.samples(by_roster, 1), 1.15,
                 "us");
  if (on_file) return;
  RosterSeat seat(population, false);
  seat.put_members(there);
  seat.count_statements();
  seat.add(wanted[0].first, wanted[0].second);
  Table::number("statements, one add, new (by hand: 7)", static_cast<double>(statements), 7, "");
  statements = 0;
  seat.add(wanted[0].first, wanted[0].second);
  Table::number("statements, one add, existing (by hand: 6)", static_cast<double>(statements), 6, "");
}

void bulk(const Plan& plan, bool on_file, std::uint32_t organizations, std::uint32_t accounts) {
  const Population population(organizations, accounts);
  std::vector<Key16> sorted_organizations = population.organizations, sorted_accounts = population.accounts;
  std::sort(sorted_organizations.begin(), sorted_organizations.end());
  std::sort(sorted_accounts.begin(), sorted_accounts.end());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> actor;
  for (std::uint32_t i = 0; i < organizations; ++i) actor.emplace_back(i, 0);
  const std::uint64_t fresh_ones = std::uint64_t{organizations} * (accounts - 1);
  const auto ms = [](double ns) { return ns / 1e6; };
  const auto start = [&](HandWritten& floor) {
    floor.put(population.organizations, population.accounts);
    for (std::uint32_t i = 0; i < organizations; ++i)
      floor.put_member(population.organizations[i], population.accounts[0], key_of('m', i));
  };

  Contest contest;
  const std::size_t merge = contest.enter([&] {
    HandWritten floor(fresh(on_file));
    start(floor);
    std::vector<std::uint8_t> outcomes;
    const auto all = [&](std::uint64_t expected) {
      return ms(timed([&] {
        expect(floor.bulk_by_merge(sorted_organizations, population.accounts[0], sorted_accounts, outcomes) == expected,
               "a bulk by hand did something else");
      }));
    };
    const double added = all(fresh_ones);
    return std::vector<double>{added, all(0)};
  });
  const std::size_t product = contest.enter([&] {
    HandWritten floor(fresh(on_file));
    start(floor);
    const auto all = [&](std::uint64_t expected) {
      return ms(timed([&] {
        expect(floor.bulk_by_product(population.organizations, population.accounts) == expected,
               "a product did something else");
      }));
    };
    const double added = all(fresh_ones);
    return std::vector<double>{added, all(0)};
  });
  const std::size_t by_roster = contest.enter([&] {
    RosterSeat seat(population, on_file);
    seat.put_members(actor);
    const AddMembers command = seat.everybody();
    const auto all = [&](std::uint64_t expected) {
      return ms(timed([&] { expect(seat.bulk(command) == expected, "a bulk did something else"); }));
    };
    const double added = all(fresh_ones);
    return std::vector<double>{added, all(0)};
  });
  contest.run(plan.rounds, true);
  const std::string shape = std::to_string(accounts) + "x" + std::to_string(organizations);
  const std::string where = on_file ? ", on a file" : ", in memory";
  for (const std::size_t metric : {std::size_t{0}, std::size_t{1}}) {
    const std::string what = shape + (metric == 0 ? " new" : " existing") + where;
    const auto roster = contest.samples(by_roster, metric);
    Table::compare(what, "merge, VALUES", contest.samples(merge, metric), roster, 1.2, "ms");
    Table::compare(what, "product", contest.samples(product, metric), roster, 0.6, "ms");
  }
  if (on_file) return;
  RosterSeat seat(population, false);
  seat.put_members(actor);
  const AddMembers command = seat.everybody();
  seat.count_statements();
  seat.bulk(command);
  Table::number("statements, " + shape + " new", static_cast<double>(statements), -1, "");
}

}  // namespace
}  // namespace bench

int main(int count, char** words) {
  bench::Plan plan;
  bool only_single = false, only_bulk = false;
  for (int i = 1; i < count; ++i) {
    plan.quick = plan.quick || std::strcmp(words[i], "--quick") == 0;
    only_single = only_single || std::strcmp(words[i], "single") == 0;
    only_bulk = only_bulk || std::strcmp(words[i], "bulk") == 0;
  }
  if (plan.quick) plan.rounds = 3;
  std::string name = (std::filesystem::temp_directory_path() / "roster-bench-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) return 1;
  bench::folder = name;
  if (!only_bulk) {
    bench::Table::heading("SQLite: one add, CPU us (500 organizations, 5,000 accounts, 50,000 memberships)");
    bench::single(plan, false);
    bench::single(plan, true);
  }
  if (!only_single) {
    bench::Table::heading("SQLite: bulk, CPU ms");
    bench::bulk(plan, false, 100, 1000);
    bench::bulk(plan, true, 100, 1000);
    if (!plan.quick) bench::bulk(plan, false, 1000, 1000);
  }
  bench::Table::summary();
  std::filesystem::remove_all(bench::folder);
  return 0;
}
