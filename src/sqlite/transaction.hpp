// Transaction: a transaction, or a savepoint inside a transaction of the host. The destructor undoes it unless end()
// succeeded.
#ifndef ROSTER_SQLITE_TRANSACTION_HPP
#define ROSTER_SQLITE_TRANSACTION_HPP

#include "sqlite/connection.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

class Transaction {
 public:
  enum class Kind : std::uint8_t {
    read,  ///< all statements read one snapshot
    write  ///< no other connection writes during it
  };
  Transaction(Connection& connection, Kind kind) noexcept
      : connection_(connection), nested_(sqlite3_get_autocommit(connection.get()) == 0) {
    const bool reads = kind == Kind::read;
    connection.set_hosted(nested_);
    if (nested_ && reads) return;  // the transaction of the host is sufficient
    // The statements of an undo are prepared first, because a later allocation may fail.
    (void)connection.prepare(nested_ ? Sql::undo_nested : Sql::undo, code_);
    if (nested_) (void)connection.prepare(Sql::end_nested, code_);
    if (code_ != ok) return;
    code_ = connection.run(nested_ ? Sql::begin_nested : reads ? Sql::begin_read : Sql::begin_write);
    open_ = code_ == ok;
  }
  ~Transaction() {
    if (!open_ || sqlite3_get_autocommit(connection_.get()) != 0) return;  // some failures end it themselves
    (void)connection_.run(nested_ ? Sql::undo_nested : Sql::undo);
    if (nested_) (void)connection_.run(Sql::end_nested);
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// The error of BEGIN, or ok.
  Code code() const noexcept { return code_; }
  /// Commits the writes.
  Code end() noexcept {
    if (!open_) return code_;
    code_ = connection_.run(nested_ ? Sql::end_nested : Sql::end);
    open_ = code_ != ok;
    return code_;
  }

 private:
  Connection& connection_;
  bool nested_, open_ = false;
  Code code_ = ok;
};

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
