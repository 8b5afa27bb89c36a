// Proves that memory may end at every allocation of a query and of a commit on a MemoryStore, whatever is in it: each
// does all of its work or none, says out_of_memory and nothing else, and does it all when it is called again.
#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>

#include "faults/allocations.hpp"
#include "faults/full_store.hpp"

namespace store_memory_test {

using namespace faults;
using namespace faults::full;

namespace {

using Any = std::shared_ptr<const Command>;

/// What was done before, and then the command whose every allocation fails. Nobody asks who may.
struct History {
  std::string name;
  std::vector<Any> before;
  Any command;
  bool keeps_tombstones = true;
};

Profile open_rules(bool keeps_tombstones) {
  Profile rules{.actor = roster::ActorRule::host_decides};
  rules.roles = {};
  rules.default_role = role(0);
  rules.mode = Mode::best_effort;
  rules.on_unknown_account = OnUnknown::create;
  rules.on_other_role = OnConflict::replace;
  rules.on_suspended = OnFormer::reactivate;
  rules.seats = SeatRule::active_and_invited;
  rules.accounts_max = rules.organizations_max = 100;
  rules.keeps_tombstones = keeps_tombstones;
  return rules;
}

/// Every kind of change, to a store of `n` of each.
std::vector<History> histories(unsigned n) {
  std::vector<AccountSelector> everybody, strangers;
  std::vector<OrganizationSelector> everywhere, two{organization(0), organization(n / 2)};
  for (unsigned i = 0; i < n; ++i) {
    everybody.emplace_back(account(i));
    everywhere.emplace_back(organization(i));
    if (i < 5) strangers.emplace_back(address(100 + i));
  }
  const Actor staff{account(0), true};
  const OrganizationId last = organization(n - 1);
  const auto made = [](auto command) { return Any(std::make_shared<decltype(command)>(std::move(command))); };
  const auto added = [&](auto to, auto who) { return made(AddMembers(to, who, role(0), staff)); };
  AddMembers for_a_time(two, everybody, role(0), staff);
  for_a_time.valid_until = Time{9'000'000};
  const Any leaves = made(Leave(everywhere, account(0)));
  const Any suspended = made(Suspend(last, everybody, staff)), removed = made(RemoveMembers(last, everybody, staff));
  const Any invited = made(Invite(two, everybody, role(0), staff));
  return {
      {"one joins one", {}, added(two[0], everybody.back())},
      {"a stranger joins one", {}, added(two[0], strangers[0])},
      {"one joins all", {}, added(everywhere, everybody.back())},
      {"all join two", {}, added(two, everybody)},
      {"all join two for a time", {}, made(for_a_time)},
      {"strangers join all", {}, added(everywhere, strangers)},
      {"all are invited to two", {}, invited},
      {"strangers are invited", {}, made(Invite(two, strangers, role(0), staff))},
      {"one accepts", {invited}, made(AcceptInvitation(two, account(n - 1)))},
      {"one declines", {invited}, made(DeclineInvitation(two, account(n - 1)))},
      {"invitations are revoked", {invited}, made(RevokeInvitation(two, everybody, staff))},
      {"all get another role", {}, made(ChangeRole(last, everybody, role(0), staff))},
      {"all get an end", {}, made(ChangeExpiry(last, everybody, Time{8'000'000}, staff))},
      {"all are suspended", {}, suspended},
      {"all are taken back", {suspended}, made(Reactivate(last, everybody, staff))},
      {"all are removed", {}, removed},
      {"all are removed, and nothing is left", {}, removed, false},
      {"all come back", {removed}, added(last, everybody)},
      {"one leaves all", {}, leaves},
      {"one comes back to all", {leaves}, added(everywhere, account(0))},
  };
}

/// Stands before a store and tries each call on stores that were made alike, with every allocation failing.
class Tried final : public Store {
 public:
  Tried(MemoryStore& of, unsigned size, std::function<void(MemoryStore&)> make)
      : of_(of), size_(size), make_(std::move(make)) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    auto fetched = of_.fetch(query, facts);
    each([&](MemoryStore& store, const auto& watched) {
      Facts found;
      auto answer = watched([&] { return store.fetch(query, found); });
      if (!answer) {
        found.clear();
        answer = store.fetch(query, found);
      }
      REQUIRE(answer.has_value());
      CHECK(validate_facts(query, found).has_value());
      CHECK(found.memberships.size() == facts.memberships.size());
      CHECK(found.roles.size() == facts.roles.size());
    });
    return fetched;
  }
  Result<void> commit(const ChangeSet& changes) override {
    const std::string before = picture(of_, size_);
    auto committed = of_.commit(changes);
    const std::string after = picture(of_, size_);
    each([&](MemoryStore& store, const auto& watched) {
      if (!watched([&] { return store.commit(changes); })) {
        CHECK(picture(store, size_) == before);
        CHECK(store.commit(changes).has_value());
      }
      CHECK(picture(store, size_) == after);
    });
    return committed;
  }
  std::uint64_t points = 0;

