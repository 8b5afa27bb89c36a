// Reads the outbox that SqliteStore writes, by a cursor. It uses a connection of its own, as another process would.
#ifndef SQLITE_OUTBOX_READER_HPP
#define SQLITE_OUTBOX_READER_HPP

#include <sqlite3.h>

#include <cstdint>
#include <string>

/// One event, in the order of the commits. `seq` identifies it.
struct OutboxEvent {
  std::int64_t seq = 0, version = 0;  // `version`: that of the membership after the write
  std::string event, organization, account, role;
  std::int64_t valid_until = 0, invitation_until = 0;  // the ends of the membership after the write, 0: none
};

/// Reads events in the order of their commits. The cursor is the `seq` of the last event that was passed on.
class OutboxReader {
 public:
  static constexpr const char* next_page =
      "SELECT seq, version, event, coalesce(organization, ''), account, coalesce(role, ''), coalesce(valid_until, 0),"
      " coalesce(invitation_until, 0) FROM roster_outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2";
  static constexpr const char* forget = "DELETE FROM roster_outbox WHERE seq <= ?1";

  /// Reads the events after `cursor`; 0: from the first one.
  explicit OutboxReader(const char* path, std::int64_t cursor = 0) : cursor_(cursor) {
    if (sqlite3_open(path, &connection_) != SQLITE_OK) return;
    sqlite3_busy_timeout(connection_, 5000);
    sqlite3_prepare_v2(connection_, next_page, -1, &page_, nullptr);
    sqlite3_prepare_v2(connection_, forget, -1, &forget_, nullptr);
  }
  ~OutboxReader() {
    sqlite3_finalize(page_);
    sqlite3_finalize(forget_);
    sqlite3_close(connection_);
  }
  OutboxReader(const OutboxReader&) = delete;
  OutboxReader& operator=(const OutboxReader&) = delete;

  /// Passes the next events to `publish`, at most `events_max`. Returns their number, or -1 if SQLite failed.
  template <class Publish>
  int read_page(int events_max, Publish&& publish) {
    sqlite3_bind_int64(page_, 1, cursor_);
    sqlite3_bind_int(page_, 2, events_max);
    int events = 0, stepped;
    while ((stepped = sqlite3_step(page_)) == SQLITE_ROW) {
      const OutboxEvent event{number(0), number(1), text(2), text(3), text(4), text(5), number(6), number(7)};
      publish(event);
      cursor_ = event.seq;
      ++events;
    }
    sqlite3_reset(page_);
    return stepped == SQLITE_DONE ? events : -1;
  }
  /// Deletes the events up to the cursor. Every other reader must have passed them too.
  bool delete_published() {
    sqlite3_bind_int64(forget_, 1, cursor_);
    const bool deleted = sqlite3_step(forget_) == SQLITE_DONE;
    sqlite3_reset(forget_);
    return deleted;
  }
  std::int64_t cursor() const { return cursor_; }

 private:
  std::int64_t number(int column) { return sqlite3_column_int64(page_, column); }
  std::string text(int column) { return reinterpret_cast<const char*>(sqlite3_column_text(page_, column)); }
  sqlite3* connection_ = nullptr;
  sqlite3_stmt *page_ = nullptr, *forget_ = nullptr;
  std::int64_t cursor_;
};

#endif
