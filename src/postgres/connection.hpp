// A connection with a pipeline of statements. They are sent together and run in one transaction, or in one savepoint of
// the host's transaction.
#ifndef ROSTER_POSTGRES_CONNECTION_HPP
#define ROSTER_POSTGRES_CONNECTION_HPP

#include <array>
#include <cstdint>
#include <string_view>

#include "postgres/rows.hpp"
#include "postgres/values.hpp"
#include "roster/postgres_store.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// The text of a statement, appended piece by piece. After a failed allocation ended() returns null.
class Text {
 public:
  Text& operator<<(std::string_view piece) noexcept {
    const std::size_t before = text_.size();
    if (!ok_ || !text_.resize_uninitialized(before + piece.size()))
      ok_ = false;
    else
      std::memcpy(text_.data() + before, piece.data(), piece.size());
    return *this;
  }
  /// The text with a terminating NUL. Null if an allocation failed.
  const char* ended() noexcept { return ok_ && text_.try_push_back('\0') ? text_.data() : nullptr; }

 private:
  SmallVector<char, 0> text_;
  bool ok_ = true;
};

/// One of the statements of this adapter. `shape` is the set of its optional parts. Number and shape together identify
/// the prepared statement, so each text is sent once for each connection.
struct Statement {
  std::uint16_t number;  ///< below statements_max
  std::uint16_t shape;   ///< below shapes_max
  void (*write)(std::uint32_t shape, Text& to);
};
/// The numbers of the statements of fetches, commits and transactions. A prepared statement is found by its number, so
/// each number has one statement. Those of set-up operations and look-ups follow.
namespace statement_number {
enum : std::uint16_t {
  cells,
  page_of_set,
  mark,
  roles,
  groups,
  turn,
  check,
  accounts,
  emails,
  added,
  changed,
  erased,
  bounds,
  events,
  added_alone,
  alone,
  owner_roles,
  count
};
}
inline constexpr std::uint32_t statements_max = 80, shapes_max = 256;

/// The planner settings of a connection that the store owns.
extern const char settings[];

/// The meaning of an error of the server or of the connection.
enum class Failure : std::uint8_t {
  none,
  refused,      ///< a check or a unique key failed: nothing was written
  again,        ///< the server rolled the transaction back, and it can be retried
  unprepared,   ///< a prepared statement is missing or exists already: nothing was run
  unreachable,  ///< the connection is broken
  other
};
Failure failure_of(std::string_view sqlstate) noexcept;
/// Converts a SQLSTATE into a number, for Error::detail.
std::uint32_t detail_of(std::string_view sqlstate) noexcept;

class Connection {
 public:
  Connection(const char* conninfo, PGconn* adopted, const PostgresOptions& options) noexcept;
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs the statements that `send(pipeline)` sends in one transaction. Afterwards rows(n) are the rows of the n-th
  /// statement. If nothing was run, the statements are sent again. If `repeatable`, this is also done after a broken
  /// connection or a rollback that can be retried. A conflict lasts as long as the other transaction does, so it is
  /// retried more often and more and more slowly, for half a second in all.
  ///
  /// The statements are between BEGIN and COMMIT, in the same pipeline. A server of its own makes one transaction of a
  /// pipeline without them. A distributed engine may commit each statement at once.
  template <class Send>
  Result<void> run(bool repeatable, Send&& send) noexcept {
    return run(Unit::statements, repeatable, send);
  }
  /// The same for exactly one statement. It needs no BEGIN, because every server runs a statement whole or not at all.
  template <class Send>
  Result<void> run_statement(bool repeatable, Send&& send) noexcept {
    return run(Unit::statement, repeatable, send);
  }
  /// The same for one statement that only reads. It has no check that can fail, so it is never `stale`.
  template <class Send>
  Result<void> read(Send&& send) noexcept {
    auto done = run_statement(true, send);
    if (!done && done.assume_error().code == Errc::stale) return Error(Errc::store_failed, detail_of(sqlstate()));
    return done;
  }
  /// To be called only inside the `send` callback. `entries` is the size of the longest array. A statement with many
  /// entries is planned each time, which costs little in comparison. A plan made while the tables were small might cost
  /// much.
  void send(const Statement& statement, const Values& values, std::uint64_t entries = 1) noexcept;
  Rows rows(std::uint32_t statement) const noexcept { return Rows(results_[statement]); }
  /// A commit does not report the failed check. Set-up operations distinguish a unique key from a check.
  std::string_view sqlstate() const noexcept { return {sqlstate_.data(), 5}; }

