// Proves that SqliteStore keeps every law of the conformance kit: with connections of its own on one file, in threads
// and in processes, on a disk that fails; and, with the word `adopted` in front, on a connection of the host's.
#include "roster/conformance.hpp"

#include <sqlite3.h>

#include <array>
#include <cstring>
#include <optional>
#include <vector>

#include "failing_disk.hpp"
#include "folder.hpp"
#include "roster/sqlite_store.hpp"

using namespace roster;

namespace {

class SqliteFixture : public conformance::Fixture {
 public:
  Store& store() override { return *stores_.front(); }
  const MembershipReader* reader() override { return &*stores_.front(); }
  conformance::HostTransaction begin_transaction() override {
    if (!run(begin)) return {};
    return {&*stores_.front(), &*stores_.front()};
  }
  Result<void> roll_back() override {
    if (!run(back)) return Errc::store_failed;
    return success();
  }
  RecordStore* records(std::uint32_t n) override { return connection(n) == nullptr ? nullptr : &*stores_[n]; }

 protected:
  std::vector<std::optional<SqliteStore>> stores_{1};
  /// A transaction of the host on the first connection.
  const char *begin = "BEGIN", *back = "ROLLBACK";

 private:
  bool run(const char* sql) {
    return sqlite3_exec(stores_.front()->connection(), sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  }
};

class OnFiles final : public SqliteFixture {
 public:
  Result<void> reset() override {
    stores_.clear();
    stores_.resize(connections);
    place_.clear();
    return reopen();
  }
  conformance::Capabilities capabilities() const override {
    return {.connections = connections,
            .threads = true,
            .processes = processes,
            .restarts = true,
            .faults = true,
            .reads = true,
            .records = true,
            .host_transactions = true};
  }
  Store* connection(std::uint32_t n) override {
    if (!stores_[n] && !open(stores_[n])) return nullptr;
    return &*stores_[n];
  }
  Store* connect_in_child() override { return open(child_) ? &*child_ : nullptr; }
  Result<void> restart() override {
    for (auto& store : stores_) store.reset();
    return reopen();
  }
  bool fail_at(std::uint32_t n) override { return roster_test::failing_disk::fail_at(n); }

 private:
  static constexpr std::uint32_t connections = 4;
#if defined(_WIN32)
  static constexpr bool processes = false;  // the kit forks its clients
#else
  static constexpr bool processes = true;
#endif
  bool open(std::optional<SqliteStore>& to) {
    auto opened = SqliteStore::open(place_.file("roster.db").c_str(), {.busy_timeout_ms = 60'000});
    if (opened) to.emplace(std::move(opened).value());
    return opened.has_value();
  }
  Result<void> reopen() {
    if (!open(stores_.front())) return Errc::store_failed;
    return success();
  }
  roster_test::Folder place_;
  std::optional<SqliteStore> child_;
};

/// Every operation runs inside a transaction of the host, which never ends.
class InsideTheHost final : public SqliteFixture {
 public:
  ~InsideTheHost() override { close(); }
  Result<void> reset() override {
    close();
    if (sqlite3_open(":memory:", &host_) != SQLITE_OK) return Errc::store_failed;
    if (sqlite3_exec(host_, "CREATE TABLE theirs (x); BEGIN; INSERT INTO theirs VALUES (1)", nullptr, nullptr,
                     nullptr) != SQLITE_OK)
      return Errc::store_failed;
    auto adopted = SqliteStore::adopt(host_, {.outbox = true});
    if (!adopted) return adopted.error();
    stores_.front().emplace(std::move(adopted).value());
    return success();
  }

  conformance::Capabilities capabilities() const override {
    return {.reads = true, .records = true, .host_transactions = true};
  }
  InsideTheHost() {
    begin = "SAVEPOINT theirs";
    back = "ROLLBACK TO theirs";
  }

 private:
  void close() {
    stores_.front().reset();
    sqlite3_close(host_);
    host_ = nullptr;
  }
  sqlite3* host_ = nullptr;
};

}  // namespace

int main(int argc, char** argv) {
  constexpr std::array skips = {conformance::Skip{
      "unique/membership-id", "the IdSource promises it, and an index of random keys would double what an add costs"}};
  if (argc > 1 && std::strcmp(argv[1], "adopted") == 0) {
    InsideTheHost fixture;
    return conformance::program(fixture, argc - 1, argv + 1, skips);
  }
  roster_test::failing_disk::install();
  OnFiles fixture;
  return conformance::program(fixture, argc, argv, skips);
}
