#include "store.hpp"

#include <string>

#include "connection_pool.hpp"
#include "directory.hpp"
#include "roster/memory_store.hpp"
#ifdef HTTP_HOST_HAS_SQLITE
#include "roster/sqlite_store.hpp"
#endif
#ifdef HTTP_HOST_HAS_POSTGRES
#include "roster/postgres_store.hpp"
#endif

namespace http_host {
namespace {

using namespace roster;

Backing open_memory(IdSource& ids) {
  auto store = std::make_unique<MemoryStore>(MemoryOptions{.case_insensitive_usernames = true});
  if (!fill(*store, ids)) return {};
  auto records = std::make_unique<Cards<SharedStore<MemoryStore>>>(SharedStore(*store));
  return {std::move(store), std::move(records), {}};
}

#ifdef HTTP_HOST_HAS_SQLITE
Backing open_sqlite(const std::string& path, IdSource& ids) {
  auto opened = SqliteStore::open(path.c_str(), {.case_insensitive_usernames = true});
  if (!opened) return {nullptr, nullptr, std::string(describe_sqlite(opened.assume_error().detail))};
  auto store = std::make_unique<SqliteStore>(std::move(opened).assume_value());
  if (!fill(*store, ids)) return {nullptr, nullptr, "the sample directory cannot be put into `" + path + "`"};
  auto records = std::make_unique<Cards<SharedStore<SqliteStore>>>(SharedStore(*store));
  return {std::move(store), std::move(records), {}};
}
#endif

#ifdef HTTP_HOST_HAS_POSTGRES
/// Gives Cards access to a pool, which the host owns as its store.
struct FromPool {
  ConnectionPool<PostgresStore>* pool;
  template <class Use>
  auto use(Use&& use) const {
    return pool->use(std::forward<Use>(use));
  }
};

Backing open_postgres(const std::string& conninfo, IdSource& ids) {
  constexpr int connections = 8;
  auto pool = std::make_unique<ConnectionPool<PostgresStore>>();
  for (int i = 0; i < connections; ++i) {
    auto store = std::make_unique<PostgresStore>(conninfo.c_str(), PostgresOptions{.case_insensitive_usernames = true});
    if (i == 0 && !(store->create_schema() && fill(*store, ids))) {
      const std::string message(store->last_error_message());
      return {nullptr, nullptr, message.empty() ? "the sample directory cannot be put into that database" : message};
    }
    pool->put(std::move(store));
  }
  auto records = std::make_unique<Cards<FromPool>>(FromPool{pool.get()});
  return {std::move(pool), std::move(records), {}};
}
#endif

}  // namespace

Backing open_store(const std::string& name, IdSource& ids) {
  if (name == "memory") return open_memory(ids);
#ifdef HTTP_HOST_HAS_SQLITE
  if (name.starts_with("sqlite:")) return open_sqlite(name.substr(7), ids);
#endif
#ifdef HTTP_HOST_HAS_POSTGRES
  if (name.starts_with("postgres:")) return open_postgres(name.substr(9), ids);
#endif
  return {nullptr, nullptr, "no store of that name in this program: try --help"};
}

}  // namespace http_host
