// Passes on events in the order of the commits, at least once. Every commit writes its events to a table in its own
// transaction, and a reader takes them from there by a cursor.
#include <sqlite3.h>

#include <string>
#include <vector>

#include "roster/roster.hpp"
#include "roster/sqlite_store.hpp"
#include "sqlite-outbox/outbox_reader.hpp"

using namespace roster;

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

  // After a crash between publishing and deleting, a new reader publishes these events again. A receiver recognises a
  // repetition by `seq`, which is never used twice.
  std::vector<std::string> published;
  const auto publish = [&](const OutboxEvent& it) {
    published.push_back(it.event + " " + it.account + " in " + it.organization + " as " + it.role);
  };
  OutboxReader reader(path);
  int events;
  while ((events = reader.read_page(100, publish)) > 0)
    if (!reader.delete_published()) return 1;
  if (events < 0) return 1;
  const std::vector<std::string> expected = {"added ada in acme as member", "removed ada in acme as member"};
  return count > 1 || published == expected ? 0 : 1;
}
