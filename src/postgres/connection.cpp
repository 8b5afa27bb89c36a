#include "postgres/connection.hpp"

#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

/// The statements around those of a unit, as shapes of one statement.
enum Mark : std::uint16_t { begins, commits, saves, releases };
constexpr std::array<std::string_view, 4> marks = {"BEGIN", "COMMIT", "SAVEPOINT roster_unit",
                                                   "RELEASE SAVEPOINT roster_unit"};
void write_mark(std::uint32_t shape, Text& to) noexcept {
  to << marks[shape];
}

constexpr const char* take_back = "ROLLBACK TO SAVEPOINT roster_unit; RELEASE SAVEPOINT roster_unit";
constexpr const char* roll_back = "ROLLBACK";
/// Aborts a transaction that could not be sent as a whole.
constexpr const char* spoil = "SELECT 1 / (CASE WHEN false THEN 1 ELSE 0 END)";

void ignore(void*, const PGresult*) {}

/// The name of a prepared statement.
struct Name {
  std::array<char, 24> text{};
  explicit Name(std::uint32_t id) noexcept {
    const std::string_view prefix = "roster_";
    std::copy(prefix.begin(), prefix.end(), text.begin());
    std::to_chars(text.data() + prefix.size(), text.data() + text.size() - 1, id);
  }
};

}  // namespace

// A plan made while the tables are small may read a whole table, and the server keeps it when the tables have grown. So
// plans with sequential scans are disabled. A plan for one cell seems much cheaper than a generic plan. The server
// would therefore plan each execution, which takes longer than the execution itself.
const char settings[] =
    "SELECT set_config(name, CASE name WHEN 'plan_cache_mode' THEN 'force_generic_plan' ELSE 'off' END, false)"
    " FROM pg_settings WHERE name IN ('plan_cache_mode', 'enable_seqscan', 'enable_hashjoin', 'enable_mergejoin')";

Failure failure_of(std::string_view sqlstate) noexcept {
  if (sqlstate.size() != 5 || sqlstate[0] == '\0') return Failure::unreachable;
  if (sqlstate == "22012" || sqlstate == "23505") return Failure::refused;  // a failed check divides by zero
  // Serialization failure; deadlock; lock not available.
  if (sqlstate == "40001" || sqlstate == "40P01" || sqlstate == "55P03") return Failure::again;
  if (sqlstate == "26000" || sqlstate == "42P05") return Failure::unprepared;
  // 57P: the server or its administrator ends the connection. 40003: the result of the transaction is unknown to the
  // server too.
  if (sqlstate.substr(0, 2) == "08" || sqlstate.substr(0, 3) == "57P" || sqlstate == "40003")
    return Failure::unreachable;
  return Failure::other;
}

std::uint32_t detail_of(std::string_view sqlstate) noexcept {
  std::uint32_t detail = 0;
  for (const char letter : sqlstate) {
    const bool digit = letter >= '0' && letter <= '9', capital = letter >= 'A' && letter <= 'Z';
    detail = detail * 36 + static_cast<std::uint32_t>(digit ? letter - '0' : capital ? letter - 'A' + 10 : 0);
  }
  return detail;
}

Connection::Connection(const char* conninfo, PGconn* adopted, const PostgresOptions& options) noexcept
    : connection_(adopted), options_(options), owned_(adopted == nullptr) {
  const std::string_view text = conninfo == nullptr ? std::string_view() : conninfo;
  if (conninfo_.resize_uninitialized(text.size() + 1)) {
    if (!text.empty()) std::memcpy(conninfo_.data(), text.data(), text.size());
    conninfo_[text.size()] = '\0';
  }
}

Connection::~Connection() {
  drop_results();
  if (owned_) PQfinish(connection_);
}

void Connection::drop_results() noexcept {
  for (PGresult*& result : results_) {
    PQclear(result);
    result = nullptr;
  }
}

/// Opens the connection, or opens it again.
bool Connection::connect() noexcept {
  if (conninfo_.empty()) return false;
  prepared_.fill(0);
  PQfinish(connection_);
  const char* const keywords[] = {"dbname", "client_encoding", "fallback_application_name", nullptr};
  const char* const values[] = {conninfo_.data(), "UTF8", "roster", nullptr};
  connection_ = PQconnectdbParams(keywords, values, 1);
  if (PQstatus(connection_) != CONNECTION_OK) {
    note("08006", PQerrorMessage(connection_));
    return false;
  }
  PQsetNoticeReceiver(connection_, ignore, nullptr);
  return !options_.use_prepared_statements || greet();
}

bool Connection::greet() noexcept {
  PGresult* const result = PQexec(connection_, settings);
  const bool done = PQresultStatus(result) == PGRES_TUPLES_OK;
  if (!done) note(result);
  PQclear(result);
  return done;
}

