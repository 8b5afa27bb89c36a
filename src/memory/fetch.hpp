// Fetch: answers one query. The facts of cells and groups are in fetch.cpp, and the dictionary of roles is in
// fetch_roles.cpp. The facts that only some commands request are in fetch_life.cpp: counts, inviters, tombstones.
#ifndef ROSTER_MEMORY_FETCH_HPP
#define ROSTER_MEMORY_FETCH_HPP

#include "state.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

class Fetch {
 public:
  Fetch(Core& core, const Query& query, Facts& facts) noexcept : core_(core), query_(query), facts_(facts) {}

  Errc groups() noexcept;
  Errc cells() noexcept;
  Errc single() noexcept;  ///< one cell
  Errc set() noexcept;     ///< a page of a set: fetch_set.cpp

 private:
  Errc organizations() noexcept;
  Errc parents() noexcept;
  Errc accounts() noexcept;
  Errc memberships() noexcept;
  Errc wanted_roles() noexcept;
  void record(OrganizationFact& fact, Found<Organization> from, const OrganizationId* id) noexcept;
  bool organization(OrganizationFact& fact, Found<Organization> from, const OrganizationId* id) noexcept;
  bool counts(OrganizationFact& fact, Handle handle) noexcept;
  Errc inviters() noexcept;
  bool actor(OrganizationFact& fact, const Organization& organization) noexcept;
  std::uint32_t account(AccountFact& fact, Found<Account> from, const AccountId* id, std::uint32_t column,
                        Column& to) noexcept;
  bool row(std::uint32_t row, const Organization& organization) noexcept;
  bool scanned(std::uint32_t row, const Organization& organization, MembershipFact*& to) noexcept;
  bool from_table(std::uint32_t row, const Organization& organization, MembershipFact*& to) noexcept;
  bool read_actor(OrganizationFact& fact, const MemberRecord& record, std::uint32_t position) noexcept;
  void read_member(MembershipFact& fact, const MemberRecord& record, const IdempotencyKey& idempotency_key,
                   std::uint32_t history_bits, std::uint32_t row, std::uint32_t column) noexcept;
  /// The bits of a membership whose history is read. A version is never 0, so with a time every history is read.
  std::uint32_t history_bits() const noexcept {
    return query_.asked_at == Time{} ? MemberRecord::history_bits : ~std::uint32_t{0};
  }
  void read_history(MembershipFact& fact, const MemberRecord& record) noexcept;
  void read_row(const Organization& organization) noexcept;
  RoleIndex single_role(const Organization& organization, std::uint16_t role) noexcept;
  bool role(const Organization& organization, std::uint16_t role, RoleIndex& index) noexcept;
  bool first_in_row(const Organization& organization, KnownRole& known, std::uint16_t role) noexcept;
  bool own_entry(KnownRole& known, const OwnRole& own) noexcept;
  bool add_entry(const KnownRole& known, const OwnRole& own, bool exists) noexcept;
  bool is_in_set(const MemberRecord& record) const noexcept;

  Core& core_;
  const Query& query_;
  Facts& facts_;
  Handle actor_ = no_handle;
  std::uint64_t actor_hash_ = 0;
  std::uint64_t fetch_stamp_ = 0, row_stamp_ = 0;
  std::uint16_t set_role_ = no_role;  // SetPage::role
  std::uint16_t single_roles_[3];     // the entries of the dictionary, for one organization
};

// ---- the dictionary of roles: only those seen in this answer

/// A role has the same meaning in all organizations without a catalog, so they share one stamp and one look-up a fetch.
inline void Fetch::read_row(const Organization& organization) noexcept {
  row_stamp_ = organization.role_count == 0 ? fetch_stamp_ : ++core_.stamp;
}

/// Sets `index` to the dictionary entry of this role in this organization. Returns false if an allocation failed, or if
/// the dictionary is full.
[[gnu::always_inline]] inline bool Fetch::role(const Organization& organization, std::uint16_t role,
                                               RoleIndex& index) noexcept {
  KnownRole& known = core_.roles[role];
  if (known.row_stamp != row_stamp_ && !first_in_row(organization, known, role)) return false;
  index = known.row_index;
  return true;
}

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
