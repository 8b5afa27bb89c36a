// Tables that grow one record after the other: wherever memory ends, the record is refused and nothing has changed;
// then the same call succeeds.
#include <string>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "roster/roster.hpp"

namespace growth_test {

using namespace roster;

namespace {

template <class Id>
Id numbered(const char* name, int i) {
  return Id::parse(name + std::to_string(i)).assume_value();
}

/// Lets each allocation of a call fail, alone and with all that follow, and requires out_of_memory and an unchanged
/// count; then lets the call succeed. Returns how many allocations it made.
template <class Call, class Count>
std::uint64_t starve(const Call& call, const Count& count) {
  const std::uint64_t before = count();
  for (std::uint64_t nth = 1;; ++nth)
    for (const bool for_ever : {false, true}) {
      bool written = false, failed = false;
      Errc why{};
      {
        const faults::WatchedAllocations watched(nth, for_ever);
        const auto result = call();
        failed = faults::WatchedAllocations::failed();
        written = static_cast<bool>(result);
        if (!written) why = result.error().code;
      }
      if (!failed) {
        REQUIRE(written);
        return nth - 1;
      }
      CAPTURE(nth, for_ever, before);
      REQUIRE_FALSE(written);
      REQUIRE(why == Errc::out_of_memory);
      REQUIRE(count() == before);
    }
}

constexpr int many = 2500;

}  // namespace

TEST_CASE("wherever memory ends while tables of accounts and organizations grow, the record is refused whole") {
  MemoryStore store;
  std::uint64_t allocations = 0;
  for (int i = 0; i < many; ++i) {
    const AccountRecord account{.id = numbered<AccountId>("account-", i),
                                .email = Email::parse("person" + std::to_string(i) + "@acme.example").assume_value(),
                                .username = numbered<Username>("user", i)};
    allocations += starve([&] { return store.put_account(account); }, [&] { return store.account_count(); });
  }
  for (int i = 0; i < many; ++i) {
    const OrganizationRecord record{.id = numbered<OrganizationId>("organization-", i),
                                    .slug = numbered<Slug>("slug", i)};
    allocations += starve([&] { return store.put_organization(record); }, [&] { return store.organization_count(); });
  }
  CHECK(allocations > 100);
}

TEST_CASE("wherever memory ends while an organization, or an account's list, grows, the member is refused whole") {
  MemoryStore store;
  for (int i = 0; i < many; ++i) REQUIRE(store.put_account({.id = numbered<AccountId>("account-", i)}));
  for (int i = 0; i < many; ++i) REQUIRE(store.put_organization({.id = numbered<OrganizationId>("organization-", i)}));
  const auto join = [&](int organization, int account) {
    const Membership membership{
        .id = {{static_cast<std::uint8_t>(organization), static_cast<std::uint8_t>(organization >> 8),
                static_cast<std::uint8_t>(account), static_cast<std::uint8_t>(account >> 8), 1}},
        .organization = numbered<OrganizationId>("organization-", organization),
        .account = numbered<AccountId>("account-", account),
        .role = RoleId("member"),
        .valid_until = Time{account % 5 == 0 ? 9000 : 0}};
    return starve([&] { return store.put_membership(membership); }, [&] { return store.membership_count(); });
  };
  std::uint64_t allocations = 0;
  for (int i = 0; i < many; ++i) allocations += join(0, i);
  for (int i = 1; i < many; ++i) allocations += join(i, 0);
  CHECK(allocations > 100);
}

}