/// Ensures that the connection is open and not in use.
Result<void> Connection::make_ready() noexcept {
  drop_results();
  sent_ = expected_count_ = 0;
  no_memory_ = false;
  sqlstate_ = {};
  problem_size_ = 0;
  if (PQstatus(connection_) != CONNECTION_OK && !(owned_ && connect())) {
    if (sqlstate_[0] == '\0') note("08003", "the connection is lost");
    return error_of(Failure::unreachable);
  }
  const PGTransactionStatusType now = PQtransactionStatus(connection_);
  nested_ = now == PQTRANS_INTRANS;
  if (nested_ || now == PQTRANS_IDLE) return success();
  note("25000", "the connection is in use, or in a transaction that has failed");
  return error_of(Failure::other);
}

Result<void> Connection::begin(Unit unit) noexcept {
  auto ready = make_ready();
  if (!ready) return ready;
  was_blocking_ = PQisnonblocking(connection_) == 0;
  if (PQsetnonblocking(connection_, 1) != 0 || PQenterPipelineMode(connection_) == 0) {
    note("08P01", PQerrorMessage(connection_));
    return error_of(Failure::other);
  }
  begun_ = !nested_ && unit == Unit::statements;
  if (nested_) mark(saves);
  if (begun_) mark(begins);
  return success();
}

/// Sends a statement that begins or ends the unit. It has no rows. A savepoint is not prepared: if the host has
/// deallocated the statements, the failure of the first one must be behind it, or the transaction of the host is lost.
void Connection::mark(std::uint16_t shape) noexcept {
  if (no_memory_) return;
  const bool prepares = options_.use_prepared_statements && (shape == begins || shape == commits);
  no_memory_ = !send({statement_number::mark, shape, write_mark}, prepares, 0, nullptr, nullptr, nullptr);
  if (!no_memory_) expected_[expected_count_++] = {true, not_a_statement};
}

void Connection::send(const Statement& statement, const Values& values, std::uint64_t entries) noexcept {
  if (no_memory_) return;
  std::array<const char*, Values::values_max> pointers;
  std::array<int, Values::values_max> sizes, formats;
  const int count = values.count();
  for (int i = 0; i < count; ++i) {
    const auto at = static_cast<std::size_t>(i);
    pointers[at] = values.value(static_cast<std::uint32_t>(i));
    sizes[at] = values.size(static_cast<std::uint32_t>(i));
    formats[at] = 1;
  }
  if (!values.ok() || sent_ == sent_max) {
    no_memory_ = true;
    return;
  }
  const bool prepares = options_.use_prepared_statements && entries <= entries_prepared_max;
  if (!send(statement, prepares, count, pointers.data(), sizes.data(), formats.data())) {
    no_memory_ = true;
    return;
  }
  expected_[expected_count_++] = {false, static_cast<std::uint16_t>(sent_++)};
}

/// If `prepares`, the statement is prepared before its first execution. False if there is no memory.
bool Connection::send(const Statement& statement, bool prepares, int count, const char* const* values, const int* sizes,
                      const int* formats) noexcept {
  const std::uint32_t id = statement.number * shapes_max + statement.shape;
  const Name name(id);
  if (!prepares || !is_prepared(id)) {
    Text text;
    statement.write(statement.shape, text);
    const char* const ended = text.ended();
    if (ended == nullptr) return false;
    if (!prepares) return PQsendQueryParams(connection_, ended, count, nullptr, values, sizes, formats, 1) != 0;
    if (PQsendPrepare(connection_, name.text.data(), ended, 0, nullptr) == 0) return false;
    expected_[expected_count_++] = {true, static_cast<std::uint16_t>(id)};
  }
  return PQsendQueryPrepared(connection_, name.text.data(), count, values, sizes, formats, 1) != 0;
}

/// Sends all output to the server. The server may send at the same time, so input is read meanwhile.
bool Connection::flush() noexcept {
  for (;;) {
    const int left = PQflush(connection_);
    if (left <= 0) return left == 0;
    pollfd wait{PQsocket(connection_), POLLIN | POLLOUT, 0};
    if (poll(&wait, 1, -1) < 0 && errno != EINTR) return false;
    if ((wait.revents & POLLIN) != 0 && PQconsumeInput(connection_) == 0) return false;
  }
}

