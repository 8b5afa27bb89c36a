// One tile of an add on its way through the rules. Its methods stand in four files, in the order of the work:
// add_tile.cpp (what is known before any cell), add_cells.cpp (the cells), add_stretches.cpp (many that are alike),
// add_closing.cpp (guards and identifiers). add_one.cpp is the tile of a single cell.
#ifndef ROSTER_CORE_ADD_TILE_HPP
#define ROSTER_CORE_ADD_TILE_HPP

#include "bounds.hpp"
#include "cell_rules.hpp"
#include "guards.hpp"
#include "roster/decision.hpp"
#include "standing.hpp"

ROSTER_BEGIN

/// One tile on its way through the rules. Every method that returns bool returns false only when memory is out.
class AddTile {
  using Ask = Workspace::Ask;
  using Pair = Workspace::Pair;

 public:
  AddTile(const Profile& profile, const AddMembers& command, const Tile& tile, const Query& query, const Facts& facts,
          const Context& context, Decision& decision) noexcept
      : profile_(profile),
        command_(command),
        tile_(tile),
        query_(query),
        facts_(facts),
        context_(context),
        to_(decision),
        work_(decision.work),
        width_(tile.columns + tile.missing_groups) {}

  [[nodiscard]] bool decide() noexcept;

 private:
  [[nodiscard]] bool decide_one() noexcept;
  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool judge_rows() noexcept;
  [[nodiscard]] bool judge_columns() noexcept;
  [[nodiscard]] bool know_roles() noexcept;
  [[nodiscard]] bool know_pairs() noexcept;
  [[nodiscard]] bool judge_cells() noexcept;
  void recognise(std::uint32_t row, const MembershipFact& fact) noexcept;
  [[nodiscard]] bool make_room() noexcept;
  [[nodiscard]] bool judge_cells_of(std::uint32_t row) noexcept;
  [[nodiscard]] bool judge_stretch(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept;
  [[nodiscard]] bool add_absent(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept;
  [[nodiscard]] bool add_alike(std::uint32_t row, std::uint32_t from, std::uint32_t to, const Ask& ask) noexcept;
  [[nodiscard]] bool judge_members(std::uint32_t row, std::uint32_t& column, std::uint32_t to, const Ask& ask) noexcept;
  [[nodiscard]] bool judge_pairs_of(std::uint32_t row) noexcept;
  [[nodiscard]] bool ask(std::uint32_t row) noexcept;
  Outcome judge_as(const Ask& ask, RoleIndex has, bool own) const noexcept;
  [[nodiscard]] bool add(std::uint32_t row, std::uint32_t column, const Ask& ask, std::uint32_t cell) noexcept;
  [[nodiscard]] bool add_to_parent(std::uint32_t parent, std::uint32_t column) noexcept;
  [[nodiscard]] bool change(std::uint32_t row, std::uint32_t column, const MembershipFact& fact, const Ask& ask,
                            bool last, std::uint32_t cell, Pair& now) noexcept;
  [[nodiscard]] bool judge_losing(std::uint32_t row) noexcept;
  const MembershipFact* membership_at(std::uint32_t row, std::uint32_t column) const noexcept;
  [[nodiscard]] bool meet(std::uint32_t row, std::uint32_t column, const Ask& ask, bool last, std::uint32_t cell,
                          Pair& pair) noexcept;
  bool has_seats(std::uint32_t row, std::uint32_t parent, MembershipState joins_as) noexcept;
  [[nodiscard]] bool account_of(std::uint32_t column, std::uint32_t& account) noexcept;
  void show(std::uint32_t cell, const MembershipId& id, RoleIndex role) noexcept;
  void refuse_all() noexcept;
  [[nodiscard]] bool guard() noexcept;
  void show_fresh() noexcept;

  std::uint32_t asked_at(std::uint32_t row, std::uint32_t column) const noexcept {
    if (command_.cell_roles.empty() || tile_.column + column >= named_) return 0;
    return command_.cell_roles[std::size_t{tile_.row + row} * named_ + tile_.column + column];
  }

  Pair& pair_at(std::uint32_t row, std::uint32_t column) noexcept {
    return work_.pairs[std::size_t{row} * tile_.columns + column];
  }

  const Profile& profile_;
  const AddMembers& command_;
  const Tile& tile_;
  const Query& query_;
  const Facts& facts_;
  const Context& context_;
  Decision& to_;
  Workspace& work_;
  const std::uint32_t width_;
  std::uint32_t named_ = static_cast<std::uint32_t>(command_.accounts.size());
  std::uint32_t fact_ = 0;        // the first membership not yet passed, in the row that is judged
  bool refuses_columns_ = false;  // some column is refused in every row
  bool columns_alike_ = true;     // all accounts are there, none is refused, and all would join in one state
  bool pairs_ = false;            // cells may see what earlier cells did: judge through work_.pairs
  RoleIndex parent_role_ = no_role;
  Standing standing_;  // of the actor, in the row that is judged
};

ROSTER_END

#endif
