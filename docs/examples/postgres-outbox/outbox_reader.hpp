// Reads the outbox that PostgresStore writes, by a cursor. It uses a connection of its own, outside a transaction.
#ifndef POSTGRES_OUTBOX_READER_HPP
#define POSTGRES_OUTBOX_READER_HPP

#include <libpq-fe.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

/// One event. `seq` identifies it; so do `record` and `version`.
struct OutboxEvent {
  std::int64_t seq = 0, version = 0;  // `version`: that of the record after the write
  std::string event, organization, account, role, record;
  std::int64_t valid_until = 0, invitation_until = 0;  // the ends of the membership after the write, 0: none
};

/// Reads the events of each membership in the order of their commits. The cursor is the `seq` of the last event that
/// was passed on.
///
/// A lower `seq` may be committed after a higher one. So the reader takes the highest `seq` that it sees, and a new
/// transaction number. Every transaction with a lower `seq` has a lower number. Once all of those have ended, no row up
/// to that `seq` can appear any more, and the rows up to there are read page by page.
class OutboxReader {
 public:
  static constexpr const char* find_end =
      "SELECT max(seq), pg_current_xact_id() FROM roster_outbox HAVING max(seq) > $1::bigint";
  static constexpr const char* next_page =
      "SELECT seq, version, event, organization_id, account_id, coalesce(role_id, ''), record,"
      " coalesce(valid_until, 0), coalesce(invitation_until, 0) FROM roster_outbox"
      " WHERE seq > $1::bigint AND seq <= $2::bigint AND pg_snapshot_xmin(pg_current_snapshot()) > $3::xid8"
      " ORDER BY seq LIMIT $4::int";
  static constexpr const char* forget = "DELETE FROM roster_outbox WHERE seq <= $1::bigint";

  /// Reads the events after `cursor`; 0: from the first one. Each statement is a transaction of its own.
  explicit OutboxReader(PGconn* connection, std::int64_t cursor = 0)
      : connection_(connection), cursor_(cursor), end_(cursor) {
    Answer(PQexec(connection, "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED"), &PQclear);
  }

  /// Passes the next events to `publish`, at most `events_max`. Returns their number, or -1 if the server failed. 0: no
  /// event is ready. If a transaction with earlier events still runs, the next call tries again.
  template <class Publish>
  int read_page(int events_max, Publish&& publish) {
    const std::string cursor = std::to_string(cursor_);
    if (cursor_ == end_) {
      const Answer end = ask(find_end, {cursor.c_str()});
      if (PQresultStatus(end.get()) != PGRES_TUPLES_OK) return -1;
      if (PQntuples(end.get()) == 0) return 0;
      end_ = number(end, 0, 0);
      last_transaction_ = PQgetvalue(end.get(), 0, 1);
    }
    const std::string last = std::to_string(end_), most = std::to_string(events_max);
    const Answer page = ask(next_page, {cursor.c_str(), last.c_str(), last_transaction_.c_str(), most.c_str()});
    if (PQresultStatus(page.get()) != PGRES_TUPLES_OK) return -1;
    const int events = PQntuples(page.get());
    for (int row = 0; row < events; ++row) {
      const auto text = [&](int column) { return std::string(PQgetvalue(page.get(), row, column)); };
      publish(OutboxEvent{number(page, row, 0), number(page, row, 1), text(2), text(3), text(4), text(5), text(6),
                          number(page, row, 7), number(page, row, 8)});
      cursor_ = number(page, row, 0);
    }
    return events;
  }
  /// Deletes the events up to the cursor. Every other reader must have passed them too.
  bool delete_published() {
    const Answer done = ask(forget, {std::to_string(cursor_).c_str()});
    return PQresultStatus(done.get()) == PGRES_COMMAND_OK;
  }
  std::int64_t cursor() const { return cursor_; }

 private:
  using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;
  template <std::size_t N>
  Answer ask(const char* statement, const char* const (&values)[N]) {
    return {PQexecParams(connection_, statement, static_cast<int>(N), nullptr, values, nullptr, nullptr, 0), &PQclear};
  }
  static std::int64_t number(const Answer& rows, int row, int column) {
    return std::strtoll(PQgetvalue(rows.get(), row, column), nullptr, 10);
  }
  PGconn* connection_;
  std::int64_t cursor_, end_;  // all rows up to `end_` are there once `last_transaction_` and those before have ended
  std::string last_transaction_;
};

#endif
