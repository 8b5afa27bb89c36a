#include "failing_disk.hpp"

#include <sqlite3.h>

#include <cstring>

namespace roster_test::failing_disk {

namespace {

std::uint32_t left = 0;  // until the request that fails; 0: none will
bool failed = false, staying = false;
Way how = Way::broken;

/// Counts a request, and says whether it fails. A full disk fails nothing but writes.
bool fails(bool is_write = false) {
  if (left == 0 || (how == Way::full && !is_write)) return false;
  if (left > 1) {
    --left;
    return false;
  }
  if (!staying) left = 0;
  return failed = true;
}

sqlite3_vfs* below = nullptr;
sqlite3_vfs layer;

/// A file of ours, and behind it the one it stands for.
struct File : sqlite3_file {
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};
sqlite3_file* real(sqlite3_file* file) {
  return static_cast<File*>(file)->real();
}

int close(sqlite3_file* file) {
  return real(file)->pMethods->xClose(real(file));
}
int read(sqlite3_file* file, void* to, int size, sqlite3_int64 at) {
  return fails() ? SQLITE_IOERR_READ : real(file)->pMethods->xRead(real(file), to, size, at);
}
int write(sqlite3_file* file, const void* from, int size, sqlite3_int64 at) {
  if (fails(true)) return how == Way::full ? SQLITE_FULL : SQLITE_IOERR_WRITE;
  return real(file)->pMethods->xWrite(real(file), from, size, at);
}
int truncate(sqlite3_file* file, sqlite3_int64 size) {
  return fails() ? SQLITE_IOERR_TRUNCATE : real(file)->pMethods->xTruncate(real(file), size);
}
// What is really on the disk is not what these tests are about: a sync only counts, and they take no time.
int sync(sqlite3_file*, int) {
  return fails() ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}
int file_size(sqlite3_file* file, sqlite3_int64* size) {
  return real(file)->pMethods->xFileSize(real(file), size);
}
int lock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xLock(real(file), level);
}
int unlock(sqlite3_file* file, int level) {
  return real(file)->pMethods->xUnlock(real(file), level);
}
int check_lock(sqlite3_file* file, int* held) {
  return real(file)->pMethods->xCheckReservedLock(real(file), held);
}
int control(sqlite3_file* file, int what, void* with) {
  return real(file)->pMethods->xFileControl(real(file), what, with);
}
int sector_size(sqlite3_file* file) {
  return real(file)->pMethods->xSectorSize(real(file));
}
int characteristics(sqlite3_file* file) {
  return real(file)->pMethods->xDeviceCharacteristics(real(file));
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** to) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, to);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return real(file)->pMethods->xShmLock(real(file), offset, count, flags);
}
void fence(sqlite3_file* file) {
  real(file)->pMethods->xShmBarrier(real(file));
}
int unmap_shared(sqlite3_file* file, int deletes) {
  return real(file)->pMethods->xShmUnmap(real(file), deletes);
}

constexpr sqlite3_io_methods methods = [] {
  sqlite3_io_methods made{};
  made.iVersion = 2;
  made.xClose = close;
  made.xRead = read;
  made.xWrite = write;
  made.xTruncate = truncate;
  made.xSync = sync;
  made.xFileSize = file_size;
  made.xLock = lock;
  made.xUnlock = unlock;
  made.xCheckReservedLock = check_lock;
  made.xFileControl = control;
  made.xSectorSize = sector_size;
  made.xDeviceCharacteristics = characteristics;
  made.xShmMap = map_shared;
  made.xShmLock = lock_shared;
  made.xShmBarrier = fence;
  made.xShmUnmap = unmap_shared;
  return made;
}();

int open(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags, int* given) {
  std::memset(file, 0, static_cast<std::size_t>(layer.szOsFile));
  const int opened = below->xOpen(below, name, real(file), flags, given);
  if (opened == SQLITE_OK) file->pMethods = &methods;
  return opened;
}

}  // namespace

void install() {
  if (below != nullptr) return;
  below = sqlite3_vfs_find(nullptr);
  layer = *below;
  layer.zName = "failing";
  layer.szOsFile = static_cast<int>(sizeof(File)) + below->szOsFile;
  layer.xOpen = open;
  sqlite3_vfs_register(&layer, 1);
}

bool fail_at(std::uint32_t n, Way way, bool stays) {
  const bool before = failed;
  left = n;
  how = way;
  staying = stays;
  failed = false;
  return before;
}

}  // namespace roster_test::failing_disk
