// The results of an engine on a filled store, and the visible state of the store.
#include "support/fixture.hpp"

#include <array>
#include <set>

#include "roster/request.hpp"
#include "support/scenario.hpp"
#include "support/store_view.hpp"

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

bool fill(MemoryStore& store, const World& world) {
  return put_world(store, world);
}

bool change_account(MemoryStore& store, const IssuedCommand& issued) {
  const auto record = issued.changed.empty() ? std::nullopt : store.account(email(issued.changed)).value();
  if (!record) return true;
  const AccountChange changes[] = {{.disabled = false, .invited = false, .verified = true}, {.disabled = true}};
  return store.change_account(record->id, changes[issued.disables ? 1 : 0], record->version).has_value();
}

std::string TestFixture::exactly() {
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
    if (const auto record = store.organization(place).value()) records += text_of(record->slug) + " ";
  for (const auto& account : accounts)
    if (const auto record = store.account(account).value())
      records += text_of(record->username) + (record->email ? " " + std::string(record->email->text()) : "") + " ";
  return all_of(query, facts, true) + all_of(about_groups, of_groups, true) + records + "\n" + describe(there) +
         there.broken;
}

// ---- the state of a store

constexpr std::size_t bound_size = 28;  // of the first 12 bytes of a key, as text

/// The request key in a membership. All keys that no scenario can name become one key, because an engine and the oracle
/// draw different ones. Named keys are bound to every actor that a scenario can name.
static IdempotencyKey shown(const IdempotencyKey& remembered) {
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
  static const IdempotencyKey drawn = IdempotencyKey::of("drawn");
  return remembered.empty() || named.count(text_of(remembered).substr(0, bound_size)) != 0 ? remembered : drawn;
}

State state_of(const World& world) {
  State state;
  for (const auto& [pair, member] : world.members) {
    Member& row = state.rows[pair] = member;
    row.idempotency_key = shown(member.idempotency_key);
    if (member.state != MembershipState::removed) row.removed_by.clear(), row.written_at = {};
    if (member.state != MembershipState::invited) row.invited_by.clear();
  }
  for (const auto& [name, person] : world.people) state.accounts[name] = person.invited;
  return state;
}

State state_of(const MemoryStore& store, const World& base) {
  State state = Look(store, base).all();
  for (auto& [pair, row] : state.rows) row.idempotency_key = shown(row.idempotency_key);
  return state;
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
  const auto record = store.account(account).value();
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
  answer.direct_columns = report.direct_columns;
  answer.idempotency_key = report.idempotency_key;
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
    const auto organization = store.organization(command.organizations.span()[cell / answer.columns]).value();
    const AccountId& account = answer.ids[cell % answer.columns];
    if (!organization || account.empty()) return what + " in no organization, or of no account";
    auto row = store.membership(organization->id, account).value();
    if (const auto former = store.former_membership(organization->id, account).value()) row = former->membership;
    if (!row && outcome == Outcome::removed) continue;  // a profile may keep no tombstones
    if (!row) return what + " but there is no membership";
    if (!alone) continue;
    if (shown && answer.memberships[cell] != row->id) return what + " under another id";
    if (!wrote(outcome)) continue;
    if (!same_request(row->idempotency_key, bound(answer.idempotency_key, command.actor.id)))
      return what + " but another request wrote it";
    if (!answer.cell_roles[cell].empty() && text_of(row->role) != answer.cell_roles[cell])
      return what + " with another role";
  }
  return {};
}

// ---- the record of commits, and the knowledge of an outbox reader

Result<void> Recorder::commit(const ChangeSet& changes) {
  std::vector<Entry> written;
  std::map<std::string, std::string> created;
  for (const AccountCreated& one : changes.created) created[text_of(one.id)] = "new:" + std::string(one.email->key());
  const auto pair = [&](std::uint32_t organization, std::uint32_t at) {
    const bool there = at < changes.accounts.size();
    const std::string account =
        text_of(there ? changes.accounts[at].id : changes.created[at - changes.accounts.size()].id);
    const auto& names = there ? drawn : created;
    const auto name = names.find(account);
    return Pair{text_of(changes.organizations[organization].id), name == names.end() ? account : name->second};
  };
  for (const MemberAdded& added : changes.added)
    written.push_back({{added.state == MembershipState::invited ? Event::invited : Event::added,
                        pair(added.organization, added.account), text_of(changes.roles[added.role])},
                       std::nullopt,
                       changes.valid_until,
                       changes.invitation_until});
  for (const MemberChanged& changed : changes.changed)
    written.push_back(
        {{changed.event, pair(changed.organization, changed.account), text_of(changes.roles[changed.role])},
         Before{text_of(changes.roles[changed.previous_role]), changed.previous_state},
         changed.sets_expiry ? std::optional(changes.valid_until) : std::nullopt,
         changed.sets_invitation_end ? std::optional(changes.invitation_until) : std::nullopt});
  auto done = inner_->commit(changes);
  stale += !done && done.assume_error().code == Errc::stale ? 1 : 0;
  if (!done) return done;
  ++commits;
  for (const Entry& each : written) events.emplace_back(name(each.happening.event));
  entries.insert(entries.end(), written.begin(), written.end());
  drawn.insert(created.begin(), created.end());
  return done;
}

std::string broken_bounds(const World& world, const Profile& profile, Time at, std::set<std::string>& had) {
  std::string broken;
  for (const auto& [name, place] : world.places) {
    if (place.closed)
      had.erase(name);
    else if (owners_of(world, profile, name) != 0)
      had.insert(name);
    else if (had.count(name))
      broken += name + " has lost its last owner\n";
    if (profile.seats != SeatRule::unlimited && seats_taken(world, profile, name, at) > place.seats_max)
      broken += name + " has more members than seats\n";
  }
  return broken;
}

}  // namespace roster_test
