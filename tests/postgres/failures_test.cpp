// Proves that an operation is safe to repeat whatever happens to the way to the server, to the server, and to memory:
// the wire is cut at each packet, the backend is ended before and after each operation, the server is stopped without
// warning at each step, allocations fail. After it a repeat with the same request key succeeds, and leaves one row;
// what was reported is there.
#include <functional>
#include <optional>

#include "scenario.hpp"
#include "starving/starving.hpp"
#include "wire.hpp"

namespace failures_test {

using namespace postgres_testing;
using roster_test::Starving;

namespace {

/// Runs something before or after the n-th operation of the store within.
class Disturbed final : public Store {
 public:
  Disturbed(Store& inner, int at, std::function<void()> disturb)
      : inner_(inner), at_(at), disturb_(std::move(disturb)) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    step();
    auto done = inner_.fetch(query, facts);
    step();
    return done;
  }
  Result<void> commit(const ChangeSet& changes) override {
    step();
    auto done = inner_.commit(changes);
    step();
    return done;
  }
  bool reached() const { return steps_ > at_; }

 private:
  void step() {
    if (steps_++ == at_) disturb_();
  }
  Store& inner_;
  int at_, steps_ = 0;
  std::function<void()> disturb_;
};

/// A few changes of every kind, all under one key, so that a repeat is recognised.
struct CommandHistory {
  const char* name;
  std::function<Result<Report>(const Engine&)> run;
};
const std::vector<CommandHistory>& stories() {
  static const std::vector<CommandHistory> all = {
      {"an address joins",
       [](const Engine& engine) {
         return engine.run(AddMembers(acme, address("zoe"), {}, by(boss), request("join")), now);
       }},
      {"three join",
       [](const Engine& engine) {
         return engine.run(
             AddMembers(acme, std::vector<AccountSelector>{ann, bob, address("zoe")}, {}, by(boss), request("three")),
             now);
       }},
      {"a role changes",
       [](const Engine& engine) { return engine.run(ChangeRole(acme, boss, owner, by(boss), request("role")), now); }},
      {"somebody is removed",
       [](const Engine& engine) {
         (void)engine.run(AddMembers(acme, ann, {}, by(boss), request("before")), now);
         return engine.run(RemoveMembers(acme, ann, by(boss), request("remove")), now);
       }},
  };
  return all;
}

/// Memory may end inside the operations of the store within, and nowhere else.
class Starved final : public Store {
 public:
  explicit Starved(Store& inner) : inner_(inner) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    Starving::begin();
    auto done = inner_.fetch(query, facts);
    Starving::end();
    return done;
  }
  Result<void> commit(const ChangeSet& changes) override {
    Starving::begin();
    auto done = inner_.commit(changes);
    Starving::end();
    return done;
  }

 private:
  Store& inner_;
};

/// The rows as one text, without what differs from run to run.
std::string picture(Session& session) {
  return session.run(
      "SELECT coalesce((SELECT string_agg(coalesce(c.email_key, c.account_id) || ' ' || m.role_id || ' ' || m.state, "
      "', ' ORDER BY coalesce(c.email_key, c.account_id)) FROM roster_memberships m JOIN roster_accounts c USING "
      "(account_id)), '') || '; ' || (SELECT count(*) FROM roster_accounts) || ' accounts, ' || (SELECT count(*) FROM "
      "roster_emails) || ' addresses, ' || (SELECT count(*) FROM roster_outbox) || ' events'");
}

struct Scenario {
  explicit Scenario(const std::string& made) : conninfo(made), session(conninfo), host(conninfo.c_str()) {}
  explicit Scenario(const char* database) : Scenario(make_database(database, Tables::read_committed)) {}
  void begin() {
    empty(session);
    fill(host);
  }
  std::string conninfo;
  Session session;
  PostgresStore host;
  UuidSource ids{{5, 5}};
};

