// Reconstructs memberships from the entries of an outbox.
#ifndef ROSTER_TESTS_LAWS_OUTBOX_READER_HPP
#define ROSTER_TESTS_LAWS_OUTBOX_READER_HPP

#include "support/fixture.hpp"

namespace roster_test {

/// The memberships known to a reader of the outbox.
class Reader {
 public:
  explicit Reader(const World& world) : known_(world.members) {}

  /// Applies an entry. Returns its error as text; empty: none.
  std::string read(const Entry& entry, roster::Time at) {
    const auto& [event, pair, role] = entry.happening;
    const std::string where = pair.first + "/" + pair.second + " ";
    const bool is_new = known_.count(pair) == 0;
    Member& known = known_[pair];
    if (is_new) known.state = S::removed;
    if (!entry.before && known.state != S::removed) return where + "is added a second time\n";
    if (entry.before && (is_new || !(Before{known.role, known.state} == *entry.before)))
      return where + "was not what the entry says\n";
    const bool ended = known.is_over(at) && known.state != S::removed;
    const auto [from, to] = steps[static_cast<std::size_t>(event)];
    const bool there = (from >> static_cast<unsigned>(known.state_at(at)) & 1) != 0;
    if (entry.ends) known.valid_until = *entry.ends;
    if (entry.invitation_ends) known.invitation_until = *entry.invitation_ends;
    known.role = role;
    if (to) known.state = *to;
    const bool fits = there && (event != roster::Event::expired || ended);
    return fits ? "" : where + "could not be " + std::string(name(event)) + "\n";
  }

  /// The host erased a role: its memberships, tombstones too, have another one.
  void replace_role(const std::string& place, const std::string& from, const std::string& to) {
    for (auto& [pair, known] : known_)
      if (pair.first == place && known.role == from) known.role = to;
  }

  /// The differences from the state of the store.
  std::string difference(const State& state) const {
    std::map<Pair, Before> there, told;
    for (const auto& [pair, row] : state.rows)
      if (row.state != S::removed) there[pair] = {row.role, row.state};
    for (const auto& [pair, known] : known_)
      if (known.state != S::removed) told[pair] = {known.role, known.state};
    return there == told ? "" : "what was told is not there:\n" + describe(state);
  }

 private:
  using S = roster::MembershipState;
  /// The states before an event, one bit each, and the state after it; none: unchanged.
  struct Step {
    unsigned from;
    std::optional<S> to;
  };
  static constexpr unsigned active = 1, invited = 2, suspended = 4, removed = 8, gone = suspended | removed;
  static constexpr std::optional<S> same = std::nullopt;
  // In the order of Event.
  static constexpr Step steps[] = {
      {gone, S::active},
      {gone, S::invited},
      {active | invited | suspended, same},
      {active | suspended, S::removed},
      {active | suspended, S::removed},
      {active, S::suspended},
      {gone, S::active},
      {invited, S::active},
      {invited, S::removed},
      {invited, S::removed},
      {active, same},
      {active, same},
      {active | invited | suspended, same},
      {removed, S::removed},
      {invited, same},
  };

  std::map<Pair, Member> known_;
};

}  // namespace roster_test

#endif
