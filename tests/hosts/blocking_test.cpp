// One person added by many threads at once, through the blocking engine and through a loop of the host's own.
#include <array>
#include <atomic>
#include <thread>
#include <vector>

#include "catch.hpp"
#include "roster/roster.hpp"

namespace blocking_test {

using namespace roster;

namespace {

Result<Report> carry_out(Operation operation, Store& store) {
  for (;;) switch (operation.need()) {
      case Operation::Need::facts: operation.provide(store.fetch(operation.query(), operation.facts())); break;
      case Operation::Need::commit: operation.committed(store.commit(operation.changes())); break;
      case Operation::Need::nothing: return operation.finish();
    }
}

struct Tally {
  std::atomic<int> added{0}, existing{0}, others{0};
  void count(const Result<Report>& report) {
    if (!report || report.value().outcomes.size() != 1) {
      ++others;
      return;
    }
    const Outcome outcome = report.value().at(0, 0);
    ++(outcome == Outcome::added ? added : outcome == Outcome::existing ? existing : others);
  }
};

}  // namespace

TEST_CASE("blocking host: of eight threads that add one unknown address, one adds and all see one account") {
  constexpr int threads = 8, rounds = 50;
  for (const bool own_loop : {false, true}) {
    for (int round = 0; round < rounds; ++round) {
      MemoryStore store;
      UuidSource ids({static_cast<std::uint64_t>(round), 7});
      REQUIRE(store.put_organization({.id = OrganizationId("acme")}));
      Options patient;
      patient.attempts_max = 64;  // so that no thread gives up
      const Engine engine(profiles::recoup, store, ids, patient);
      const auto zoe = Email::parse("zoe@example.com");
      REQUIRE(zoe);
      const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

      Tally tally;
      std::atomic<int> ready{0};
      std::vector<std::thread> crew;
      for (int i = 0; i < threads; ++i)
        crew.emplace_back([&] {
          for (++ready; ready < threads;) std::this_thread::yield();
          tally.count(own_loop ? carry_out(engine.begin(command, Time{0}), store) : engine.add(command, Time{0}));
        });
      for (std::thread& one : crew) one.join();
      CHECK(tally.added == 1);
      CHECK(tally.existing == threads - 1);
      CHECK(store.account_count() == 1);
      CHECK(store.membership_count() == 1);
    }
  }
}

}
