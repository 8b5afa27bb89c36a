// Wrong treatment of roles: in answers, in the bounds of a commit, and in the catalogs.
#include <algorithm>

#include "broken_record_store.hpp"

namespace broken {

namespace {

using State = MembershipState;

class EraseIsUnconditional final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version) noexcept override {
    return right.erase_role(organization, role, replacement, any_version);
  }
};

class EraseKeepsTheVersion final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    const auto before = stored(organization);
    const auto erased = right.erase_role(organization, role, replacement, version);
    return erased && before ? before->version : erased;
  }
};

/// An erase by way of another catalog, in which the members keep the fields that `keeps` names.
class EraseWithoutReplacing final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    const auto erased = right.erase_role(organization, role, replacement, version);
    if (erased && !replacement.empty()) gone_.push_back({organization, role, replacement});
    return erased;
  }
  /// The members show the erased role again.
  Result<void> fetch(std::uint32_t n, const Query& query, Facts& facts) override {
    auto done = Records::fetch(n, query, facts);
    if (!done || gone_.empty()) return done;
    for (Role& role : facts.roles)
      if (role.id == gone_.front().replacement) role.id = gone_.front().role;
    return done;
  }
  struct Gone {
    OrganizationId organization;
    RoleId role, replacement;
  };
  std::vector<Gone> gone_;
};

/// An erase after which the memberships that had changed before have lower versions than before it.
class EraseLowersVersions final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    const auto erased = right.erase_role(organization, role, replacement, version);
    erased_ = erased_ || (erased && !replacement.empty());
    return erased;
  }
  Result<void> fetch(std::uint32_t n, const Query& query, Facts& facts) override {
    auto done = Records::fetch(n, query, facts);
    for (MembershipFact& fact : facts.memberships)
      if (erased_ && fact.version > Version{2}) fact.version = Version{static_cast<std::uint64_t>(fact.version) - 2};
    return done;
  }
  bool erased_ = false;
};

class ErasesWhatIsInUse final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    const auto erased = right.erase_role(organization, role, replacement, version);
    if (erased || erased.error().code != Errc::role_in_use) return erased;
    Role other;
    const auto listed = right.roles(organization, {}, {&other, 1});
    return listed && listed.value() == 1 ? right.erase_role(organization, role, other.id, version) : erased;
  }
};

class ReplacesByWhatIsMissing final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    if (!replacement.empty() && role != replacement) (void)right.put_role(organization, {.id = replacement}, version);
    return right.erase_role(organization, role, replacement, any_version);
  }
};

/// A put of a role that no longer owns, without a look at the owners.
class PutDropsTheGuard final : public Records {
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override {
    const auto put = right.put_role(organization, role, version);
    if (put || put.error().code != Errc::owner_last) return put;
    return Version{static_cast<std::uint64_t>(stored(organization)->version) + 1};
  }
};

class EraseDropsTheGuard final : public Records {
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    const auto erased = right.erase_role(organization, role, replacement, version);
    if (erased || erased.error().code != Errc::owner_last) return erased;
    return Version{static_cast<std::uint64_t>(stored(organization)->version) + 1};
  }
};

class GuardWithoutOwners final : public Records {
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override {
    Role before;
    std::vector<Role> all(10);
    const auto count = right.roles(organization, {}, all);
    for (std::size_t i = 0; count && i < count.value(); ++i)
      if (all[i].id == role.id) before = all[i];
    if (before.owns && !role.owns) return Errc::owner_last;
    return right.put_role(organization, role, version);
  }
};

class RolesInTheOrderOfRanks final : public Records {
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override {
    const auto count = right.roles(organization, after, out);
    if (count)
      std::stable_sort(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(count.value()),
                       [](const Role& a, const Role& b) { return a.rank < b.rank; });
    return count;
  }
};

class RolesRepeatTheCursor final : public Records {
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override {
    if (after.empty() || out.empty()) return right.roles(organization, after, out);
    out[0] = {.id = after};
    const auto count = right.roles(organization, after, out.subspan(1));
    return count ? Result<std::size_t>(count.value() + 1) : count;
  }
};

class RolesWithoutSeats final : public Records {
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override {
    const auto count = right.roles(organization, after, out);
    for (Role& role : out) role.takes_seat = true;
    return count;
  }
};

/// Records the roles of a commit that is stale too.
class RecordsWithoutWriting final : public Records {
  Result<void> commit(std::uint32_t n, const ChangeSet& changes) override {
    const auto done = Records::commit(n, changes);
    if (done || !changes.records_owner_roles) return done;
    const OrganizationId hidden("hidden");
    (void)right.put_organization({.id = hidden});
    for (const RoleId& role : changes.owner_roles)
      (void)right.put_role(hidden, {.id = role, .owns = true}, any_version);
    return done;
  }
};

class PutsRecordNothing final : public Records {
  Result<void> put(const OrganizationId& organization, const Role& role) override {
    auto done = Records::put(organization, role);
    (void)right.forget_owner_role(role.id);
    return done;
  }
};

