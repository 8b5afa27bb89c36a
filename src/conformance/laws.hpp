// The laws, a file for each subject, and what each of them takes.
#ifndef ROSTER_CONFORMANCE_LAWS_HPP
#define ROSTER_CONFORMANCE_LAWS_HPP

#include <span>

#include "stage.hpp"

ROSTER_BEGIN
namespace conformance {

/// What a law takes besides a store.
enum class Takes : std::uint8_t { nothing, connections, threads, processes, restarts, faults };

struct Entry {
  Law law;
  void (*play)(Stage& stage);
  Takes takes = Takes::nothing;
};

std::span<const Entry> facts_laws() noexcept;       ///< what fetch answers
std::span<const Entry> asking_laws() noexcept;      ///< what fetch answers, however it is asked
std::span<const Entry> put_laws() noexcept;         ///< what is put again, and what is counted
std::span<const Entry> name_laws() noexcept;        ///< long names, keys, kinds of names
std::span<const Entry> mixed_laws() noexcept;       ///< large commits of unlike entries
std::span<const Entry> trace_laws() noexcept;       ///< what stays of a membership, and what does not
std::span<const Entry> role_laws() noexcept;        ///< what fetch answers about roles
std::span<const Entry> request_laws() noexcept;     ///< which requests a membership tells
std::span<const Entry> member_laws() noexcept;      ///< what fetch answers about members as a whole
std::span<const Entry> ids_laws() noexcept;         ///< how names are compared
std::span<const Entry> commit_laws() noexcept;      ///< what a commit writes
std::span<const Entry> batch_laws() noexcept;       ///< commits of many entries
std::span<const Entry> life_laws() noexcept;        ///< what becomes of a membership
std::span<const Entry> unique_laws() noexcept;      ///< what may be there once only
std::span<const Entry> guard_laws() noexcept;       ///< what must still hold
std::span<const Entry> bound_laws() noexcept;       ///< what must hold of an organization as a whole
std::span<const Entry> several_laws() noexcept;     ///< guards and bounds where there are several
std::span<const Entry> version_laws() noexcept;     ///< what is another version, and what is none
std::span<const Entry> limit_laws() noexcept;       ///< bounds where nothing is written, of one organization twice
std::span<const Entry> connection_laws() noexcept;  ///< several connections by turns
std::span<const Entry> replay_laws() noexcept;      ///< commits whose answer was lost
std::span<const Entry> history_laws() noexcept;     ///< long histories, against a reference
std::span<const Entry> race_laws() noexcept;        ///< several clients by turns
std::span<const Entry> thread_laws() noexcept;      ///< several clients at once
std::span<const Entry> process_laws() noexcept;     ///< several clients in processes of their own
std::span<const Entry> restart_laws() noexcept;     ///< what outlives the store
std::span<const Entry> fault_laws() noexcept;       ///< storage that fails

}  // namespace conformance
ROSTER_END

#endif
