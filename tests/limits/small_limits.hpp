// The limits of MemoryStore, small enough to be reached. It has the guard of src/memory/limits.hpp and is included
// before it, so that these are the limits and not those.
#ifndef ROSTER_MEMORY_LIMITS_HPP
#define ROSTER_MEMORY_LIMITS_HPP

#include <cstdint>

#include "roster/version.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory::limits {

inline constexpr std::uint32_t accounts = 200, organizations = 400, roles = 9;
inline constexpr unsigned position_bits = 7;  // 127 members
inline constexpr std::uint32_t organizations_joined = 300;
inline constexpr std::uint32_t list_pages = 12;
inline constexpr std::uint32_t text_blocks = 1;
inline constexpr unsigned table_depth = 2;
inline constexpr std::uint32_t alike_slots = 1024;

}  // namespace memory::limits
}  // namespace roster::inline ROSTER_ABI

#endif
