// The tables of a store, and their migration from earlier versions. Each file of src/sqlite/schema is one migration
// step. The steps run in order, and a released step is never changed.
#ifndef ROSTER_SQLITE_SCHEMA_HPP
#define ROSTER_SQLITE_SCHEMA_HPP

#include <span>

#include "sqlite/connection.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

std::span<const char* const> schema_steps() noexcept;

/// Runs the missing migration steps, all or none, and checks the settings stored in the database. Writes nothing if no
/// step is missing, so that a read-only database can be used.
Code migrate(Connection& connection, const SqliteOptions& options) noexcept;

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
