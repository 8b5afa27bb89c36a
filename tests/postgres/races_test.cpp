// Proves that processes which race on one database leave what they would have left one after the other: one row a
// pair, one account an address, an owner in every organization, no more members than seats.
#include "outbox_events.hpp"
#include "scenario.hpp"
#include "sql/process_races.hpp"

namespace races_test {

using namespace postgres_testing;
using process_races::count, process_races::Counts, process_races::of, process_races::persistently;
using process_races::processes, process_races::race;

namespace {

class Server final : public process_races::Database {
 public:
  explicit Server(Tables kind) : conninfo_(make_database("races_of_processes", kind)), kind_(kind) {}
  void connect(const std::function<void(const process_races::Connected&)>& use) const override {
    PostgresStore store(conninfo_.c_str(), {.outbox = has_outbox()});
    use({store, store, store});
  }
  /// The unique key of an outbox rejects some commits that the store must reject without one.
  bool has_outbox() const override { return kind_ != Tables::read_committed; }
  void read_events(Published& to) const override {
    Session session(conninfo_);
    OutboxReader reader(session.connection());
    read_until(reader, to, std::stoull(session.run("SELECT count(*) FROM roster_outbox")));
  }

 private:
  std::string conninfo_;
  Tables kind_;
};

const std::array kinds = {Tables::read_committed, Tables::serializable, Tables::partitioned};

void on_each_kind(void (*check)(const process_races::Database&)) {
  for (const Tables kind : kinds) {
    INFO(name(kind));
    check(Server(kind));
  }
}

}  // namespace

TEST_CASE("eight processes add the same unknown addresses: one account and one row each", "[postgres][races]") {
  constexpr int people = 24, organizations = 4;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_add", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, organizations);
    }
    const Counts counts = race([&](int n) {
      PostgresStore store(conninfo.c_str());
      UuidSource ids({static_cast<std::uint64_t>(n), 1});
      const Engine engine(rules(), store, ids);
      std::vector<AccountSelector> accounts;
      std::vector<OrganizationSelector> places;
      // Half of them the other way round: who meets in opposite orders may not wait for each other for ever.
      for (int i = 0; i < people; ++i) accounts.push_back(address("p" + std::to_string(n % 2 ? people - 1 - i : i)));
      for (int i = 0; i < organizations; ++i)
        places.push_back(numbered<OrganizationId>("o", n % 2 ? organizations - 1 - i : i));
      Counts mine{};
      count(mine, persistently(engine, AddMembers(places, accounts, {}, by(boss))));
      return mine;
    });
    CHECK(of(counts, Outcome::added) == people * organizations);
    CHECK(of(counts, Outcome::conflict) == (processes - 1) * people * organizations);
    Session session(conninfo);
    CHECK(session.run("SELECT count(*) FROM roster_accounts") == std::to_string(people + 3));
    CHECK(session.run("SELECT count(*) FROM roster_emails e JOIN roster_accounts USING (account_id, email_key)") ==
          std::to_string(people + 3));
    CHECK(session.run("SELECT count(*) FROM roster_memberships WHERE role_id = 'clerk'") ==
          std::to_string(people * organizations));
  }
}

