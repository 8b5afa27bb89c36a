// Proves that memory may end at every allocation of a operation that sets up a MemoryStore, whatever is in it: each
// operation does all of its work or none, says out_of_memory and nothing else, and does it all when it is called again.
#include <functional>
#include <memory>
#include <optional>

#include "faults/allocations.hpp"
#include "faults/full_store.hpp"

namespace store_operations_memory_test {

using namespace faults;
using namespace faults::full;

namespace {

struct StoreOperation {
  const char* name;
  std::function<Result<void>(MemoryStore&)> call;
  unsigned least = 0;  ///< how many of each record it needs
};

/// Every operation that writes, about record `n`, the first that is not there, or about one that is. What they are
/// given is made before memory ends.
std::vector<StoreOperation> operations(unsigned n) {
  std::vector<StoreOperation> all;
  const auto organizations = [&](const char* name, const OrganizationRecord& record, unsigned least) {
    all.push_back(
        {name, [record](MemoryStore& store) { return without_value(store.put_organization(record)); }, least});
  };
  const auto accounts = [&](const char* name, const AccountRecord& record, unsigned least) {
    all.push_back({name, [record](MemoryStore& store) { return without_value(store.put_account(record)); }, least});
  };
  const auto roles = [&](const char* name, const OrganizationId& in, const Role& role, unsigned least) {
    all.push_back(
        {name, [in, role](MemoryStore& store) { return without_value(store.put_role(in, role, any_version)); }, least});
  };
  const auto groups = [&](const char* name, const GroupName& group, const std::vector<AccountId>& who, unsigned least) {
    all.push_back({name, [group, who](MemoryStore& store) { return store.overwrite_group(group, who); }, least});
  };
  const auto memberships = [&](const char* name, const Membership& membership, unsigned least) {
    all.push_back({name, [membership](MemoryStore& store) { return store.put_membership(membership); }, least});
  };
  organizations("an organization", {.id = organization(n)}, 0);
  organizations("an organization with everything",
                {.id = organization(n), .slug = slug(n), .parent = organization(0), .seats_max = 5}, 1);
  organizations("a limit for one that is there",
                {.id = organization(0), .slug = slug(0), .seats_max = 7, .version = any_version}, 1);
  organizations("a slug for one that is there", {.id = organization(0), .slug = slug(n), .version = any_version}, 1);
  organizations("a slug less", {.id = organization(0), .version = any_version}, 1);
  roles("a role", organization(0), {.id = role(n), .rank = 3}, 1);
  roles("a role of another's", organization(1), {.id = role(0), .rank = 3}, 2);
  accounts("an account with everything", full_account(n, n), 0);
  accounts("an account with an id", {.id = account(n)}, 0);
  AccountRecord changed = full_account(0, n), renamed = full_account(0, 0);
  changed.version = renamed.version = any_version;
  accounts("another address and username", changed, 1);
  renamed.username = username(n);
  accounts("another username", renamed, 1);
  accounts("an address and username less", {.id = account(0), .version = any_version}, 1);
  accounts("another username, and an address less", {.id = account(0), .username = username(n), .version = any_version},
           1);
  const auto updates = [&](const char* name, const AccountChange& one, const AccountChange& other) {
    const auto both = std::make_shared<std::vector<AccountUpdate>>();
    both->push_back({account(0), one});
    both->push_back({account(1), other});
    all.push_back({name,
                   [both](MemoryStore& store) {
                     for (AccountUpdate& it : *both) it.version = any_version;
                     return store.change_accounts(*both);
                   },
                   2});
  };
  const AccountRecord first = full_account(0, 0), second = full_account(1, 1), fresh = full_account(n, n);
  updates("two accounts exchange their names", {.email = second.email, .username = second.username},
          {.email = first.email, .username = first.username});
  updates("one takes the names of the other, which gets new ones",
          {.email = second.email, .username = second.username, .disabled = true},
          {.email = fresh.email, .username = fresh.username});
  std::vector<AccountId> some;
  for (unsigned i = 0; i < n; ++i) some.push_back(account(n - 1 - i));
  groups("a group", group(n), some, 0);
  groups("a group in the place of one", group(0), some, 1);
  memberships("a membership", full_membership(0, n - 1), 2);
  Membership promoted = full_membership(0, n - 1);
  promoted.role = role(n);
  memberships("a membership with a role that is new", promoted, 2);
  memberships("a membership for a time", full_membership(0, n - 1, Time{7'000'000}), 2);
  all.push_back(
      {"a membership less",
       [in = organization(0), who = account(0)](MemoryStore& store) { return store.erase_membership(in, who); }, 1});
  all.push_back({"room for accounts", [](MemoryStore& store) { return store.reserve_accounts(3'000); }, 0});
  return all;
}

}  // namespace

TEST_CASE("an account whose mentions are kept is erased wholly or not at all when memory ends") {
  std::uint64_t points = 0;
  for (const unsigned erased_before : {0u, 7u, 8u, 15u, 16u})
    for (std::uint64_t nth = 1;; ++nth) {
      MemoryStore store({.thread_safe = false});
      for (unsigned i = 0; i < 20; ++i) must(store.put_account(full_account(i, i)));
      for (unsigned i = 0; i < erased_before; ++i) must(store.erase_account(account(i), any_version, Mentions::keep));
      const std::string before = picture(store, 20);
      const AccountId who = account(19);
      std::optional<Result<void>> answer;
      {
        const WatchedAllocations watched(nth, true);
        answer.emplace(store.erase_account(who, any_version, Mentions::keep));
      }
      if (!WatchedAllocations::failed()) {
        CHECK(answer->has_value());
        break;
      }
      ++points;
      CHECK(answer->assume_error() == Error(Errc::out_of_memory));
      CHECK(picture(store, 20) == before);
      CHECK(store.erase_account(who, any_version, Mentions::keep).has_value());
    }
  CHECK(points >= 2);
}

TEST_CASE(
    "a operation that sets up a store of any size survives the end of memory at every allocation, all or nothing") {
  std::uint64_t points = 0;
  // Tables grow behind 8, 13 and 16 entries, lists of organizations behind 1, 4 and 12.
  for (const unsigned size : {0u, 1u, 2u, 5u, 8u, 13u, 16u})
    for (const StoreOperation& operation : operations(size)) {
      if (size < operation.least) continue;
      for (const bool counted : {false, true}) {
        INFO(operation.name << ", " << size << " of each" << (counted ? ", counted" : ""));
        if (counted && size == 0) continue;
        for (const bool for_ever : {false, true}) {
          std::string before, after;
          {
            MemoryStore reference({.thread_safe = false});
            fill(reference, size, counted);
            before = picture(reference, size);
            REQUIRE(operation.call(reference).has_value());
            after = picture(reference, size);
          }
          for (std::uint64_t nth = 1;; ++nth) {
            MemoryStore store({.thread_safe = false});
            fill(store, size, counted);
            std::optional<Result<void>> answer;
            {
              const WatchedAllocations watched(nth, for_ever);
              answer.emplace(operation.call(store));
            }
            if (!WatchedAllocations::failed()) break;
            ++points;
            INFO("allocation " << nth << (for_ever ? " and all after it" : ""));
            if (*answer) {
              CHECK(picture(store, size) == after);
              continue;
            }
            CHECK(answer->assume_error() == Error(Errc::out_of_memory));
            CHECK(picture(store, size) == before);
            CHECK(operation.call(store).has_value());
            CHECK(picture(store, size) == after);
          }
        }
      }
    }
  CHECK(points >= 250);
}

}
