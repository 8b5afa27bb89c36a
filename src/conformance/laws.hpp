// The laws, a file for each subject, and the capabilities that each needs.
#ifndef ROSTER_CONFORMANCE_LAWS_HPP
#define ROSTER_CONFORMANCE_LAWS_HPP

#include <span>

#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// The capability that a law needs besides a store.
enum class Requires : std::uint8_t { nothing, connections, threads, processes, restarts, faults };

struct Entry {
  Law law;
  void (*run)(TestContext& test);
  Requires required_capability = Requires::nothing;
};

std::span<const Entry> facts_laws() noexcept;       ///< the answer of fetch
std::span<const Entry> asking_laws() noexcept;      ///< the answer of fetch, for every form of query
std::span<const Entry> put_laws() noexcept;         ///< repeated puts, and counts
std::span<const Entry> name_laws() noexcept;        ///< long names, keys, kinds of names
std::span<const Entry> mixed_laws() noexcept;       ///< large commits of unlike entries
std::span<const Entry> trace_laws() noexcept;       ///< the data of a membership that stay, and that do not
std::span<const Entry> role_laws() noexcept;        ///< the answer of fetch about roles
std::span<const Entry> request_laws() noexcept;     ///< the requests that a membership stores
std::span<const Entry> member_laws() noexcept;      ///< the answer of fetch about members as a whole
std::span<const Entry> ids_laws() noexcept;         ///< how names are compared
std::span<const Entry> commit_laws() noexcept;      ///< the writes of a commit
std::span<const Entry> batch_laws() noexcept;       ///< commits of many entries
std::span<const Entry> life_laws() noexcept;        ///< the changes of a membership
std::span<const Entry> unique_laws() noexcept;      ///< unique keys
std::span<const Entry> guard_laws() noexcept;       ///< guards
std::span<const Entry> bound_laws() noexcept;       ///< the bounds of an organization
std::span<const Entry> several_laws() noexcept;     ///< guards and bounds where there are several
std::span<const Entry> version_laws() noexcept;     ///< versions
std::span<const Entry> limit_laws() noexcept;       ///< bounds where nothing is written, of one organization twice
std::span<const Entry> connection_laws() noexcept;  ///< several connections by turns
std::span<const Entry> replay_laws() noexcept;      ///< commits whose answer was lost
std::span<const Entry> history_laws() noexcept;     ///< long histories, against a reference
std::span<const Entry> race_laws() noexcept;        ///< several clients by turns
std::span<const Entry> thread_laws() noexcept;      ///< several clients at once
std::span<const Entry> process_laws() noexcept;     ///< several clients in processes of their own
std::span<const Entry> restart_laws() noexcept;     ///< data after a restart
std::span<const Entry> fault_laws() noexcept;       ///< storage that fails

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
