// Answers and states in words, and where two of them differ.
#include <algorithm>
#include <set>
#include <sstream>

#include "support/stage.hpp"

namespace roster_test {

using namespace roster;

std::string text_of(MembershipState state) {
  constexpr const char* words[] = {"active", "invited", "suspended", "removed"};
  return words[static_cast<unsigned>(state)];
}

namespace {

std::string seconds(std::int64_t at) {
  return std::to_string(at / 1'000'000);
}

std::string text_of_row(const Row& row) {
  std::string text =
      row.role + " " + roster_test::text_of(row.state) + " by `" + row.request + "` since " + seconds(row.added_at);
  if (row.valid_until != 0) text += " until " + seconds(row.valid_until);
  if (row.state == MembershipState::removed)
    text += ", removed by `" + row.removed_by + "` at " + seconds(row.removed_at);
  return text;
}

void list(std::ostream& out, const char* what, const std::vector<std::string>& names) {
  out << what;
  for (const auto& name : names) out << " `" << name << "`";
}

void outcomes(std::ostream& out, const std::vector<Outcome>& all, std::uint32_t columns) {
  for (std::size_t i = 0; i < all.size(); ++i) out << (columns != 0 && i % columns == 0 ? " | " : " ") << name(all[i]);
}

std::string text_of(const Error& error) {
  return "error " + std::string(name(error.code)) + " " + std::to_string(error.detail);
}

}  // namespace

std::string describe(const State& state) {
  std::string text;
  for (const auto& [pair, row] : state.rows)
    text += "  " + pair.second + " in " + pair.first + " " + text_of_row(row) + "\n";
  return text;
}

std::vector<std::string> lines(const State& state) {
  std::vector<std::string> all;
  for (const auto& [pair, row] : state.rows) {
    const std::size_t name = pair.second.rfind("new:", 0) == 0 ? 4 : 0;
    all.push_back(pair.first + ": " + pair.second.substr(name) + " " + row.role + " " +
                  roster_test::text_of(row.state));
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::string difference(const State& expected, const State& found) {
  std::string text = found.broken;
  const auto at = [](const State& state, const Pair& pair) {
    const auto row = state.rows.find(pair);
    return row == state.rows.end() ? "nothing" : text_of_row(row->second);
  };
  if (expected.rows != found.rows) {
    std::map<Pair, Row> all = expected.rows;
    all.insert(found.rows.begin(), found.rows.end());
    for (const auto& [pair, ignored] : all)
      if (const std::string one = at(expected, pair), other = at(found, pair); one != other)
        text += pair.second + " in " + pair.first + ": expected " + one + ", found " + other + "; ";
  }
  if (expected.accounts == found.accounts) return text;
  text += "accounts differ: expected";
  for (const auto& [account, invited] : expected.accounts) text += " " + account + (invited ? " (invited)" : "");
  text += ", found";
  for (const auto& [account, invited] : found.accounts) text += " " + account + (invited ? " (invited)" : "");
  return text;
}

static std::string describe(const Summary& summary) {
  std::ostringstream out;
  out << summary.named << " columns named;";
  outcomes(out, summary.outcomes, summary.columns);
  list(out, "; accounts", summary.accounts);
  list(out, "; roles", summary.cell_roles);
  out << "; before";
  for (const auto& before : summary.before)
    out << (before ? " " + before->role + " " + roster_test::text_of(before->state) : " -");
  out << "; created";
  for (const bool created : summary.created) out << (created ? " yes" : " no");
  return out.str();
}

std::string describe(const Answer& answer) {
  if (answer.error) return text_of(*answer.error);
  return describe(static_cast<const Summary&>(answer)) +
         (answer.stopped ? "; stopped: " + text_of(*answer.stopped) : "");
}

std::string outcomes_of(const Answer& answer) {
  if (answer.error) return "error " + std::string(name(answer.error->code));
  std::string text;
  for (const Outcome outcome : answer.outcomes) text += (text.empty() ? "" : " ") + std::string(name(outcome));
  return answer.stopped ? text + " stopped" : text;
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
    text += " " + text_of({code, detail});
  }
  return text + "; found " + describe(found);
}

std::string words(const std::vector<Happening>& happenings) {
  std::multiset<std::string> sorted;
  for (const auto& [event, pair, role] : happenings)
    sorted.insert(pair.first + "/" + pair.second + " " + std::string(name(event)) + " " + role + "\n");
  std::string all;
  for (const std::string& each : sorted) all += each;
  return all;
}

// ---- byte by byte

std::string all_of(const Result<Report>& result) {
  if (!result) return text_of(result.assume_error());
  std::ostringstream out;
  const Report& report = result.assume_value();
  out << report.rows << "x" << report.columns << " " << report.named;
  for (const Outcome outcome : report.outcomes) out << " " << name(outcome);
  for (const AccountReport& account : report.accounts) out << " " << account.id.view() << (account.created ? "+" : "");
  for (const MembershipId& membership : report.memberships) out << " " << text_of(membership);
  for (const RoleIndex role : report.cell_roles) out << " " << role;
  for (const RoleId& role : report.roles) out << " " << role.view();
  for (const Previous& was : report.previous)
    out << " " << was.cell << " was " << was.role << " " << roster_test::text_of(was.state);
  out << " " << text_of(report.request);
  if (report.stopped) out << " " << text_of(*report.stopped);
  return out.str();
}

std::string all_of(const ChangeSet& changes) {
  std::ostringstream out;
  for (const OrganizationFact& fact : changes.organizations) out << " " << fact.id.view();
  for (const AccountFact& fact : changes.accounts) out << " " << fact.id.view();
  for (const RoleId& role : changes.roles) out << " " << role.view();
  for (const Guard& guard : changes.guards)
    out << " guard " << static_cast<unsigned>(guard.record) << " " << guard.organization << " " << guard.account << " "
        << static_cast<std::uint64_t>(guard.version);
  for (const AccountCreated& account : changes.created)
    out << " created " << account.id.view() << " " << account.email->text() << (account.invited ? " invited" : "");
  for (std::uint32_t i = 0; i < changes.added.size(); ++i) {
    const MemberAdded& added = changes.added[i];
    out << " added " << added.organization << " " << added.account << " " << added.role << " "
        << roster_test::text_of(added.state) << " " << text_of(changes.added_ids[i]);
  }
  for (const MemberChanged& changed : changes.changed)
    out << " changed " << text_of(changed.id) << " " << changed.organization << " " << changed.account << " "
        << changed.role << " " << changed.from << " " << static_cast<std::uint64_t>(changed.version) << " "
        << name(changed.event) << " " << text_of(changed.becomes);
  out << " by " << changes.actor.view() << " under " << text_of(changes.request) << " at "
      << static_cast<std::int64_t>(changes.at) << " until " << static_cast<std::int64_t>(changes.valid_until);
  return out.str();
}

static std::string version(Version version, bool exactly) {
  return exactly ? " v" + std::to_string(static_cast<std::uint64_t>(version)) : "";
}

static std::string words(const Facts& facts, RoleIndex index) {
  if (index == no_role) return "-";
  if (index >= facts.roles.size()) return "beyond the dictionary";
  const Role& role = facts.roles[index];
  return std::string(role.id.view()) + ":" + std::to_string(role.rank) + (role.assignable ? "a" : "") +
         (role.manages ? "m" : "") + (role.owns ? "o" : "");
}

static std::string member(const Query& query, const Facts& facts, std::uint32_t at, bool exactly) {
  const MembershipFact& fact = facts.memberships[at];
  std::string line = "  member " + std::to_string(fact.account) + " " + text_of(fact.id) + " " +
                     words(facts, fact.role) + " " + std::to_string(static_cast<unsigned>(fact.state)) +
                     (fact.match == RequestMatch::none ? ""
                                                       : " match " + std::to_string(static_cast<unsigned>(fact.match)) +
                                                             " of " + std::to_string(fact.fingerprint)) +
                     (fact.outdated ? " outdated" : "") + version(fact.version, exactly) + " until " +
                     std::to_string(static_cast<std::int64_t>(fact.valid_until));
  if (query.inviters) {
    const InviterFact& inviter = facts.inviters[at];
    line += inviter.known ? " inviter" : "";
    if (inviter.is_member)
      line +=
          " " + words(facts, inviter.role) + " until " + std::to_string(static_cast<std::int64_t>(inviter.valid_until));
  }
  return line + "\n";
}

std::string all_of(const Query& query, const Facts& facts, bool exactly) {
  std::ostringstream all;
  std::multiset<std::string> parents;  // they may come in any order
  for (std::uint32_t i = 0; i < facts.organizations.size(); ++i) {
    std::ostringstream out;
    const OrganizationFact& fact = facts.organizations[i];
    out << "organization " << fact.id.view();
    if (fact.id.empty()) {
      all << out.str() << " not found\n";
      continue;
    }
    if (i < query.rows() && fact.parent != no_index) out << " in " << facts.organizations[fact.parent].id.view();
    out << (fact.joinable ? "" : " closed") << version(fact.version, exactly);
    if (fact.actor_is_member)
      out << " actor " << words(facts, fact.actor_role) << " until "
          << static_cast<std::int64_t>(fact.actor_valid_until);
    if (query.counts)
      out << " seats " << fact.counts.seats_max << " active " << fact.counts.active << " invited "
          << fact.counts.invited << " owners " << fact.counts.owners;
    for (std::size_t j = 0; j < query.roles.size(); ++j)
      out << " " << words(facts, facts.wanted_roles[i * query.roles.size() + j]);
    out << "\n";
    for (std::uint32_t j = 0; j < facts.memberships.size(); ++j)
      if (facts.memberships[j].organization == i) out << member(query, facts, j, exactly);
    if (i < query.rows())
      all << out.str();
    else
      parents.insert(out.str());
  }
  for (const std::string& parent : parents) all << parent;
  for (const AccountFact& fact : facts.accounts)
    all << "account " << fact.id.view() << (fact.disabled ? " disabled" : "") << (fact.invited ? " invited" : "")
        << (fact.verified ? " verified" : "") << version(fact.version, exactly) << "\n";
  for (const GroupFact& fact : facts.groups) all << "group " << fact.found << " " << fact.accounts << "\n";
  for (const AccountId& id : facts.group_accounts) all << "of a group " << id.view() << "\n";
  return all.str();
}

}  // namespace roster_test
