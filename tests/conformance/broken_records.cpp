// Wrong behaviour of the record interface of a store: conditions, fields, versions.
#include "broken_record_store.hpp"

namespace broken {

namespace {

class PutIsAnOverwrite final : public Records {
  Result<Version> put_account(const AccountRecord& record) noexcept override { return right.overwrite_account(record); }
};

class PutWritesWhatIsStored final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto before = stored(record.id);
    const auto put = right.put_organization(record);
    return put && before && put.value() == before->version ? right.overwrite_organization(record) : put;
  }
};

class CreatesForAnyVersion final : public Records {
  Result<Version> put_account(const AccountRecord& record) noexcept override {
    return stored(record.id) ? right.put_account(record) : right.overwrite_account(record);
  }
};

class CreateReplaces final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    return record.version == Version{} ? right.overwrite_organization(record) : right.put_organization(record);
  }
};

class ComparesFieldsOnly final : public Records {
  Result<Version> put_account(const AccountRecord& record) noexcept override {
    AccountRecord newest = record;
    if (const auto before = stored(record.id); before && record.version != Version{}) {
      for (const auto& [fields, version] : seen_)
        if (version == record.version && fields.disabled == before->disabled && fields.username == before->username)
          newest.version = before->version;
    }
    const auto put = right.put_account(newest);
    if (put) seen_.emplace_back(record, put.value());
    return put;
  }
  std::vector<std::pair<AccountRecord, Version>> seen_;
};

class LookUpWithoutVersion final : public Records {
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept override {
    auto found = right.account(selector);
    if (found && found.value()) found.value()->version = {};
    return found;
  }
};

class PutReturnsTheFormerVersion final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto before = stored(record.id);
    const auto put = right.put_organization(record);
    return put && before ? before->version : put;
  }
};

class OverwriteKeepsWhatIsNotNamed final : public Records {
  Result<Version> overwrite_account(const AccountRecord& record) noexcept override {
    AccountRecord merged = record;
    if (const auto before = stored(record.id); before && !record.email) merged.email = before->email;
    return right.overwrite_account(merged);
  }
};

class OverwriteIsConditional final : public Records {
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override {
    const auto before = stored(record.id);
    if (before && record.version != Version{} && record.version != before->version) return Errc::stale;
    return right.overwrite_organization(record);
  }
};

class ChangeIsUnconditional final : public Records {
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version) noexcept override {
    return right.change_account(id, change, any_version);
  }
};

class ChangeResetsTheRest final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    OrganizationChange all = change;
    if (!all.joinable) all.joinable = true;
    return right.change_organization(id, all, version);
  }
};

class ChangeIgnoresNone final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    OrganizationChange some = change;
    if (some.slug && some.slug->empty()) some.slug.reset();
    return right.change_organization(id, some, version);
  }
};

class AnotherAddressStaysVerified final : public Records {
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override {
    AccountChange all = change;
    if (const auto before = stored(id); before && !all.verified) all.verified = before->verified;
    return right.change_account(id, all, version);
  }
};

class AnyWritingUnverifies final : public Records {
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override {
    AccountChange all = change;
    if (all.email && !all.verified) all.verified = false;
    return right.change_account(id, all, version);
  }
};

class RoleIsUnconditional final : public Records {
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version) noexcept override {
    return right.put_role(organization, role, any_version);
  }
};

class RoleKeepsTheVersion final : public Records {
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override {
    const auto before = stored(organization);
    const auto put = right.put_role(organization, role, version);
    return put && before ? before->version : put;
  }
};

class RefusedHalfWritten final : public Records {
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    const auto changed = right.change_organization(id, change, version);
    if (changed || changed.error().code != Errc::not_found || !change.seats_max) return changed;
    (void)right.change_organization(id, {.seats_max = change.seats_max}, version);
    return Errc::not_found;
  }
};

class CyclesAreAccepted final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    return accepted(record.id, right.put_organization(record));
  }
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override {
    return accepted(record.id, right.overwrite_organization(record));
  }
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    return accepted(id, right.change_organization(id, change, version));
  }
  Result<Version> accepted(const OrganizationId& id, const Result<Version>& written) const {
    const bool cycle = !written && written.error().code == Errc::parent_cycle;
    return cycle ? Result<Version>(stored(id)->version) : written;
  }
};

