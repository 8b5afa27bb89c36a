// Scenarios, commands, reports and states as text, for the message of a failed law and for comparisons.
#include <algorithm>
#include <functional>
#include <ostream>

#include "support/fixture.hpp"

namespace roster_test {

using namespace roster;

std::string text_of(MembershipState state) {
  constexpr const char* words[] = {"active", "invited", "suspended", "removed"};
  return words[static_cast<unsigned>(state)];
}

std::string text_of(CommandKind kind) {
  constexpr const char* words[] = {
      "add",    "invite", "change role",       "transfer ownership", "suspend",           "reactivate",
      "remove", "leave",  "accept invitation", "decline invitation", "revoke invitation", "change expiry"};
  return words[static_cast<unsigned>(kind)];
}

namespace {

/// Joins texts with spaces; empty ones are omitted.
template <class... Things>
std::string say(const Things&... things);

std::string quoted(std::string_view text) {
  return "`" + std::string(text) + "`";
}
std::string flag(bool set, const char* text) {
  return set ? text : "";
}

/// One value: its name if it has one, otherwise its number.
template <class T>
std::string word(const T& thing) {
  if constexpr (std::is_convertible_v<const T&, std::string_view>) {
    return std::string(std::string_view(thing));
  } else if constexpr (std::is_same_v<T, Error>) {
    return say("error", thing.code, thing.detail);
  } else if constexpr (std::is_same_v<T, Role>) {
    return say(thing.id, thing.rank, flag(thing.manages, "manages"), flag(thing.owns, "owns"),
               flag(!thing.assignable, "read-only"), flag(!thing.takes_seat, "free"), flag(!thing.exists, "unknown"),
               flag(thing.has_owned, "has owned"));
  } else if constexpr (std::is_same_v<T, Before>) {
    return say(thing.role, thing.state);
  } else if constexpr (std::is_same_v<T, Nested>) {
    return say(thing.id, "in", thing.parent);
  } else if constexpr (std::is_same_v<T, MembershipState> || std::is_same_v<T, CommandKind> ||
                       requires { thing.bytes; }) {
    return roster_test::text_of(thing);
  } else if constexpr (requires { thing.has_value(); }) {
    return thing ? word(*thing) : "-";
  } else if constexpr (requires { thing.index(); }) {
    const bool is_account = std::is_same_v<T, AccountSelector>;  // addresses and ids differ in form anyway
    const std::array kinds = {"", is_account ? "" : "slug", is_account ? "username" : ""};
    return say(kinds[thing.index()], std::visit([](const auto& one) { return word(one); }, thing));
  } else if constexpr (requires { thing.view(); }) {
    return quoted(thing.view());
  } else if constexpr (requires { thing.text(); }) {
    return "<" + std::string(thing.text()) + ">";
  } else if constexpr (requires { name(thing); }) {
    return std::string(name(thing));
  } else if constexpr (std::is_enum_v<T>) {
    return std::to_string(static_cast<std::underlying_type_t<T>>(thing));
  } else {
    return std::to_string(thing);
  }
}

template <class... Things>
std::string say(const Things&... things) {
  std::string all;
  const auto append = [&](const std::string& one) { all += (all.empty() || one.empty() ? "" : " ") + one; };
  (append(word(things)), ...);
  return all;
}

/// "; what: one another", with one part of each value.
template <class Range, class Part = std::identity>
std::string list(std::string_view what, const Range& things, Part part = {}) {
  std::string all = "; " + std::string(what) + ":";
  for (const auto& thing : things) all += " " + word(std::invoke(part, thing));
  return all;
}

std::string describe(const Summary& summary) {
  return say(summary.rows, "x", summary.columns, "cells,", summary.direct_columns, "columns named") +
         list("outcomes", summary.outcomes) + list("roles", summary.cell_roles, quoted) +
         list("before", summary.before) + list("accounts", summary.accounts, quoted) + list("created", summary.created);
}

/// All records of a state, one line each.
std::set<std::string> records_of(const State& state) {
  std::set<std::string> all;
  for (const auto& [pair, row] : state.rows)
    all.insert(say(pair.second, "in", pair.first, quoted(row.role), row.state, "by", row.idempotency_key, "since",
                   row.added_at, "until", row.valid_until, row.invitation_until, "by", quoted(row.removed_by),
                   row.invited_by, "at", row.written_at));
  for (const auto& [account, invited] : state.accounts) all.insert(say("account", account, flag(invited, "invited")));
  return all;
}

}  // namespace

// ---- states and answers

std::string describe(const State& state) {
  std::string text;
  for (const std::string& record : records_of(state)) text += "  " + record + "\n";
  return text;
}

std::vector<std::string> lines(const State& state) {
  std::vector<std::string> all;
  for (const auto& [pair, row] : state.rows) {
    const std::size_t name = pair.second.rfind("new:", 0) == 0 ? 4 : 0;
    all.push_back(say(pair.first + ":", pair.second.substr(name), row.role, row.state));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string difference(const State& expected, const State& found) {
  std::string text = found.broken;
  if (expected == found) return text;
  const auto wanted = records_of(expected), there = records_of(found);
  for (const std::string& record : wanted) text += there.count(record) ? "" : "expected " + record + "\n";
  for (const std::string& record : there) text += wanted.count(record) ? "" : "found " + record + "\n";
  return text;
}

std::string describe(const Answer& answer) {
  if (answer.error) return word(*answer.error);
  return describe(static_cast<const Summary&>(answer)) + "; stopped: " + word(answer.stopped);
}

std::string outcomes_of(const Answer& answer) {
  if (answer.error) return say("error", answer.error->code);
  std::string text;
  for (const Outcome outcome : answer.outcomes) text = say(text, outcome);
  return say(text, flag(answer.stopped.has_value(), "stopped"));
}

std::string difference(const Expected& expected, const Answer& found) {
  if (expected.errors.empty()) {
    const bool same = !found.error && !found.stopped && static_cast<const Summary&>(expected) == found;
    return same ? "" : "expected " + describe(static_cast<const Summary&>(expected)) + "\nfound " + describe(found);
  }
  std::string text = "expected an error:";
  for (const auto& [code, detail] : expected.errors) {
    const bool names_selector =
        code == Errc::selector_not_accepted || code == Errc::id_empty || code == Errc::email_empty;
    if (found.error && found.error->code == code && (!names_selector || found.error->detail == detail)) return {};
    text = say(text, Error(code, detail));
  }
  return text + "; found " + describe(found);
}

// ---- whole reports and change sets

std::string all_of(const Result<Report>& result) {
  if (!result) return word(result.assume_error());
  const Report& report = result.assume_value();
  return say(report.rows, "x", report.columns, report.direct_columns, report.idempotency_key, report.stopped) +
         list("outcomes", report.outcomes) + list("memberships", report.memberships) +
         list("cell roles", report.cell_roles) + list("roles", report.roles) +
         list("accounts", report.accounts,
              [](const AccountReport& account) { return say(account.id, flag(account.created, "created")); }) +
         list("previous", report.previous,
              [](const Previous& was) { return say(was.cell, "was", was.role, was.state); });
}

std::string all_of(const ChangeSet& changes) {
  return say("by", changes.actor, "under", changes.idempotency_key, "at", changes.at, "until", changes.valid_until,
             changes.invitation_until, flag(changes.invited_occupy_seats, "invited sit"),
             flag(changes.host_invites, "host invites"), flag(changes.keeps_tombstones, "keeps removed")) +
         list("organizations", changes.organizations, &OrganizationFact::id) +
         list("accounts", changes.accounts, &AccountFact::id) + list("roles", changes.roles) +
         list(changes.records_owner_roles ? "recorded owner roles" : "owner roles", changes.owner_roles) +
         list("free roles", changes.free_roles) + list("ids", changes.added_ids) +
         list("guards", changes.guards,
              [](const Guard& guard) { return say(guard.record, guard.organization, guard.account, guard.version); }) +
         list("created", changes.created,
              [](const AccountCreated& one) { return say(one.id, *one.email, flag(one.invited, "invited")); }) +
         list("added", changes.added,
              [](const MemberAdded& one) {
                return say(one.organization, one.account, one.role, one.state, one.fingerprint);
              }) +
         list("changed", changes.changed, [](const MemberChanged& one) {
           return say(one.id, one.organization, one.account, one.role, one.previous_role, one.version, one.event,
                      one.previous_state, "to", one.state, one.new_id, flag(one.sets_expiry, "dated"),
                      flag(one.sets_invitation_end, "ends"), flag(one.new_identity, "anew"), one.fingerprint);
         });
}

std::string all_of(const Query& query, const Facts& facts, bool exactly) {
  const auto version = [&](Version its) { return exactly ? say("version", its) : ""; };
  const auto role = [&](RoleIndex index) {
    if (index == no_role) return std::string("-");
    return index < facts.roles.size() ? word(facts.roles[index]) : "beyond the dictionary";
  };
  // Parents may have any order, so they have no numbers.
  const auto place = [&](std::uint32_t i) {
    return say("organization", i < query.rows() ? std::to_string(i) : "above", facts.organizations[i].id);
  };
  std::multiset<std::string> records;
  for (std::uint32_t i = 0; i < facts.organizations.size(); ++i) {
    const OrganizationFact& fact = facts.organizations[i];
    const bool nested = i < query.rows() && fact.parent != no_index;
    std::string all =
        say(place(i), flag(fact.closed, "closed"), flag(!fact.joinable, "not joinable"), version(fact.version));
    if (nested && !fact.id.empty()) all = say(all, "in", facts.organizations[fact.parent].id);
    if (fact.actor_is_member) all = say(all, "actor", role(fact.actor_role), "until", fact.actor_valid_until);
    const MemberCounts& counts = fact.counts;
    if (query.counts) all = say(all, "seats", counts.seats_max, counts.active, counts.invited, counts.owners);
    for (std::size_t j = 0; j < query.roles.size(); ++j)
      all = say(all, "wanted", role(facts.wanted_roles[i * query.roles.size() + j]));
    records.insert(fact.id.empty() ? say(place(i), "not found") : all);
  }
  for (std::uint32_t i = 0; i < facts.memberships.size(); ++i) {
    const MembershipFact& fact = facts.memberships[i];
    const bool matches = fact.match != RequestMatch::none;
    std::string all =
        say(place(fact.organization), "member", fact.account, fact.id, role(fact.role), fact.state, "until",
            fact.valid_until, fact.invitation_until, matches ? say("match", fact.match, "of", fact.fingerprint) : "",
            flag(fact.outdated, "outdated"), version(fact.version));
    if (query.inviters) all = say(all, flag(!facts.inviters[i].id.empty(), "inviter"));
    if (query.inviters && facts.inviters[i].is_member)
      all = say(all, role(facts.inviters[i].role), "until", facts.inviters[i].valid_until);
    records.insert(all);
  }
  return list("records", records) +
         list("\naccounts", facts.accounts,
              [&](const AccountFact& fact) {
                return say(fact.id, flag(fact.disabled, "disabled"), flag(fact.invited, "invited"),
                           flag(fact.verified, "verified"), version(fact.version));
              }) +
         list("\ngroups", facts.groups, [](const GroupFact& fact) { return say(fact.found, fact.accounts); }) +
         list("\nof groups", facts.group_accounts) + "\n";
}

// ---- scenarios and histories

void describe(std::ostream& out, const World& world) {
  for (const auto& [id, place] : world.places)
    out << say("  place", id, "slug", quoted(place.slug), "in", quoted(place.parent), flag(place.closed, "closed"),
               flag(!place.joinable, "not joinable"), "seats", place.seats_max)
        << list("roles", place.roles, [](const auto& each) { return each.second; }) << "\n";
  for (const auto& [id, person] : world.people)
    out << say("  person", id, quoted(person.email), "username", quoted(person.username),
               flag(person.disabled, "disabled"), flag(person.invited, "invited"), flag(!person.verified, "unverified"))
        << "\n";
  for (const std::string& role : world.owner_roles) out << say("  role", role, "has owned") << "\n";
  for (const auto& [id, members] : world.groups) out << list("group " + id, members) << "\n";
  out << describe(state_of(world));
}

void describe(std::ostream& out, const OwnProfile& rules) {
  const Profile& its = rules.fields;
  out << say("  by", flag(its.by_id, "id"), flag(its.by_email, "email"), flag(its.by_username, "username"),
             "on_unknown_account", its.on_unknown_account, "on_same_role", its.on_same_role, "on_other_role",
             its.on_other_role, "on_invited", its.on_invited, "on_reinvite", its.on_reinvite, "on_suspended",
             its.on_suspended, "on_removed", its.on_removed, "default_role", its.default_role, "parent", its.parent,
             its.parent_role, "actor", its.actor, "seats", its.seats, "mode", its.mode,
             flag(its.organization_is_account, "organization_is_account"),
             flag(its.hides_organizations, "hides_organizations"), flag(its.hides_accounts, "hides_accounts"),
             flag(its.keeps_tombstones, "keeps_tombstones"), flag(its.rechecks_inviter, "rechecks_inviter"),
             "accounts_max", its.accounts_max, "organizations_max", its.organizations_max, "cells_max", its.cells_max)
      << list("catalog", rules.catalog) << "\n";
}

void describe(std::ostream& out, const Command& command) {
  out << say(command.kind(), "by", command.actor.id, flag(command.actor.staff, "staff"), "under",
             command.idempotency_key, "asked at", command.asked_at)
      << list("who", command.accounts.span()) << list("groups", command.groups)
      << list("where", command.organizations.span());
  if (command.kind() <= CommandKind::transfer_ownership) {
    const auto& with_roles = static_cast<const RoleCommand&>(command);
    out << list("as", with_roles.roles.span()) << list("by cell", with_roles.cell_roles);
  }
  out << "\n";
}

void showValue(const Scenario& scenario, std::ostream& out) {
  describe(out << "\n", scenario.world);
  describe(out, scenario.rules);
  for (const AddMembers& command : scenario.commands) describe(out, command);
  out << list("choices", scenario.choices) << "\n";
  for (const IssuedCommand& issued : scenario.issued) {
    if (!issued.changed.empty())
      out << "the host " << (issued.disables ? "disables " : "verifies ") << issued.changed << "\n";
    describe(out << word(issued.at) << ": ", *issued.command);
  }
}

}  // namespace roster_test
