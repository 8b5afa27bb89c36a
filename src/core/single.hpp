// The short path for one cell: one account added to one organization, without the tables of a tile. It contains no
// rule: it reads the facts when judge() calls for them. Its reason is the lines "re-add" and "new by id" of `sh
// tests/bench/run.sh instructions`.
#ifndef ROSTER_CORE_SINGLE_HPP
#define ROSTER_CORE_SINGLE_HPP

#include "change_entries.hpp"
#include "rules/disclosure.hpp"
#include "rules/guards.hpp"
#include "rules/organization.hpp"

namespace roster::inline ROSTER_ABI {

/// Out of line, because few commands have an end of an invitation.
[[gnu::noinline]] inline std::uint32_t fingerprint_with_end(CommandKind kind, const RoleId& role, Time end,
                                                            Time invitation_end) noexcept {
  return fingerprint_of(kind, role, end, invitation_end);
}

/// The fingerprint of the one cell.
inline std::uint32_t fingerprint_of(const AddMembers& command) noexcept {
  static constexpr RoleId none;
  const RoleId& role = command.roles.size() == 0 ? none : command.roles.span()[0];
  if (command.invitation_until != Time{}) [[unlikely]]
    return fingerprint_with_end(command.kind(), role, command.valid_until, command.invitation_until);
  return fingerprint_of(command.kind(), role, command.valid_until);
}

/// known_role(), out of line: mostly the roles are equal, and their ranks make no difference.
[[gnu::noinline]] inline const Role& held_role(const Profile& profile, const Role& fact) noexcept {
  return known_role(profile, fact);
}

/// The Cell that judge() reads: row 0 and column 0 of the facts. Its query has neither parents nor counts.
class SingleCell {
 public:
  SingleCell(const Profile& profile, const AddMembers& command, const Query& query, const Facts& facts,
             const MembershipFact* has) noexcept
      : profile_(profile), command_(command), query_(query), facts_(facts), has_(has) {}

  [[gnu::always_inline]] bool organization_exists() noexcept { return !facts_.organizations[0].id.empty(); }
  [[gnu::always_inline]] bool actor_allowed() noexcept { return authorize(profile_, command_, facts_, 0, authority); }
  [[gnu::always_inline]] OwnWrite own_write() noexcept {
    const bool gave_up = facts_.accounts[0].id == command_.actor.id && replay() == Replay::idempotency_key;
    return gave_up ? OwnWrite::gave_up : OwnWrite::no;
  }
  [[gnu::always_inline]] Replay replay() noexcept {
    if (has_ == nullptr || has_->match == RequestMatch::none) [[likely]]
      return Replay::none;
    return replay_of(has_, fingerprint_of(command_));
  }
  [[gnu::always_inline]] bool closed() noexcept { return facts_.organizations[0].closed; }
  /// One comparison: joinable, and not closed.
  [[gnu::always_inline]] bool takes_members() noexcept {
    return facts_.organizations[0].joinable > facts_.organizations[0].closed;
  }
  [[gnu::always_inline]] RoleClass role() noexcept {
    role_ = role_here(profile_, query_, facts_, 0, 0, requested_role(profile_, command_, 0));
    return role_class(command_.kind(), role_, 0);
  }
  [[gnu::always_inline]] bool requests_ownership() noexcept { return false; }
  [[gnu::always_inline]] AccountClass account() noexcept {
    return account_class(command_.kind(), facts_.accounts[0], query_, 0);
  }
  [[gnu::always_inline]] bool account_hidden() noexcept { return is_hidden(profile_, command_, query_, 0); }
  [[gnu::always_inline]] CellState state() noexcept { return state_of(has_); }
  [[gnu::always_inline]] Relation relation() noexcept {
    const Role& had = facts_.roles[has_->role];
    if (is_omitted(command_, 0) || had.id == requested_role(profile_, command_, 0)) return Relation::same;
    if (!profile_.former_roles.empty() && role_ == find_former_role(profile_, had.id)) return Relation::same;
    return role_ != nullptr && role_->rank > held_role(profile_, had).rank ? Relation::higher : Relation::other;
  }
  [[gnu::always_inline]] ParentClass parent() noexcept { return ParentClass::free; }
  [[gnu::always_inline]] bool outranks(Which which) noexcept {
    // NOLINTNEXTLINE(clang-analyzer-core.NullDereference): the judge asks only about a role that was found
    const Role& role = which == Which::requested ? *role_ : held_role(profile_, facts_.roles[has_->role]);
    return authority.is_outranked_by(role.rank, role.owns);
  }
  [[gnu::always_inline]] bool role_exists() noexcept {
    return ROSTER_ABI::role_exists(profile_, facts_.roles[has_->role]);
  }
  [[gnu::always_inline]] bool outdated() noexcept { return has_->outdated; }
  [[gnu::always_inline]] bool inviter_lapsed() noexcept { return false; }

