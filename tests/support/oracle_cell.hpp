// The answers about one cell of a command. They come from the world before the command. The membership also reflects
// the earlier cells. Each answer follows from the rules alone.
#ifndef ROSTER_TESTS_SUPPORT_ORACLE_CELL_HPP
#define ROSTER_TESTS_SUPPORT_ORACLE_CELL_HPP

#include "../../src/core/request.hpp"
#include "support/oracle.hpp"
#include "support/scenario.hpp"

namespace roster_test {

using namespace roster;
using State = MembershipState;

/// The part of a command that is equal for all its cells.
struct CommandView {
  const World before;  // at the start; decisions read this, except for writes of this command
  World& now;          // after the cells visited
  const Profile& profile;
  const Command& command;
  IdempotencyKey key;  // bound to its actor
  Time at;
  bool sent;
  std::vector<std::string> places = {};  // per row; empty: not found
  std::vector<Column> columns = {};

  CommandKind kind() const { return command.kind(); }
  bool is_staff() const { return command.actor.staff; }
  bool hides_places() const { return profile.hides_organizations && !is_staff(); }
  std::string actor() const {
    const auto drawn = before.drawn.find(text_of(command.actor.id));
    return drawn == before.drawn.end() ? text_of(command.actor.id) : drawn->second;
  }
  const std::string& parent_of(const std::string& place) const { return before.places.at(place).parent; }
  /// The expiry of the memberships that the command writes.
  Time end() const {
    if (is_add(kind())) return static_cast<const AddMembers&>(command).valid_until;
    return kind() == CommandKind::change_expiry ? static_cast<const ChangeExpiry&>(command).valid_until : Time{};
  }
  Time requested_end() const {
    return is_add(kind()) ? static_cast<const AddMembers&>(command).invitation_until : Time{};
  }
  Time invitation_end() const { return earlier_end(requested_end(), end()); }
  const Role* role_in(const std::string& place, std::string_view role) const {
    return find_role(before, profile, place, role);
  }
  /// The rank and rights of a role. A role in no catalog has none.
  Role held(const std::string& place, std::string_view role) const {
    const Role* const known = role_in(place, role);
    return known != nullptr ? *known : Role{.id = {}, .rank = 0, .assignable = false};
  }
  /// The role requested in a cell; empty: the command names none.
  std::string requested_role(std::size_t row, std::size_t column) const {
    if (!names_roles(kind())) return {};
    const auto& with_roles = static_cast<const RoleCommand&>(command);
    const std::size_t named = command.accounts.size();
    const std::size_t index =
        with_roles.cell_roles.empty() || column >= named ? 0 : with_roles.cell_roles[row * named + column];
    return index < with_roles.roles.size() ? text_of(with_roles.roles.span()[index]) : std::string();
  }

  // ---- the right of the actor

  /// False also for an organization that acts on itself, which depends on nothing else.
  bool checks_actor(const std::string& place) const {
    if (profile.actor == ActorRule::host_decides || is_staff() || is_own(kind())) return false;
    return !profile.organization_is_account || profile.actor == ActorRule::parent_manager || actor() != place;
  }
  /// The role that authorizes the actor there; none: it is not authorized.
  std::optional<Role> acts_as(const std::string& place) const {
    const std::string& where = profile.actor == ActorRule::parent_manager ? parent_of(place) : place;
    const Member* const member = find_member(before, where, actor());
    if (member == nullptr || member->state_at(at) != State::active || is_disabled(before, actor())) return {};
    const Role role = held(where, member->role);
    const bool any_member = profile.actor == ActorRule::member && is_add(kind());
    const bool may = kind() == CommandKind::transfer_ownership ? role.owns : role.manages || any_member;
    return may ? std::optional(role) : std::nullopt;
  }
  bool authorizes(const std::string& place) const { return !checks_actor(place) || acts_as(place); }
  /// Whether the profile hides from the actor if the address of this column has an account.
  bool is_hidden(std::size_t column) const {
    const auto named = command.accounts.span();
    return profile.hides_accounts && !is_staff() && column < named.size() &&
           std::holds_alternative<Email>(named[column]);
  }
};

class OneCell final : public Cell {
 public:
  OneCell(const CommandView& of, std::size_t row, std::size_t column)
      : of_(of), place_(of.places[row]), column_(of.columns[column]), row_(row), number_(column) {}

