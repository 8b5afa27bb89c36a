// Wrong listings of the organizations inside another one.
#include <algorithm>

#include "broken_record_store.hpp"

namespace broken {

namespace {

using Ids = std::span<OrganizationId>;
using Page = Result<std::size_t>;

class ChildrenOfAllLevels final : public Records {
  Page children(const OrganizationId& parent, const OrganizationId& after, Ids out) const noexcept override {
    std::vector<OrganizationId> all(100);
    all.resize(right.children(parent, {}, all).value());
    for (std::size_t i = 0; i < all.size(); ++i) {
      std::vector<OrganizationId> below(100);
      below.resize(right.children(all[i], {}, below).value());
      all.insert(all.end(), below.begin(), below.end());
    }
    std::sort(all.begin(), all.end());
    std::erase_if(all, [&](const OrganizationId& id) { return id <= after; });
    const std::size_t count = std::min(all.size(), out.size());
    std::copy_n(all.begin(), count, out.begin());
    return count;
  }
};

class ChildrenBackwards final : public Records {
  Page children(const OrganizationId& parent, const OrganizationId& after, Ids out) const noexcept override {
    const auto count = right.children(parent, after, out);
    if (count) std::reverse(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count.value()));
    return count;
  }
};

class ChildrenRepeatTheCursor final : public Records {
  Page children(const OrganizationId& parent, const OrganizationId& after, Ids out) const noexcept override {
    if (after.empty() || out.empty()) return right.children(parent, after, out);
    const OrganizationId first = after;  // it may be an id in `out`
    const auto count = right.children(parent, first, out.subspan(1));
    out[0] = first;
    return count ? Page(count.value() + 1) : count;
  }
};

/// One that begins behind the place of its cursor, and so at the first page if that is gone.
class ChildrenSeekTheCursor final : public Records {
  Page children(const OrganizationId& parent, const OrganizationId& after, Ids out) const noexcept override {
    const auto cursor = stored(after);
    const bool is_there = cursor && cursor->parent == parent;
    return right.children(parent, is_there ? after : OrganizationId(), out);
  }
};

class ChildrenOfNobody final : public Records {
  Page children(const OrganizationId& parent, const OrganizationId& after, Ids out) const noexcept override {
    if (!parent.empty()) return right.children(parent, after, out);
    if (out.empty() || after >= OrganizationId("org0")) return std::size_t{0};
    out[0] = OrganizationId("org0");
    return std::size_t{1};
  }
};

}  // namespace

std::vector<Fault> broken_parents() {
  return {
      recording<ChildrenOfAllLevels>("children of all levels are listed", "records/children"),
      recording<ChildrenBackwards>("children are listed backwards", "records/children"),
      recording<ChildrenRepeatTheCursor>("a page of children begins with its cursor", "records/children"),
      recording<ChildrenSeekTheCursor>("a page of children behind a missing one is the first", "records/children"),
      recording<ChildrenOfNobody>("no organization contains one", "records/children"),
  };
}

}  // namespace broken
