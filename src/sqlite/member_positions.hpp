// Rows about records of an answer: their numbers and the indexes of their facts.
#ifndef ROSTER_SQLITE_MEMBER_POSITIONS_HPP
#define ROSTER_SQLITE_MEMBER_POSITIONS_HPP

#include "roster/facts.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/state.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

inline constexpr Code no_memory = SQLITE_NOMEM;

inline Number number_of(Locator locator) noexcept {
  return static_cast<Number>(locator);
}

/// The organizations of an answer from `first` on that were found and for which `wanted` returns true.
template <class Wanted>
struct Found {
  Found(const Facts& facts, std::uint32_t first, Wanted wanted) noexcept : facts_(facts) {
    for (std::uint32_t i = first; complete && i < facts.organizations.size(); ++i)
      if (!facts.organizations[i].id.empty() && wanted(i)) complete = at.try_push_back(i);
  }
  void operator()(std::uint32_t row, int column, const Value& to) const noexcept {
    if (column == 0) return to.number(number_of(facts_.organizations[at[row]].locator));
    if (column == 1) to.number(at[row]);
  }

  SmallVector<std::uint32_t, 4> at;
  bool complete = true;  ///< false: an allocation failed

 private:
  const Facts& facts_;
};

/// Memberships of an answer: the numbers of organization and account, and the index of the fact.
struct MemberPositions {
  MemberPositions(const Facts& facts, const SmallVector<std::uint32_t, 2>& at) noexcept : facts_(facts), at_(at) {}
  void operator()(std::uint32_t row, int column, const Value& to) const noexcept {
    const MembershipFact& member = facts_.memberships[at_[row]];
    if (column == 0) return to.number(number_of(facts_.organizations[member.organization].locator));
    if (column == 1) return to.number(number_of(facts_.accounts[member.account].locator));
    if (column == 2) to.number(at_[row]);
  }

 private:
  const Facts& facts_;
  const SmallVector<std::uint32_t, 2>& at_;
};

/// Every organization that was found.
inline constexpr auto each = [](std::uint32_t) noexcept { return true; };

}  // namespace sqlite
}  // namespace roster::inline ROSTER_ABI

#endif