/// What a history leaves when nothing disturbs it.
std::string undisturbed(Scenario& scenario, const CommandHistory& story) {
  scenario.begin();
  PostgresStore store(scenario.conninfo.c_str(), {.outbox = true});
  const auto report = story.run(Engine(rules(), store, scenario.ids));
  REQUIRE(report.has_value());
  REQUIRE(report.value().succeeded());
  return picture(scenario.session);
}

/// After a disturbed run that ended in `first`: a repeat makes it whole, and changes nothing that was reported.
void check_repeat(Scenario& scenario, Session& session, const CommandHistory& story, const Result<Report>& first,
                  const std::string& expected) {
  const bool told = first.has_value() && first.value().succeeded();
  if (told) CHECK(picture(session) == expected);
  PostgresStore store(scenario.conninfo.c_str(), {.outbox = true});
  const auto again = story.run(Engine(rules(), store, scenario.ids));
  REQUIRE(again.has_value());
  CHECK(again.value().succeeded());
  CHECK(picture(session) == expected);
}

}  // namespace

TEST_CASE("a read that the server cancels is repeated, and returns the SQLSTATE if it is cancelled every time",
          "[postgres][failures]") {
  const std::string conninfo = make_database("cancelled", Tables::read_committed);
  PostgresStore store(conninfo.c_str());
  fill(store);
  Session session(conninfo);
  // The table becomes a view that fails as often as its sequence says.
  session.run(
      "ALTER TABLE roster_organizations RENAME TO stored; CREATE SEQUENCE reads; CREATE SEQUENCE failures;"
      "CREATE FUNCTION fails() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN IF nextval('reads') < (SELECT last_value "
      "FROM"
      " failures) THEN RAISE EXCEPTION 'cancelled' USING ERRCODE = '40001'; END IF; RETURN true; END $$;"
      "CREATE VIEW roster_organizations AS SELECT * FROM stored WHERE fails()");
  UuidSource ids({1, 2});
  const Engine engine(rules(), store, ids);
  const auto run = [&](int failures) {
    session.run("SELECT setval('reads', 1, false), setval('failures', " + std::to_string(failures + 1) + ")");
    return engine.run(ChangeRole(acme, ann, owner, by(boss)), now);
  };
  const auto repeated = run(15);
  REQUIRE(repeated.has_value());
  CHECK(repeated.assume_value().at(0, 0) == Outcome::not_member);
  const auto cancelled = run(1000);
  REQUIRE(cancelled.has_error());
  CHECK(cancelled.assume_error().code == Errc::store_failed);
  const std::array<char, 5> state = PostgresStore::sqlstate(cancelled.assume_error().detail);
  CHECK(std::string(state.data(), state.size()) == "40001");
  CHECK(store.organization(acme).assume_error().code == Errc::store_failed);
  CHECK(session.run("SELECT last_value FROM reads") == "32");  // two reads of 16 attempts
}

TEST_CASE("the wire breaks at each packet, and a repeat is safe", "[postgres][failures]") {
  Scenario scenario("failures_wire");
  Wire wire(scenario.conninfo);
  int broken = 0, told = 0;
  for (const CommandHistory& story : stories()) {
    const std::string expected = undisturbed(scenario, story);
    for (std::uint32_t n = 1;; ++n) {
      INFO(story.name << ", packet " << n);
      scenario.begin();
      PostgresStore store(wire.conninfo().c_str(), {.outbox = true});
      wire.break_at(n);
      const auto report = story.run(Engine(rules(), store, scenario.ids));
      const bool broke = wire.broke();
      wire.break_at(0);
      check_repeat(scenario, scenario.session, story, report, expected);
      if (!broke) break;
      ++broken;
      told += report.has_value() && report.value().succeeded() ? 1 : 0;
    }
  }
  CHECK(broken > 20);
  CHECK(told > 0);  // a fetch is repeated by the store itself, a lost answer found by the operation
}

