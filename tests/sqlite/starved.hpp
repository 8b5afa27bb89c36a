// A database with many of everything, and operations that are called on copies of it while memory ends.
#ifndef ROSTER_TESTS_SQLITE_STARVED_HPP
#define ROSTER_TESTS_SQLITE_STARVED_HPP

#include <functional>
#include <memory>
#include <optional>

#include "catch.hpp"
#include "faults/allocations.hpp"
#include "numbered_world.hpp"
#include "starving/starving.hpp"

namespace roster_test {

using namespace roster;

inline constexpr unsigned many = 20;  ///< more than a List holds before it asks for memory twice

template <class AnyId>
AnyId numbered(const char* kind, unsigned n) {
  return AnyId::parse(kind + std::to_string(n)).value();
}
inline Email address(unsigned n) {
  return Email::parse("p" + std::to_string(n) + "@x.example").value();
}
inline AccountRecord full(unsigned n, unsigned names) {
  const std::string prefix(70, 'u');  // a name with a heap block
  AccountRecord record{.id = account(n), .username = numbered<Username>(prefix.c_str(), names)};
  record.email = address(names);
  return record;
}
inline Membership member(unsigned in, unsigned who) {
  return {.id = MembershipId::of(std::to_string(in) + "/" + std::to_string(who)),
          .organization = organization(in),
          .account = account(who),
          .role = clerk};
}

/// A connection of the host's, and what is in it.
class Database {
 public:
  Database() { REQUIRE(sqlite3_open(":memory:", &connection_) == SQLITE_OK); }
  ~Database() { sqlite3_close_v2(connection_); }
  Database(const Database&) = delete;

  sqlite3* get() const { return connection_; }
  void copy(const Database& other) {
    sqlite3_backup* const backup = sqlite3_backup_init(connection_, "main", other.connection_, "main");
    REQUIRE(sqlite3_backup_step(backup, -1) == SQLITE_DONE);
    sqlite3_backup_finish(backup);
  }
  /// Every value of every table.
  std::string picture() const {
    std::string all;
    for (const std::string& table :
         first_of_each("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")) {
      all += "\n" + table + ":";
      each("SELECT * FROM " + table, [&](sqlite3_stmt* row) {
        for (int i = 0; i < sqlite3_column_count(row); ++i) {
          const auto* const text = reinterpret_cast<const char*>(sqlite3_column_text(row, i));
          const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, i));
          all.append(" ").append(text == nullptr ? std::string_view("-") : std::string_view(text, size));
        }
        all += ";";
      });
    }
    return all;
  }

 private:
  template <class Row>
  void each(const std::string& text, const Row& row) const {
    sqlite3_stmt* statement = nullptr;
    REQUIRE(sqlite3_prepare_v2(connection_, text.c_str(), -1, &statement, nullptr) == SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) row(statement);
    sqlite3_finalize(statement);
  }
  std::vector<std::string> first_of_each(const std::string& text) const {
    std::vector<std::string> all;
    each(text,
         [&](sqlite3_stmt* row) { all.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(row, 0))); });
    return all;
  }
  sqlite3* connection_ = nullptr;
};

/// Twenty of everything: organizations one inside the other, whose members are counted; a5 and above are in o0 alone.
inline void fill(Database& database) {
  auto store = SqliteStore::adopt(database.get()).value();
  const auto must = [](const auto& done) { REQUIRE(done.has_value()); };
  std::vector<AccountId> all;
  for (unsigned i = 0; i < many; ++i) {
    must(store.put_account(full(i, i)));
    all.push_back(account(i));
    must(store.put_organization({.id = organization(i), .slug = numbered<Slug>("s", i), .seats_max = 1'000}));
    for (const Role& role : {ranks[1], ranks[3]}) must(store.put_role(organization(i), role, any_version));
    must(store.put_membership(member(0, i)));
  }
  must(store.overwrite_group(numbered<GroupName>("g", 0), all));
  for (unsigned i = 1; i < many; ++i)
    for (unsigned who = 0; who < 5; ++who) must(store.put_membership(member(i, who)));
  std::vector<OrganizationSelector> rows;
  for (unsigned i = 0; i < many; ++i) rows.emplace_back(organization(i));
  Query query;
  query.organizations = rows;
  query.counts = true;
  Facts facts;
  must(store.fetch(query, facts));
}

struct StoreOperation {
  std::string name;
  std::function<Result<void>(SqliteStore&)> call;
};

/// For what a operation does once the store has answered.
class MemoryIsBack {
 public:
  MemoryIsBack() { Starving::end(); }

 private:
  faults::UnwatchedAllocations unwatched_;
};

/// What a look-up found, as text.
inline std::string seen;

template <class Answer, class Say>
Result<void> see(const Answer& answer, const Say& say) {
  const MemoryIsBack memory_is_back;
  seen.clear();
  if (!answer) return answer.assume_error();
  seen = say(answer.assume_value());
  return success();
}

inline bool says_no_memory(const Error& error) {
  return error == Error(Errc::out_of_memory) || error == Error(Errc::store_failed, SQLITE_NOMEM) ||
         error == Error(Errc::store_failed, SQLITE_IOERR_NOMEM);
}

/// How memory ends: at each allocation of the store itself, or at some of all, SQLite's too, of which there are many.
struct End {
  bool of_store, for_ever;
  std::uint64_t step;
};
inline constexpr End ends[] = {{true, false, 1}, {true, true, 1}, {false, false, 31}, {false, true, 37}};

/// Calls `operation` while memory ends so at the n-th allocation. True if it did.
template <class StoreOperation>
inline bool starving(const End& end, std::uint64_t nth, const StoreOperation& operation) {
  if (end.of_store) {
    const faults::WatchedAllocations watched(nth, end.for_ever);
    operation();
  } else {
    Starving::set(nth, end.for_ever);
    Starving::begin();
    operation();
    Starving::end();
  }
  return end.of_store ? faults::WatchedAllocations::failed() : Starving::failed();
}

/// How often memory has ended: at an allocation of the store, and at any.
struct Points {
  std::uint64_t of_store = 0, of_all = 0;
};

/// Calls the operation on copies of the database while memory ends. Of SQLite's allocations only some are tried.
inline void starve(const Database& filled, const StoreOperation& operation, Points& points,
                   const SqliteOptions& options = {}) {
  INFO(operation.name);
  const std::string before = filled.picture();
  std::string after, expected;
  {
    Database reference;
    reference.copy(filled);
    auto store = SqliteStore::adopt(reference.get(), options).value();
    REQUIRE(operation.call(store).has_value());
    after = reference.picture(), expected = seen;
  }
  for (const End& end : ends)
    for (std::uint64_t nth = 1;; nth += end.step) {
      Database database;
      database.copy(filled);
      auto store = SqliteStore::adopt(database.get(), options).value();
      std::optional<Result<void>> done;
      if (!starving(end, nth, [&] { done.emplace(operation.call(store)); })) break;
      ++(end.of_store ? points.of_store : points.of_all);
      INFO("allocation " << nth << (end.for_ever ? " and all after it" : "") << (end.of_store ? " of the store" : ""));
      REQUIRE(sqlite3_get_autocommit(database.get()) != 0);
      if (*done) {
        REQUIRE(seen == expected);
        REQUIRE(database.picture() == after);
        continue;
      }
      INFO(describe_sqlite(done->assume_error().detail));
      REQUIRE(says_no_memory(done->assume_error()));
      REQUIRE(database.picture() == before);
      REQUIRE(operation.call(store).has_value());
      REQUIRE(seen == expected);
      REQUIRE(database.picture() == after);
    }
}

}  // namespace roster_test

#endif
