// A table from names to numbers, for the organizations, accounts or roles of one answer.
#ifndef ROSTER_POSTGRES_NAMES_HPP
#define ROSTER_POSTGRES_NAMES_HPP

#include <cstdint>
#include <string_view>

#include "core/duplicates.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

inline constexpr std::uint32_t no_number = 0xFFFFFFFFu;

/// Open addressing over a list of names. The table does not own the texts. An unkeyed hash is sufficient, because a
/// table exists for one answer, with names of limited size from the database.
class Names {
 public:
  /// Returns the number of a name, in the order of first mention. no_number: an allocation failed.
  [[nodiscard]] std::uint32_t enter(std::string_view name) noexcept {
    if (2 * (std::size_t{names_.size()} + 1) > slots_.size() && !grow()) return no_number;
    std::uint32_t& slot = slots_[place(name)];
    if (slot == no_number) {
      if (!names_.try_push_back(name)) return no_number;
      slot = names_.size() - 1;
    }
    return slot;
  }
  std::uint32_t find(std::string_view name) const noexcept { return slots_.empty() ? no_number : slots_[place(name)]; }
  std::uint32_t size() const noexcept { return names_.size(); }
  std::string_view operator[](std::uint32_t number) const noexcept { return names_[number]; }

 private:
  std::uint32_t place(std::string_view name) const noexcept {
    const std::uint32_t mask = slots_.size() - 1;
    std::uint32_t at = hash_text(name) & mask;
    while (slots_[at] != no_number && names_[slots_[at]] != name) at = (at + 1) & mask;
    return at;
  }
  bool grow() noexcept {
    const std::size_t size = slots_.empty() ? 16 : std::size_t{slots_.size()} * 2;
    slots_.clear();
    if (!slots_.resize(size, no_number)) return false;
    for (std::uint32_t i = 0; i < names_.size(); ++i) slots_[place(names_[i])] = i;
    return true;
  }

  SmallVector<std::string_view, 8> names_;
  SmallVector<std::uint32_t, 16> slots_;
};

/// The rows or columns of a query with the same record: for each number the first, and for each of them the next.
class Places {
 public:
  [[nodiscard]] bool begin(std::size_t places) noexcept { return next_.resize(places, no_number); }
  [[nodiscard]] bool put(std::uint32_t number, std::uint32_t place) noexcept {
    if (number >= first_.size() && !first_.resize(std::size_t{number} + 1, no_number)) return false;
    next_[place] = first_[number];
    first_[number] = place;
    return true;
  }
  std::uint32_t first(std::uint32_t number) const noexcept {
    return number < first_.size() ? first_[number] : no_number;
  }
  std::uint32_t next(std::uint32_t place) const noexcept { return next_[place]; }

 private:
  SmallVector<std::uint32_t, 4> first_, next_;
};

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI

#endif
