// The record interface of a store: the listing of a catalog.
#include <algorithm>
#include <string>

#include "catalog_listing.hpp"
#include "laws.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

void lists_roles(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  test.put_organizations(3);
  const std::string longest(62, 'z');
  std::vector<Role> roles;
  for (const std::string& name : {std::string("b"), std::string("a"), std::string("aa"), std::string("B"),
                                  longest + "b", std::string("\xC3\xA9"), std::string("a0"), longest + "a"}) {
    const auto n = static_cast<unsigned>(roles.size());
    roles.push_back(
        {id<RoleId>(name), static_cast<std::uint16_t>(65535 - n), n % 2 == 0, n % 3 == 0, n % 4 == 1, n % 5 != 2});
    records.succeeds("put a role", store.put_role(test_organization(0), roles.back(), any_version));
  }
  const Role other{.id = id<RoleId>("aaa"), .rank = 1};
  records.succeeds("put a role elsewhere", store.put_role(test_organization(1), other, any_version));
  expect_catalog(test, store, test_organization(0), roles, "after all were put");
  expect_catalog(test, store, test_organization(1), {other}, "after one was put");
  expect_catalog(test, store, test_organization(2), {}, "without a catalog");
  expect_catalog(test, store, test_organization(99), {}, "of an unknown organization");
  std::sort(roles.begin(), roles.end(), is_before);
  for (const char* const after : {"", "A", "a", "a/", "aaa", "zz", "\xC3\xA8", "\xF0\x9F\x98\x80"}) {
    std::vector<Role> page(roles.size()), expected;
    for (const Role& role : roles)
      if (role.id.view() > std::string_view(after)) expected.push_back(role);
    const auto count = store.roles(test_organization(0), id<RoleId>(after), page);
    page.resize(count ? std::min(count.value(), page.size()) : 0);
    test.expect(count && page == expected, "the page of roles behind `" + std::string(after) + "` differs");
  }
  roles[3].rank = 7;
  roles[3].takes_seat = !roles[3].takes_seat;
  records.succeeds("put a role again", store.put_role(test_organization(0), roles[3], any_version));
  expect_catalog(test, store, test_organization(0), roles, "after one was put again");
}

constexpr Entry role_list_entries[] = {
    {{"records/roles", "roles() lists a catalog in the byte order of its ids, for any page size"},
     lists_roles,
     Requires::records},
};

}  // namespace

std::span<const Entry> role_list_laws() noexcept {
  return role_list_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
