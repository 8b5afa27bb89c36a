// What the tests of PostgresStore share: the server that server.sh started, and databases on it of three kinds.
#ifndef ROSTER_TESTS_POSTGRES_DATABASE_HPP
#define ROSTER_TESTS_POSTGRES_DATABASE_HPP

#include <libpq-fe.h>

#include <string>

#include "roster/postgres_store.hpp"

namespace postgres_testing {

using namespace roster;

/// What differs between databases on which the store must be the same.
enum class Tables { read_committed, serializable, partitioned };
const char* name(Tables kind);

/// The server's conninfo; ends the program where server.sh did not start one.
std::string server();
/// Runs a command of ROSTER_POSTGRES_CONTROL: "restart -m immediate". True if it did.
bool control(const std::string& words);

/// A plain connection for what a test does behind the store's back. Ends the program if a statement fails.
class Session {
 public:
  explicit Session(const std::string& conninfo);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// The first field of the first row, as text; empty if there is none.
  std::string run(const std::string& sql);
  PGconn* connection() { return connection_; }

 private:
  PGconn* connection_;
};

/// Makes a database of that kind with the tables in it, in the place of one of the same name.
/// Returns its conninfo.
std::string make_database(const std::string& name, Tables kind);
/// Takes everything out of the tables.
void empty(Session& session);

/// The tables in eight pieces each, by the hash of the key that the files of src/postgres/schema name: what a
/// distributed engine asks of unique keys, this asks as well.
std::string partitioned(std::string schema);

}  // namespace postgres_testing

#endif
