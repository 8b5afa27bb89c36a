// Passes on events in order and at least once. Every commit writes its events to a table in its own transaction, and a
// reader takes them from there. A crash between the two loses no event.
#include <sqlite3.h>

#include <functional>
#include <string>
#include <vector>

#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"

using namespace roster;

namespace {

/// Reads the outbox of a database on its own connection, as another process would.
class OutboxReader {
 public:
  explicit OutboxReader(const char* path) {
    if (sqlite3_open(path, &connection_) != SQLITE_OK) return;
    sqlite3_busy_timeout(connection_, 5000);
    sqlite3_prepare_v2(connection_,
                       "SELECT seq, event, account, coalesce(organization, ''), coalesce(role, '') FROM roster_outbox"
                       " ORDER BY seq LIMIT 100",
                       -1, &read_, nullptr);
    sqlite3_prepare_v2(connection_, "DELETE FROM roster_outbox WHERE seq <= ?1", -1, &forget_, nullptr);
  }
  ~OutboxReader() {
    sqlite3_finalize(read_);
    sqlite3_finalize(forget_);
    sqlite3_close(connection_);
  }
  OutboxReader(const OutboxReader&) = delete;
  OutboxReader& operator=(const OutboxReader&) = delete;

  /// Passes on the stored events and deletes them. After a crash in between it passes them on again. The receiver
  /// recognises a repetition by `seq`, which is never used twice. Returns false if the database could not be read.
  bool pass_on(const std::function<void(std::int64_t seq, const std::string& what)>& take) {
    std::int64_t last = 0;
    int stepped;
    while ((stepped = sqlite3_step(read_)) == SQLITE_ROW) {
      last = sqlite3_column_int64(read_, 0);
      take(last, text(1) + " " + text(2) + (text(3).empty() ? "" : " in " + text(3) + " as " + text(4)));
    }
    sqlite3_reset(read_);
    if (stepped != SQLITE_DONE || last == 0) return stepped == SQLITE_DONE;
    sqlite3_bind_int64(forget_, 1, last);
    const bool forgotten = sqlite3_step(forget_) == SQLITE_DONE;
    sqlite3_reset(forget_);
    return forgotten;
  }

 private:
  std::string text(int column) { return reinterpret_cast<const char*>(sqlite3_column_text(read_, column)); }
  sqlite3* connection_ = nullptr;
  sqlite3_stmt *read_ = nullptr, *forget_ = nullptr;
};

}  // namespace

int main(int count, char** words) {
  // A database in memory, shared by two connections of one process. A path instead keeps the tables.
  sqlite3_config(SQLITE_CONFIG_URI, 1);
  const char* const path = count > 1 ? words[1] : "file:outbox?mode=memory&cache=shared";
  auto opened = SqliteStore::open(path, {.outbox = true});
  if (!opened) return 1;
  SqliteStore& store = opened.value();
  if (!store.put_organization({.id = OrganizationId("acme")}) || !store.put_account({.id = AccountId("ada")})) return 1;

  UuidSource ids({1, 2});
  const Engine engine(profiles::recoup, store, ids);
  const Actor staff{.staff = true};
  const AddMembers add(OrganizationId("acme"), AccountId("ada"), {}, staff);
  if (!engine.add(add, Time{0}) || !engine.add(add, Time{1})) return 1;  // the repeat adds no event
  if (!engine.run(RemoveMembers(OrganizationId("acme"), AccountId("ada"), staff), Time{2})) return 1;

  std::vector<std::string> told;
  OutboxReader reader(path);
  const auto take = [&](std::int64_t, const std::string& what) { told.push_back(what); };
  if (!reader.pass_on(take) || !reader.pass_on(take)) return 1;  // nothing is left to pass on
  const std::vector<std::string> expected = {"added ada in acme as member", "removed ada in acme as member"};
  return count > 1 || told == expected ? 0 : 1;
}
