// Reference: the store for comparison, a MemoryStore.
#ifndef ROSTER_CONFORMANCE_REFERENCE_HPP
#define ROSTER_CONFORMANCE_REFERENCE_HPP

#include <optional>

#include "roster/conformance.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

class Reference final : public Fixture {
 public:
  Reference() { store_.emplace(); }
  Result<void> reset() override {
    store_.emplace();
    return success();
  }
  Store& store() override { return *store_; }
  RecordStore* records(std::uint32_t) override { return &*store_; }

 private:
  std::optional<MemoryStore> store_;
};

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
