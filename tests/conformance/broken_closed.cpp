// Wrong record interfaces for closed organizations: which are opened too early, or are not closed.
#include <algorithm>
#include <set>

#include "broken_record_store.hpp"

namespace broken {

namespace {

bool keeps_members(const Result<Version>& written) {
  return !written && written.error().code == Errc::has_members;
}

/// Ends the memberships itself, without an event, and writes again.
class OpensAnyway : public Records {
 protected:
  template <class Write>
  Result<Version> anyway(const OrganizationId& id, const Write& write) {
    const auto written = write();
    if (!keeps_members(written)) return written;
    std::vector<Membership> members(100);
    members.resize(right.members(id, {}, members).value());
    for (const Membership& it : members) (void)right.erase_membership(id, it.account);
    const auto again = write();
    for (const Membership& it : members) (void)right.put_membership(it);
    return again;
  }
};

class ChangeOpens final : public OpensAnyway {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    return anyway(id, [&] { return right.change_organization(id, change, version); });
  }
};
class PutOpens final : public OpensAnyway {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    return anyway(record.id, [&] { return right.put_organization(record); });
  }
};
class OverwriteOpens final : public OpensAnyway {
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override {
    return anyway(record.id, [&] { return right.overwrite_organization(record); });
  }
};

/// A membership in that state does not keep an organization closed.
template <MembershipState state, bool expired>
class OneStateOpens final : public OpensAnyway {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    std::vector<Membership> members(100);
    members.resize(right.members(id, {}, members).value());
    const bool kept = std::any_of(members.begin(), members.end(), [](const Membership& it) {
      return it.state != state || (it.valid_until != Time{}) != expired;
    });
    if (kept) return right.change_organization(id, change, version);
    return anyway(id, [&] { return right.change_organization(id, change, version); });
  }
};

class TombstonesKeepItClosed final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    const auto before = stored(id);
    const bool opens = before && before->closed && change.closed && !*change.closed;
    const bool right_version = before && (version == any_version || version == before->version);
    if (opens && right_version && right.former_membership(id, AccountId("acc-1")).value()) return Errc::has_members;
    return right.change_organization(id, change, version);
  }
};

class MembersKeepItOpen final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    if (change.closed && *change.closed && right.member_count(id).value() != 0) return Errc::has_members;
    return right.change_organization(id, change, version);
  }
};

/// The name is looked at before the members.
class NamesFirst final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    const auto written = right.change_organization(id, change, version);
    if (!keeps_members(written) || !change.slug) return written;
    const auto other = right.organization(*change.slug);
    return other.value() && other.value()->id != id ? Result<Version>(Errc::exists) : written;
  }
};

class MembersFirst final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto before = stored(record.id);
    if (before && before->closed && !record.closed && right.member_count(record.id).value() != 0)
      return Errc::has_members;
    return right.put_organization(record);
  }
};

class ChangeOfAnotherFieldOpens final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    OrganizationChange all = change;
    if (!all.closed) all.closed = false;
    const auto written = right.change_organization(id, all, version);
    return keeps_members(written) && !change.closed ? right.change_organization(id, change, version) : written;
  }
};

/// A guard on an organization holds if it was closed or opened since.
class ClosingKeepsGuards final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    const auto before = stored(id);
    const auto changed = right.change_organization(id, change, version);
    if (changed && before && change.closed && *change.closed != before->closed) same_.insert({before->version});
    return changed;
  }
  Result<void> commit(std::uint32_t, const ChangeSet& changes) override {
    Copied copy(changes);
    for (Guard& guard : copy.changes.guards)
      if (guard.record == Guard::Record::organization && same_.contains(guard.version))
        if (const auto now = stored(changes.organizations[guard.organization].id)) guard.version = now->version;
    return right.commit(copy.changes);
  }
  std::set<Version> same_;
};

}  // namespace

std::vector<Fault> broken_closed() {
  const char* const law = "records/closed";
  return {
      recording<ChangeOpens>("a change opens an organization with members", law),
      recording<PutOpens>("a put opens an organization with members", law),
      recording<OverwriteOpens>("an overwrite opens an organization with members", law),
      recording<OneStateOpens<MembershipState::active, true>>("an expired member keeps no organization closed", law),
      recording<OneStateOpens<MembershipState::invited, false>>("an invitation keeps no organization closed", law),
      recording<OneStateOpens<MembershipState::suspended, false>>("a suspended member keeps no organization closed",
                                                                  law),
      recording<TombstonesKeepItClosed>("a tombstone keeps an organization closed", law),
      recording<MembersKeepItOpen>("an organization with members is not closed", law),
      recording<NamesFirst>("the slug is checked before the members of a closed organization", law),
      recording<MembersFirst>("the members of a closed organization are checked before its version", law),
      recording<ChangeOfAnotherFieldOpens>("a change of another field opens an organization", law, {"records/change"}),
      recording<ClosingKeepsGuards>("closing an organization keeps the guards on it", "closed/guard"),
  };
}

}  // namespace broken
