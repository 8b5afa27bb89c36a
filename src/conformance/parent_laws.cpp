// The parents of organizations: no organization is inside itself, over any number of levels, and the listing of those
// inside one.
#include <algorithm>
#include <string>

#include "laws.hpp"
#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// test_organization(2) is inside 1, which is inside 0. Each way to put 0 into one of them is refused.
void no_cycles(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const OrganizationRecord top{.id = test_organization(0), .slug = Slug("top"), .seats_max = 3};
  const Version version = records.succeeds("create the highest", put(store, top));
  for (std::uint32_t i = 1; i < 3; ++i)
    records.succeeds("create one inside", put(store, {.id = test_organization(i), .parent = test_organization(i - 1)}));
  for (std::uint32_t i = 0; i < 3; ++i) {
    OrganizationRecord inside = top;
    inside.parent = test_organization(i);
    inside.seats_max = 9;
    for (const Version given : {version, any_version}) {
      records.fails("put into a cycle", put(store, with_version(inside, given)), Errc::parent_cycle);
      const OrganizationChange moved{.parent = inside.parent, .seats_max = 9};
      records.fails("change into a cycle", change(store, top.id, moved, given), Errc::parent_cycle);
    }
    records.fails("overwrite into a cycle", overwrite(store, inside), Errc::parent_cycle);
    records.fails("a stale put into a cycle", put(store, with_version(inside, behind(version))), Errc::stale);
    records.expect_stored(top, version, "after refused cycles");
  }
  const OrganizationRecord missing{.id = test_organization(9), .parent = top.id, .version = version};
  records.fails("put a missing one with a version", put(store, missing), Errc::not_found);
  records.fails("change a missing one", change(store, missing.id, {.parent = top.id}, any_version), Errc::not_found);
  // The lowest moves out, so the highest may move into it.
  const OrganizationId lowest = test_organization(2);
  records.succeeds("move the lowest out", change(store, lowest, {.parent = OrganizationId()}, any_version));
  records.succeeds("move the highest into it", change(store, top.id, {.parent = lowest}, any_version));
  records.fails("move the lowest into the middle", change(store, lowest, {.parent = test_organization(1)}, any_version),
                Errc::parent_cycle);
}

/// The organizations inside `parent`, in pages of `size`. The page is its own cursor: `after` is an id in `out`.
std::vector<OrganizationId> listed(TestContext& test, const RecordStore& store, const OrganizationId& parent,
                                   std::size_t size) {
  constexpr std::size_t entries_max = 1000;
  std::vector<OrganizationId> all, page(size);
  const OrganizationId none;
  while (all.size() < entries_max) {
    const auto count = store.children(parent, all.empty() ? none : page[size - 1], page);
    if (!test.expect(count.has_value(), "children() failed")) return {};
    if (!test.expect(count.value() <= size, "a page of children has more entries than its span")) return {};
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count.value()));
    if (count.value() < size) return all;
  }
  test.fail("a listing of children does not end");
  return {};
}

void expect_children(TestContext& test, const RecordStore& store, const OrganizationId& parent,
                     std::vector<OrganizationId> expected, const std::string& when) {
  std::sort(expected.begin(), expected.end());
  for (const std::size_t size : {std::size_t{1}, std::size_t{2}, std::size_t{3}, expected.size() + 1})
    test.expect(listed(test, store, parent, size) == expected,
                when + ", children() does not list the organizations inside, with pages of " + std::to_string(size));
}

void lists_children(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  RecordStore& store = records.store();
  const OrganizationId top = test_organization(0), other = test_organization(1);
  for (const OrganizationId& id : {top, other}) records.succeeds("create a parent", put(store, {.id = id}));
  const std::string longest(62, 'z');
  std::vector<OrganizationId> inside;
  for (const std::string& name : {std::string("b"), std::string("a"), std::string("aa"), std::string("B"),
                                  longest + "b", std::string("\xC3\xA9"), std::string("a0"), longest + "a"}) {
    inside.push_back(id<OrganizationId>(name));
    records.succeeds("create one inside", put(store, {.id = inside.back(), .parent = top}));
  }
  const OrganizationId lower("lower");
  records.succeeds("create one inside the other", put(store, {.id = lower, .parent = other}));
  records.succeeds("create one two levels below", put(store, {.id = OrganizationId("lowest"), .parent = lower}));
  expect_children(test, store, top, inside, "after all were put");
  expect_children(test, store, other, {lower}, "with one that contains another");
  expect_children(test, store, inside[0], {}, "of one without any");
  expect_children(test, store, test_organization(99), {}, "of an unknown organization");
  expect_children(test, store, OrganizationId(), {}, "of no organization");
  const auto none = store.children(top, {}, {});
  test.expect(none && none.value() == 0, "a page without entries has some");

  std::sort(inside.begin(), inside.end());
  for (const char* const after : {"", "A", "a", "a/", "aaa", "zz", "\xC3\xA8", "\xF0\x9F\x98\x80"}) {
    std::vector<OrganizationId> page(inside.size()), expected;
    for (const OrganizationId& each : inside)
      if (each.view() > std::string_view(after)) expected.push_back(each);
    const auto count = store.children(top, id<OrganizationId>(after), page);
    page.resize(count ? std::min(count.value(), page.size()) : 0);
    test.expect(count && page == expected, "the page of children behind `" + std::string(after) + "` differs");
  }

  // One moves out, one moves in, and the last of the first page is no longer there.
  records.succeeds("move one in", change(store, lower, {.parent = top}, any_version));
  records.succeeds("move one out", change(store, inside[2], {.parent = OrganizationId()}, any_version));
  records.succeeds("move one elsewhere", overwrite(store, {.id = inside[5], .parent = other}));
  std::vector<OrganizationId> rest(inside.size() + 1), left(inside.begin() + 3, inside.end());
  std::erase(left, inside[5]);
  left.insert(std::lower_bound(left.begin(), left.end(), lower), lower);
  const auto count = store.children(top, inside[2], rest);
  rest.resize(count ? std::min(count.value(), rest.size()) : 0);
  std::erase_if(left, [&](const OrganizationId& each) { return each <= inside[2]; });
  test.expect(count && rest == left, "after moves, the page behind one that has left differs");
  expect_children(test, store, other, {inside[5]}, "after moves");
}

constexpr Entry parent_entries[] = {
    {{"records/cycle", "no organization is put, overwritten or changed so that it is inside itself, at any depth"},
     no_cycles,
     Requires::records},
    {{"records/children",
      "children() lists each organization directly inside one once, in the byte order of ids, for any page size"},
     lists_children,
     Requires::records},
};

}  // namespace

std::span<const Entry> parent_laws() noexcept {
  return parent_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
