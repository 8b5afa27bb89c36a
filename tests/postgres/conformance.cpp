// Proves that PostgresStore keeps every law of the conformance kit: at READ COMMITTED, at SERIALIZABLE, and on tables
// partitioned by the keys of a distributed engine; and at READ COMMITTED behind a middle-man that ends a transaction
// with each statement outside BEGIN, or delays each message. The first argument is one of them, or middle_men for
// both of these; the others are the kit's.
#include "roster/conformance.hpp"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <vector>

#include "database.hpp"
#include "middle_man.hpp"
#include "wire.hpp"

using namespace postgres_testing;

namespace {

class PostgresFixture final : public conformance::Fixture {
 public:
  PostgresFixture(Tables kind, const Manner* manner)
      : server_(make_database(std::string("kit_") + name(kind), kind)),
        session_(server_),
        middle_(manner == nullptr ? nullptr : std::make_unique<MiddleMan>(server_, *manner)),
        faulty_(manner == nullptr ? nullptr : std::make_unique<MiddleMan>(server_, *manner)),
        wire_(manner == nullptr ? std::make_unique<Wire>(server_) : nullptr),
        conninfo_(middle_ ? middle_->conninfo() : server_),
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
    stores_[0] = std::make_unique<PostgresStore>((wire_ ? wire_->conninfo() : faulty_->conninfo()).c_str());
    return success();
  }
  /// The first connection breaks: at the n-th packet, or at the n-th statement or end of a unit.
  bool fail_at(std::uint32_t n) override {
    const bool broke = wire_ ? wire_->broke() : faulty_->broke();
    wire_ ? wire_->break_at(n) : faulty_->break_at(n);
    return broke;
  }
  /// The statements that a middle-man ran outside BEGIN after another one of their unit.
  std::uint32_t cuts() const { return middle_ ? middle_->cuts() + faulty_->cuts() : 0; }

 private:
  std::string server_;
  Session session_;
  std::unique_ptr<MiddleMan> middle_, faulty_;  ///< the second one for the first connection
  std::unique_ptr<Wire> wire_;
  std::string conninfo_;
  Session host_;
  PostgresStore hosted_{host_.connection()};
  std::array<std::unique_ptr<PostgresStore>, 8> stores_;
};

}  // namespace

int main(int argc, char** argv) {
  using namespace std::chrono_literals;
  constexpr Manner by_statement{.by_statement = true}, delayed{.delay_max = 400us};
  struct Way {
    const char* name;
    Tables kind;
    const Manner* manner;
  };
  const std::array ways = {
      Way{"read_committed", Tables::read_committed, nullptr}, Way{"serializable", Tables::serializable, nullptr},
      Way{"partitioned", Tables::partitioned, nullptr}, Way{"by_statement", Tables::read_committed, &by_statement},
      Way{"delayed", Tables::read_committed, &delayed}};
  if (argc < 2) return 2;
  int code = 2;
  for (const Way& way : ways) {
    const bool behind_each = way.manner != nullptr && std::strcmp(argv[1], "middle_men") == 0;
    if (!behind_each && std::strcmp(argv[1], way.name) != 0) continue;
    PostgresFixture fixture(way.kind, way.manner);
    constexpr std::array skips = {conformance::Skip{"unique/membership-id",
                                                    "it is unique in an organization: a unique key of a distributed "
                                                    "table contains the key by which the table is distributed"}};
    std::vector<const char*> rest{argv[0]};
    rest.insert(rest.end(), argv + 2, argv + argc);
    const int failed = conformance::program(fixture, static_cast<int>(rest.size()), rest.data(), skips);
    if (fixture.cuts() != 0)
      std::printf("%u statements were run outside BEGIN after another one of their unit\n", fixture.cuts());
    code = (code == 2 ? 0 : code) | (failed != 0 || fixture.cuts() != 0 ? 1 : 0);
  }
  return code;
}
