// What a careful programmer would write by hand for PostgreSQL: the same tables, the same checks, prepared statements,
// binary parameters, and nothing of roster.
#ifndef ROSTER_BENCH_POSTGRES_HAND_WRITTEN_HPP
#define ROSTER_BENCH_POSTGRES_HAND_WRITTEN_HPP

#include <libpq-fe.h>

#include <string>
#include <string_view>
#include <vector>

#include "postgres/values.hpp"
#include "roster/id.hpp"

namespace bench {

class HandWritten {
 public:
  explicit HandWritten(const std::string& conninfo);
  ~HandWritten();
  HandWritten(const HandWritten&) = delete;
  HandWritten& operator=(const HandWritten&) = delete;

  void plain(const char* statement);
  int backend() const { return PQbackendPID(connection_); }
  int number(const char* statement);  ///< the first field of the first row
  void prepare();                     ///< once the tables are there

  /// One statement after the other, each waited for: BEGIN, the organization, the account, the actor, the membership,
  /// INSERT, COMMIT. True if it was added, false if it was there: then it ends after six.
  bool add_naively(std::string_view organization, std::string_view account, std::string_view actor,
                   const roster::MembershipId& id);
  /// All of that as one statement.
  bool add_at_once(std::string_view organization, std::string_view account, std::string_view actor,
                   const roster::MembershipId& id);

  /// Sorted organizations x sorted accounts in one statement, ids supplied, after one that resolves and authorises.
  /// Returns how many were new.
  int add_all_sorted(const std::vector<std::string>& organizations, const std::vector<std::string>& accounts,
                     std::string_view actor, const std::vector<roster::MembershipId>& ids);
  /// The form that one sees most: as the lists come, ids from gen_random_uuid(), every row returned.
  int add_all_as_usual(const std::vector<std::string>& organizations, const std::vector<std::string>& accounts,
                       std::string_view actor);

 private:
  int ask(const char* name, const roster::postgres::Values& values);
  PGconn* connection_;
  roster::postgres::Values values_;
};

}  // namespace bench

#endif
