// Proves that processes which race on one file keep an owner, accept an invitation once, leave no erased role, and lose
// no update.
#include "../../docs/examples/sqlite-outbox/outbox_reader.hpp"
#include "folder.hpp"
#include "roster/sqlite_store.hpp"
#include "sql/process_races.hpp"

namespace races_test {

using namespace roster;

namespace {

class File final : public process_races::Database {
 public:
  void connect(const std::function<void(const process_races::Connected&)>& use) const override {
    auto store = SqliteStore::open(path_.c_str(), options);
    REQUIRE(store.has_value());
    use({store.value(), store.value(), store.value()});
  }
  bool has_outbox() const override { return true; }
  void read_events(roster_test::Published& to) const override {
    OutboxReader reader(path_.c_str());
    while (reader.read_page(100, [&](const OutboxEvent& it) {
      to.apply(it.seq, it.organization + " " + it.account, it.version, it.event, it.organization, it.account, it.role,
               {it.valid_until, it.invitation_until});
    }) > 0)
      continue;
  }

 private:
  static constexpr SqliteOptions options{.durability = SqliteOptions::Durability::crash, .outbox = true};
  roster_test::Folder place_;
  std::string path_ = place_.file("roster.db");
};

}  // namespace

TEST_CASE("processes: an owner leaves while the other one is disabled, and after it the last owner stays") {
  process_races::disable_against_leave(File());
}
TEST_CASE("processes: a disabled owner is removed while it is enabled and the other one leaves: an owner stays") {
  process_races::enable_against_removal(File());
}
TEST_CASE("processes: an invitation is accepted once while others renew it") {
  process_races::reinvite_against_accept(File());
}
TEST_CASE("processes: a role is erased while it is granted, and no membership keeps it") {
  process_races::erase_against_grant(File());
}
TEST_CASE("processes: an organization is erased while others add to it, and nothing is written into one that is gone") {
  process_races::erase_organization_against_add(File());
}
TEST_CASE("processes: an account is erased while others add it, and no membership is of one that is gone") {
  process_races::erase_account_against_add(File());
}
TEST_CASE("processes: an organization is closed while others add to it, and nobody joins a closed one") {
  process_races::close_against_add(File());
}
TEST_CASE("processes: the last owner is removed while the organization is closed and opened, only from a closed one") {
  process_races::open_against_removal(File());
}
TEST_CASE("processes: of conditional puts with one version one succeeds") {
  process_races::conditional_puts(File());
}
TEST_CASE("processes: with the catalog before a renaming and the one after it, the last owner and every role stay") {
  process_races::two_catalogs(File());
}

}  // namespace races_test
