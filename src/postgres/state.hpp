// State: the members of a PostgresStore.
#ifndef ROSTER_POSTGRES_STATE_HPP
#define ROSTER_POSTGRES_STATE_HPP

#include "postgres/connection.hpp"

namespace roster::inline ROSTER_ABI {

struct PostgresStore::State {
  State(const char* conninfo, PGconn* adopted, const PostgresOptions& options) noexcept
      : connection(conninfo, adopted, options) {}
  postgres::Connection connection;
};

}  // namespace roster::inline ROSTER_ABI

#endif