class ForgetsNothing final : public Records {
  Result<void> forget_owner_role(const RoleId& role) noexcept override {
    const auto known = right.forget_owner_role(role);
    const OrganizationId hidden("hidden");
    (void)right.put_organization({.id = hidden});
    if (known) (void)right.put_role(hidden, {.id = role, .owns = true}, any_version);
    return known;
  }
};

class ForgetsMore final : public Records {
  Result<void> forget_owner_role(const RoleId& role) noexcept override {
    (void)right.forget_owner_role(RoleId("founder"));
    return right.forget_owner_role(role);
  }
};

class RecordsNothing final : public Records {
  Result<void> record_owner_role(const RoleId& role) noexcept override {
    return role.empty() ? Result<void>(Errc::id_empty) : success();
  }
};

class ForgetsUnknown final : public Records {
  Result<void> forget_owner_role(const RoleId& role) noexcept override {
    if (role.empty()) return Errc::id_empty;
    (void)right.forget_owner_role(role);
    return success();
  }
};

}  // namespace

std::vector<Fault> broken_roles() {
  return {
      {"no role has owned",
       "owners/recorded",
       {"owners/one-member", "owners/puts"},
       answered([](const Query&, Facts& facts) {
         for (Role& role : facts.roles) role.has_owned = false;
       })},
      {"every role has owned",
       "owners/recorded",
       {"facts/many-roles", "facts/roles", "owners/one-member", "owners/puts", "owners/with-the-rest"},
       answered([](const Query&, Facts& facts) {
         for (Role& role : facts.roles) role.has_owned = true;
       })},
      {"roles that own are recorded unasked",
       "owners/with-the-rest",
       {"owners/puts", "owners/recorded"},
       {},
       committed([](ChangeSet& it) { it.records_owner_roles = true; })},
      {"the first role that owns is recorded", "owners/recorded", {}, {}, committed([](ChangeSet& it) {
         if (it.records_owner_roles) it.owner_roles = it.owner_roles.first(1);
       })},
      {"one added member records no role", "owners/one-member", {}, {}, committed([](ChangeSet& it) {
         it.records_owner_roles &= it.added.size() != 1 || it.created.size() + it.changed.size() != 0;
       })},
      recording<RecordsWithoutWriting>("a stale commit records roles", "owners/with-the-rest"),
      recording<PutsRecordNothing>("a put of a role records nothing", "owners/puts"),
      recording<ForgetsNothing>("an owner role is not forgotten", "records/forget-owner-role"),
      recording<RecordsNothing>("the host records nothing", "records/forget-owner-role"),
      recording<ForgetsMore>("another owner role is forgotten too", "records/forget-owner-role"),
      recording<ForgetsUnknown>("a role that never owned is forgotten", "records/forget-owner-role"),
      {"roles that take no seat are not read", "facts/counts-by-role", {}, with_query([](CopiedQuery& it) {
         it.query.free_roles = {};
       })},
      {"two roles take no seat at most", "facts/counts-by-role", {}, with_query([](CopiedQuery& it) {
         if (it.query.free_roles.size() > 2) it.query.free_roles = it.query.free_roles.first(2);
       })},
      {"roles that take no seat are not read at the commit",
       "bounds/seats-by-role",
       {},
       {},
       committed([](ChangeSet& it) { it.free_roles = {}; })},
      {"every role exists", "facts/roles-in-no-catalog", {}, answered([](const Query&, Facts& facts) {
         for (Role& role : facts.roles) role.exists = true;
       })},
      {"every role takes a seat in an answer",
       "facts/roles-in-no-catalog",
       {},
       answered([](const Query&, Facts& facts) {
         for (Role& role : facts.roles) role.takes_seat = true;
       })},
      recording<EraseIsUnconditional>("a role is erased for any version", "records/erase-role", {"records/last-owner"}),
      recording<EraseKeepsTheVersion>("an erase returns the version of before", "records/erase-role"),
      recording<EraseWithoutReplacing>("members keep the erased role", "records/erase-role"),
      recording<EraseLowersVersions>("an erase gives members a lower version", "records/erase-role"),
      recording<ErasesWhatIsInUse>("a role in use is erased without a replacement", "records/erase-role"),
      recording<ReplacesByWhatIsMissing>("a missing replacement is put", "records/erase-role", {"records/last-owner"}),
      recording<PutDropsTheGuard>("a put takes `owns` from the last owners", "records/last-owner"),
      recording<EraseDropsTheGuard>("an erase takes the last owners away", "records/last-owner"),
      recording<GuardWithoutOwners>("`owns` stays where no member owns", "records/last-owner"),
      recording<RolesInTheOrderOfRanks>("roles are listed by rank", "records/roles", {"records/erase-role"}),
      recording<RolesRepeatTheCursor>("a page of roles begins with its cursor", "records/roles",
                                      {"records/erase-role"}),
      recording<RolesWithoutSeats>("every listed role takes a seat", "records/roles", {"records/erase-role"}),
  };
}

}  // namespace broken