Failure Connection::finish() noexcept {
  ++round_trips_;
  if (nested_) mark(releases);
  if (begun_) mark(commits);
  // An incomplete transaction must not commit. Without its sync message the server rolls it back.
  const bool spoilt =
      no_memory_ && PQsendQueryParams(connection_, spoil, 0, nullptr, nullptr, nullptr, nullptr, 1) == 0;
  if (spoilt || PQpipelineSync(connection_) == 0 || !flush()) shutdown(PQsocket(connection_), SHUT_RDWR);
  const Failure failure = collect();
  if (PQexitPipelineMode(connection_) == 0 && PQstatus(connection_) == CONNECTION_OK)
    shutdown(PQsocket(connection_), SHUT_RDWR);
  if (was_blocking_) PQsetnonblocking(connection_, 0);
  // Nothing of a failed unit is kept. After a failed COMMIT the transaction has ended already.
  const PGTransactionStatusType now = PQtransactionStatus(connection_);
  if (failure != Failure::none && (now == PQTRANS_INERROR || now == PQTRANS_INTRANS)) {
    ++round_trips_;
    PQclear(PQexec(connection_, nested_ ? take_back : roll_back));
  }
  return failure;
}

/// Waits until the next result is complete. If libpq has no memory for the result that ends a transaction, it writes a
/// message and waits for ever. A message during the wait therefore counts as the end of the connection. `reported` is
/// the size of the earlier messages.
void Connection::wait(std::size_t reported) noexcept {
  constexpr int again_ms = 1000;  // encrypted input may have been read from the socket already
  while (PQisBusy(connection_) != 0) {
    if (std::strlen(PQerrorMessage(connection_)) > reported) {
      shutdown(PQsocket(connection_), SHUT_RDWR);
      return;
    }
    pollfd more{PQsocket(connection_), POLLIN, 0};
    if ((poll(&more, 1, again_ms) < 0 && errno != EINTR) || PQconsumeInput(connection_) == 0) return;
  }
}

/// Reads the results up to the sync result. Only that result confirms the commit of the transaction.
Failure Connection::collect() noexcept {
  std::uint32_t at = 0;
  int nothing = 0;
  bool failed = false;
  for (;;) {
    wait(std::strlen(PQerrorMessage(connection_)));
    PGresult* const result = PQgetResult(connection_);
    if (result == nullptr) {
      if (PQstatus(connection_) != CONNECTION_OK || ++nothing == 2) break;
      continue;
    }
    nothing = 0;
    const ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_PIPELINE_SYNC) {
      PQclear(result);
      return failed ? failure_of(sqlstate()) : Failure::none;
    }
    const Expected expected = at < expected_count_ ? expected_[at] : Expected{true, not_a_statement};
    ++at;
    const bool good = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
    if (!good && status != PGRES_PIPELINE_ABORTED && !failed) {
      failed = true;
      note(result);
      if (sqlstate() == "26000") prepared_.fill(0);
    }
    if (expected.prepares && expected.place != not_a_statement && (good || (failed && sqlstate() == "42P05")))
      prepared_[expected.place / 64] |= std::uint64_t{status != PGRES_PIPELINE_ABORTED} << (expected.place % 64);
    if (!expected.prepares && good)
      results_[expected.place] = result;
    else
      PQclear(result);
  }
  if (!failed) note("08006", PQerrorMessage(connection_));
  return Failure::unreachable;
}

void Connection::note(const PGresult* result) noexcept {
  const char* const state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  const char* const message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
  note(state == nullptr ? std::string_view() : state, message == nullptr ? PQresultErrorMessage(result) : message);
}

void Connection::note(std::string_view sqlstate, const char* message) noexcept {
  sqlstate_ = {};
  std::copy_n(sqlstate.begin(), std::min(sqlstate.size(), sqlstate_.size()), sqlstate_.begin());
  problem_size_ = std::min(std::strlen(message), problem_.size());
  std::memcpy(problem_.data(), message, problem_size_);
}

void Connection::wait_for_others(int attempt) noexcept {
  constexpr int at_once = 4, doublings_max = 6;
  if (attempt >= at_once) (void)poll(nullptr, 0, 1 << std::min(attempt - at_once, doublings_max));
}

Error Connection::error_of(Failure failure) const noexcept {
  if (failure == Failure::refused || failure == Failure::again) return no_memory_ ? Errc::out_of_memory : Errc::stale;
  return {Errc::store_failed, detail_of(sqlstate_[0] == '\0' ? std::string_view("08006") : sqlstate())};
}

Result<void> Connection::run_script(const char* script) noexcept {
  const auto done = read_number(script);
  if (!done) return done.assume_error();
  return success();
}

Result<std::int64_t> Connection::read_number(const char* statement) noexcept {
  auto ready = make_ready();
  if (!ready) return ready.assume_error();
  ++round_trips_;
  PGresult* const result = PQexec(connection_, statement);
  const ExecStatusType status = PQresultStatus(result);
  const bool done = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
  if (!done) note(result);
  std::int64_t number = 0;
  if (status == PGRES_TUPLES_OK && PQntuples(result) > 0) {
    const char* const text = PQgetvalue(result, 0, 0);
    std::from_chars(text, text + PQgetlength(result, 0, 0), number);
  }
  PQclear(result);
  if (!done) return error_of(Failure::other);
  return number;
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
