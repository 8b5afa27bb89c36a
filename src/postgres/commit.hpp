// Commit: converts a change set into the parameters of its statements.
#ifndef ROSTER_POSTGRES_COMMIT_HPP
#define ROSTER_POSTGRES_COMMIT_HPP

#include "postgres/statements.hpp"
#include "sql/changes.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

inline std::int64_t number(Version version) noexcept {
  return static_cast<std::int64_t>(version);
}

/// Requires a change set whose indexes have been checked. Rows are in the order of the primary keys, so that two
/// commits lock common rows in the same order.
class Commit {
 public:
  explicit Commit(const ChangeSet& changes) noexcept : changes_(changes) {}

  /// Returns false only if an allocation failed.
  [[nodiscard]] bool plan_units() noexcept;
  void send(Connection& pipeline) noexcept;
  /// True if send() sends exactly one statement.
  bool is_one_statement(bool outbox) const noexcept { return is_alone() && !outbox; }

 private:
  using Order = SmallVector<std::uint32_t, 4>;

  const OrganizationId& organization(std::uint32_t at) const noexcept { return changes_.organizations[at].id; }
  const AccountId& account(std::uint32_t at) const noexcept { return sql::account_of(changes_, at); }
  template <class Entries>
  bool sort(const Entries& entries, Order& order) noexcept;
  bool erases(const MemberChanged& changed) const noexcept {
    return changed.state == MembershipState::removed && !changes_.keeps_tombstones;
  }
  bool bounded() const noexcept { return seats_ + owners_ != 0; }

  void send_turn(Connection& pipeline) noexcept;
  void send_roles(Connection& pipeline) noexcept;
  void send_check(Connection& pipeline) noexcept;
  void put_versions(const Order& unguarded, Guard::Record record) noexcept;
  void put_memberships() noexcept;
  void put_inviters() noexcept;
  void send_created(Connection& pipeline) noexcept;
  void send_added(Connection& pipeline) noexcept;
  bool is_alone() const noexcept;
  void send_alone(Connection& pipeline) noexcept;
  void send_changed(Connection& pipeline, bool erased) noexcept;
  void send_bounds(Connection& pipeline) noexcept;
  void send_owner_roles(Connection& pipeline) noexcept;
  void send_events(Connection& pipeline) noexcept;

  const ChangeSet& changes_;
  Values values_;
  Order organizations_, accounts_;  ///< written but unguarded, to be checked for existence
  Order locked_organizations_;      ///< organizations to lock, in order of id
  Order added_, changed_;           ///< in order of organization and account
  Order created_;                   ///< in order of the e-mail keys
  std::uint32_t memberships_ = 0, inviters_ = 0, seats_ = 0, owners_ = 0, erased_ = 0;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
