// A page of a set. The order is that of the handles, which are never reused.
#include <algorithm>

#include "fetch.hpp"
#include "roster/request.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

namespace {

/// The lowest handles behind the page before: a heap, whose first entry is the highest. Small, because an application
/// without sets has it too.
class LowestHandles {
 public:
  explicit LowestHandles(const SetPage& page) noexcept : page_(page) {}

  /// Returns false if memory runs out.
  [[nodiscard]] bool reserve(std::uint32_t handles) noexcept {
    return found_.reserve(std::min(handles, page_.entries_max));
  }
  [[gnu::noinline]] void add(Handle handle) noexcept {
    if (found_.size() == page_.entries_max) {
      if (handle > found_[0]) return;
      pop(found_.end());
      found_.back() = handle;
    } else {
      found_.unchecked_push_back(handle);
    }
    std::push_heap(found_.begin(), found_.end());
  }
  std::span<const Handle> sorted() noexcept {
    for (Handle* end = found_.end(); end > found_.begin() + 1; --end) pop(end);
    return found_.span();
  }

 private:
  [[gnu::noinline]] void pop(Handle* end) noexcept { std::pop_heap(found_.begin(), end); }

  const SetPage& page_;
  SmallVector<Handle, 0> found_;
};

}  // namespace

bool Fetch::is_in_set(const MemberRecord& record) const noexcept {
  const SetPage& page = *query_.set;
  if (!query_.idempotency_key.empty() && same_request(record.idempotency_key, query_.idempotency_key)) return true;
  return !record.removed() && (page.any_state || record.state() == page.state) &&
         (page.role.empty() || record.role() == set_role_);
}

/// The organizations of an account are read from its list. With a key all organizations are read, because an account
/// has no list of its tombstones.
Errc Fetch::set() noexcept {
  const SetPage& page = *query_.set;
  const bool of_members = page.of == SetPage::Of::members, keyed = !query_.idempotency_key.empty();
  const Handle in = of_members ? core_.search(page.organization) : core_.search(page.parent);
  const Handle who = of_members ? no_handle : core_.search(page.account);
  set_role_ = page.role.empty() ? no_role : core_.find_role(page.role);
  const bool inside = !of_members && !page.parent.empty();
  if ((of_members ? in : who) == no_handle || (inside && in == no_handle) || page.entries_max == 0) return done;
  const HandleList* const joined = of_members ? nullptr : &core_.accounts[who].organizations_joined;
  const std::uint32_t count = of_members ? core_.organizations[in].members.positions()
                              : keyed    ? core_.organizations.size()
                                         : joined->size();
  LowestHandles lowest(page);
  if (!lowest.reserve(count)) return Errc::out_of_memory;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Handle row = of_members ? in : keyed ? Handle{i} : core_.lists.get(*joined, i);
    const Organization& organization = core_.organizations[row];
    if (inside && organization.parent != in && !(page.with_parent && row == in)) continue;
    const std::uint32_t at = of_members ? i : organization.members.find(who, core_.hasher.handle(who));
    if (at == Members::none) continue;
    const MemberRecord& record = organization.members[at];
    const Handle entry = of_members ? record.account : row;
    if (of_members && entry != no_handle && core_.accounts[entry].id.is_hidden()) continue;  // an erased account
    if (entry != no_handle && entry >= static_cast<std::uint64_t>(page.after) && is_in_set(record)) lowest.add(entry);
  }
  const std::span<const Handle> entries = lowest.sorted();
  if (!(of_members ? facts_.accounts.resize(entries.size(), AccountFact{})
                   : facts_.organizations.resize(entries.size(), OrganizationFact{})))
    return Errc::out_of_memory;
  for (std::uint32_t i = 0; i < entries.size(); ++i) {
    (of_members ? facts_.accounts[i].locator : facts_.organizations[i].locator) = locator_of(entries[i]);
    if (of_members)
      facts_.accounts[i].id = core_.account_id(entries[i]);
    else
      facts_.organizations[i].id = core_.organizations[entries[i]].id.get<OrganizationId>(core_.strings);
  }
  return done;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI
