// Proves that MemoryStore keeps every law of the conformance kit.
#include <array>
#include <optional>

#include "roster/conformance.hpp"

using namespace roster;

namespace {

class MemoryFixture final : public conformance::Fixture {
 public:
  Result<void> reset() override {
    store_.emplace();
    return success();
  }
  Store& store() override { return *store_; }
  RecordStore* records(std::uint32_t) override { return &*store_; }
  conformance::Capabilities capabilities() const override {
    return {.connections = 8, .threads = true, .reads = true, .records = true};
  }
  Store* connection(std::uint32_t) override { return &*store_; }
  const MembershipReader* reader() override { return &*store_; }

 private:
  std::optional<MemoryStore> store_;
};

}  // namespace

int main(int argc, char** argv) {
  MemoryFixture fixture;
  constexpr std::array skips = {
      conformance::Skip{"unique/membership-id", "the IdSource promises it, and MemoryStore keeps no table of them"}};
  return conformance::program(fixture, argc, argv, skips);
}
