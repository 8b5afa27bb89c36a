// The store of the command line: in memory, in a file, or on a server.
#ifndef QUICKSTART_CHOSEN_STORE_HPP
#define QUICKSTART_CHOSEN_STORE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "roster/memory_store.hpp"

namespace quickstart {

/// The operations of the quickstart on a store besides fetch and commit. Each kind of store puts records differently.
class ChosenStore {
 public:
  virtual ~ChosenStore() = default;
  virtual roster::Store& store() = 0;
  /// Requires parents before their children.
  virtual roster::Result<void> put(const std::vector<roster::OrganizationRecord>& organizations,
                                   const std::vector<roster::AccountRecord>& accounts) = 0;
  virtual roster::Result<std::uint64_t> membership_count() = 0;
  /// Describes an error, and what to do.
  virtual std::string describe(const roster::Error& error) const;
};

/// `words` is `memory`, `sqlite:FILE` or `postgres:CONNINFO`. Returns null and sets `why` if the store is unknown or
/// does not open.
std::unique_ptr<ChosenStore> choose_store(std::string_view words, std::uint64_t hash_seed, std::string& why);

}  // namespace quickstart

#endif