TEST_CASE("eight owners give up at once: one of them stays", "[postgres][races]") {
  constexpr int rounds = 3;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_owners", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, 0, processes);
    }
    for (int round = 0; round < rounds; ++round) {
      Session session(conninfo);
      session.run("DELETE FROM roster_memberships");
      {
        PostgresStore host(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(round), 9});
        for (int i = 0; i < processes; ++i) {
          MembershipId id;
          ids.fill({&id, 1});
          must(host, host.put_membership(
                         {.id = id, .organization = acme, .account = numbered<AccountId>("a", i), .role = owner}));
        }
      }
      const Counts counts = race([&](int n) {
        PostgresStore store(conninfo.c_str());
        UuidSource ids({static_cast<std::uint64_t>(n), 2});
        const Engine engine(rules(), store, ids);
        const AccountId self = numbered<AccountId>("a", n), next = numbered<AccountId>("a", (n + 2) % processes);
        Counts mine{};
        // Some leave, the others take it from one another.
        if (n % 2 == 0)
          count(mine, persistently(engine, Leave(acme, self)));
        else
          count(mine, persistently(engine, ChangeRole(acme, next, clerk, by(self))));
        return mine;
      });
      CHECK(counts[Outcome{}] == 0);
      const std::string owners =
          session.run("SELECT count(*) FROM roster_memberships WHERE role_id = 'owner' AND state = 0");
      CHECK(std::stoi(owners) >= 1);
      CHECK(std::stoi(owners) == processes - of(counts, Outcome::removed) - of(counts, Outcome::replaced));
      CHECK(of(counts, Outcome::removed) + of(counts, Outcome::replaced) >= 1);
    }
  }
}

TEST_CASE("eight processes fill an organization: every seat is taken, and none twice", "[postgres][races]") {
  constexpr int seats = 21, each = 6;
  for (const Tables kind : kinds) {
    INFO(name(kind));
    const std::string conninfo = make_database("races_seats", kind);
    {
      PostgresStore host(conninfo.c_str());
      fill(host, 0, processes * each, seats);
    }
    const Counts counts = race([&](int n) {
      PostgresStore store(conninfo.c_str());
      UuidSource ids({static_cast<std::uint64_t>(n), 3});
      Profile seated = rules();
      seated.seats = SeatRule::active_and_invited;
      const Engine engine(seated, store, ids);
      Counts mine{};
      for (int i = 0; i < each; ++i)
        count(mine, persistently(engine, AddMembers(acme, numbered<AccountId>("a", n * each + i), {}, by(boss))));
      return mine;
    });
    CHECK(of(counts, Outcome::added) == seats - 1);  // the boss has one
    CHECK(of(counts, Outcome::seats_taken) == processes * each - (seats - 1));
    Session session(conninfo);
    CHECK(session.run("SELECT count(*) FROM roster_memberships WHERE state <= 1") == std::to_string(seats));
  }
}

TEST_CASE("processes: an owner leaves while the other one is disabled, and after it the last owner stays",
          "[postgres][races]") {
  on_each_kind(process_races::disable_against_leave);
}
TEST_CASE("processes: a disabled owner is removed while it is enabled and the other one leaves: an owner stays",
          "[postgres][races]") {
  on_each_kind(process_races::enable_against_removal);
}
TEST_CASE("processes: an invitation is accepted once while others renew it", "[postgres][races]") {
  on_each_kind(process_races::reinvite_against_accept);
}
TEST_CASE("processes: a role is erased while it is granted, and no membership keeps it", "[postgres][races]") {
  on_each_kind(process_races::erase_against_grant);
}
TEST_CASE("processes: an organization is erased while others add to it, and nothing is written into one that is gone",
          "[postgres][races]") {
  on_each_kind(process_races::erase_organization_against_add);
}
TEST_CASE("processes: an account is erased while others add it, and no membership is of one that is gone",
          "[postgres][races]") {
  on_each_kind(process_races::erase_account_against_add);
}
TEST_CASE("processes: an organization is closed while others add to it, and nobody joins a closed one",
          "[postgres][races]") {
  on_each_kind(process_races::close_against_add);
}
TEST_CASE("processes: the last owner is removed while the organization is closed and opened, only from a closed one",
          "[postgres][races]") {
  on_each_kind(process_races::open_against_removal);
}
TEST_CASE("processes: of conditional puts with one version one succeeds", "[postgres][races]") {
  on_each_kind(process_races::conditional_puts);
}
TEST_CASE("processes: with the catalog before a renaming and the one after it, the last owner and every role stay",
          "[postgres][races]") {
  on_each_kind(process_races::two_catalogs);
}

}  // namespace races_test