  std::string_view last_error_message() const noexcept { return {problem_.data(), problem_size_}; }
  std::uint64_t round_trips() const noexcept { return round_trips_; }
  const PostgresOptions& options() const noexcept { return options_; }
  /// Runs statements without parameters, for the schema.
  Result<void> run_script(const char* script) noexcept;
  /// Runs one such statement, and reads the first column of its first row as a number. No row: 0.
  Result<std::int64_t> read_number(const char* statement) noexcept;

 private:
  static constexpr int attempts_max = 4, conflicts_max = 16;
  /// Returns at once after the first attempts: a conflict is usually over by then.
  static void wait_for_others(int attempt) noexcept;
  static constexpr std::uint32_t sent_max = 12;
  static constexpr std::uint64_t entries_prepared_max = 64;
  static constexpr std::uint16_t not_a_statement = 0xFFFF;

  enum class Unit : std::uint8_t { statement, statements };
  template <class Send>
  Result<void> run(Unit unit, bool repeatable, Send& send) noexcept {
    for (int attempt = 1;; ++attempt) {
      auto begun = begin(unit);
      if (!begun) return begun;
      send(*this);
      const Failure failure = finish();
      if (failure == Failure::none) return success();
      const bool again = failure == Failure::unprepared ||
                         (repeatable && (failure == Failure::unreachable || failure == Failure::again));
      // A conflict of the host's transaction does not end before that transaction does.
      const bool conflicts = !nested_ && failure == Failure::again && sqlstate().substr(0, 2) == "40";
      if (!again || no_memory_ || attempt == (conflicts ? conflicts_max : attempts_max)) return error_of(failure);
      if (conflicts) wait_for_others(attempt);
    }
  }
  Result<void> make_ready() noexcept;
  Result<void> begin(Unit unit) noexcept;
  void mark(std::uint16_t shape) noexcept;
  bool send(const Statement& statement, bool prepares, int count, const char* const* values, const int* sizes,
            const int* formats) noexcept;
  Failure finish() noexcept;
  Failure collect() noexcept;
  void wait(std::size_t reported) noexcept;
  bool flush() noexcept;
  bool connect() noexcept;
  bool greet() noexcept;
  void drop_results() noexcept;
  void note(const PGresult* result) noexcept;
  void note(std::string_view sqlstate, const char* message) noexcept;
  Error error_of(Failure failure) const noexcept;
  bool is_prepared(std::uint32_t id) const noexcept { return (prepared_[id / 64] >> (id % 64) & 1) != 0; }

  PGconn* connection_ = nullptr;
  SmallVector<char, 0> conninfo_;
  PostgresOptions options_;
  bool owned_, nested_ = false, begun_ = false, no_memory_ = false, was_blocking_ = true;
  std::array<PGresult*, sent_max> results_{};
  /// The expected result of each message: the index of a statement's rows, or the id of the prepared statement.
  struct Expected {
    bool prepares;
    std::uint16_t place;
  };
  std::array<Expected, 2 * sent_max + 4> expected_{};
  std::uint32_t expected_count_ = 0, sent_ = 0;
  std::array<std::uint64_t, std::size_t{statements_max} * shapes_max / 64> prepared_{};
  std::array<char, 5> sqlstate_{};
  std::array<char, 256> problem_{};
  std::size_t problem_size_ = 0;
  std::uint64_t round_trips_ = 0;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