  unsigned answer(Question question) override {
    const Profile& profile = of_.profile;
    const auto say = [](auto value) { return static_cast<unsigned>(value); };
    switch (question) {
      case Question::organization_exists: return !place_.empty();
      case Question::actor_allowed: return allowed();
      case Question::actor_carries_request: return actor_carries_request();
      case Question::commit_sent: return of_.sent;
      case Question::replay: return say(replay());
      case Question::closed: return of_.before.places.at(place_).closed;
      case Question::joinable: return of_.before.places.at(place_).joinable;
      case Question::role: return say(role_answer());
      case Question::account: return say(account());
      case Question::account_hidden: return account_hidden();
      case Question::asked_owns: return of_.held(place_, role()).owns;
      case Question::asked_outranks: return outranks_actor(role());
      case Question::state: return say(state());
      case Question::relation: return say(relation());
      case Question::parent: return say(parent());
      case Question::held_outranks: return outranks_actor(has()->role);
      case Question::outdated: return is_outdated();
      case Question::role_gone: return of_.role_in(place_, has()->role) == nullptr;
      case Question::inviter_lapsed: return inviter_lapsed();
      case Question::hides_organizations: return of_.hides_places();
      case Question::on_unknown_account: return say(profile.on_unknown_account);
      case Question::on_same_role: return say(profile.on_same_role);
      case Question::on_other_role: return say(profile.on_other_role);
      case Question::on_invited: return say(profile.on_invited);
      case Question::on_reinvite: return say(profile.on_reinvite);
      case Question::on_suspended: return say(profile.on_suspended);
      case Question::on_removed: return say(profile.on_removed);
      case Question::parent_rule: return say(profile.parent);
    }
    return 0;
  }

  const std::string& place() const { return place_; }
  Pair pair() const { return {place_, column_.account}; }
  /// The current membership; null: none.
  const Member* has() const { return find_member(of_.now, place_, column_.account); }
  bool is_omitted() const { return of_.requested_role(row_, number_).empty(); }
  /// The requested role, or the default.
  std::string role() const {
    return is_omitted() ? text_of(of_.profile.default_role) : of_.requested_role(row_, number_);
  }
  /// The request key of a membership that this cell writes.
  IdempotencyKey remembered() const {
    const auto requested = id<RoleId>(of_.requested_role(row_, number_));
    return roster::remembered(of_.key, fingerprint_of(of_.kind(), requested, of_.end(), of_.requested_end()));
  }

