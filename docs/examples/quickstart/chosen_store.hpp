// The store that the command line names: in memory, a file, or a server.
#ifndef QUICKSTART_CHOSEN_STORE_HPP
#define QUICKSTART_CHOSEN_STORE_HPP

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "roster/memory_store.hpp"

namespace quickstart {

/// What the quickstart asks of a store besides its two verbs. Each kind has its own way of putting records.
class ChosenStore {
 public:
  virtual ~ChosenStore() = default;
  virtual roster::Store& store() = 0;
  /// Parents come before their children.
  virtual roster::Result<void> put(const std::vector<roster::OrganizationRecord>& organizations,
                                   const std::vector<roster::AccountRecord>& accounts) = 0;
  virtual roster::Result<std::uint64_t> membership_count() = 0;
  /// What went wrong, and what to do.
  virtual std::string describe(const roster::Error& error) const;
};

/// `words` is `memory`, `sqlite:FILE` or `postgres:CONNINFO`. Null if there is no such store, or if it does not open;
/// then `why` says so.
std::unique_ptr<ChosenStore> choose_store(std::string_view words, std::uint64_t hash_seed, std::string& why);

}  // namespace quickstart

#endif
