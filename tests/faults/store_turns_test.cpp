// Proves that every operation of a MemoryStore waits for its turn while another thread is in the middle of one: without
// the lock each is right most of the time, and no test that only hopes to meet the moment would notice.
#include <array>
#include <chrono>
#include <functional>
#include <semaphore>
#include <thread>

#include "faults/allocations.hpp"
#include "faults/fault_cases.hpp"

namespace store_turns_test {

using namespace faults;

namespace {

const OrganizationId acme("acme");
const AccountId ann("ann"), bob("bob");
const RoleId member("member");

void fill(MemoryStore& store) {
  REQUIRE(store.put_organization({.id = acme}).has_value());
  for (const AccountId& id : {ann, bob}) REQUIRE(store.put_account({.id = id}).has_value());
  REQUIRE(store.put_membership({.id = MembershipId::of("1"), .organization = acme, .account = ann, .role = member})
              .has_value());
}

struct StoreOperation {
  const char* name;
  std::function<void(MemoryStore&)> call;
};

const std::vector<StoreOperation>& operations() {
  static const OrganizationSelector row = acme;
  static const AccountSelector column = ann;
  static const std::vector<StoreOperation> all = {
      {"fetch",
       [](MemoryStore& store) {
         Query query;
         query.organizations = {&row, 1};
         query.accounts = {&column, 1};
         Facts facts;
         (void)store.fetch(query, facts);
       }},
      {"commit", [](MemoryStore& store) { (void)store.commit(ChangeSet()); }},
      {"put_organization", [](MemoryStore& store) { (void)store.put_organization({.id = OrganizationId("new")}); }},
      {"put_role", [](MemoryStore& store) { (void)store.put_role(acme, {.id = member}, any_version); }},
      {"put_account", [](MemoryStore& store) { (void)store.put_account({.id = AccountId("new")}); }},
      {"overwrite_group",
       [](MemoryStore& store) {
         (void)store.overwrite_group(GroupName("other"), {&ann, 1});
       }},
      {"put_membership",
       [](MemoryStore& store) {
         (void)store.put_membership(
             {.id = MembershipId::of("2"), .organization = acme, .account = bob, .role = member});
       }},
      {"erase_membership", [](MemoryStore& store) { (void)store.erase_membership(acme, ann); }},
      {"reserve_accounts", [](MemoryStore& store) { (void)store.reserve_accounts(100); }},
      {"membership", [](MemoryStore& store) { (void)store.membership(acme, ann); }},
      {"former_membership", [](MemoryStore& store) { (void)store.former_membership(acme, ann); }},
      {"members",
       [](MemoryStore& store) {
         std::array<Membership, 2> page;
         (void)store.members(acme, {}, page);
       }},
      {"organizations_of",
       [](MemoryStore& store) {
         std::array<Membership, 2> page;
         (void)store.organizations_of(ann, {}, page);
       }},
      {"member_count", [](MemoryStore& store) { (void)store.member_count(acme); }},
      {"organization_count of an account", [](MemoryStore& store) { (void)store.organization_count(ann); }},
      {"organization_count", [](MemoryStore& store) { (void)store.organization_count(); }},
      {"account_count", [](MemoryStore& store) { (void)store.account_count(); }},
      {"membership_count", [](MemoryStore& store) { (void)store.membership_count(); }},
      {"organization", [](MemoryStore& store) { (void)store.organization(row); }},
      {"account", [](MemoryStore& store) { (void)store.account(column); }},
      {"footprint", [](MemoryStore& store) { (void)store.footprint(); }},
  };
  return all;
}

/// A thread that is in the middle of overwrite_group() until it is let go.
class InTheMiddle {
 public:
  explicit InTheMiddle(MemoryStore& store) {
    thread_ = std::thread([this, &store] {
      at_next_allocation(
          [](void* self) {
            static_cast<InTheMiddle*>(self)->reached_.release();
            static_cast<InTheMiddle*>(self)->goes_on_.acquire();
          },
          this);
      const std::array<AccountId, 2> both = {ann, bob};
      (void)store.overwrite_group(GroupName("both"), both);
      at_next_allocation(nullptr, nullptr);
    });
  }
  bool reached() { return reached_.try_acquire_for(std::chrono::seconds(30)); }
  void go_on() {
    goes_on_.release();
    thread_.join();
  }

 private:
  std::binary_semaphore reached_{0}, goes_on_{0};
  std::thread thread_;
};

/// Whether the operation came to its end, in that time, while another was in the middle of its own.
bool ends_meanwhile(MemoryStore& store, const StoreOperation& operation, std::chrono::milliseconds time) {
  InTheMiddle other(store);
  REQUIRE(other.reached());
  std::binary_semaphore ended{0};
  std::thread thread([&] {
    operation.call(store);
    ended.release();
  });
  const bool meanwhile = ended.try_acquire_for(time);
  other.go_on();
  thread.join();
  return meanwhile;
}

}  // namespace

TEST_CASE("every operation of a store that is shared waits while another thread is in the middle of one") {
  for (const StoreOperation& operation : operations()) {
    INFO(operation.name);
    MemoryStore shared;
    fill(shared);
    CHECK_FALSE(ends_meanwhile(shared, operation, std::chrono::milliseconds(15)));
  }
}

TEST_CASE("a store that one thread owns waits for nobody") {
  MemoryStore owned({.thread_safe = false});
  fill(owned);
  CHECK(ends_meanwhile(owned, {"account_count", [](MemoryStore& store) { (void)store.account_count(); }},
                       std::chrono::seconds(30)));
}

}
