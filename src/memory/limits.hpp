// The limits of a MemoryStore. No test can reach them, so tests/limits builds the store with small ones.
#ifndef ROSTER_MEMORY_LIMITS_HPP
#define ROSTER_MEMORY_LIMITS_HPP

#include <cstdint>

#include "roster/role.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory::limits {

// Beyond each of these the store is full: store_full.
inline constexpr std::uint32_t accounts = 0xFFFFFFFEu;       ///< the last handle means none
inline constexpr std::uint32_t organizations = 0xFFFFFFFEu;  ///< likewise
inline constexpr std::uint32_t roles = roles_max - 1;        ///< an answer names all of them and keeps its dictionary
inline constexpr unsigned position_bits = 26;                ///< an organization has fewer than 2^26 members

// Beyond each of these the store returns out_of_memory, like a failed allocation.
inline constexpr std::uint32_t organizations_joined = (1u << 27) - 1;  ///< organizations of one account
inline constexpr std::uint32_t list_pages = (1u << 25) - 1;            ///< of 1 KiB, for the lists of all accounts
inline constexpr std::uint32_t text_blocks = (1u << 18) - 1;           ///< of 64 KiB, for addresses and names
inline constexpr unsigned table_depth = 24;                            ///< a table has at most 2^24 segments
inline constexpr std::uint32_t alike_slots = 1u << 27;                 ///< of a segment whose hashes no split separates

}  // namespace memory::limits
}  // namespace roster::inline ROSTER_ABI

#endif
