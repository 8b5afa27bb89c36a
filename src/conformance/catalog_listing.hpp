// Reads the catalog of an organization by the record interface, and compares it.
#ifndef ROSTER_CONFORMANCE_CATALOG_LISTING_HPP
#define ROSTER_CONFORMANCE_CATALOG_LISTING_HPP

#include <algorithm>
#include <string>
#include <vector>

#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The whole catalog of an organization, in pages of `size`.
inline std::vector<Role> catalog(TestContext& test, const RecordStore& store, const OrganizationId& organization,
                                 std::size_t size) {
  constexpr std::size_t entries_max = 1000;
  std::vector<Role> all, page(size);
  while (all.size() < entries_max) {
    // The page is its own cursor: `after` is an id in `out`.
    const RoleId none;
    const RoleId& after = all.empty() ? none : page[size - 1].id;
    const auto count = store.roles(organization, after, page);
    if (!test.expect(count.has_value(), "roles() failed")) return {};
    if (!test.expect(count.value() <= size, "a page of roles has more entries than its span")) return {};
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count.value()));
    if (count.value() < size) return all;
  }
  test.fail("a listing of roles does not end");
  return {};
}

inline bool is_before(const Role& a, const Role& b) {
  return a.id.view() < b.id.view();
}

inline void expect_catalog(TestContext& test, const RecordStore& store, const OrganizationId& organization,
                           std::vector<Role> expected, const std::string& when) {
  std::sort(expected.begin(), expected.end(), is_before);
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, expected.size() + 1})
    test.expect(catalog(test, store, organization, size) == expected,
                when + ", roles() does not list the catalog, with pages of " + std::to_string(size));
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
