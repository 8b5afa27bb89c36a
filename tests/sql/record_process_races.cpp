// Races of conditional puts, and of processes with two catalogs.
#include <array>

#include "sql/race_rounds.hpp"

namespace process_races {

using namespace fixtures;

namespace {

/// A conditional put of a value, and the look-up of it.
struct ConditionalPut {
  const char* what;
  Result<Version> (*put)(RecordStore&, std::uint32_t value, Version read);
  std::uint32_t (*stored)(const RecordStore&);
  Version (*version)(const RecordStore&);
};

template <unsigned n>
Version organization_version(const RecordStore& records) {
  return records.organization(organization(n)).value()->version;
}
template <unsigned n>
std::uint32_t seats(const RecordStore& records) {
  return records.organization(organization(n)).value()->seats_max;
}
template <unsigned n>
Version account_version(const RecordStore& records) {
  return records.account(account(n)).value()->version;
}
template <unsigned n>
std::uint32_t number_in_username(const RecordStore& records) {
  return static_cast<std::uint32_t>(
      std::stoul(std::string(records.account(account(n)).value()->username.view().substr(1))));
}
Username numbered_name(char first, std::uint32_t value) {
  return Username::parse(first + std::to_string(value)).value();
}

constexpr ConditionalPut puts[] = {
    {"put_organization()",
     [](RecordStore& records, std::uint32_t value, Version read) {
       return records.put_organization({.id = organization(0), .seats_max = value, .version = read});
     },
     seats<0>, organization_version<0>},
    {"change_organization()",
     [](RecordStore& records, std::uint32_t value, Version read) {
       return records.change_organization(organization(1), {.seats_max = value}, read);
     },
     seats<1>, organization_version<1>},
    {"put_account()",
     [](RecordStore& records, std::uint32_t value, Version read) {
       return records.put_account({.id = account(0), .username = numbered_name('p', value), .version = read});
     },
     number_in_username<0>, account_version<0>},
    {"change_account()",
     [](RecordStore& records, std::uint32_t value, Version read) {
       return records.change_account(account(1), {.username = numbered_name('c', value)}, read);
     },
     number_in_username<1>, account_version<1>},
    {"change_accounts()",
     [](RecordStore& records, std::uint32_t value, Version read) -> Result<Version> {
       AccountUpdate both[] = {{account(3), {.username = numbered_name('t', value)}, any_version},
                               {account(2), {.username = numbered_name('s', value)}, read}};
       const Result<void> changed = records.change_accounts(both);
       if (!changed) return changed.error();
       return both[1].version;
     },
     [](const RecordStore& records) {
       CHECK(number_in_username<2>(records) == number_in_username<3>(records));
       return number_in_username<2>(records);
     },
     account_version<2>},
    {"put_role()",
     [](RecordStore& records, std::uint32_t value, Version read) {
       return records.put_role(organization(2), {.id = RoleId("a"), .rank = static_cast<std::uint16_t>(value)}, read);
     },
     [](const RecordStore& records) {
       Role first;
       REQUIRE(records.roles(organization(2), {}, {&first, 1}).has_value());
       return std::uint32_t{first.rank};
     },
     organization_version<2>},
};

}  // namespace

void conditional_puts(const Database& database) {
  put_rounds(database);
  for (unsigned round = 0; round < rounds; ++round)
    for (const ConditionalPut& of_kind : puts) {
      INFO(of_kind.what << ", round " << round);
      Version read{};
      database.connect([&](const Connected& it) { read = of_kind.version(it.records); });
      const std::uint32_t first = 1000 + round * processes;
      const Counts counts = race_engines(database, {host_rules()}, [&](int n, Client& client, Counts& mine) {
        const auto put = of_kind.put(client.records, first + static_cast<std::uint32_t>(n), read);
        if (put) {
          ++mine[Outcome::added];
          mine[Outcome::existing] = n;  // the one that succeeded
        } else {
          ++mine[put.error().code == Errc::stale ? Outcome::conflict : Outcome{}];
        }
      });
      CHECK(of(counts, Outcome::added) == 1);
      CHECK(of(counts, Outcome::conflict) == processes - 1);
      database.connect([&](const Connected& it) {
        CHECK(of_kind.stored(it.records) == first + static_cast<std::uint32_t>(of(counts, Outcome::existing)));
        CHECK(of_kind.version(it.records) != read);
      });
    }
}

// ---- two catalogs

namespace {

constexpr std::array old_roles = {Role{.id = clerk, .rank = 2},
                                  Role{.id = owner, .rank = 4, .manages = true, .owns = true}};
constexpr std::array new_roles = {Role{.id = clerk, .rank = 2},
                                  Role{.id = proprietor, .rank = 4, .manages = true, .owns = true}};
constexpr std::array former = {FormerRole{owner, proprietor}};

/// The old role stays, and owns no longer.
constexpr std::array moved_roles = {old_roles[0], Role{.id = owner, .rank = 4, .manages = true},
                                    Role{.id = proprietor, .rank = 5, .manages = true, .owns = true}};

Profile catalog_rules(std::span<const Role> roles) {
  return with(host_rules(), [roles](Profile& p) {
    p.roles = roles;
    if (roles.data() == new_roles.data()) p.former_roles = former;
    p.on_other_role = OnConflict::replace;
  });
}

/// One of the ways by which an organization loses an owner.
Result<Report> take_away(const Engine& engine, const OrganizationId& in, const AccountId& who, int way) {
  switch (way) {
    case 0: return persistently(engine, Leave(in, who));
    case 1: return persistently(engine, RemoveMembers(in, who, staff));
    case 2: return persistently(engine, Suspend(in, who, staff));
    default: return persistently(engine, ChangeRole(in, who, clerk, staff));
  }
}

/// Adds a member, promotes it if it is one of the first two, and takes the four owners away in an order of its own.
void change_members(const Engine& engine, const OrganizationId& in, int n, const RoleId& owns, Counts& mine) {
  const std::array owners = {boss, ann, account(0), account(1)};
  const AccountId self = account(static_cast<unsigned>(n));
  count(mine, persistently(engine, AddMembers(in, self, clerk, staff)));
  if (n < 2) count(mine, persistently(engine, ChangeRole(in, self, owns, staff)));
  for (int i = 0; i < 4; ++i) count(mine, take_away(engine, in, owners[static_cast<std::size_t>(n + i) % 4], n / 2));
}

}  // namespace

void two_catalogs(const Database& database) {
  put_rounds(database);
  // First the role is renamed, then another role owns in its place.
  for (unsigned round = 0; round < organizations_max; ++round) {
    const OrganizationId in = organization(round);
    const std::array<std::span<const Role>, 2> catalogs = {
        old_roles, round < rounds ? std::span<const Role>(new_roles) : moved_roles};
    // The two owners are stored under the former id, or under the new one.
    const AddMembers first({in}, {boss}, owner, staff), second({in}, {ann}, owner, staff),
        new_first({in}, {boss}, proprietor, staff), new_second({in}, {ann}, proprietor, staff);
    for (const bool is_new : {false, true})
      prepare(database, catalog_rules(catalogs[is_new]),
              {((round & 1) != 0) == is_new ? (is_new ? &new_first : &first) : nullptr,
               ((round & 2) != 0) == is_new ? (is_new ? &new_second : &second) : nullptr});
    const Counts counts = race_engines(database, {catalog_rules(catalogs[0]), catalog_rules(catalogs[1])},
                                       [&](int n, Client& client, Counts& mine) {
                                         change_members(client.engine, in, n, n % 2 == 1 ? proprietor : owner, mine);
                                       });
    CHECK(of(counts, Outcome{}) == 0);
    CHECK(of(counts, Outcome::undecided) == 0);
    std::vector<AccountId> left;
    database.connect([&](const Connected& it) {
      CHECK(owners_in(it, in) >= 1);
      for (const Membership& member : members_of(it, in)) {
        CHECK((member.role == clerk || member.role == owner || member.role == proprietor));
        left.push_back(member.account);
      }
    });
    // Then everybody tries to leave, under one catalog after the other. The last owner cannot.
    for (const bool is_new : {false, true})
      with_engine(database, catalog_rules(catalogs[is_new]), [&](const Engine& engine, const Connected&) {
        for (const AccountId& each : left) REQUIRE(persistently(engine, Leave(in, each)).has_value());
      });
    database.connect([&](const Connected& it) { CHECK(owners_in(it, in) == 1); });
  }
  check_events(database);
}

}  // namespace process_races
