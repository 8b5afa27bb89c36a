// Commit: checks and writes one change set. commit.cpp checks and adds; commit_changes.cpp changes existing
// memberships, maintains the counts, and checks the bounds.
#ifndef ROSTER_SQLITE_COMMIT_HPP
#define ROSTER_SQLITE_COMMIT_HPP

#include <utility>

#include "roster/decision.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/state.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

class Commit {
 public:
  Commit(Connection& connection, const SqliteOptions& options, const ChangeSet& changes) noexcept
      : connection_(connection), options_(options), changes_(changes) {}
  Result<void> run() noexcept;

 private:
  static constexpr Code no_memory = SQLITE_NOMEM;
  static constexpr Code stale = 0x20000;  ///< a check failed; above every other code

  struct Organization {
    Number number = 0;  ///< 0: not found
    Version version{};
    std::int64_t first_version = 0;
    bool counted = false;
  };
  struct Account {
    Number number = 0;
    Version version{};
    bool disabled = false;
  };
  /// A membership before its change.
  struct Former {
    Number role = 0;
    Version version{};
    MembershipState state = MembershipState::active;
    bool found = false, sets_expiry = false, invitation_ends = false;
  };
  /// A change of the counts of an organization.
  struct Difference {
    Number organization, role;
    std::int64_t kind, members;
  };

  bool is_one_cell() const noexcept;
  Code one_cell() noexcept;
  Code several() noexcept;
  Code locate() noexcept;
  Code locate_organizations() noexcept;
  Code locate_accounts() noexcept;
  Code guards() noexcept;
  Code guarded_memberships() noexcept;
  Code guarded_inviters() noexcept;
  Code roles() noexcept;
  Code known_roles() noexcept;
  Code record_owner_roles() noexcept;
  Code create() noexcept;
  Code add() noexcept;
  Code former() noexcept;
  Code change() noexcept;
  Code erase() noexcept;
  Code begin_counting() noexcept;
  Code count() noexcept;
  Code bounds() noexcept;
  Code events() noexcept;
  std::int64_t version_after(std::uint32_t event) const noexcept;
  std::pair<std::uint32_t, std::uint32_t> pair_of(std::uint32_t event) const noexcept;
  bool differ(std::uint32_t organization, Number role, MembershipState state, bool limited, int members) noexcept;
  bool succeeds(const MemberChanged& changed) const noexcept {
    return changed.state == MembershipState::removed && !changes_.keeps_tombstones;
  }
  /// The account that is stored with the invitations; 0: none.
  Number inviter() const noexcept { return changes_.host_invites ? 0 : actor_.number; }
  Code stale_if(bool failed) const noexcept { return failed ? stale : ok; }

  Connection& connection_;
  const SqliteOptions& options_;
  const ChangeSet& changes_;
  SmallVector<Organization, 2> organizations_;
  SmallVector<Account, 3> accounts_;  ///< the accounts of the change set, then the created ones
  Account actor_;
  SmallVector<Number, 2> roles_;
  SmallVector<Former, 1> former_;  ///< parallel to ChangeSet::changed
  SmallVector<Difference, 2> differences_;
  std::int64_t salt_ = 0;             ///< Connection::salt() of all writes
  std::int64_t account_version_ = 0;  ///< of the created accounts
  bool bounded_ = false, ending_ = false;
};

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
