// HandWritten: what a careful program without roster would write: prepared statements, 16-byte keys, the same checks
// and the same record for each membership.
#ifndef ROSTER_BENCH_SQLITE_HAND_WRITTEN_HPP
#define ROSTER_BENCH_SQLITE_HAND_WRITTEN_HPP

#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

using Key16 = std::array<std::uint8_t, 16>;

class HandWritten {
 public:
  /// An empty path is a database in memory. A file has a write-ahead log and synchronous=NORMAL.
  explicit HandWritten(const std::string& path);
  ~HandWritten();
  HandWritten(const HandWritten&) = delete;
  HandWritten& operator=(const HandWritten&) = delete;

  void put(const std::vector<Key16>& organizations, const std::vector<Key16>& accounts);
  void put_member(const Key16& organization, const Key16& account, const Key16& id);

  /// BEGIN IMMEDIATE; the organization, the account, the actor's membership, the membership; INSERT; COMMIT. True if
  /// it was new.
  bool add(const Key16& organization, const Key16& actor, const Key16& account, const Key16& id);

  /// Everybody into every organization, an outcome for each pair: reads the members of each organization, merges, and
  /// inserts those missing, 200 rows a statement. Both lists are sorted. Returns how many were new.
  std::uint64_t bulk_by_merge(const std::vector<Key16>& organizations, const Key16& actor,
                              const std::vector<Key16>& accounts, std::vector<std::uint8_t>& outcomes);
  /// The same, as it is mostly written: temporary lists and one INSERT OR IGNORE over their product.
  std::uint64_t bulk_by_product(const std::vector<Key16>& organizations, const std::vector<Key16>& accounts);

 private:
  sqlite3_stmt* prepare(const std::string& text);
  void run(const char* text);
  bool found(sqlite3_stmt* statement, const Key16& key);

  sqlite3* connection_ = nullptr;
  std::vector<sqlite3_stmt*> prepared_;
  sqlite3_stmt *begin_, *commit_, *organization_, *account_, *member_, *insert_, *members_, *insert_many_,
      *list_account_, *list_organization_, *product_;
  std::uint64_t next_id_ = 0;
};

/// The key of the n-th organization or account, and the id that roster gets for it: the same bytes, in hexadecimal.
Key16 key_of(char kind, std::uint32_t n);

}  // namespace bench

#endif
