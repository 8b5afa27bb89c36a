// What an engine makes of a filled store, and what can be seen on it.
#include "support/stage.hpp"

#include <array>
#include <set>

#include "roster/request.hpp"
#include "support/look.hpp"
#include "support/scene.hpp"

namespace roster_test {

using namespace roster;

void CountingIds::fill(std::span<MembershipId> out) noexcept {
  for (MembershipId& id : out) {
    const unsigned number = ++keys_;
    id = {};
    id.bytes[0] = first_;
    for (unsigned i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
}

void CountingIds::fill(std::span<AccountId> out) noexcept {
  for (AccountId& account : out) {
    const std::string number = std::to_string(100'000 + ++accounts_);
    account = id<AccountId>("fresh" + number.substr(1));
  }
}

AccountRecord record_of(const std::string& name, const Person& person) {
  AccountRecord record{.id = id<AccountId>(name), .username = id<Username>(person.username)};
  if (!person.email.empty()) record.email = email(person.email);
  record.disabled = person.disabled;
  record.invited = person.invited;
  record.verified = person.verified;
  return record;
}

bool fill(MemoryStore& store, const World& world) {
  return put_world(store, world);
}

bool verify(MemoryStore& store, const std::string& address) {
  auto record = store.account(email(address));
  if (!record) return true;
  record->invited = record->disabled = false;
  record->verified = true;
  return store.put_account(*record).has_value();
}

Result<Report> Stage::raw_run(const Profile& profile, const Command& command, Store* through, Time at) {
  return Engine(profile, through != nullptr ? *through : store, ids, options).run(command, at);
}

std::string Stage::exactly() {
  const State there = state();
  std::vector<OrganizationSelector> places;
  std::vector<AccountSelector> accounts;
  std::set<RoleId> roles{RoleId("none")};
  for (const auto& [name, place] : base.places) {
    places.emplace_back(id<OrganizationId>(name));
    for (const auto& [role, ignored] : place.roles) roles.insert(id<RoleId>(role));
  }
  for (const auto& [name, ignored] : there.accounts)
    accounts.push_back(name.rfind("new:", 0) == 0 ? AccountSelector(email(name.substr(4)))
                                                  : AccountSelector(id<AccountId>(name)));
  const std::vector<RoleId> wanted(roles.begin(), roles.end());
  std::vector<GroupName> groups;
  for (const auto& [name, ignored] : base.groups) groups.push_back(id<GroupName>(name));
  Query query;
  query.organizations = places;
  query.accounts = accounts;
  query.roles = wanted;
  query.parents = true;
  Query about_groups;
  about_groups.groups = groups;
  Facts facts, of_groups;
  if (!store.fetch(query, facts) || !store.fetch(about_groups, of_groups)) return "no answer";
  std::string records;
  for (const auto& place : places)
    if (const auto record = store.organization(place)) records += text_of(record->slug) + " ";
  for (const auto& account : accounts)
    if (const auto record = store.account(account))
      records += text_of(record->username) + (record->email ? " " + std::string(record->email->text()) : "") + " ";
  return all_of(query, facts, true) + all_of(about_groups, of_groups, true) + records + "\n" + describe(there) +
         there.broken;
}

// ---- what is there

namespace {

constexpr std::size_t bound_size = 28;  // of the first 12 bytes of a key, as text

/// What a membership remembers of a request, and "drawn" in place of every key that no scene can name, bound to any
/// actor that it can name: an engine and the oracle draw different ones.
std::string key_name(const std::string& remembered) {
  static const std::set<std::string> named = [] {
    std::vector<AccountId> actors{AccountId{}};
    for (unsigned i = 0; i < places_max; ++i) actors.push_back(id<AccountId>(place_name(i)));
    for (unsigned i = 0; i < people_max + 2; ++i) actors.push_back(id<AccountId>(person_name(i)));
    CountingIds fresh;
    for (unsigned i = 0; i < 64; ++i) fresh.fill({&actors.emplace_back(), 1});
    std::set<std::string> all;
    for (unsigned which = 1; which < request_keys; ++which)
      for (const AccountId& actor : actors) all.insert(text_of(bound(request_key(which), actor)).substr(0, bound_size));
    return all;
  }();
  return remembered.empty() || named.count(remembered.substr(0, bound_size)) != 0 ? remembered : "drawn";
}

}  // namespace

State state_of(const World& world) {
  State state;
  for (const auto& [pair, member] : world.members) {
    const bool removed = member.state == MembershipState::removed;
    state.rows[pair] = {member.role,
                        key_name(text_of(member.request)),
                        member.state,
                        member.added_at,
                        member.valid_until,
                        removed ? member.removed_by : "",
                        removed ? member.ended_at : Time{}};
  }
  for (const auto& [name, person] : world.people) state.accounts[name] = person.invited;
  return state;
}

State state_of(const MemoryStore& store, const World& base) {
  State state = Look(store, base).all();
  for (auto& [pair, row] : state.rows) row.request = key_name(row.request);
  return state;
}

bool Answer::none_undecided() const {
  for (const Outcome outcome : outcomes)
    if (outcome == Outcome::undecided) return false;
  return true;
}

std::size_t members_of(const State& state, std::string_view place, std::optional<MembershipState> in,
                       std::string_view as) {
  return static_cast<std::size_t>(std::count_if(state.rows.begin(), state.rows.end(), [&](const auto& each) {
    const auto& [pair, row] = each;
    return pair.first == place && (in ? row.state == *in : row.state != MembershipState::removed) &&
           (as.empty() || row.role == as);
  }));
}

static std::string identity(const MemoryStore& store, const World& base, const AccountId& account) {
  if (account.empty()) return "";
  std::string name = text_of(account);
  if (base.people.count(name)) return name;
  const auto record = store.account(account);
  return record && record->email ? "new:" + std::string(record->email->key()) : "nobody: " + name;
}

Answer answer_of(const Result<Report>& result, const MemoryStore& store, const World& base) {
  Answer answer;
  if (!result) {
    answer.error = result.assume_error();
    return answer;
  }
  const Report& report = result.assume_value();
  answer.stopped = report.stopped;
  answer.rows = report.rows;
  answer.columns = report.columns;
  answer.named = report.named;
  answer.request = report.request;
  answer.outcomes.assign(report.outcomes.begin(), report.outcomes.end());
  for (const AccountReport& account : report.accounts) {
    answer.accounts.push_back(identity(store, base, account.id));
    answer.ids.push_back(account.id);
    answer.created.push_back(account.created);
  }
  for (std::uint32_t r = 0; r < report.rows; ++r)
    for (std::uint32_t c = 0; c < report.columns; ++c) {
      answer.cell_roles.push_back(text_of(report.role(r, c)));
      answer.memberships.push_back(report.membership(r, c));
      const Previous* const before = report.before(r, c);
      answer.before.push_back(before ? std::optional(Before{text_of(report.roles[before->role]), before->state})
                                     : std::nullopt);
    }
  return answer;
}

std::string contradiction(const Command& command, const Answer& answer, const MemoryStore& store, bool alone) {
  for (std::size_t cell = 0; cell < answer.outcomes.size(); ++cell) {
    const Outcome outcome = answer.outcomes[cell];
    const std::string what = "cell " + std::to_string(cell) + " is " + std::string(name(outcome));
    if (outcome == Outcome::undecided && !answer.stopped) return what + " without a reason";
    const bool shown = answer.memberships[cell] != MembershipId{};
    if (!succeeded(outcome) && !shown) continue;
    const auto organization = store.organization(command.organizations.span()[cell / answer.columns]);
    const AccountId& account = answer.ids[cell % answer.columns];
    if (!organization || account.empty()) return what + " in no organization, or of no account";
    auto row = store.membership(organization->id, account);
    if (const auto former = store.former_membership(organization->id, account)) row = former->membership;
    if (!row && outcome == Outcome::removed) continue;  // a profile may forget the removed
    if (!row) return what + " but there is no membership";
    if (!alone) continue;
    if (shown && answer.memberships[cell] != row->id) return what + " under another id";
    if (!wrote(outcome)) continue;
    if (!same_request(row->request, bound(answer.request, command.actor.id)))
      return what + " but another request wrote it";
    if (!answer.cell_roles[cell].empty() && text_of(row->role) != answer.cell_roles[cell])
      return what + " with another role";
  }
  return {};
}

}  // namespace roster_test