class CyclesBeforeVersions final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto put = right.put_organization(record);
    return !put && record.parent == record.id ? Errc::parent_cycle : put;
  }
};

class NamesBeforeVersions final : public Records {
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    const auto put = right.put_organization(record);
    if (!put && !record.slug.empty())
      if (const auto holder = right.organization(record.slug).value(); holder && holder->id != record.id)
        return Errc::exists;
    return put;
  }
};

class ChangeForgetsOwners final : public Records {
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override {
    const auto before = stored(id);
    const auto done = right.change_account(id, change, version);
    if (done && before && change.disabled) uncounted_ += int(*change.disabled) - int(before->disabled);
    return done;
  }
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    const auto done = right.fetch(query, facts);
    for (OrganizationFact& fact : facts.organizations)
      if (query.counts) fact.counts.owners += static_cast<std::uint32_t>(uncounted_);
    return done;
  }
  int uncounted_ = 0;
};

/// A version that one worker has read counts as read by all.
class LastWriterWins final : public Records {
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override {
    const auto before = stored(id);
    if (before && before->disabled && change.username) return right.change_account(id, change, any_version);
    return right.change_account(id, change, version);
  }
};

}  // namespace

Fault sound_records() {
  return recording<Records>("the record interface of a MemoryStore", "");
}

std::vector<Fault> broken_records() {
  return {
      recording<PutIsAnOverwrite>(
          "a put is an overwrite", "records/put",
          {"records/lost-update", "records/overwrite", "records/erase-account", "disabled/records"}),
      recording<PutWritesWhatIsStored>("a put of the stored fields changes the version", "records/put"),
      recording<CreatesForAnyVersion>("a put with a version creates a missing record", "records/put",
                                      {"records/erase-account"}),
      recording<CreateReplaces>("a put without a version replaces a record", "records/put", {"records/refused"}),
      recording<ComparesFieldsOnly>("a put compares the fields that had the version", "records/put"),
      recording<LookUpWithoutVersion>("a look-up has no version", "records/put",
                                      {"records/change", "records/change-accounts", "records/lost-update",
                                       "records/overwrite", "records/refused", "records/erase-account"}),
      recording<PutReturnsTheFormerVersion>("a put returns the version of before", "records/put",
                                            {"records/closed", "records/lost-update"}),
      recording<OverwriteKeepsWhatIsNotNamed>("an overwrite keeps an address that is not given", "records/overwrite",
                                              {"records/lost-update"}),
      recording<OverwriteIsConditional>("an overwrite compares versions", "records/overwrite"),
      recording<ChangeIsUnconditional>("a change ignores its version", "records/change", {"records/lost-update"}),
      recording<ChangeResetsTheRest>("a change resets other fields", "records/change"),
      recording<ChangeIgnoresNone>("a change to no slug is ignored", "records/change"),
      recording<AnotherAddressStaysVerified>("another address is verified", "records/change"),
      recording<AnyWritingUnverifies>("an address in other case is not verified", "records/change"),
      recording<RoleIsUnconditional>("a role is put for any version", "records/role",
                                     {"records/erase-role", "records/last-owner", "records/lost-update"}),
      recording<RoleKeepsTheVersion>("a role returns the version of before", "records/role", {"records/lost-update"}),
      recording<RefusedHalfWritten>("a change without its parent writes the other fields", "records/refused"),
      recording<NamesBeforeVersions>("a taken slug is reported of a stale put", "records/refused", {"records/closed"}),
      recording<CyclesAreAccepted>("a cycle of parents is accepted", "records/cycle"),
      recording<CyclesBeforeVersions>("a cycle is reported of a stale put", "records/cycle"),
      recording<ChangeForgetsOwners>("a change of a single field counts no owner", "disabled/records"),
      recording<LastWriterWins>("a later change of another field ignores its version", "records/lost-update",
                                {"records/change"}),
  };
}

}  // namespace broken
