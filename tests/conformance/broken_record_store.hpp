// The common part of the broken record interfaces: the calls of a MemoryStore.
#ifndef ROSTER_TESTS_CONFORMANCE_BROKEN_RECORD_STORE_HPP
#define ROSTER_TESTS_CONFORMANCE_BROKEN_RECORD_STORE_HPP

#include "broken.hpp"

namespace broken {

/// The record interface of a MemoryStore, with the places at which a broken one differs.
class Records : public Faulty, public RecordStore {
 public:
  RecordStore* records() override { return this; }

  Result<std::optional<OrganizationRecord>> organization(const OrganizationSelector& selector) const noexcept override {
    return right.organization(selector);
  }
  Result<Version> put_organization(const OrganizationRecord& record) noexcept override {
    return right.put_organization(record);
  }
  Result<Version> overwrite_organization(const OrganizationRecord& record) noexcept override {
    return right.overwrite_organization(record);
  }
  Result<Version> change_organization(const OrganizationId& id, const OrganizationChange& change,
                                      Version version) noexcept override {
    return right.change_organization(id, change, version);
  }
  Result<void> erase_organization(const OrganizationId& id, Version version) noexcept override {
    return right.erase_organization(id, version);
  }
  Result<std::size_t> children(const OrganizationId& parent, const OrganizationId& after,
                               std::span<OrganizationId> out) const noexcept override {
    return right.children(parent, after, out);
  }
  Result<Version> put_role(const OrganizationId& organization, const Role& role, Version version) noexcept override {
    return right.put_role(organization, role, version);
  }
  Result<Version> erase_role(const OrganizationId& organization, const RoleId& role, const RoleId& replacement,
                             Version version) noexcept override {
    return right.erase_role(organization, role, replacement, version);
  }
  Result<void> record_owner_role(const RoleId& role) noexcept override { return right.record_owner_role(role); }
  Result<void> forget_owner_role(const RoleId& role) noexcept override { return right.forget_owner_role(role); }
  Result<std::size_t> roles(const OrganizationId& organization, const RoleId& after,
                            std::span<Role> out) const noexcept override {
    return right.roles(organization, after, out);
  }
  Result<std::optional<AccountRecord>> account(const AccountSelector& selector) const noexcept override {
    return right.account(selector);
  }
  Result<Version> put_account(const AccountRecord& record) noexcept override { return right.put_account(record); }
  Result<Version> overwrite_account(const AccountRecord& record) noexcept override {
    return right.overwrite_account(record);
  }
  Result<Version> change_account(const AccountId& id, const AccountChange& change, Version version) noexcept override {
    return right.change_account(id, change, version);
  }
  Result<void> change_accounts(std::span<AccountUpdate> updates) noexcept override {
    return right.change_accounts(updates);
  }
  Result<void> erase_account(const AccountId& id, Version version, Mentions mentions) noexcept override {
    return right.erase_account(id, version, mentions);
  }
  Result<void> overwrite_group(const GroupName& group, std::span<const AccountId> accounts) noexcept override {
    return right.overwrite_group(group, accounts);
  }
  Result<void> put_membership(const Membership& membership) noexcept override {
    return right.put_membership(membership);
  }
  Result<void> erase_membership(const OrganizationId& organization, const AccountId& account) noexcept override {
    return right.erase_membership(organization, account);
  }

 protected:
  std::optional<OrganizationRecord> stored(const OrganizationId& id) const { return right.organization(id).value(); }
  std::optional<AccountRecord> stored(const AccountId& id) const { return right.account(id).value(); }
};

template <class Store>
Fault recording(const char* name, const char* law, std::vector<std::string> also = {}) {
  return {.name = name, .law = law, .also = std::move(also), .make = made<Store>};
}

}  // namespace broken

#endif
