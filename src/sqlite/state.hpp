// State: the members of an SqliteStore.
#ifndef ROSTER_SQLITE_STATE_HPP
#define ROSTER_SQLITE_STATE_HPP

#include <mutex>

#include "roster/sqlite_store.hpp"
#include "sqlite/connection.hpp"

namespace roster::inline ROSTER_ABI {

struct SqliteStore::State {
  State(sqlite3* handle, bool owned, const SqliteOptions& given) noexcept : connection(handle, owned), options(given) {}

  sqlite::Connection connection;
  SqliteOptions options;
  std::mutex mutex;
};

namespace sqlite {

/// A number that a record has in this database. 0: none.
using Number = std::uint64_t;

/// Holds the store's one lock during a call, if the store has one.
class Locked {
 public:
  explicit Locked(std::mutex& mutex, bool locks) noexcept : mutex_(locks ? &mutex : nullptr) {
    if (mutex_ != nullptr) mutex_->lock();
  }
  ~Locked() {
    if (mutex_ != nullptr) mutex_->unlock();
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  std::mutex* mutex_;
};

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