TEST_CASE("the backend ends at each step, and a repeat is safe", "[postgres][failures]") {
  Scenario scenario("failures_backend");
  for (const CommandHistory& story : stories()) {
    const std::string expected = undisturbed(scenario, story);
    for (int at = 0;; ++at) {
      INFO(story.name << ", step " << at);
      scenario.begin();
      PostgresStore store((scenario.conninfo + " application_name=victim").c_str(), {.outbox = true});
      Disturbed disturbed(store, at, [&] {
        scenario.session.run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'victim'");
      });
      const auto report = story.run(Engine(rules(), disturbed, scenario.ids));
      check_repeat(scenario, scenario.session, story, report, expected);
      if (!disturbed.reached()) break;
    }
  }
}

TEST_CASE("memory ends at an allocation of the store or of libpq, and a repeat is safe", "[postgres][failures]") {
  if (!roster_test::can_starve()) return;
  Scenario scenario("failures_memory");
  int whole = 0, out_of_memory = 0, broken = 0;
  for (const CommandHistory& story : std::span(stories()).first(3)) {  // those of one operation
    const std::string expected = undisturbed(scenario, story);
    const bool closely = &story == &stories()[1];
    for (const bool for_ever : {false, true})
      for (std::uint64_t nth = 1;; nth += closely && !for_ever ? 1 : 6) {
        INFO(story.name << ", allocation " << nth << (for_ever ? " and all after it" : ""));
        scenario.begin();
        PostgresStore store(scenario.conninfo.c_str(), {.outbox = true});
        REQUIRE(store.membership(acme, boss).has_value());  // it has its connection
        Starved starved(store);
        Starving::set(nth, for_ever);
        const auto report = story.run(Engine(rules(), starved, scenario.ids));
        if (!Starving::failed()) break;
        const std::optional<Error> why = report.has_error() ? std::optional(report.error()) : report.value().stopped;
        if (!why) {
          CHECK(report.value().succeeded());  // to have no memory is no reason to refuse
          CHECK(picture(scenario.session) == expected);
        }
        ++(!why ? whole : why->code == Errc::out_of_memory ? out_of_memory : broken);
        // The same store goes on, on this connection or on another.
        const auto again = story.run(Engine(rules(), store, scenario.ids));
        INFO(store.last_error_message());
        REQUIRE(again.has_value());
        CHECK(again.value().succeeded());
        CHECK(picture(scenario.session) == expected);
      }
  }
  CHECK(whole > 5);  // libpq does without some of them, and fetch asks again by itself
  CHECK(out_of_memory > 10);
  CHECK(broken > 10);
}

TEST_CASE("the server stops without warning at each step, and a repeat is safe", "[postgres][restarts]") {
  const CommandHistory& story = stories()[1];
  auto scenario = std::make_unique<Scenario>("failures_restart");
  const std::string expected = undisturbed(*scenario, story);
  for (int at = 0; at < 4; ++at) {
    INFO("step " << at);
    scenario->begin();
    PostgresStore store(scenario->conninfo.c_str(), {.outbox = true});
    Disturbed disturbed(store, at, [&] { REQUIRE(control("restart -m immediate")); });
    const auto report = story.run(Engine(rules(), disturbed, scenario->ids));
    CHECK(disturbed.reached());
    Session session(scenario->conninfo);
    check_repeat(*scenario, session, story, report, expected);
    scenario = std::make_unique<Scenario>(std::string(scenario->conninfo));
  }
}

TEST_CASE("what was reported outlives a server that stops without warning", "[postgres][restarts]") {
  constexpr int commits = 40;
  Scenario scenario("failures_durable");
  fill(scenario.host, 0, commits);
  PostgresStore store(scenario.conninfo.c_str());
  const Engine engine(rules(), store, scenario.ids);
  for (int i = 0; i < commits; ++i) {
    const auto report = engine.add(AddMembers(acme, numbered<AccountId>("a", i), {}, by(boss)), now);
    REQUIRE(report.has_value());
    REQUIRE(report.value().succeeded());
  }
  REQUIRE(control("restart -m immediate"));
  CHECK(Session(scenario.conninfo).run("SELECT count(*) FROM roster_memberships WHERE role_id = 'clerk'") ==
        std::to_string(commits));
}

}  // namespace failures_test
