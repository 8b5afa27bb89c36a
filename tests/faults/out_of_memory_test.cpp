// Proves that memory may end at any allocation, once or for ever: nothing is thrown, nothing is half done, the report
// says what the store has, and the same request sent again comes to the same end as if nothing had happened.
#include <array>
#include <functional>
#include <optional>

#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"

namespace out_of_memory_test {

using namespace faults;

namespace {

std::uint64_t points = 0, survived = 0;  // allocations made to fail, and those after which all was done

/// Calls `attempt(nth, for_ever)` for nth = 1, 2, ... until no allocation failed any more, once and for ever. It
/// returns whether one failed.
template <class Attempt>
void for_each_allocation(Attempt&& attempt) {
  for (const bool for_ever : {false, true})
    for (std::uint64_t nth = 1;; ++nth) {
      REQUIRE(nth < 5'000);
      INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
      if (!attempt(nth, for_ever)) break;
      ++points;
    }
}

void run(const FaultCase& fault_case) {
  INFO(fault_case.name);
  const Reference reference(fault_case);
  for_each_allocation([&](std::uint64_t nth, bool for_ever) {
    const auto fixture = fault_case.begin();
    const State before = fixture->state();
    const std::string exactly = fixture->exactly();
    std::optional<Result<Report>> result;
    {
      const WatchedAllocations watched(nth, for_ever);
      result.emplace(fixture->raw_run(fault_case.rules, *fault_case.command, nullptr, Time{8'000'000}));
    }
    const bool failed = WatchedAllocations::failed();
    const Answer answer = answer_of(*result, fixture->store, fixture->base);
    const State after = fixture->state();
    if (answer.error) {
      CHECK(*answer.error == Error(Errc::out_of_memory));
      CHECK(fixture->exactly() == exactly);
      reference.check_whole(*fixture, after);
    } else {
      if (answer.stopped) CHECK(*answer.stopped == Error(Errc::out_of_memory));
      CHECK(after.broken == "");
      reference.check_nothing_new(before, after);
      reference.check_report(answer, before, after, *fixture, false);
      survived += failed && !answer.stopped ? 1 : 0;
    }
    (void)reference.converges(*fixture);
    return failed;
  });
}

}  // namespace

TEST_CASE("an add survives the end of memory at every allocation") {
  const auto all = adds();
  REQUIRE(all.size() >= 12);
  points = 0;
  for (const FaultCase& fault_case : all) run(fault_case);
  CHECK(points >= 300);
}

TEST_CASE("a change of memberships survives the end of memory at every allocation: done, or everything as it was") {
  points = survived = 0;
  for (const FaultCase& fault_case : changes()) run(fault_case);
  CHECK(points >= 500);
  CHECK(survived * 10 < points);  // with no memory, next to nothing can be done
}

TEST_CASE("a bulk for which memory ends among the lists of its accounts leaves none of them longer") {
  constexpr std::uint32_t rows = 300, columns = 24;  // each list is more than a page, and so each allocates
  std::vector<OrganizationSelector> organizations;
  std::vector<AccountSelector> accounts;
  for (std::uint32_t i = 0; i < rows; ++i) organizations.emplace_back(named<OrganizationId>("o" + std::to_string(i)));
  for (std::uint32_t i = 0; i < columns; ++i) accounts.emplace_back(named<AccountId>("a" + std::to_string(i)));
  /// How many allocations the commit made, with the one of number `nth` failing.
  const auto attempt = [&](std::uint64_t nth) {
    MemoryStore store;
    for (const auto& row : organizations) (void)store.put_organization({.id = std::get<OrganizationId>(row)});
    for (const auto& column : accounts) (void)store.put_account({.id = std::get<AccountId>(column)});
    Query query;
    query.organizations = organizations;
    query.accounts = accounts;
    Facts facts;
    REQUIRE(store.fetch(query, facts).has_value());
    ChangeSet changes;
    changes.organizations = facts.organizations.span();
    changes.accounts = facts.accounts.span();
    changes.idempotency_key.bytes.fill(7);
    REQUIRE((changes.roles.try_push_back(RoleId("member")) && changes.added.reserve(rows * columns) &&
             changes.added_ids.resize_uninitialized(rows * columns)));
    UuidSource({1, 2}).fill(changes.added_ids.span());
    for (std::uint32_t i = 0; i < rows * columns; ++i)
      changes.added.unchecked_push_back({i / columns, i % columns, 0, MembershipState::active});
    const auto all_list = [&](std::size_t expected) {
      std::vector<Membership> page(rows + 1);
      for (const auto& column : accounts)
        CHECK(store.organizations_of(std::get<AccountId>(column), {}, page).value() == expected);
    };
    Result<void> committed = success();
    {
      const WatchedAllocations watched(nth);
      committed = store.commit(changes);
    }
    CHECK(committed.has_value() != WatchedAllocations::failed());
    const std::uint64_t made = WatchedAllocations::count();
    if (!committed) {
      CHECK(committed.assume_error() == Error(Errc::out_of_memory));
      CHECK(store.membership_count() == 0);
      all_list(0);
      REQUIRE(store.commit(changes).has_value());
    }
    CHECK(store.membership_count() == rows * columns);
    all_list(rows);
    return made;
  };
  const std::uint64_t all = attempt(0);
  REQUIRE(all > 2 * columns);
  for (std::uint64_t nth = all; nth > all - 2 * columns; --nth) attempt(nth);  // the lists come last
}

TEST_CASE("the operations that set up a store survive the end of memory, and leave it as it was") {
  // What the operations are given is made before memory runs out: copying a long address is the caller's business.
  AccountRecord fresh{.id = AccountId("new"), .username = Username("new")},
      changed{.id = AccountId("ann"), .version = any_version};
  fresh.email = named<Email>("somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example");
  changed.email = named<Email>("somebody.else@" + std::string(60, 'q') + ".example");
  changed.username = Username("ann-with-another-name");
  const std::array two{AccountId("ann"), AccountId("rex")};
  const std::array three{AccountId("ann"), AccountId("ann"), AccountId("rex")};
  Membership membership;
  membership.id.bytes.fill(9);
  membership.organization = OrganizationId("lab");
  membership.account = AccountId("ann");
  membership.role = RoleId("a role nobody had");
  struct StoreOperation {
    const char* name;
    std::function<Result<void>(MemoryStore&)> call;
  };
  const OrganizationRecord child{.id = OrganizationId("new"), .slug = Slug("fresh"), .parent = OrganizationId("acme")};
  const StoreOperation operations[] = {
      {"a new organization with slug and parent",
       [&](MemoryStore& store) { return without_value(store.put_organization(child)); }},
      {"an organization changes its slug",
       [](MemoryStore& store) {
         return without_value(store.change_organization(OrganizationId("works"), {.slug = Slug("other")}, any_version));
       }},
      {"an organization closes",
       [](MemoryStore& store) {
         return without_value(store.overwrite_organization({.id = OrganizationId("lab"), .joinable = false}));
       }},
      {"a new role",
       [](MemoryStore& store) {
         return without_value(store.put_role(OrganizationId("works"), {.id = RoleId("fresh"), .rank = 9}, any_version));
       }},
      {"a role changes",
       [](MemoryStore& store) {
         return without_value(store.put_role(OrganizationId("acme"), {.id = RoleId("tutor"), .rank = 9}, any_version));
       }},
      {"a new account with everything", [&](MemoryStore& store) { return without_value(store.put_account(fresh)); }},
      {"an account changes its address and name",
       [&](MemoryStore& store) { return without_value(store.put_account(changed)); }},
      {"a group is replaced", [&](MemoryStore& store) { return store.overwrite_group(GroupName("crew"), two); }},
      {"a new group", [&](MemoryStore& store) { return store.overwrite_group(GroupName("fresh"), three); }},
      {"a new membership", [&](MemoryStore& store) { return store.put_membership(membership); }},
      {"a membership ends",
       [](MemoryStore& store) { return store.erase_membership(OrganizationId("acme"), AccountId("old")); }},
      {"room for more accounts", [](MemoryStore& store) { return store.reserve_accounts(10'000); }},
  };
  const auto begin = [] {
    auto fixture = std::make_unique<TestFixture>(world_of_adds());
    fixture->base.places["new"].roles["fresh"];  // what comes is looked for as well
    fixture->base.people["new"];
    fixture->base.groups["fresh"];
    return fixture;
  };
  for (const StoreOperation& operation : operations) {
    INFO(operation.name);
    const auto reference = begin();
    REQUIRE(operation.call(reference->store).has_value());
    const std::string result = reference->exactly();
    for_each_allocation([&](std::uint64_t nth, bool for_ever) {
      const auto fixture = begin();
      const std::string before = fixture->exactly();
      std::optional<Result<void>> answer;
      {
        const WatchedAllocations watched(nth, for_ever);
        answer.emplace(operation.call(fixture->store));
      }
      const bool failed = WatchedAllocations::failed();
      if (answer->has_error()) {
        CHECK(answer->assume_error() == Error(Errc::out_of_memory));
        CHECK(fixture->exactly() == before);
        CHECK(operation.call(fixture->store).has_value());
      }
      CHECK(fixture->exactly() == result);
      return failed;
    });
  }
}

TEST_CASE("a store for which there was no memory says so, in every operation, and is empty") {
  std::optional<MemoryStore> store;
  {
    const WatchedAllocations watched(1, true);
    store.emplace();
  }
  REQUIRE(WatchedAllocations::failed());
  const auto out_of_memory = [](const auto& done) {
    return done.has_error() && done.assume_error() == Error(Errc::out_of_memory);
  };
  Facts facts;
  CHECK(out_of_memory(store->fetch(Query{}, facts)));
  CHECK(out_of_memory(store->commit(ChangeSet{})));
  CHECK(out_of_memory(store->put_organization({.id = OrganizationId("o")})));
  CHECK(out_of_memory(store->put_role(OrganizationId("o"), {.id = RoleId("r")}, any_version)));
  CHECK(out_of_memory(store->put_account({.id = AccountId("a")})));
  CHECK(out_of_memory(store->overwrite_group(GroupName("g"), {})));
  CHECK(out_of_memory(store->erase_membership(OrganizationId("o"), AccountId("a"))));
  CHECK(out_of_memory(store->reserve_accounts(1)));
  CHECK(store->account_count() + store->organization_count() + store->membership_count() == 0);
  CHECK_FALSE(store->account(AccountSelector(AccountId("a"))).has_value());
  CHECK(store->footprint().total() == 0);
}

TEST_CASE("look-ups survive the end of memory: a right answer or none, and no harm done") {
  TestFixture fixture(world_of_adds());
  AccountRecord record{.id = AccountId("long")};
  const std::string text = "Somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example";
  record.email = named<Email>(text);
  REQUIRE(fixture.store.put_account(record).has_value());
  const AccountSelector by_id{AccountId("long")};
  for_each_allocation([&](std::uint64_t nth, bool for_ever) {
    std::optional<AccountRecord> found;
    std::optional<Membership> membership;
    std::optional<OrganizationRecord> organization;
    std::array<Membership, 4> page;
    std::size_t listed = 0;
    {
      const WatchedAllocations watched(nth, for_ever);
      if (auto look_up = fixture.store.account(by_id)) found = std::move(look_up).value();
      membership = fixture.store.membership(OrganizationId("acme"), AccountId("old")).value();
      organization = fixture.store.organization(OrganizationSelector(Slug("second"))).value();
      listed = fixture.store.members(OrganizationId("acme"), {}, page).value();
    }
    const bool failed = WatchedAllocations::failed();
    if (found) CHECK(found->email->text() == text);
    CHECK((found.has_value() || failed));
    CHECK(membership.has_value());
    CHECK(organization.has_value());
    CHECK(listed == 1);
    return failed;
  });
  CHECK(fixture.state().broken == "there are accounts that nothing leads to; ");  // the one added here
}

TEST_CASE("parsing survives the end of memory: an address too long to be held inline is an error, then it is there") {
  const std::string text = "Somebody@" + std::string(60, 'q') + "." + std::string(60, 'r') + ".example";
  for_each_allocation([&](std::uint64_t nth, bool for_ever) {
    std::optional<Result<Email>> parsed;
    {
      const WatchedAllocations watched(nth, for_ever);
      parsed.emplace(Email::parse(text));
    }
    const bool failed = WatchedAllocations::failed();
    CHECK(parsed->has_error() == failed);
    if (failed) CHECK(parsed->assume_error().code == Errc::out_of_memory);
    if (!failed) CHECK(parsed->assume_value().text() == text);
    return failed;
  });
  const Profile profile{.actor = roster::ActorRule::host_decides};
  for (const bool by_username : {false, true}) {
    std::uint64_t failures = 0;
    for_each_allocation([&](std::uint64_t nth, bool for_ever) {
      std::optional<Result<AccountSelector>> selected;
      {
        const WatchedAllocations watched(nth, for_ever);
        using Given = std::optional<std::string_view>;
        selected.emplace(select_account(profile, {}, by_username ? Given() : text, by_username ? text : Given()));
      }
      const bool failed = WatchedAllocations::failed();
      failures += failed ? 1u : 0u;
      CHECK(selected->has_error() == failed);
      if (failed) CHECK(selected->assume_error().code == Errc::out_of_memory);
      return failed;
    });
    CHECK(failures != 0);
  }
}

}
