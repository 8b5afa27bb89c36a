// One tile of a command, of any kind, on its way through the rules. tile.cpp: what is known before any cell.
// tile_cells.cpp: which cell is judged when, and many alike at once. tile_apply.cpp: what a verdict does.
// tile_close.cpp: what the commit must check again, and the identifiers.
#ifndef ROSTER_CORE_TILE_HPP
#define ROSTER_CORE_TILE_HPP

#include "admission.hpp"
#include "request.hpp"
#include "rules/guards.hpp"

namespace roster::inline ROSTER_ABI {

/// What decide() is given.
struct TileInput {
  const Profile& profile;
  const Command& command;
  const Tile& tile;
  const Query& query;
  const Facts& facts;
  const Context& context;
};

/// All of one tile that its steps share.
struct TileWork : TileInput {
  using Row = Workspace::Row;
  using Column = Workspace::Column;
  using RequestedRole = Workspace::RequestedRole;
  using PairState = Workspace::PairState;

  TileWork(const TileInput& input, Decision& decision, Workspace& memory) noexcept
      : TileInput(input), to(decision), work(memory) {}

  Decision& to;
  Workspace& work;
  const RoleCommand* const names = as_role_command(command);  // null: this kind of command names no roles
  const Policy policy{profile, command.kind(), command.actor.staff};
  const std::uint32_t width = tile.columns + tile.missing_groups;
  const Time until = valid_until(command);                                      // when what is written ends
  const std::uint32_t fingerprint = fingerprint_of(command.kind(), {}, until);  // of a cell that names no role
  const bool atomic = is_atomic(profile, command);                              // all cells or none
  bool alike = true;   // all accounts are there and have the same traits
  bool pairs = false;  // several cells may be about one pair: they are judged one after the other, through work.pairs
  bool disclosed = false;         // which accounts the columns are: the actor was let in somewhere
  std::uint8_t dependencies = 0;  // of a whole command: all that any verdict was asked of
  RoleIndex parent_role = no_role;
  std::uint32_t fact = 0;  // the first membership not yet passed

  /// The row that is judged.
  struct CurrentRow {
    std::uint32_t row = 0, first = 0;
    std::uint32_t parent = no_index;  // the first row that is its parent, where the profile has a rule about that
    bool exists = false, allowed = false, joinable = false;
    bool replays_request = false;  // the actor's own cell carries this request
    ActorAuthority authority;
  } current_row;

  /// Which of the roles asked for.
  std::uint32_t requested_role_index(std::uint32_t row, std::uint32_t column) const noexcept {
    return names == nullptr ? 0 : ROSTER_ABI::requested_role_index(*names, tile.row + row, tile.column + column);
  }
  const RequestedRole* requested_role_at(std::uint32_t asked) const noexcept {
    return names == nullptr ? nullptr : &work.requested_roles[asked];
  }
  PairState& pair_at(std::uint32_t row, std::uint32_t column) const noexcept {
    return work.pairs[std::size_t{row} * tile.columns + column];
  }
  /// What a cell that asks for this asks for, in 32 bits.
  std::uint32_t fingerprint_at(const RequestedRole* requested) const noexcept {
    return requested == nullptr ? fingerprint : work.roles[requested->role].fingerprint;
  }
  bool is_same_role(RoleIndex a, RoleIndex b) const noexcept { return work.roles[a].first == work.roles[b].first; }
  bool requests_same_role(const RequestedRole* requested, RoleIndex has) const noexcept {
    return requested == nullptr || (requested->omitted && is_add(command.kind())) || is_same_role(requested->role, has);
  }
};

using CellAt = Workspace::Cell;

/// What a verdict was asked of, collected with the answers.
struct Dependencies {
  std::uint8_t bits = 0;

  template <class T>
  T on(int fact, T answer) noexcept {
    bits |= static_cast<std::uint8_t>(fact);
    return answer;
  }
};

/// A cell as the judge asks about it.
class TileCell {
 public:
  TileCell(const TileWork& t, const CellAt& at) noexcept
      : t_(t), at_(at), traits_(t.work.columns[at.first_column].traits) {}
  /// The column of a group that was not found.
  TileCell(const TileWork& t, const CellAt& at, AccountClass account) noexcept
      : t_(t), at_(at), traits_(static_cast<std::uint8_t>(account)) {}

