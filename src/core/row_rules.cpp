#include "row_rules.hpp"

#include "role_rules.hpp"

ROSTER_BEGIN

bool membership_allows(const Profile& profile, const Facts& facts, std::uint32_t row) noexcept {
  const std::uint32_t place = actor_place(profile, facts, row);
  if (place == no_index) return false;
  const OrganizationFact& fact = facts.organizations[place];
  if (!fact.actor_is_member) return false;
  return profile.actor == ActorRule::member || known_role(profile, facts.roles[fact.actor_role]).manages;
}

namespace {

bool may_add(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept {
  if (!is_judged(profile, command) || membership_allows(profile, facts, row)) return true;
  return profile.organization_is_account && profile.actor != ActorRule::parent_manager &&
         facts.organizations[row].id.view() == command.actor.id.view();
}

}  // namespace

Outcome judge_row(const Profile& profile, const Command& command, const Facts& facts, std::uint32_t row) noexcept {
  const OrganizationFact& fact = facts.organizations[row];
  if (fact.id.empty()) {
    const bool hidden = profile.hides_organizations && !command.actor.staff;
    return hidden ? Outcome::forbidden : Outcome::organization_not_found;
  }
  if (!may_add(profile, command, facts, row)) return Outcome::forbidden;
  if (!fact.joinable) return Outcome::organization_not_joinable;
  return no_objection;
}

ROSTER_END
