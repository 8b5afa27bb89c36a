// A disk that fails on demand: a layer over SQLite's own file system. It counts what SQLite asks of files: reads,
// writes, truncations and syncs, and makes the one that was wished for fail.
#ifndef ROSTER_TESTS_SQLITE_FAILING_DISK_HPP
#define ROSTER_TESTS_SQLITE_FAILING_DISK_HPP

#include <cstdint>

namespace roster_test::failing_disk {

enum class Way : std::uint8_t {
  broken,  ///< the request fails: SQLITE_IOERR
  full,    ///< only writes count, and find no room: SQLITE_FULL
};

/// Makes this the file system of every connection opened from now on.
void install();
/// The n-th request from now on fails; with `stays` every later one too. 0: none. Returns whether any failed since the
/// last call.
bool fail_at(std::uint32_t n, Way way = Way::broken, bool stays = false);

}  // namespace roster_test::failing_disk

#endif
