#include "sqlite/rows.hpp"

#include <new>

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

constexpr int source_column = 16;  // the argument of the table

struct Cursor : sqlite3_vtab_cursor {
  const Rows* rows = nullptr;
  std::uint32_t row = 0;
};

int connect(sqlite3* connection, void*, int, const char* const*, sqlite3_vtab** table, char**) {
  const int declared = sqlite3_declare_vtab(
      connection, "CREATE TABLE x(c0,c1,c2,c3,c4,c5,c6,c7,c8,c9,c10,c11,c12,c13,c14,c15,source HIDDEN)");
  if (declared != SQLITE_OK) return declared;
  (void)sqlite3_vtab_config(connection, SQLITE_VTAB_DIRECTONLY);  // no view or trigger of an untrusted file may read it
  *table = new (std::nothrow) sqlite3_vtab();
  return *table == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int disconnect(sqlite3_vtab* table) {
  delete table;
  return SQLITE_OK;
}

/// The table can be read only from the start to the end, and only with its argument.
int plan(sqlite3_vtab*, sqlite3_index_info* index) {
  for (int i = 0; i < index->nConstraint; ++i) {
    const auto& constraint = index->aConstraint[i];
    if (constraint.iColumn != source_column || constraint.op != SQLITE_INDEX_CONSTRAINT_EQ) continue;
    if (constraint.usable == 0) return SQLITE_CONSTRAINT;
    index->aConstraintUsage[i].argvIndex = 1;
    index->aConstraintUsage[i].omit = 1;
    index->estimatedCost = 10;
    index->estimatedRows = 10;
    return SQLITE_OK;
  }
  return SQLITE_CONSTRAINT;
}

int open(sqlite3_vtab*, sqlite3_vtab_cursor** cursor) {
  *cursor = new (std::nothrow) Cursor();
  return *cursor == nullptr ? SQLITE_NOMEM : SQLITE_OK;
}

int close(sqlite3_vtab_cursor* cursor) {
  delete static_cast<Cursor*>(cursor);
  return SQLITE_OK;
}

int filter(sqlite3_vtab_cursor* cursor, int, const char*, int count, sqlite3_value** arguments) {
  auto* const at = static_cast<Cursor*>(cursor);
  at->row = 0;
  at->rows = count == 1 ? static_cast<const Rows*>(sqlite3_value_pointer(arguments[0], rows_module)) : nullptr;
  return SQLITE_OK;
}

int next(sqlite3_vtab_cursor* cursor) {
  ++static_cast<Cursor*>(cursor)->row;
  return SQLITE_OK;
}

int at_end(sqlite3_vtab_cursor* cursor) {
  const auto* const at = static_cast<Cursor*>(cursor);
  return at->rows == nullptr || at->row >= at->rows->size() ? 1 : 0;
}

int column(sqlite3_vtab_cursor* cursor, sqlite3_context* to, int which) {
  const auto* const at = static_cast<Cursor*>(cursor);
  if (which < source_column) at->rows->write(at->row, which, to);
  return SQLITE_OK;
}

int row_number(sqlite3_vtab_cursor* cursor, sqlite3_int64* number) {
  *number = static_cast<Cursor*>(cursor)->row;
  return SQLITE_OK;
}

// Without a create method, the table exists on every connection that registers it, and in no schema.
constexpr sqlite3_module module = [] {
  sqlite3_module made{};
  made.xConnect = connect;
  made.xBestIndex = plan;
  made.xDisconnect = disconnect;
  made.xOpen = open;
  made.xClose = close;
  made.xFilter = filter;
  made.xNext = next;
  made.xEof = at_end;
  made.xColumn = column;
  made.xRowid = row_number;
  return made;
}();

// ---- roster_take: from SQL to a callback

void take(sqlite3_context* context, int count, sqlite3_value** values) {
  auto* const kept = static_cast<RowCollector**>(sqlite3_aggregate_context(context, sizeof(RowCollector*)));
  if (kept == nullptr) return sqlite3_result_error_nomem(context);
  if (*kept == nullptr && count > 0)
    *kept = static_cast<RowCollector*>(sqlite3_value_pointer(values[0], take_function));
  if (*kept != nullptr) (*kept)->take(values + 1);
}

void taken(sqlite3_context* context) {
  sqlite3_result_int(context, 0);
}

}  // namespace

int register_rows(sqlite3* connection) noexcept {
  sqlite3_stmt* known = nullptr;
  // A second registration on the same connection would invalidate the statements of the first store.
  if (sqlite3_prepare_v2(connection, "SELECT roster_take(NULL) FROM roster_rows(NULL)", -1, &known, nullptr) ==
      SQLITE_OK) {
    sqlite3_finalize(known);
    return SQLITE_OK;
  }
  const int made = sqlite3_create_module_v2(connection, rows_module, &module, nullptr, nullptr);
  if (made != SQLITE_OK) return made;
  return sqlite3_create_function_v2(connection, take_function, -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, nullptr, nullptr,
                                    take, taken, nullptr);
}

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI
