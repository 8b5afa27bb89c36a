// Proves that PostgresStore keeps every law of the conformance kit: at READ COMMITTED, at SERIALIZABLE, and on tables
// partitioned by the keys of a distributed engine. The first argument is one of them; the others are the kit's.
#include "roster/conformance.hpp"

#include <array>
#include <cstring>
#include <memory>
#include <vector>

#include "database.hpp"
#include "wire.hpp"

using namespace postgres_testing;

namespace {

class PostgresFixture final : public conformance::Fixture {
 public:
  explicit PostgresFixture(Tables kind)
      : conninfo_(make_database(std::string("kit_") + name(kind), kind)),
        wire_(conninfo_),
        session_(conninfo_),
        host_(conninfo_) {
    for (auto& store : stores_) store = std::make_unique<PostgresStore>(conninfo_.c_str());
    (void)restart();
  }

  Result<void> reset() override {
    empty(session_);
    return success();
  }
  Store& store() override { return *stores_[0]; }
  const MembershipReader* reader() override { return stores_[0].get(); }
  RecordStore* records(std::uint32_t n) override { return stores_[n].get(); }
  conformance::Capabilities capabilities() const override {
    return {.connections = 8,
            .threads = true,
            .processes = true,
            .restarts = true,
            .faults = true,
            .reads = true,
            .records = true,
            .host_transactions = true};
  }
  conformance::HostTransaction begin_transaction() override {
    host_.run("BEGIN");
    return {&hosted_, &hosted_};
  }
  Result<void> roll_back() override {
    host_.run("ROLLBACK");
    return success();
  }
  Store* connection(std::uint32_t n) override { return stores_[n].get(); }
  Store* connect_in_child() override {
    return new PostgresStore(conninfo_.c_str());  // the child ends by _exit
  }
  Result<void> restart() override {
    stores_[0] = std::make_unique<PostgresStore>(wire_.conninfo().c_str());
    return success();
  }
  /// The wire of the first connection breaks at its n-th packet.
  bool fail_at(std::uint32_t n) override {
    const bool broke = wire_.broke();
    wire_.break_at(n);
    return broke;
  }

 private:
  std::string conninfo_;
  Wire wire_;
  Session session_, host_;
  PostgresStore hosted_{host_.connection()};
  std::array<std::unique_ptr<PostgresStore>, 8> stores_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  for (const Tables kind : {Tables::read_committed, Tables::serializable, Tables::partitioned})
    if (std::strcmp(argv[1], name(kind)) == 0) {
      PostgresFixture fixture(kind);
      constexpr std::array skips = {conformance::Skip{"unique/membership-id",
                                                      "it is unique in an organization: a unique key of a distributed "
                                                      "table contains the key by which the table is distributed"}};
      std::vector<const char*> rest{argv[0]};
      rest.insert(rest.end(), argv + 2, argv + argc);
      return conformance::program(fixture, static_cast<int>(rest.size()), rest.data(), skips);
    }
  return 2;
}
