// Proves that a fetch is of one moment: it is held up at each table that it reads, and meanwhile somebody commits a
// change to every one of them; it must have seen all of that change, or nothing. Otherwise it might refuse for what was
// never there at once, and a refusal is not guarded by any commit.
#include <chrono>
#include <thread>

#include "scenario.hpp"

namespace moments_test {

using namespace postgres_testing;

namespace {

constexpr const char* tables_read[] = {"roster_organizations", "roster_slugs",  "roster_roles",
                                       "roster_accounts",      "roster_emails", "roster_memberships"};
constexpr RoleId steward{"steward"};

/// Acme by its slug; Ann, an address that nobody has, and as many unknown accounts as it takes for `cells`.
struct Question {
  explicit Question(std::size_t cells) {
    accounts = {ann, address("zoe")};
    while (accounts.size() < cells)
      accounts.push_back(numbered<AccountId>("nobody", static_cast<int>(accounts.size())));
    query.organizations = std::span(&organization, 1);
    query.accounts = accounts;
    query.roles = std::span(&steward, 1);
    query.counts = query.parents = query.inviters = true;
  }
  OrganizationSelector organization = Slug("acme");
  std::vector<AccountSelector> accounts;
  Query query;
};

/// Everything at once: the organization takes no more members, has one more role; Ann and a new account have joined.
void change_everything(PostgresStore& store) {
  UuidSource ids({8, 8});
  Profile profile = rules();
  const auto joined = Engine(profile, store, ids)
                          .add(AddMembers(acme, std::vector<AccountSelector>{ann, address("zoe")}, {}, by(boss)), now);
  REQUIRE(joined.has_value());
  REQUIRE(joined.value().succeeded());
  must(store, store.put_role(acme, {.id = steward, .rank = 3}, any_version));
  must(store, store.overwrite_organization({.id = acme, .slug = Slug("acme"), .joinable = false}));
}

/// What an answer has seen of that.
std::vector<bool> seen(const Facts& facts) {
  const OrganizationFact& organization = facts.organizations[0];
  bool ann_is_member = false;
  for (const MembershipFact& membership : facts.memberships) ann_is_member |= membership.account == 0;
  return {!organization.joinable, facts.wanted_roles[0] != no_role, !facts.accounts[1].id.empty(), ann_is_member,
          organization.counts.active == 3};
}

/// Until somebody waits for a lock.
bool somebody_waits(Session& session) {
  for (int i = 0; i < 2000; ++i) {
    if (session.run("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation IS NOT NULL") != "0") return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return false;
}

}  // namespace

TEST_CASE("a fetch is of one moment, wherever it is held up", "[postgres][races]") {
  const std::string conninfo = make_database("moments", Tables::read_committed);
  Session watcher(conninfo);
  for (const bool inside : {false, true})
    for (const std::size_t cells : {2, 100})
      for (const char* const table : tables_read) {
        INFO(table << ", " << cells << " cells, " << (inside ? "in a transaction of the host" : "by itself"));
        empty(watcher);
        PostgresStore host(conninfo.c_str());
        fill(host);
        must(host, host.overwrite_organization({.id = acme, .slug = Slug("acme")}));

        Session reading(conninfo);
        PostgresStore reader(reading.connection());
        const Question question(cells);
        Facts facts;
        must(reader, reader.fetch(question.query, facts));  // prepares its statements
        REQUIRE(seen(facts) == std::vector<bool>(5, false));
        if (inside) reading.run("BEGIN ISOLATION LEVEL READ COMMITTED");

        Result<void> fetched = Errc::store_failed;
        std::jthread thread;  // joins after the holder has let go
        Session holder(conninfo);
        holder.run(std::string("BEGIN; LOCK TABLE ") + table + " IN ACCESS EXCLUSIVE MODE");
        thread = std::jthread([&] { fetched = reader.fetch(question.query, facts); });
        const bool waits = somebody_waits(watcher);
        PostgresStore writer(holder.connection());
        change_everything(writer);
        holder.run("COMMIT");
        thread.join();
        REQUIRE(waits);
        must(reader, fetched);
        const std::vector<bool> all = seen(facts);
        CHECK(all == std::vector<bool>(all.size(), all[0]));
      }
}

}  // namespace moments_test
