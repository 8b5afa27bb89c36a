// Proves that memory may end at every allocation of a set-up operation, and at those of libpq: where the operation says
// that memory was out, nothing is written; where the connection broke on it, all or nothing; and the same store does it
// all when it is called again.
#include <functional>
#include <optional>

#include "faults/allocations.hpp"
#include "scenario.hpp"
#include "starving/starving.hpp"

namespace memory_test {

using namespace postgres_testing;
using roster_test::Starving;

namespace {

constexpr int many = 40;  ///< so that every buffer grows more than once

/// Every value of every table but versions, which a operation that is repeated raises again.
std::string picture(Session& session) {
  std::string all;
  for (const char* const table :
       {"organizations", "slugs", "roles", "accounts", "emails", "usernames", "groups", "memberships"})
    all += session.run(std::string("SELECT coalesce(string_agg((to_jsonb(t) - 'version')::text, ' ' ORDER BY "
                                   "(to_jsonb(t) - 'version')::text), '-') FROM roster_") +
                       table + " t") +
           "\n";
  return all;
}

AccountRecord full(int n, int names) {
  const std::string prefix(70, 'u');  // a name with a heap block
  AccountRecord record{.id = numbered<AccountId>("a", n), .username = numbered<Username>(prefix.c_str(), names)};
  record.email = address("p" + std::to_string(names));
  return record;
}

struct StoreOperation {
  std::string name;
  std::function<Result<void>(PostgresStore&)> call;
  Errc again = Errc{};  ///< what it says where it was carried out before
};

std::vector<StoreOperation> operations() {
  std::vector<AccountRecord> people;
  std::vector<AccountId> members;
  for (int i = 0; i < many; ++i)
    people.push_back(full(100 + i, 100 + i)), members.push_back(numbered<AccountId>("a", i));
  const Membership joined{.id = MembershipId::of("joined"), .organization = acme, .account = ann, .role = clerk};
  return {
      {"create_schema()", [](PostgresStore& store) { return store.create_schema(); }},
      {"an organization with everything",
       [](PostgresStore& store) {
         return faults::without_value(store.put_organization(
             {.id = OrganizationId("new"), .slug = Slug("new"), .parent = acme, .seats_max = 5}));
       }},
      {"another slug for one that is there",
       [](PostgresStore& store) {
         return faults::without_value(
             store.put_organization({.id = acme, .slug = Slug("other"), .joinable = false, .version = any_version}));
       }},
      {"a role",
       [](PostgresStore& store) {
         return faults::without_value(store.put_role(acme, {.id = RoleId("guest"), .rank = 2}, any_version));
       }},
      {"an account with everything",
       [record = full(many, many)](PostgresStore& store) { return faults::without_value(store.put_account(record)); }},
      {"other names for one that is there",
       [record = full(0, many)](PostgresStore& store) {
         return faults::without_value(store.overwrite_account(record));
       }},
      {"another address for one that is there",
       [email = address("other")](PostgresStore& store) {
         return faults::without_value(store.change_account(numbered<AccountId>("a", 0), {.email = email}, any_version));
       }},
      {"many accounts", [people](PostgresStore& store) { return store.add_accounts(people); }},
      {"a group of many", [members](PostgresStore& store) { return store.overwrite_group(GroupName("all"), members); }},
      {"a membership", [joined](PostgresStore& store) { return store.put_membership(joined); }, Errc::exists},
      {"a membership less", [](PostgresStore& store) { return store.erase_membership(acme, boss); }, Errc::not_found},
  };
}

/// How memory ends: at each allocation of the store itself, or at some of all, libpq's too.
struct End {
  bool of_store, for_ever;
  std::uint64_t step;
};

}  // namespace

TEST_CASE("memory ends inside a set-up operation: all or nothing, and the store goes on", "[postgres][failures]") {
  if (!roster_test::can_starve()) return;
  const std::string conninfo = make_database("failures_puts", Tables::read_committed);
  Session session(conninfo);
  PostgresStore host(conninfo.c_str());
  int out_of_memory = 0, others = 0;
  const auto begin = [&] {
    empty(session);
    fill(host, 0, many);
  };
  for (const StoreOperation& operation : operations()) {
    begin();
    const std::string before = picture(session);
    REQUIRE(operation.call(host).has_value());
    const std::string after = picture(session);
    for (const End& end : {End{true, false, 1}, End{true, true, 1}, End{false, false, 7}, End{false, true, 11}})
      for (std::uint64_t nth = 1;; nth += end.step) {
        INFO(operation.name << ", allocation " << nth << (end.for_ever ? " and all after it" : "")
                            << (end.of_store ? " of the store" : ""));
        begin();
        PostgresStore store(conninfo.c_str());
        REQUIRE(store.membership(acme, boss).has_value());  // it has its connection
        std::optional<Result<void>> done;
        bool failed = false;
        if (end.of_store) {
          {
            const faults::WatchedAllocations watched(nth, end.for_ever);
            done.emplace(operation.call(store));
          }
          failed = faults::WatchedAllocations::failed();
        } else {
          Starving::set(nth, end.for_ever);
          Starving::begin();
          done.emplace(operation.call(store));
          Starving::end();
          failed = Starving::failed();
        }
        if (!failed) break;
        const std::string left = picture(session);
        if (done->has_error() && done->assume_error() == Error(Errc::out_of_memory)) CHECK(left == before);
        if (done->has_value()) CHECK(left == after);
        CHECK((left == before || left == after));
        ++(done->has_error() && done->assume_error() == Error(Errc::out_of_memory) ? out_of_memory : others);
        const auto again = operation.call(store);
        INFO(store.last_error_message());
        if (left == before && before != after) CHECK(again.has_value());
        if (left == after && !again) CHECK(again.assume_error() == Error(operation.again));
        CHECK(picture(session) == after);
      }
  }
  CHECK(out_of_memory > 20);
  CHECK(others > 20);
}

}  // namespace memory_test
