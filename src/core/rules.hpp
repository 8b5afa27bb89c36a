// What an operation must know about a kind of command. A new kind of command is one more value of this type; the drive
// (facts, decide, commit, tiles, retries, replays) is the same for all.
#ifndef ROSTER_CORE_RULES_HPP
#define ROSTER_CORE_RULES_HPP

#include "change_rules.hpp"
#include "roster/decision.hpp"

ROSTER_BEGIN

struct Rules {
  /// What only this kind can find wrong with the shape of a command. Errors: roles_malformed, profile_malformed.
  Result<void> (*admit)(const Profile&, const Command&) noexcept;
  /// The roles to be found in each organization's own catalog. False when memory is out.
  bool (*wanted_roles)(const Profile&, const Command&, List<RoleId, 1>&) noexcept;
  /// True if the order of cells matters within a row of tiles, so that a tile may not be higher than one row.
  bool (*one_row_tiles)(const Command&) noexcept;
  /// The rules themselves. Errors: out_of_memory.
  Result<void> (*decide)(const Profile&, const Command&, const Tile&, const Query&, const Facts&, const Context&,
                         Decision&) noexcept;
};

extern const Rules add_members_rules, change_role_rules, change_state_rules;

inline const Rules& rules_of(Kind kind) noexcept {
  if (kind == Kind::add || kind == Kind::invite) return add_members_rules;
  return gives_roles(kind) ? change_role_rules : change_state_rules;
}

/// All cells or none, one tile.
inline bool is_whole(const Profile& profile, const Command& command) noexcept {
  return profile.mode == Mode::atomic || command.kind() == Kind::transfer_ownership;
}

ROSTER_END

#endif
