// The answers, each from the rules alone.
#include "support/oracle_cell.hpp"

#include <algorithm>

#include "../../src/core/request.hpp"
#include "support/scene.hpp"

namespace roster_test {

using namespace roster;
using State = MembershipState;

namespace {

bool is_above(const Role& role, const Role& own) {
  return role.rank > own.rank || (role.owns && !own.owns);
}
bool is_there(State state) {
  return state == State::active || state == State::invited;
}

}  // namespace

// ---- the command

Time Asking::end() const {
  if (is_add(kind())) return static_cast<const AddMembers&>(command).valid_until;
  return kind() == Kind::change_expiry ? static_cast<const ChangeExpiry&>(command).valid_until : Time{};
}

bool Asking::is_judged() const {
  return profile.actor != ActorRule::host_decides && !is_staff() && !is_own(kind());
}

/// The membership by which the actor is judged; empty: none.
static std::string judged_by(const Asking& of, const std::string& place) {
  const std::string& where = of.profile.actor == ActorRule::parent_manager ? of.before.places.at(place).parent : place;
  const auto found = of.before.members.find({where, of.actor()});
  const bool active = found != of.before.members.end() && found->second.state_at(of.at) == State::active;
  if (!active) return {};
  const Role role = of.held(where, found->second.role);
  const bool may = of.kind() == Kind::transfer_ownership
                       ? role.owns
                       : role.manages || (of.profile.actor == ActorRule::member && is_add(of.kind()));
  return may ? where : std::string();
}

/// An organization that acts on itself leans on nothing else.
static bool is_itself(const Asking& of, const std::string& place) {
  return of.profile.organization_is_account && of.profile.actor != ActorRule::parent_manager && of.actor() == place;
}

bool Asking::lets_in(const std::string& place) const {
  return !is_judged() || is_itself(*this, place) || !judged_by(*this, place).empty();
}

std::string Asking::asked(std::size_t row, std::size_t column) const {
  if (!names_roles(kind())) return {};
  const auto& asks = static_cast<const RoleCommand&>(command);
  const std::size_t named = command.accounts.size();
  const std::size_t index = asks.cell_roles.empty() || column >= named ? 0 : asks.cell_roles[row * named + column];
  return index < asks.roles.size() ? text_of(asks.roles.span()[index]) : std::string();
}

bool Asking::sits(State state) const {
  if (profile.seats == SeatRule::unlimited) return false;
  return state == State::active || (state == State::invited && profile.seats == SeatRule::active_and_invited);
}

bool Asking::is_hidden(std::size_t column) const {
  const auto named = command.accounts.span();
  return profile.hides_accounts && !is_staff() && column < named.size() && std::holds_alternative<Email>(named[column]);
}

// ---- the cell

const Member* OneCell::member_of(const World& world, const std::string& account) const {
  const auto found = account.empty() ? world.members.end() : world.members.find({place_, account});
  return found == world.members.end() ? nullptr : &found->second;
}
const Member* OneCell::has() const {
  return member_of(of_.now, column_.account);
}

std::string OneCell::role() const {
  return is_omitted() ? text_of(of_.profile.default_role) : of_.asked(row_, number_);
}

unsigned OneCell::answer(Question question) {
  const Profile& profile = of_.profile;
  const auto say = [](auto value) { return static_cast<unsigned>(value); };
  switch (question) {
    case Question::organization_exists: return !place_.empty();
    case Question::actor_allowed: return allowed();
    case Question::actor_carries_request: return actor_carries_request();
    case Question::commit_sent: return of_.sent;
    case Question::replay: return say(replay());
    case Question::joinable: return of_.before.places.at(place_).joinable;
    case Question::role: return say(role_answer());
    case Question::account: return say(account());
    case Question::account_hidden: {
      // Of an account that is named more than once, the first name decides what may be told of it.
      std::size_t first = 0;
      const auto same = [&](const Column& other) {
        return other.account == column_.account && (!column_.account.empty() || other.address == column_.address);
      };
      while (!same(of_.columns[first])) ++first;
      return of_.is_hidden(first);
    }
    case Question::asked_outranks: return outranks_actor(role());
    case Question::state: return say(state());
    case Question::relation: return say(relation());
    case Question::parent: return say(parent());
    case Question::held_outranks: return outranks_actor(has()->role);
    case Question::outdated: return is_outdated();
    case Question::inviter_lapsed: return inviter_lapsed();
    case Question::hides_organizations: return profile.hides_organizations && !of_.is_staff();
    case Question::on_unknown_account: return say(profile.on_unknown_account);
    case Question::on_same_role: return say(profile.on_same_role);
    case Question::on_other_role: return say(profile.on_other_role);
    case Question::on_suspended: return say(profile.on_suspended);
    case Question::on_removed: return say(profile.on_removed);
    case Question::parent_rule: return say(profile.parent);
  }
  return 0;
}

bool OneCell::allowed() const {
  if (!is_own(of_.kind())) return of_.lets_in(place_);
  // Who has no part in a hidden organization hears what they would hear if it were not there.
  const bool hidden = of_.profile.hides_organizations && !of_.is_staff();
  return !hidden || member_of(of_.before, column_.account) != nullptr;
}

/// Whoever gave up a right by this very request is told that it was done.
bool OneCell::actor_carries_request() const {
  if (!of_.command.groups.empty()) return false;
  for (std::size_t column = 0; column < of_.columns.size(); ++column) {
    if (of_.columns[column].account != of_.actor()) continue;
    const OneCell own(of_, row_, column);
    const Member* const member = own.member_of(of_.before, of_.actor());
    if (member != nullptr && own.replay_by(*member) == Replay::request) return true;
  }
  return false;
}

RequestKey OneCell::remembered() const {
  const auto asked = names_roles(of_.kind()) ? id<RoleId>(of_.asked(row_, number_)) : RoleId{};
  return roster::remembered(of_.key, fingerprint_of(of_.kind(), asked, of_.end()));
}

/// What a membership that is there remembers of this request. A suspension leaves what it was before.
Replay OneCell::replay_by(const Member& member) const {
  if (member.is_over(of_.at) && member.state != State::removed) return Replay::none;
  if (same_request(member.request, of_.key)) return member.request == remembered() ? Replay::request : Replay::key;
  return member.state == State::suspended && member.before == remembered() ? Replay::request : Replay::none;
}

bool OneCell::is_to_oneself() const {
  return of_.kind() == Kind::transfer_ownership && number_ == 1 && of_.columns[0].account == column_.account;
}

Replay OneCell::replay() const {
  const Member* const member = member_of(allowed() ? of_.now : of_.before, column_.account);
  if (member == nullptr) return Replay::none;
  const Replay replay = replay_by(*member);
  if (replay == Replay::none && is_to_oneself() && member->role != role()) return Replay::key;
  return replay;
}

RoleAnswer OneCell::role_answer() const {
  const Role* const asked = role().empty() ? nullptr : of_.role_in(place_, role());
  if (asked == nullptr) return RoleAnswer::unknown;
  const std::string& above = of_.before.places.at(place_).parent;
  const bool joins_above = is_add(of_.kind()) && of_.profile.parent == ParentRule::add && !above.empty();
  if (joins_above && of_.role_in(above, of_.profile.parent_role.view()) == nullptr) return RoleAnswer::unknown;
  if (of_.kind() == Kind::transfer_ownership) {
    if (asked->owns) return RoleAnswer::grantable;
    if (number_ == 0) return RoleAnswer::read_only;  // the first role of a transfer is to give ownership
  }
  return asked->assignable ? RoleAnswer::grantable : RoleAnswer::read_only;
}

AccountAnswer OneCell::account() const {
  if (column_.missing_group) return AccountAnswer::no_group;
  const auto found = of_.now.people.find(column_.account);
  if (found == of_.now.people.end()) return column_.address.empty() ? AccountAnswer::nobody : AccountAnswer::address;
  if (found->second.disabled) return AccountAnswer::disabled;
  if (found->second.invited) return AccountAnswer::waits;
  return found->second.verified ? AccountAnswer::usable : AccountAnswer::unverified;
}

StateAnswer OneCell::state() const {
  const Member* const member = has();
  if (member == nullptr) return StateAnswer::none;
  if (member->state != State::removed && member->is_over(of_.at)) return StateAnswer::over;
  return static_cast<StateAnswer>(member->state);
}

Relation OneCell::relation() const {
  const Member& member = *has();
  if (of_.kind() == Kind::change_expiry) return member.valid_until == of_.end() ? Relation::same : Relation::other;
  if ((is_add(of_.kind()) && is_omitted()) || member.role == role()) return Relation::same;
  return of_.held(place_, role()).rank > of_.held(place_, member.role).rank ? Relation::higher : Relation::other;
}

ParentAnswer OneCell::parent() const {
  const std::string& above = of_.before.places.at(place_).parent;
  if (above.empty()) return ParentAnswer::free;
  const auto found = of_.now.members.find({above, column_.account});
  if (!column_.account.empty() && found != of_.now.members.end()) switch (found->second.state_at(of_.at)) {
      case State::active: return ParentAnswer::there;
      case State::invited: return ParentAnswer::waits;
      default: return ParentAnswer::closed;
    }
  return of_.before.places.at(above).joinable ? ParentAnswer::absent : ParentAnswer::closed;
}

/// Whoever acts only because of a membership gives no role above its own, and touches none above it.
bool OneCell::outranks_actor(const std::string& role) const {
  if (!of_.is_judged() || is_itself(of_, place_)) return false;
  const std::string where = judged_by(of_, place_);
  return is_above(of_.held(place_, role), of_.held(where, of_.before.members.at({where, of_.actor()}).role));
}

/// What was asked before somebody went does not undo that, and what was asked before they came back is not about the
/// membership that they have now. A membership remembers one key from before, and the times.
bool OneCell::is_outdated() const {
  const Member& member = *has();
  const bool over = state() == StateAnswer::over;
  if (over && same_request(member.request, of_.key))
    return true;  // this request wrote it, and its time has passed since
  const auto is_older = [&](const RequestKey& wrote, Time moved) {
    return (!wrote.empty() && same_request(wrote, of_.key)) ||
           (of_.command.asked_at != Time{} && of_.command.asked_at <= moved);
  };
  const RequestKey none;
  if (member.state == State::suspended && over) return is_older(member.before, member.valid_until);
  if (over) return is_older(member.came_back ? member.ended_by : none, member.valid_until);
  if (!is_there(member.state)) return is_older(member.before, member.ended_at);
  return member.came_back && is_older(member.ended_by, member.back_at);
}

bool OneCell::inviter_lapsed() const {
  const Member& member = *has();
  if (!of_.profile.rechecks_inviter || member.invited_by.empty()) return false;
  if (of_.profile.actor != ActorRule::member && of_.profile.actor != ActorRule::manager) return false;
  const Member* const inviter = member_of(of_.before, member.invited_by);
  if (inviter == nullptr || inviter->state_at(of_.at) != State::active) return true;
  const Role own = of_.held(place_, inviter->role);
  return (of_.profile.actor == ActorRule::manager && !own.manages) || is_above(of_.held(place_, member.role), own);
}

}  // namespace roster_test
