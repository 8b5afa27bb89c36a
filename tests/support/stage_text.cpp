// Answers and states in words, and where two of them differ.
#include <sstream>

#include "support/stage.hpp"

namespace roster_test {

using namespace roster;

namespace {

std::string text_of_row(const Row& row) {
  return row.role + (row.state == MembershipState::invited ? " (invited)" : "") + " " + row.request + " at " +
         std::to_string(row.added_at);
}

void list(std::ostream& out, const char* what, const std::vector<std::string>& names) {
  out << what;
  for (const auto& name : names) out << " `" << name << "`";
}

void outcomes(std::ostream& out, const std::vector<Outcome>& all, std::uint32_t columns) {
  for (std::size_t i = 0; i < all.size(); ++i) out << (columns != 0 && i % columns == 0 ? " | " : " ") << name(all[i]);
}

template <class Tag>
std::string text_of_key(const Key<Tag>& key) {
  const UuidText text = key.text();
  return {text.data(), text.size()};
}

}  // namespace

std::string difference(const State& expected, const State& found) {
  std::ostringstream out;
  for (const auto& [pair, row] : expected.rows) {
    const auto there = found.rows.find(pair);
    if (there != found.rows.end() && there->second == row) continue;
    out << pair.second << " in " << pair.first << ": expected " << text_of_row(row) << ", found "
        << (there == found.rows.end() ? "nothing" : text_of_row(there->second)) << "; ";
  }
  for (const auto& [pair, row] : found.rows)
    if (!expected.rows.count(pair))
      out << pair.second << " in " << pair.first << ": expected nothing, found " << text_of_row(row) << "; ";
  for (const auto& [account, invited] : expected.accounts) {
    const auto there = found.accounts.find(account);
    if (there == found.accounts.end() || there->second != invited)
      out << "account " << account << " is missing or differs; ";
  }
  for (const auto& [account, invited] : found.accounts)
    if (!expected.accounts.count(account)) out << "account " << account << " should not be there; ";
  return out.str();
}

std::string describe(const Answer& answer) {
  std::ostringstream out;
  if (answer.error) {
    out << "error " << name(answer.error->code) << " " << answer.error->detail;
    return out.str();
  }
  outcomes(out, answer.outcomes, answer.columns);
  list(out, "; accounts", answer.accounts);
  list(out, "; roles", answer.cell_roles);
  out << "; created";
  for (const bool created : answer.created) out << (created ? " yes" : " no");
  if (answer.stopped) out << "; stopped: " << name(answer.stopped->code);
  return out.str();
}

std::string difference(const ModelAnswer& expected, const Answer& found) {
  std::ostringstream out;
  if (!expected.errors.empty()) {
    for (const auto& [code, detail] : expected.errors) {
      const bool names_selector =
          code == Errc::selector_not_accepted || code == Errc::id_empty || code == Errc::email_empty;
      if (found.error && found.error->code == code && (!names_selector || found.error->detail == detail)) return {};
    }
    out << "expected an error:";
    for (const auto& [code, detail] : expected.errors) out << " " << name(code) << " " << detail;
    out << "; found " << describe(found);
    return out.str();
  }
  if (found.error || found.stopped) return "expected a report; found " + describe(found);
  if (expected.rows != found.rows || expected.columns != found.columns || expected.named != found.named)
    out << "expected " << expected.rows << " x " << expected.columns << " cells, " << expected.named
        << " columns named; ";
  if (expected.outcomes != found.outcomes) {
    out << "expected outcomes";
    outcomes(out, expected.outcomes, expected.columns);
    out << "; ";
  }
  if (expected.accounts != found.accounts) list(out, "expected accounts", expected.accounts);
  if (expected.created != found.created) out << "created differs; ";
  if (!found.cell_roles.empty() && expected.cell_roles != found.cell_roles)
    list(out, "expected roles", expected.cell_roles);
  return out.str().empty() ? "" : out.str() + "; found" + describe(found);
}

std::string all_of(const Result<Report>& result) {
  std::ostringstream out;
  if (!result) {
    out << "error " << name(result.assume_error().code) << " " << result.assume_error().detail;
    return out.str();
  }
  const Report& report = result.assume_value();
  out << report.rows << "x" << report.columns << " " << report.named;
  for (const Outcome outcome : report.outcomes) out << " " << name(outcome);
  for (const AccountReport& account : report.accounts) out << " " << account.id.view() << (account.created ? "+" : "");
  for (const MembershipId& membership : report.memberships) out << " " << text_of_key(membership);
  for (const RoleIndex role : report.cell_roles) out << " " << role;
  for (const RoleId& role : report.roles) out << " " << role.view();
  out << " " << text_of_key(report.request);
  if (report.stopped) out << " " << name(report.stopped->code) << " " << report.stopped->detail;
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
        << static_cast<unsigned>(added.state) << " " << text_of_key(changes.added_ids[i]);
  }
  for (const MemberChanged& replaced : changes.changed)
    out << " replaced " << text_of_key(replaced.id) << " " << replaced.organization << " " << replaced.account << " "
        << replaced.role << " " << replaced.from << " " << static_cast<std::uint64_t>(replaced.version) << " "
        << name(replaced.event) << " " << text_of_key(replaced.becomes);
  out << " by " << changes.actor.view() << " under " << text_of_key(changes.request) << " at "
      << static_cast<std::int64_t>(changes.at);
  return out.str();
}

}  // namespace roster_test
