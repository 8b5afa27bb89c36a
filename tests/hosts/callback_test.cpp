// One person added by several operations on one callback loop: every order of the answers gives one account.
#include <deque>
#include <functional>
#include <memory>
#include <utility>

#include "catch.hpp"
#include "roster/roster.hpp"

namespace callback_test {

using namespace roster;

namespace {

using Done = std::function<void(Result<void>)>;

/// Answers later, and out of order: `pick` says which of the waiting answers comes next.
struct CallbackStore {
  MemoryStore& inner;
  std::function<std::size_t(std::size_t waiting)> pick;
  std::deque<std::function<void()>> later;

  void fetch(const Query& query, Facts& facts, Done done) {
    later.push_back([this, &query, &facts, done] { done(inner.fetch(query, facts)); });
  }
  void commit(const ChangeSet& changes, Done done) {
    later.push_back([this, &changes, done] { done(inner.commit(changes)); });
  }
  void run() {
    while (!later.empty()) {
      const auto at = later.begin() + static_cast<std::ptrdiff_t>(pick(later.size()));
      const auto next = std::move(*at);
      later.erase(at);
      next();
    }
  }
};

void go_on(std::shared_ptr<Operation> op, CallbackStore& store, std::function<void(Result<Report>)> finished) {
  switch (op->need()) {
    case Operation::Need::facts:
      return store.fetch(op->query(), op->facts(),
                         [=, &store](Result<void> got) { op->provide(got), go_on(op, store, finished); });
    case Operation::Need::commit:
      return store.commit(op->changes(),
                          [=, &store](Result<void> did) { op->committed(did), go_on(op, store, finished); });
    case Operation::Need::nothing: return finished(op->finish());
  }
}

struct Seen {
  int added = 0, existing = 0, others = 0;
  std::uint64_t accounts = 0, memberships = 0;
};

Seen five_adds(std::function<std::size_t(std::size_t)> pick) {
  Seen seen;
  MemoryStore memory({.thread_safe = false});
  UuidSource ids({1, 2});
  REQUIRE(memory.put_organization({.id = OrganizationId("acme")}));
  const Engine engine(profiles::recoup, memory, ids);
  const auto zoe = Email::parse("zoe@example.com");
  REQUIRE(zoe);
  const AddMembers command(OrganizationId("acme"), zoe.value(), {}, Actor{.staff = true});

  CallbackStore store{memory, std::move(pick), {}};
  for (int i = 0; i < 5; ++i)
    go_on(std::make_shared<Operation>(engine.begin(command, Time{0})), store, [&](Result<Report> report) {
      const Outcome outcome = report ? report.value().at(0, 0) : Outcome::undecided;
      ++(outcome == Outcome::added ? seen.added : outcome == Outcome::existing ? seen.existing : seen.others);
    });
  store.run();
  seen.accounts = memory.account_count();
  seen.memberships = memory.membership_count();
  return seen;
}

void check_one_person(const Seen& seen) {
  CHECK(seen.added == 1);
  CHECK(seen.existing == 4);
  CHECK(seen.others == 0);
  CHECK(seen.accounts == 1);
  CHECK(seen.memberships == 1);
}

}  // namespace

TEST_CASE("callback host: in the order of asking, four find that the first was there before them") {
  check_one_person(five_adds([](std::size_t) { return std::size_t{0}; }));
}

TEST_CASE("callback host: newest first, each operation runs to its end alone") {
  check_one_person(five_adds([](std::size_t waiting) { return waiting - 1; }));
}

TEST_CASE("callback host: a thousand shuffled orders of the answers give one account and one membership") {
  for (std::uint32_t seed = 1; seed <= 1'000; ++seed) {
    std::uint32_t state = seed * 2'654'435'761u;
    check_one_person(five_adds([&](std::size_t waiting) {
      state = state * 1'664'525u + 1'013'904'223u;
      return (state >> 16u) % waiting;
    }));
  }
}

}
