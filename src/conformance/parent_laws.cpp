// The parents of organizations: no organization is inside itself, over any number of levels.
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

constexpr Entry parent_entries[] = {
    {{"records/cycle", "no organization is put, overwritten or changed so that it is inside itself, at any depth"},
     no_cycles,
     Requires::records},
};

}  // namespace

std::span<const Entry> parent_laws() noexcept {
  return parent_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