 private:
  static bool is_above(const Role& role, const Role& own) { return role.rank > own.rank || (role.owns && !own.owns); }
  bool allowed() const {
    if (!is_own(of_.kind())) return of_.authorizes(place_);
    // An account without a membership in a hidden organization gets the outcome of an organization that does not exist.
    return !of_.hides_places() || find_member(of_.before, place_, column_.account) != nullptr;
  }
  /// An actor that lost its right through this request still receives its result.
  bool actor_carries_request() const {
    if (!of_.command.groups.empty()) return false;
    for (std::size_t column = 0; column < of_.columns.size(); ++column) {
      if (of_.columns[column].account != of_.actor()) continue;
      const Member* const member = find_member(of_.before, place_, of_.actor());
      if (member != nullptr && OneCell(of_, row_, column).replay_by(*member) == Replay::idempotency_key) return true;
    }
    return false;
  }
  /// Compares the request keys of a membership with this request. A suspension keeps the earlier key.
  Replay replay_by(const Member& member) const {
    if (member.is_over(of_.at) && member.state != State::removed) return Replay::none;
    if (same_request(member.idempotency_key, of_.key))
      return member.idempotency_key == remembered() ? Replay::idempotency_key : Replay::key;
    return member.state == State::suspended && member.before == remembered() ? Replay::idempotency_key : Replay::none;
  }
  bool holds(const Member& member, const std::string& role) const {
    return meant(of_.profile, member.role) == meant(of_.profile, role);
  }
  Replay replay() const {
    const Member* const member = find_member(allowed() ? of_.now : of_.before, place_, column_.account);
    if (member == nullptr) return Replay::none;
    const bool to_oneself =
        of_.kind() == CommandKind::transfer_ownership && number_ == 1 && of_.columns[0].account == column_.account;
    const Replay replay = replay_by(*member);
    return replay == Replay::none && to_oneself && !holds(*member, role()) ? Replay::key : replay;
  }
  RoleAnswer role_answer() const {
    const Role* const requested = role().empty() ? nullptr : of_.role_in(place_, role());
    if (requested == nullptr) return RoleAnswer::unknown;
    const std::string& above = of_.parent_of(place_);
    const bool joins_above = is_add(of_.kind()) && of_.profile.parent == ParentRule::add && !above.empty();
    if (joins_above && of_.role_in(above, of_.profile.parent_role.view()) == nullptr) return RoleAnswer::unknown;
    if (of_.kind() == CommandKind::transfer_ownership) {
      if (requested->owns) return RoleAnswer::grantable;
      if (number_ == 0) return RoleAnswer::read_only;  // the first role of a transfer must own
    }
    return requested->assignable ? RoleAnswer::grantable : RoleAnswer::read_only;
  }
  AccountAnswer account() const {
    if (column_.missing_group) return AccountAnswer::no_group;
    const auto found = of_.now.people.find(column_.account);
    if (found == of_.now.people.end()) return column_.address.empty() ? AccountAnswer::nobody : AccountAnswer::address;
    if (found->second.disabled) return AccountAnswer::disabled;
    if (found->second.invited) return AccountAnswer::waits;
    return found->second.verified ? AccountAnswer::usable : AccountAnswer::unverified;
  }
  /// The first name of an account decides how it is disclosed.
  bool account_hidden() const {
    std::size_t first = 0;
    const auto same = [&](const Column& other) {
      return other.account == column_.account && (!column_.account.empty() || other.address == column_.address);
    };
    while (!same(of_.columns[first])) ++first;
    return of_.is_hidden(first);
  }
  StateAnswer state() const {
    const Member* const member = has();
    if (member == nullptr) return StateAnswer::none;
    if (member->state != State::removed && member->is_over(of_.at))
      return member->state == State::invited ? StateAnswer::over_invitation : StateAnswer::over;
    if (member->state == State::removed && member->invitation_until != Time{}) return StateAnswer::removed_invitation;
    return static_cast<StateAnswer>(member->state);
  }
  Relation relation() const {
    const Member& member = *has();
    if (of_.kind() == CommandKind::change_expiry)
      return member.valid_until == of_.end() ? Relation::same : Relation::other;
    if ((is_add(of_.kind()) && is_omitted()) || holds(member, role())) return Relation::same;
    return of_.held(place_, role()).rank > of_.held(place_, member.role).rank ? Relation::higher : Relation::other;
  }
  ParentAnswer parent() const {
    const std::string& above = of_.parent_of(place_);
    if (above.empty()) return ParentAnswer::free;
    const Member* const member = find_member(of_.now, above, column_.account);
    const Place& parent = of_.before.places.at(above);
    if (member == nullptr) return parent.joinable && !parent.closed ? ParentAnswer::absent : ParentAnswer::closed;
    const State state = member->state_at(of_.at);
    if (state == State::active) return ParentAnswer::there;
    return state == State::invited ? ParentAnswer::waits : ParentAnswer::closed;
  }
  /// An actor authorized by its membership grants no role above its own, and changes no membership above it.
  bool outranks_actor(const std::string& role) const {
    return of_.checks_actor(place_) && is_above(of_.held(place_, role), of_.acts_as(place_).value());
  }
  /// A request that is not later than the last write, or the expiry, is not about the membership as it is now. A
  /// membership keeps the time of that write, and the key from before its last suspension, removal or return.
  bool is_outdated() const {
    const Member& member = *has();
    const bool over = state() == StateAnswer::over || state() == StateAnswer::over_invitation;
    const bool wrote = over && same_request(member.idempotency_key, of_.key);
    const bool wrote_before = !member.before.empty() && same_request(member.before, of_.key);
    const Time since = over ? std::max(member.written_at, member.end()) : member.written_at;
    return wrote || wrote_before || (of_.command.asked_at != Time{} && of_.command.asked_at <= since);
  }
  bool inviter_lapsed() const {
    const Member& member = *has();
    const bool itself = of_.profile.organization_is_account && member.invited_by == place_;
    if (!of_.profile.rechecks_inviter || member.invited_by.empty() || itself) return false;
    if (of_.profile.actor != ActorRule::member && of_.profile.actor != ActorRule::manager) return false;
    const Member* const inviter = find_member(of_.before, place_, member.invited_by);
    if (inviter == nullptr || inviter->state_at(of_.at) != State::active) return true;
    if (is_disabled(of_.before, member.invited_by)) return true;
    const Role own = of_.held(place_, inviter->role);
    return (of_.profile.actor == ActorRule::manager && !own.manages) || is_above(of_.held(place_, member.role), own);
  }

  const CommandView& of_;
  const std::string& place_;
  const Column& column_;
  const std::size_t row_, number_;
};

}  // namespace roster_test

#endif