  static constexpr std::uint8_t hidden_trait = 8;

  bool organization_exists() noexcept { return dependencies_.on(on_organization, t_.current_row.exists); }
  bool actor_allowed() noexcept {
    return dependencies_.on(is_own_affair(t_.command.kind()) ? on_membership : on_actor, t_.current_row.allowed);
  }
  OwnWrite own_write() noexcept {
    return t_.current_row.replays_request    ? OwnWrite::gave_up
           : t_.context.after_unknown_commit ? OwnWrite::sent
                                             : OwnWrite::no;
  }
  Replay replay() noexcept;
  bool joinable() noexcept { return dependencies_.on(on_organization, t_.current_row.joinable); }
  RoleClass role() noexcept { return dependencies_.on(on_role, static_cast<RoleClass>(at_.requested->role_class)); }
  AccountClass account() noexcept {
    return dependencies_.on(on_account, static_cast<AccountClass>(traits_ & (hidden_trait - 1)));
  }
  bool account_hidden() noexcept { return dependencies_.on(on_account, (traits_ & hidden_trait) != 0); }
  CellState state() noexcept {
    // Whether its time is over is not to be seen in the four bytes by which cells are compared.
    const bool removed = at_.has != nullptr && at_.has->state == MembershipState::removed;
    return dependencies_.on(on_membership | (removed ? on_more : 0), state_of(at_.has));
  }
  Relation relation() noexcept;
  ParentClass parent() noexcept;
  bool outranks(Which which) noexcept {
    if (which == Which::requested) return dependencies_.on(on_role | on_actor, at_.requested->outranks);
    const Workspace::RoleUse& held = t_.work.roles[at_.has->role];
    return dependencies_.on(on_membership | on_actor, t_.current_row.authority.is_outranked_by(held.rank, held.owns));
  }
  bool outdated() noexcept { return dependencies_.on(on_membership | on_more, at_.has->outdated); }
  bool inviter_lapsed() noexcept;

  std::uint8_t dependencies() const noexcept { return dependencies_.bits; }

 private:
  const TileWork& t_;
  const CellAt& at_;
  std::uint8_t traits_;
  Dependencies dependencies_;
};

/// The rules for one tile: decide() with working memory that the caller keeps.
Result<void> decide(const TileInput& input, Decision& decision, Workspace& work) noexcept;

// Each of these is false only when memory is out.

/// Before the cells: room, rows and columns, roles, duplicates.
[[nodiscard]] bool prepare(TileWork& t) noexcept;
/// The same for one row.
[[nodiscard]] bool begin_row(TileWork& t, std::uint32_t row) noexcept;
[[nodiscard]] bool judge_cells(TileWork& t) noexcept;
/// What a verdict does, and the only place that does it. `last`: no cell after this one can bring another owner.
[[nodiscard]] bool apply(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies,
                         bool last) noexcept;
/// The same for the columns [from, to) of a row, in all of which nobody is a member: they are added, and nothing counts
/// them. Equal to applying the verdict to one after the other.
[[nodiscard]] bool apply_added(TileWork& t, const CellAt& from, std::uint32_t to, const Verdict& verdict,
                               std::uint8_t dependencies) noexcept;
/// Writes down which account a column is, if this outcome of one of its cells lets the actor know.
void disclose(TileWork& t, std::uint32_t column, Outcome outcome) noexcept;
/// Notes that a commit depends on these facts of the row that is judged, and of the organization of its actor's role.
void add_dependencies(TileWork& t, std::uint8_t dependencies) noexcept;
/// All cells or none, and something was refused: nothing is written, and the cells that would have been say so.
void undo_writes(TileWork& t) noexcept;
/// After the cells: guards and identifiers.
[[nodiscard]] bool finish(TileWork& t) noexcept;

}  // namespace roster::inline ROSTER_ABI

#endif
