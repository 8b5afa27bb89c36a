// Wrong ends of records: what is erased too early, and what is left.
#include <algorithm>
#include <map>

#include "broken_record_store.hpp"

namespace broken {

namespace {

bool is(const Result<void>& done, Errc code) {
  return !done && done.error().code == code;
}

class ErasesAnyVersion final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version) noexcept override {
    return right.erase_organization(id, any_version);
  }
};

/// An erase that ends the memberships itself, without an event.
class ErasesMembersToo final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto erased = right.erase_organization(id, version);
    if (!is(erased, Errc::has_members)) return erased;
    Membership member;
    while (right.members(id, {}, {&member, 1}).value() != 0) (void)right.erase_membership(id, member.account);
    return right.erase_organization(id, version);
  }
};

class ErasesWithExpiredMembers final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto erased = right.erase_organization(id, version);
    if (!is(erased, Errc::has_members)) return erased;
    std::vector<Membership> members(100);
    members.resize(right.members(id, {}, members).value());
    if (!std::all_of(members.begin(), members.end(), [](const Membership& it) { return it.valid_until != Time{}; }))
      return erased;
    for (const Membership& it : members) (void)right.erase_membership(id, it.account);
    return right.erase_organization(id, version);
  }
};

class ErasesParents final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto erased = right.erase_organization(id, version);
    if (!is(erased, Errc::has_children)) return erased;
    OrganizationId child;
    while (right.children(id, {}, {&child, 1}).value() != 0)
      (void)right.change_organization(child, {.parent = OrganizationId()}, any_version);
    return right.erase_organization(id, version);
  }
};

/// The children are looked at before the members.
class ChildrenFirst final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto erased = right.erase_organization(id, version);
    OrganizationId child;
    const bool has_children = is(erased, Errc::has_members) && right.children(id, {}, {&child, 1}).value() != 0;
    return has_children ? Result<void>(Errc::has_children) : erased;
  }
};

/// An organization that is only hidden: its catalog, its slug and its tombstones are there again with its id.
class HidesOrganizations final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    if (hidden_.contains(id)) return Errc::not_found;
    MemoryStore& store = right;
    const auto found = store.organization(id);
    if (!found || !found.value()) return Errc::not_found;
    if (version != any_version && version != found.value()->version) return Errc::stale;
    if (store.member_count(id).value() != 0) return Errc::has_members;
    OrganizationId child;
    if (store.children(id, {}, {&child, 1}).value() != 0) return Errc::has_children;
    hidden_.emplace(id, true);
    return done(store.change_organization(id, {.slug = Slug()}, any_version));
  }
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept override {
    const auto found = right.organization(selector);
    if (found && found.value() && hidden_.contains(found.value()->id)) return std::optional<OrganizationRecord>();
    return found;
  }
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    if (hidden_.erase(record.id) == 0) return right.put_organization(record);
    return right.overwrite_organization(record);
  }
  Result<std::size_t> roles(const OrganizationId& id, const RoleId& after,
                            std::span<Role> out) const noexcept override {
    return hidden_.contains(id) ? Result<std::size_t>(std::size_t{0}) : right.roles(id, after, out);
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    if (!fetched || hidden_.empty()) return fetched;
    for (OrganizationFact& fact : facts.organizations)
      if (hidden_.contains(fact.id)) fact = OrganizationFact{};
    drop_memberships(query, facts,
                     [&](const MembershipFact& it) { return facts.organizations[it.organization].id.empty(); });
    return fetched;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    for (const OrganizationFact& fact : changes.organizations)
      if (hidden_.contains(fact.id)) return Errc::stale;
    return right.commit(changes);
  }
  std::map<OrganizationId, bool> hidden_;
};

class KeepsTheSlug final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto before = stored(id);
    auto erased = right.erase_organization(id, version);
    if (erased && before) kept_ = before->slug;
    return erased;
  }
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    if (!kept_.empty() && record.slug == kept_) return Errc::exists;
    return right.put_organization(record);
  }
  Slug kept_;
};

/// The versions of an organization begin again when its id is put again.
class VersionsBeginAgain final : public Records {
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    const auto before = stored(id);
    auto erased = right.erase_organization(id, version);
    if (erased && before) gone_ = {id, static_cast<std::uint64_t>(before->version)};
    return erased;
  }
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto put = right.put_organization(record);
    return put ? Result<Version>(shown(record.id, put.value())) : put;
  }
  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept override {
    auto found = right.organization(selector);
    if (found && found.value()) found.value()->version = shown(found.value()->id, found.value()->version);
    return found;
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    auto fetched = right.fetch(query, facts);
    for (OrganizationFact& fact : facts.organizations)
      if (!fact.id.empty()) fact.version = shown(fact.id, fact.version);
    return fetched;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    Copied copy(changes);
    for (Guard& guard : copy.changes.guards)
      if (guard.record == Guard::Record::organization && changes.organizations[guard.organization].id == gone_.id &&
          right.organization(gone_.id).value())
        guard.version = Version{static_cast<std::uint64_t>(guard.version) + gone_.last};
    return right.commit(copy.changes);
  }
  Version shown(const OrganizationId& id, Version version) const {
    if (id != gone_.id || static_cast<std::uint64_t>(version) <= gone_.last) return version;
    return Version{static_cast<std::uint64_t>(version) - gone_.last};
  }
  struct Gone {
    OrganizationId id;
    std::uint64_t last = 0;
  };
  Gone gone_;
};

}  // namespace

std::vector<Fault> broken_erases() {
  const char* const law = "records/erase-organization";
  return {
      recording<ErasesAnyVersion>("an organization is erased for any version", law),
      recording<ErasesMembersToo>("an organization is erased with its members", law),
      recording<ErasesWithExpiredMembers>("an expired member keeps no organization", law),
      recording<ErasesParents>("an organization is erased above others", law),
      recording<ChildrenFirst>("children are checked before members", law),
      recording<HidesOrganizations>("an erased organization is only hidden", law),
      recording<KeepsTheSlug>("the slug of an erased organization stays taken", law),
      recording<VersionsBeginAgain>("the versions of an organization begin again", law),
  };
}

}  // namespace broken
