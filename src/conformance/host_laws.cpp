// Transactions of the host that are rolled back.
#include "change_set_builder.hpp"
#include "laws.hpp"
#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

using State = MembershipState;
using Record = Guard::Record;

/// Writes to test_organization(0) and test_account(1), which each run in a transaction of the host, and in another way
/// after it. `second`: the other way.
class Writes {
 public:
  enum Kind : std::uint8_t { organization, catalog, account, membership, addition, change };
  static constexpr std::uint32_t kinds = 6;

  Writes(TestContext& test, Kind kind) : test_(test), kind_(kind), id_(test.fresh_id()) {}

  /// What a decision depends on that was made on the write.
  Record guarded() const {
    return kind_ <= catalog ? Record::organization : kind_ == account ? Record::account : Record::membership;
  }
  void prepare() {
    test_.put_organizations(1);
    test_.put_accounts(4);
    if (kind_ != change) return;
    ChangeSetBuilder joins(test_, test_organizations(1), test_accounts(2));
    joins.add(0, 1);
    joins.succeeds("a member joins");
  }
  void run(const HostTransaction& on, bool second) {
    Result<void> done = success();
    const auto keep = [&](const Result<Version>& put) {
      done = put ? Result<void>(success()) : Result<void>(put.error());
    };
    const RoleId& role = second ? admin : owner;
    switch (kind_) {
      case organization:
        keep(on.records->change_organization(
            test_organization(0), second ? OrganizationChange{.joinable = false} : OrganizationChange{.seats_max = 7},
            any_version));
        break;
      case catalog:
        keep(on.records->put_role(test_organization(0), {.id = role, .rank = 1, .owns = true}, any_version));
        break;
      case account:
        keep(on.records->change_account(
            test_account(1), second ? AccountChange{.invited = true} : AccountChange{.verified = true}, any_version));
        break;
      case membership:
        done = on.records->put_membership(
            {.id = id_, .organization = test_organization(0), .account = test_account(1), .role = role});
        break;
      default: {
        ChangeSetBuilder builder(test_, test_organizations(1), test_accounts(2), AccountId(), on.store);
        if (kind_ == addition)
          builder.add(0, 1, role);
        else
          builder.change(0, 1, State::active, Event::role_changed, role);
        builder.succeeds("a write is done");
      }
    }
    test_.expect(done.has_value(), "a write of the host failed");
  }

 private:
  TestContext& test_;
  const Kind kind_;
  const MembershipId id_;
};

/// The host rolls a write back. What was decided on it is stale, whatever is written next.
void rolls_back(TestContext& test) {
  for (std::uint32_t kind = 0; kind < Writes::kinds; ++kind)
    for (const bool inside : {false, true}) {
      test.fresh();
      Writes writes(test, static_cast<Writes::Kind>(kind));
      writes.prepare();
      if (test.broken()) return;
      HostTransaction host = test.fixture().begin_transaction();
      test.step("the host begins a transaction");
      if (!test.expect(host.store != nullptr && host.records != nullptr, "a transaction cannot be begun")) return;
      writes.run(host, false);
      ChangeSetBuilder early(test, test_organizations(1), test_accounts(4), AccountId(), host.store);
      if (writes.guarded() == Record::organization) early.guard_organization(0);
      if (writes.guarded() == Record::account) early.guard_account(1);
      if (writes.guarded() == Record::membership) early.guard_membership(0, 1);
      early.add(0, 3);
      const bool back = test.fixture().roll_back().has_value();
      test.step("the host rolls it back");
      if (!test.expect(back, "a transaction cannot be rolled back")) return;
      // The next write is outside, or in another transaction of the host.
      if (inside) host = test.fixture().begin_transaction();
      writes.run(host, true);
      early.is_stale("a decision rests on a write that the host has rolled back");
      if (inside) (void)test.fixture().roll_back();
      if (test.broken()) return;
    }
}

constexpr Entry host_entries[] = {
    {{"guards/host-rolls-back", "a decision on a write that the host has rolled back is stale after any other write"},
     rolls_back,
     Requires::host_transactions},
};

}  // namespace

std::span<const Entry> host_laws() noexcept {
  return host_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
