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

std::span<const Entry> facts_laws() noexcept;   ///< what fetch answers
std::span<const Entry> ids_laws() noexcept;     ///< how names are compared
std::span<const Entry> commit_laws() noexcept;  ///< what a commit writes
std::span<const Entry> unique_laws() noexcept;  ///< what may be there once only
std::span<const Entry> guard_laws() noexcept;   ///< what must still hold

}  // namespace conformance
ROSTER_END

#endif
