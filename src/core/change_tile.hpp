// One tile of a command about memberships as they are, on its way through the rules: change of role, suspension,
// removal, and the answers to an invitation. What adds has its own tile (add_tile.hpp) because it may create; the rules
// about rows, accounts, roles, ranks and bounds are the same functions.
#ifndef ROSTER_CORE_CHANGE_TILE_HPP
#define ROSTER_CORE_CHANGE_TILE_HPP

#include "bounds.hpp"
#include "change_rules.hpp"
#include "roster/decision.hpp"
#include "standing.hpp"

ROSTER_BEGIN

/// Every method that returns bool returns false only when memory is out.
class ChangeTile {
 public:
  ChangeTile(const Profile& profile, const Command& command, const Tile& tile, const Query& query, const Facts& facts,
             const Context& context, Decision& decision) noexcept
      : profile_(profile),
        command_(command),
        roles_(gives_roles(command.kind()) ? static_cast<const RoleCommand*>(&command) : nullptr),
        tile_(tile),
        query_(query),
        facts_(facts),
        context_(context),
        to_(decision),
        work_(decision.work),
        width_(tile.columns + tile.missing_groups),
        named_(static_cast<std::uint32_t>(command.accounts.size())) {}

  [[nodiscard]] bool decide() noexcept;

 private:
  using Pair = Workspace::Pair;

  /// A cell on its way: what it asks for, what is there, and what would become of it.
  struct Cell {
    std::uint32_t row, column;  // the first that name this pair
    Pair* pair;                 // what the cells before it have made of that
    const MembershipFact* has;
    Role had, asked;
    RoleIndex role;  // into Decision::roles: what the membership would have
    Step step;
    Time until;  // when it would end
    bool owned, owns;
    bool loses_owner() const noexcept { return writes(step.outcome) && owned && !owns; }
  };
  [[nodiscard]] bool prepare() noexcept;
  [[nodiscard]] bool judge_rows() noexcept;
  Outcome judge_row(std::uint32_t row) const noexcept;
  [[nodiscard]] bool judge_columns() noexcept;
  [[nodiscard]] bool know_roles() noexcept;
  [[nodiscard]] bool know_memberships() noexcept;
  void ask(std::uint32_t row) noexcept;
  [[nodiscard]] bool judge_cells_of(std::uint32_t row) noexcept;
  Cell cell_at(std::uint32_t row, std::uint32_t column, const Standing& standing) noexcept;
  Step judge(const Cell& cell, std::uint32_t row, std::uint32_t column, const Standing& standing) const noexcept;
  bool gave_up(std::uint32_t row) const noexcept;
  bool may_tell(std::uint32_t column, const MembershipFact* has) const noexcept;
  Outcome judge_inviter(const MembershipFact& has, const Role& role) const noexcept;
  [[nodiscard]] bool carry_out(std::uint32_t row, std::uint32_t column, Cell& cell) noexcept;
  void refuse_all() noexcept;
  [[nodiscard]] bool guard() noexcept;

  /// Of the pair that a cell names, in the first cell that does.
  Pair& pair_of(std::uint32_t row, std::uint32_t column) noexcept {
    return work_.pairs[std::size_t{work_.rows[row].first} * tile_.columns + work_.columns[column].first];
  }
  std::uint32_t asked_at(std::uint32_t row, std::uint32_t column) const noexcept {
    if (roles_ == nullptr || roles_->cell_roles.empty() || tile_.column + column >= named_) return 0;
    return roles_->cell_roles[std::size_t{tile_.row + row} * named_ + tile_.column + column];
  }
  const MembershipFact* membership(std::uint32_t row, std::uint32_t column) const noexcept {
    const std::uint32_t fact = work_.pairs[std::size_t{row} * tile_.columns + column].fact;
    return fact == no_index ? nullptr : &facts_.memberships[fact];
  }

  const Profile& profile_;
  const Command& command_;
  const RoleCommand* const roles_;  // null: this kind of command gives no roles
  const Tile& tile_;
  const Query& query_;
  const Facts& facts_;
  const Context& context_;
  Decision& to_;
  Workspace& work_;
  const std::uint32_t width_, named_;
};

ROSTER_END

#endif