 private:
  template <class Attempt>
  void each(const Attempt& attempt) {
    for (const bool for_ever : {false, true})
      for (std::uint64_t nth = 1;; ++nth, ++points) {
        MemoryStore store({.thread_safe = false});
        make_(store);
        bool failed = false;
        INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
        attempt(store, [&](const auto& call) {
          std::optional<Result<void>> answer;
          {
            const WatchedAllocations watched(nth, for_ever);
            answer.emplace(call());
          }
          failed = WatchedAllocations::failed();
          if (!*answer) CHECK(answer->assume_error() == Error(Errc::out_of_memory));
          return *answer;
        });
        if (!failed) break;
      }
  }
  MemoryStore& of_;
  unsigned size_;
  std::function<void(MemoryStore&)> make_;
};

}  // namespace

TEST_CASE("a query and a commit on a store of any size survive the end of memory at every allocation") {
  std::uint64_t points = 0;
  for (const unsigned size : {2u, 5u, 8u, 14u})
    for (const bool counted : {false, true})
      for (const History& history : histories(size)) {
        INFO(history.name << ", " << size << " of each" << (counted ? ", counted" : ""));
        const Profile rules = open_rules(history.keeps_tombstones);
        const auto make = [&](MemoryStore& store) {
          fill(store, size, counted);
          UuidSource ids({1, 2});
          for (const Any& command : history.before)
            if (!Engine(rules, store, ids).run(*command, Time{1'000'000})) throw std::logic_error("a history");
        };
        MemoryStore store({.thread_safe = false});
        make(store);
        Tried tried(store, size, make);
        UuidSource ids({3, 4});
        const auto report = Engine(rules, tried, ids).run(*history.command, Time{2'000'000});
        REQUIRE(report.has_value());
        const auto& outcomes = report.assume_value().outcomes;
        CHECK(std::any_of(outcomes.begin(), outcomes.end(), [](Outcome outcome) { return wrote(outcome); }));
        points += tried.points;
      }
  CHECK(points >= 500);
}

TEST_CASE("of those who come back together, memory may end for a later one, and the earlier ones are not back either") {
  const Profile rules = open_rules(true);
  const OrganizationSelector first = organization(0);
  const std::vector<AccountSelector> two{account(0), account(1)};
  const Actor staff{account(0), true};
  const AddMembers both(std::vector<OrganizationSelector>{first}, two, role(0), staff);
  // Nobody is in two organizations yet: the second account would be, and its list needs the first block of all.
  const auto make = [&](MemoryStore& store) {
    for (unsigned i = 0; i < 2; ++i) {
      must(store.put_organization({.id = organization(i)}));
      must(store.put_role(organization(i), {.id = role(0)}, any_version));
      must(store.put_account(full_account(i, i)));
      must(store.put_membership(full_membership(0, i)));
    }
    UuidSource ids({1, 2});
    const Engine engine(rules, store, ids);
    if (!engine.run(RemoveMembers(first, two, staff), Time{1'000'000})) throw std::logic_error("a removal");
    must(store.put_membership(full_membership(1, 1)));
  };
  MemoryStore store({.thread_safe = false});
  make(store);
  Tried tried(store, 2, make);
  UuidSource ids({3, 4});
  const auto report = Engine(rules, tried, ids).run(both, Time{2'000'000});
  REQUIRE(report.has_value());
  CHECK(report.assume_value().count(Outcome::added) == 2);
  CHECK(tried.points > 0);
}

}
