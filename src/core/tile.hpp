// The steps that decide one tile of a command of any kind.
// tile.cpp: what is derived before any cell.
// tile_cells.cpp: the order of the cells, and runs of equal cells.
// tile_apply.cpp: the effects of a verdict.
// tile_close.cpp: the guards of the commit, and the identifiers.
#ifndef ROSTER_CORE_TILE_HPP
#define ROSTER_CORE_TILE_HPP

#include "admission.hpp"
#include "request.hpp"
#include "rules/guards.hpp"

namespace roster::inline ROSTER_ABI {

/// The input of decide().
struct TileInput {
  const Profile& profile;
  const Command& command;
  const Tile& tile;
  const Query& query;
  const Facts& facts;
  const Context& context;
};

/// The state that all steps of a tile share.
struct TileWork : TileInput {
  using Row = Workspace::Row;
  using Column = Workspace::Column;
  using RequestedRole = Workspace::RequestedRole;
  using PairState = Workspace::PairState;

  TileWork(const TileInput& input, Decision& decision, Workspace& memory) noexcept
      : TileInput(input), to(decision), work(memory) {}

  Decision& to;
  Workspace& work;
  const RoleCommand* const names = as_role_command(command);  // null: this kind of command has no roles
  const Policy policy{profile, command.kind(), command.actor.staff};
  const std::uint32_t width = tile.columns + tile.missing_groups;
  const Time until = valid_until(command);  // expiry of the written memberships
  const Time invited_until = invitation_until(command);
  // Of a cell without a named role.
  const std::uint32_t fingerprint = fingerprint_of(command.kind(), {}, until, invited_until);
  const bool atomic = is_atomic(profile, command);
  bool alike = true;              // all accounts exist and have the same traits
  bool pairs = false;             // cells are judged in order, through work.pairs, because several may name one pair
  bool disclosed = false;         // the ids of all accounts are disclosed: the actor is allowed in some row
  std::uint8_t dependencies = 0;  // the facts that any verdict of the tile has read
  RoleIndex parent_role = no_role;
  std::uint32_t fact = 0;  // the first membership of the rows and columns to come

  /// The row that is judged.
  struct CurrentRow {
    std::uint32_t row = 0, first = 0;
    std::uint32_t parent = no_index;  // the first row with its parent, if the profile has a rule about that
    bool parent_takes_seat = true;    // the role granted in the parent takes a seat there
    bool parent_owns = false;         // the role granted in the parent owns there
    bool exists = false, allowed = false, joinable = false, closed = false;
    bool replays_request = false;  // the actor's own membership carries this request
    ActorAuthority authority;
  } current_row;

  /// The position of the requested role.
  std::uint32_t requested_role_index(std::uint32_t row, std::uint32_t column) const noexcept {
    return names == nullptr ? 0 : ROSTER_ABI::requested_role_index(*names, tile.row + row, tile.column + column);
  }
  const RequestedRole* requested_role_at(std::uint32_t requested) const noexcept {
    return names == nullptr ? nullptr : &work.requested_roles[requested];
  }
  PairState& pair_at(std::uint32_t row, std::uint32_t column) const noexcept {
    return work.pairs[std::size_t{row} * tile.columns + column];
  }
  /// The fingerprint of a cell that requests this role.
  std::uint32_t fingerprint_at(const RequestedRole* requested) const noexcept {
    return requested == nullptr ? fingerprint : work.roles[requested->role].fingerprint;
  }
  bool is_same_role(RoleIndex a, RoleIndex b) const noexcept { return work.roles[a].first == work.roles[b].first; }
  bool requests_same_role(const RequestedRole* requested, RoleIndex has) const noexcept {
    return requested == nullptr || (requested->omitted && is_add(command.kind())) || is_same_role(requested->role, has);
  }
};

using CellAt = Workspace::Cell;

/// The facts that a verdict has read, collected as it reads them.
struct Dependencies {
  std::uint8_t bits = 0;

  template <class T>
  T on(int fact, T answer) noexcept {
    bits |= static_cast<std::uint8_t>(fact);
    return answer;
  }
};

/// The Cell that judge() reads, over the facts of a tile.
class TileCell {
 public:
  TileCell(const TileWork& t, const CellAt& at) noexcept
      : t_(t), at_(at), traits_(t.work.columns[at.first_column].traits) {}
  /// The column of a missing group.
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
  bool closed() noexcept { return dependencies_.on(on_organization, t_.current_row.closed); }
  bool takes_members() noexcept {
    return dependencies_.on(on_organization, t_.current_row.joinable && !t_.current_row.closed);
  }
  RoleClass role() noexcept { return dependencies_.on(on_role, static_cast<RoleClass>(at_.requested->role_class)); }
  bool requests_ownership() noexcept { return dependencies_.on(on_role, at_.requested->owns); }
  AccountClass account() noexcept {
    return dependencies_.on(on_account, static_cast<AccountClass>(traits_ & (hidden_trait - 1)));
  }
  bool account_hidden() noexcept { return dependencies_.on(on_account, (traits_ & hidden_trait) != 0); }
  CellState state() noexcept {
    // The verdict key has no bit for an expired membership, whose state equals that of a removed one.
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
  bool role_exists() noexcept { return dependencies_.on(on_membership, t_.work.roles[at_.has->role].exists); }
  bool outdated() noexcept { return dependencies_.on(on_membership | on_more, at_.has->outdated); }
  bool inviter_lapsed() noexcept;

  std::uint8_t dependencies() const noexcept { return dependencies_.bits; }

 private:
  const TileWork& t_;
  const CellAt& at_;
  std::uint8_t traits_;
  Dependencies dependencies_;
};

/// decide() for one tile, in working memory that the caller keeps.
Result<void> decide(const TileInput& input, Decision& decision, Workspace& work) noexcept;

// Each function with [[nodiscard]] returns false only if memory runs out.

/// Before the cells: storage, rows and columns, roles, duplicates.
[[nodiscard]] bool prepare(TileWork& t) noexcept;
/// The same for one row.
[[nodiscard]] bool begin_row(TileWork& t, std::uint32_t row) noexcept;
[[nodiscard]] bool judge_cells(TileWork& t) noexcept;
/// Applies a verdict. No other function does, except apply_added() for a run. `last`: no later cell of the row can add
/// an owner.
[[nodiscard]] bool apply(TileWork& t, const CellAt& at, const Verdict& verdict, std::uint8_t dependencies,
                         bool last) noexcept;
/// Applies a verdict that adds members to the columns [from, to) of a row. None of them is a member, and no seat or
/// owner is counted. The result equals that of apply() on each cell in order.
[[nodiscard]] bool apply_added(TileWork& t, const CellAt& from, std::uint32_t to, const Verdict& verdict,
                               std::uint8_t dependencies) noexcept;
/// Reports the account id of a column, if this outcome of one of its cells discloses it.
void disclose(TileWork& t, std::uint32_t column, Outcome outcome) noexcept;
/// Records that the commit depends on these facts of the current row. The organization that defines the actor's role is
/// recorded too.
void add_dependencies(TileWork& t, std::uint8_t dependencies) noexcept;
/// Undoes the writes of an atomic command after a refusal. Their cells become `not_attempted`.
void undo_writes(TileWork& t) noexcept;
/// After the cells: guards and identifiers.
[[nodiscard]] bool finish(TileWork& t) noexcept;

}  // namespace roster::inline ROSTER_ABI

#endif