  bool depends_on_actor() const noexcept { return authority.limited; }
  const Role* role_asked_for() const noexcept { return role_; }

 private:
  const Profile& profile_;
  const AddMembers& command_;
  const Query& query_;
  const Facts& facts_;
  const MembershipFact* const has_;
  const Role* role_ = nullptr;
  ActorAuthority authority;
};

/// Replaces a former id of the role that is written by its current one.
[[gnu::noinline]] inline void write_current_id(const Profile& profile, ChangeSet& changes) noexcept {
  const RoleId& current = meant_by(profile.former_roles, changes.roles[0]);
  if (&current == &changes.roles[0]) return;
  if (!changes.changed.empty() && changes.changed[0].previous_role == 0) {
    changes.roles.unchecked_push_back(changes.roles[0]);
    changes.changed[0].previous_role = 1;
  }
  changes.roles[0] = current;
}
/// Replaces the former ids that a report shows.
[[gnu::noinline]] inline void show_current_ids(const Profile& profile, Report& to) noexcept {
  for (RoleId& id : to.roles.span()) id = RoleId(meant_by(profile.former_roles, id));
  if (to.roles.size() < 2 || to.roles[0] != to.roles[1]) return;
  to.roles.truncate(1);
  to.previous[0].role = 0;
}

/// The verdict of one cell.
struct Single {
  const Verdict& verdict;
  const MembershipFact* has;  // null: there was no membership
  const Role* requested;      // null: the judge has not asked for it, or it is in no catalog
  bool depends_on_actor;
  bool writes() const noexcept { return ROSTER_ABI::writes(verdict.outcome); }
};

[[gnu::always_inline]] inline Single judge_single(const Profile& profile, const AddMembers& command, const Query& query,
                                                  const Facts& facts) noexcept {
  const MembershipFact* const has = facts.memberships.empty() ? nullptr : facts.memberships.data();
  SingleCell cell(profile, command, query, facts, has);
  const Verdict& verdict = judge(Policy{profile, command.kind(), command.actor.staff}, cell);
  return {verdict, has, cell.role_asked_for(), cell.depends_on_actor()};
}

/// Fills the change set of a cell that writes. `changes` must be empty. Returns false if memory runs out, and for a
/// role that owns: its commit names all roles that own, which an operation collects.
[[nodiscard, gnu::always_inline]] inline bool write_single(const Profile& profile, const AddMembers& command,
                                                           const Query& query, const Facts& facts,
                                                           const Context& context, const Single& cell,
                                                           ChangeSet& changes) noexcept {
  if (cell.requested != nullptr && cell.requested->owns && !profile.roles.empty()) [[unlikely]]
    return false;
  // Each list holds its first entries inline, so these cannot fail.
  const Verdict& verdict = cell.verdict;
  const std::uint32_t fingerprint = fingerprint_of(command);
  const RoleId& role = verdict.keeps_role ? facts.roles[cell.has->role].id : requested_role(profile, command, 0);
  changes.roles.unchecked_push_back(role);
  if (cell.has == nullptr) {
    const bool creates = facts.accounts[0].id.empty();
    if (creates) changes.created.unchecked_push_back({{}, email_of(query, 0), verdict.to == MembershipState::invited});
    changes.added.unchecked_push_back({0, creates ? 1u : 0u, 0, verdict.to, fingerprint});
  } else {
    const RoleId& had = facts.roles[cell.has->role].id;
    const bool same = had == role;
    if (!same) changes.roles.unchecked_push_back(had);
    const bool dated = sets_expiry(verdict, command.kind(), state_of(cell.has), command.valid_until);
    changes.changed.unchecked_push_back(changed_of(*cell.has, 0, 0, verdict, dated, command.valid_until, fingerprint));
    changes.changed[0].role = 0;
    changes.changed[0].previous_role = same ? 0 : 1;
  }
  if (!profile.former_roles.empty()) [[unlikely]]
    write_current_id(profile, changes);
  const std::uint8_t dependencies = cell.depends_on_actor ? on_organization | on_actor : on_organization;
  return guard_organization(changes.guards, facts.organizations[0], 0, dependencies, 0) &&
         guard_account(changes.guards, facts.accounts[0], 0) &&
         (profile.mode != Mode::atomic || cell.has == nullptr || guard_membership(changes.guards, *cell.has)) &&
         complete_changes(profile, command, facts, context, changes);
}

/// With details: the membership, its role, and its previous state.
[[gnu::always_inline]] inline void show_membership(const Facts& facts, const Single& cell, bool shown,
                                                   const ChangeSet* changes, Report& to) noexcept {
  const bool fresh = changes != nullptr && !changes->added.empty();
  to.cell_roles.unchecked_push_back(shown ? RoleIndex{0} : no_role);
  if (!shown) return to.memberships.unchecked_push_back({});
  to.memberships.unchecked_push_back(fresh                                             ? changes->added_ids[0]
                                     : changes != nullptr && cell.verdict.new_identity ? changes->changed[0].new_id
                                                                                       : cell.has->id);
  if (changes != nullptr) to.roles.unchecked_push_back(changes->roles[0]);
  if (cell.has == nullptr) return;
  const RoleId& had = facts.roles[cell.has->role].id;
  if (changes == nullptr) return to.roles.unchecked_push_back(had);
  const bool same = had == changes->roles[0];
  if (!same) to.roles.unchecked_push_back(had);
  to.previous.unchecked_push_back({0, same ? RoleIndex{0} : RoleIndex{1}, cell.has->stored_state()});
}

/// The report of one cell. `changes` is null if nothing was written.
[[gnu::always_inline]] inline Result<Report> report_single(const Profile& profile, const Facts& facts,
                                                           const Single& cell, bool hidden, bool details,
                                                           const IdempotencyKey& idempotency_key,
                                                           const ChangeSet* changes) noexcept {
  Result<Report> result(BOOST_OUTCOME_V2_NAMESPACE::in_place_type<Report>);
  Report& to = result.assume_value();
  to.rows = to.columns = to.direct_columns = to.tiles = to.attempts = 1;
  to.idempotency_key = idempotency_key;
  const Outcome outcome = cell.verdict.outcome;
  const Disclosure shown = disclosed(outcome, hidden, details);
  to.outcomes.unchecked_push_back(outcome);
  AccountReport& account = to.accounts.unchecked_append_uninitialized();
  account.created = shown.account && changes != nullptr && !changes->created.empty();
  if (shown.account)
    account.id = account.created ? changes->created[0].id : facts.accounts[0].id;
  else
    account.id = {};
  if (details) show_membership(facts, cell, shown.membership, changes, to);
  if (!profile.former_roles.empty()) [[unlikely]]
    show_current_ids(profile, to);
  return result;
}

}  // namespace roster::inline ROSTER_ABI

#endif
