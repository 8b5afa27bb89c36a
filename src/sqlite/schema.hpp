// The tables of a store, and how those of an earlier roster are brought up to date: src/sqlite/schema holds one file
// for each step, made in order, never changed once released.
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
