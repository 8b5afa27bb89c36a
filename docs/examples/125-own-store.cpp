// Checks the store of own-store/, maps and a lock, by every law of the conformance kit.
#include <optional>

#include "own-store/map_store.hpp"
#include "roster/conformance.hpp"

using namespace roster;

namespace {

/// Creates and fills the store, and declares its further capabilities.
class MapFixture final : public conformance::Fixture {
 public:
  Result<void> reset() override {
    store_.emplace();
    return success();
  }
  Store& store() override { return *store_; }
  Result<void> put_organization(const OrganizationRecord& record) override { return store_->put(record); }
  Result<void> put_account(const AccountRecord& record) override { return store_->put(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return store_->put(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return store_->put(group, accounts);
  }

  conformance::Capabilities capabilities() const override { return {.connections = 4, .threads = true}; }
  Store* connection(std::uint32_t) override { return &*store_; }  // thread-safe

 private:
  std::optional<MapStore> store_;
};

}  // namespace

int main(int argc, char** argv) {
  MapFixture fixture;
  return conformance::program(fixture, argc, argv);
}
