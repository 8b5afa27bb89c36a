// The laws, one file for each subject, and the capability that each requires.
#ifndef ROSTER_CONFORMANCE_LAWS_HPP
#define ROSTER_CONFORMANCE_LAWS_HPP

#include <span>

#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The capability that a law requires besides a store.
enum class Requires : std::uint8_t {
  nothing,
  connections,
  threads,
  processes,
  restarts,
  faults,
  reader,
  records,
  record_threads,
  record_faults,
  host_transactions
};

struct Entry {
  Law law;
  void (*run)(TestContext& test);
  Requires required_capability = Requires::nothing;
};

std::span<const Entry> facts_laws() noexcept;           ///< the answer of fetch
std::span<const Entry> query_form_laws() noexcept;      ///< the answer of fetch, for every form of query
std::span<const Entry> put_laws() noexcept;             ///< repeated puts, and counts
std::span<const Entry> name_laws() noexcept;            ///< long names, keys, kinds of names
std::span<const Entry> mixed_laws() noexcept;           ///< large commits with mixed entries
std::span<const Entry> trace_laws() noexcept;           ///< the data that a membership keeps or loses
std::span<const Entry> role_laws() noexcept;            ///< the answer of fetch about roles
std::span<const Entry> counted_role_laws() noexcept;    ///< the counts of an organization, by role
std::span<const Entry> owner_role_laws() noexcept;      ///< the roles that have owned
std::span<const Entry> request_laws() noexcept;         ///< the idempotency keys that a membership stores
std::span<const Entry> member_laws() noexcept;          ///< the answer of fetch about member counts and inviters
std::span<const Entry> invitation_laws() noexcept;      ///< the ends of invitations, and their seats
std::span<const Entry> ids_laws() noexcept;             ///< the comparison of names
std::span<const Entry> commit_laws() noexcept;          ///< the writes of a commit
std::span<const Entry> batch_laws() noexcept;           ///< commits of many entries
std::span<const Entry> life_laws() noexcept;            ///< the changes of a membership
std::span<const Entry> unique_laws() noexcept;          ///< unique keys
std::span<const Entry> guard_laws() noexcept;           ///< guards
std::span<const Entry> bound_laws() noexcept;           ///< the bounds of an organization
std::span<const Entry> several_laws() noexcept;         ///< several guards and bounds
std::span<const Entry> version_laws() noexcept;         ///< versions
std::span<const Entry> host_laws() noexcept;            ///< transactions of the host
std::span<const Entry> disabled_laws() noexcept;        ///< accounts that the host has disabled
std::span<const Entry> closed_laws() noexcept;          ///< organizations that the host has closed
std::span<const Entry> limit_laws() noexcept;           ///< bounds without writes, and with duplicate rows
std::span<const Entry> connection_laws() noexcept;      ///< several connections by turns
std::span<const Entry> replay_laws() noexcept;          ///< commits whose answer was lost
std::span<const Entry> history_laws() noexcept;         ///< long histories, against a reference
std::span<const Entry> race_laws() noexcept;            ///< several clients by turns
std::span<const Entry> thread_laws() noexcept;          ///< several clients at once
std::span<const Entry> process_laws() noexcept;         ///< several clients, each in its own process
std::span<const Entry> restart_laws() noexcept;         ///< data after a restart
std::span<const Entry> fault_laws() noexcept;           ///< storage that fails
std::span<const Entry> read_laws() noexcept;            ///< the read interface of a store
std::span<const Entry> record_laws() noexcept;          ///< the record interface of a store
std::span<const Entry> role_list_laws() noexcept;       ///< the listing of a catalog
std::span<const Entry> role_record_laws() noexcept;     ///< the record interface, for catalogs of roles
std::span<const Entry> member_put_laws() noexcept;      ///< the record interface, for memberships
std::span<const Entry> record_race_laws() noexcept;     ///< the record interface, used by several workers
std::span<const Entry> parent_laws() noexcept;          ///< the parents of organizations
std::span<const Entry> erase_laws() noexcept;           ///< the record interface, for organizations that end
std::span<const Entry> account_erase_laws() noexcept;   ///< the record interface, for accounts that end
std::span<const Entry> account_change_laws() noexcept;  ///< the record interface, for several accounts at once
std::span<const Entry> set_laws() noexcept;             ///< pages of sets

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
