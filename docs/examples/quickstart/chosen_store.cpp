#include "chosen_store.hpp"

#include <optional>
#include <utility>

#ifdef QUICKSTART_HAS_SQLITE
#include "roster/sqlite_store.hpp"
#endif
#ifdef QUICKSTART_HAS_POSTGRES
#include "roster/postgres_store.hpp"
#endif

namespace quickstart {

namespace {

/// The records that are missing in a store. A record that has further fields there, such as seats and addresses, is not
/// equal to that of a roster file, and its put would be refused.
template <class Record, class LookUp>
roster::Result<std::vector<Record>> unknown(const std::vector<Record>& records, const LookUp& look_up) {
  std::vector<Record> missing;
  for (const Record& record : records) {
    const auto found = look_up(record);
    if (!found) return found.error();
    if (!found.value()) missing.push_back(record);
  }
  return missing;
}

class InMemory final : public ChosenStore {
 public:
  explicit InMemory(std::uint64_t hash_seed) : store_({.hash_seed = hash_seed, .case_insensitive_usernames = true}) {}
  roster::Store& store() override { return store_; }
  roster::Result<void> put(const std::vector<roster::OrganizationRecord>& organizations,
                           const std::vector<roster::AccountRecord>& accounts) override {
    for (const auto& record : organizations)
      if (auto put = store_.put_organization(record); !put) return put.error();
    for (const auto& record : accounts)
      if (auto put = store_.put_account(record); !put) return put.error();
    return roster::success();
  }
  roster::Result<std::uint64_t> membership_count() override { return store_.membership_count(); }

 private:
  roster::MemoryStore store_;
};

#ifdef QUICKSTART_HAS_SQLITE
class InSqlite final : public ChosenStore {
 public:
  explicit InSqlite(roster::SqliteStore store) : store_(std::move(store)) {}
  roster::Store& store() override { return store_; }
  roster::Result<void> put(const std::vector<roster::OrganizationRecord>& organizations,
                           const std::vector<roster::AccountRecord>& accounts) override {
    const auto places = unknown(organizations, [&](const auto& record) { return store_.organization(record.id); });
    if (!places) return places.error();
    if (auto put = store_.put_organizations(places.value()); !put) return put;
    const auto people = unknown(accounts, [&](const auto& record) {
      const auto named = store_.account(record.username);
      return named && !named.value() ? store_.account(record.id) : named;
    });
    return people ? store_.put_accounts(people.value()) : people.error();
  }
  roster::Result<std::uint64_t> membership_count() override { return store_.membership_count(); }
  std::string describe(const roster::Error& error) const override {
    if (error.code != roster::Errc::store_failed) return ChosenStore::describe(error);
    return std::string(roster::describe_sqlite(error.detail));
  }

 private:
  roster::SqliteStore store_;
};
#endif

#ifdef QUICKSTART_HAS_POSTGRES
class InPostgres final : public ChosenStore {
 public:
  explicit InPostgres(const std::string& conninfo) : store_(conninfo.c_str(), {.case_insensitive_usernames = true}) {}
  roster::Result<void> open() { return store_.create_schema(); }
  roster::Store& store() override { return store_; }
  roster::Result<void> put(const std::vector<roster::OrganizationRecord>& organizations,
                           const std::vector<roster::AccountRecord>& accounts) override {
    const auto places = unknown(organizations, [&](const auto& record) { return store_.organization(record.id); });
    if (!places) return places.error();
    for (const auto& record : places.value())
      if (auto put = store_.put_organization(record); !put) return put.error();
    return store_.add_accounts(accounts);
  }
  roster::Result<std::uint64_t> membership_count() override { return store_.membership_count(); }
  std::string describe(const roster::Error& error) const override {
    if (error.code != roster::Errc::store_failed) return ChosenStore::describe(error);
    return std::string(store_.last_error_message());
  }

 private:
  roster::PostgresStore store_;
};
#endif

constexpr std::string_view sqlite_prefix = "sqlite:", postgres_prefix = "postgres:";

std::unique_ptr<ChosenStore> open_sqlite([[maybe_unused]] const std::string& path, std::string& why) {
#ifdef QUICKSTART_HAS_SQLITE
  auto opened = roster::SqliteStore::open(path.c_str(), {.case_insensitive_usernames = true});
  if (opened) return std::make_unique<InSqlite>(std::move(opened).assume_value());
  why = "`" + path.substr(0, 200) + "`: ";
  why += opened.error().code == roster::Errc::store_failed ? roster::describe_sqlite(opened.error().detail)
                                                           : roster::describe(opened.error().code);
#else
  why = "this quickstart was built without SQLite: install libsqlite3-dev and build it again";
#endif
  return nullptr;
}

std::unique_ptr<ChosenStore> open_postgres([[maybe_unused]] const std::string& conninfo, std::string& why) {
#ifdef QUICKSTART_HAS_POSTGRES
  auto store = std::make_unique<InPostgres>(conninfo);
  const auto opened = store->open();
  if (opened) return store;
  why = store->describe(opened.error());
#else
  why = "this quickstart was built without PostgreSQL: install libpq-dev and build it again";
#endif
  return nullptr;
}

}  // namespace

std::string ChosenStore::describe(const roster::Error& error) const {
  return std::string(roster::describe(error.code));
}

std::unique_ptr<ChosenStore> choose_store(std::string_view words, std::uint64_t hash_seed, std::string& why) {
  if (words == "memory") return std::make_unique<InMemory>(hash_seed);
  if (words.starts_with(sqlite_prefix) && words.size() > sqlite_prefix.size())
    return open_sqlite(std::string(words.substr(sqlite_prefix.size())), why);
  if (words.starts_with(postgres_prefix)) return open_postgres(std::string(words.substr(postgres_prefix.size())), why);
  why = "unknown store `" + std::string(words.substr(0, 80)) + "`: name `memory`, `sqlite:FILE` or `postgres:CONNINFO`";
  return nullptr;
}

}  // namespace quickstart
