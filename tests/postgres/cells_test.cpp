// Proves that what PostgresStore answers about many cells at once is, cell by cell, what it answers about each alone:
// in organizations with no members, with few, and with more than are worth reading through, whatever state they are in.
#include "scenario.hpp"

namespace cells_test {

using namespace postgres_testing;

namespace {

/// What is there to compare; roles by name, because each answer has a dictionary of its own.
struct Cell {
  MembershipId id;
  Version version{};
  MembershipState state{};
  Time valid_until{};
  RoleId role;
  bool by_request = false, outdated = false;
  InviterFact inviter;
  bool operator==(const Cell& other) const {
    return id == other.id && version == other.version && state == other.state && valid_until == other.valid_until &&
           role == other.role && by_request == other.by_request && outdated == other.outdated &&
           inviter.id == other.inviter.id && inviter.version == other.inviter.version;
  }
};

Cell cell(const Facts& facts, std::uint32_t at) {
  const MembershipFact& fact = facts.memberships[at];
  return {fact.id,
          fact.version,
          fact.state,
          fact.valid_until,
          facts.roles[fact.role].id,
          fact.written_by_request(),
          fact.outdated,
          facts.inviters.empty() ? InviterFact{} : facts.inviters[at]};
}

struct StoredCells {
  StoredCells() : conninfo(make_database("cells", Tables::read_committed)), store(conninfo.c_str()) {
    fill(store, 4, 600);
    run(AddMembers(in(1), range(0, 40), {}, by(boss)));
    run(AddMembers(in(2), range(0, 500), {}, by(boss)));
    run(AddMembers(in(3), range(30, 700), owner, by(boss)));  // the last hundred there is none of
    run(RemoveMembers(in(2), range(10, 20), by(boss), request("removed")));
    run(Suspend(in(3), range(40, 45), by(boss)));
    run(Invite(in(1), range(50, 60), {}, by(boss)));
    run(AddMembers(in(2), address("zoe"), {}, by(boss)));
  }
  static OrganizationId in(int n) { return numbered<OrganizationId>("o", n); }
  static std::vector<AccountSelector> range(int first, int last) {
    std::vector<AccountSelector> all;
    for (int i = first; i < last; ++i) all.push_back(numbered<AccountId>("a", i));
    return all;
  }
  template <class AnyCommand>
  void run(const AnyCommand& command) {
    INFO(store.last_error_message());
    REQUIRE(Engine(rules(), store, ids).run(command, now).has_value());
  }
  std::string conninfo;
  PostgresStore store;
  UuidSource ids{{9, 9}};
};

}  // namespace

TEST_CASE("many cells are answered as each of them alone", "[postgres][cells]") {
  StoredCells stored;
  std::vector<OrganizationSelector> rows{stored.in(3), acme,         stored.in(2), stored.in(0),
                                         stored.in(9), stored.in(1), stored.in(2)};
  std::vector<AccountSelector> columns{address("nobody"), address("zoe"), boss};
  for (int i = 0; i < 60; ++i) columns.push_back(numbered<AccountId>("a", i * 37 % 640));
  for (const bool inviters : {false, true}) {
    Query query;
    query.organizations = rows;
    query.accounts = columns;
    query.actor = boss;
    query.idempotency_key = request("removed");
    query.inviters = inviters;
    Facts all;
    must(stored.store, stored.store.fetch(query, all));
    std::uint32_t at = 0, found = 0;
    for (std::uint32_t row = 0; row < rows.size(); ++row)
      for (std::uint32_t column = 0; column < columns.size(); ++column) {
        INFO("row " << row << ", column " << column);
        Query one = query;
        one.organizations = std::span(&rows[row], 1);
        one.accounts = std::span(&columns[column], 1);
        Facts alone;
        must(stored.store, stored.store.fetch(one, alone));
        REQUIRE(all.organizations[row].id == alone.organizations[0].id);
        REQUIRE(all.organizations[row].actor_version == alone.organizations[0].actor_version);
        REQUIRE(all.accounts[column].id == alone.accounts[0].id);
        const bool here = at < all.memberships.size() && all.memberships[at].organization == row &&
                          all.memberships[at].account == column;
        REQUIRE(here == !alone.memberships.empty());
        if (!here) continue;
        CHECK(cell(all, at++) == cell(alone, 0));
        ++found;
      }
    CHECK(at == all.memberships.size());
    CHECK(found > 100);
    // Each row alone with every column: what stands in one row must not come from what another row asks for.
    for (std::uint32_t row = 0; row < rows.size(); ++row) {
      INFO("row " << row);
      Query one = query;
      one.organizations = std::span(&rows[row], 1);
      Facts alone;
      must(stored.store, stored.store.fetch(one, alone));
      std::size_t next = 0;
      for (std::uint32_t i = 0; i < all.memberships.size(); ++i) {
        if (all.memberships[i].organization != row) continue;
        REQUIRE(next < alone.memberships.size());
        CHECK(cell(all, i) == cell(alone, static_cast<std::uint32_t>(next++)));
      }
      CHECK(next == alone.memberships.size());
    }
  }
}

}  // namespace cells_test
