// Reference: the store for comparison, a MemoryStore.
#ifndef ROSTER_CONFORMANCE_REFERENCE_HPP
#define ROSTER_CONFORMANCE_REFERENCE_HPP

#include <optional>

#include "roster/conformance.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

class Reference final : public Fixture {
 public:
  Reference() { store_.emplace(); }
  Result<void> reset() override {
    store_.emplace();
    return success();
  }
  Store& store() override { return *store_; }
  Result<void> put_organization(const OrganizationRecord& record) override { return store_->put_organization(record); }
  Result<void> put_account(const AccountRecord& record) override { return store_->put_account(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return store_->put_role(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return store_->put_group(group, accounts);
  }

 private:
  std::optional<MemoryStore> store_;
};

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
