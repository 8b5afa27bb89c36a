// Filling a store from a world, and reading a store back with every look-up that it has.
#include "support/stage.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace roster_test {

using namespace roster;

void CountingIds::fill(std::span<MembershipId> out) noexcept {
  for (MembershipId& id : out) {
    const unsigned number = ++keys_;
    id = {};
    id.bytes[0] = 0xC0;  // unlike every key that a scene can name
    for (unsigned i = 0; i < 4; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
}

void CountingIds::fill(std::span<AccountId> out) noexcept {
  for (AccountId& account : out) {
    std::array<char, 10> text{'f', 'r', 'e', 's', 'h'};
    unsigned number = ++accounts_;
    for (std::size_t i = text.size(); i-- > 5; number /= 10) text[i] = static_cast<char>('0' + number % 10);
    account = AccountId::parse({text.data(), text.size()}).assume_value();
  }
}

bool fill(MemoryStore& store, const World& world) {
  bool filled = true;
  std::set<std::string> put;
  while (put.size() < world.places.size()) {  // parents first
    const std::size_t before = put.size();
    for (const auto& [name, place] : world.places) {
      if (put.count(name) || (!place.parent.empty() && !put.count(place.parent))) continue;
      filled = filled && store.put_organization({id<OrganizationId>(name), id<Slug>(place.slug),
                                                 id<OrganizationId>(place.parent), place.joinable, place.seats_max});
      for (const auto& [role_name, role] : place.roles)
        filled = filled && store.put_role(id<OrganizationId>(name), role);
      put.insert(name);
    }
    if (put.size() == before) return false;
  }
  for (const auto& [name, person] : world.people) {
    AccountRecord record;
    record.id = id<AccountId>(name);
    if (!person.email.empty()) record.email = email(person.email);
    record.username = id<Username>(person.username);
    record.disabled = person.disabled;
    record.invited = person.invited;
    record.verified = person.verified;
    filled = filled && store.put_account(record);
  }
  for (const auto& [name, members] : world.groups) {
    std::vector<AccountId> accounts;
    for (const auto& member : members) accounts.push_back(id<AccountId>(member));
    filled = filled && store.put_group(id<GroupName>(name), accounts);
  }
  std::uint8_t number = 0;
  for (const auto& [pair, member] : world.members) {
    Membership row;
    row.id.bytes.fill(0xB0);
    row.id.bytes[15] = ++number;
    row.organization = id<OrganizationId>(pair.first);
    row.account = id<AccountId>(pair.second);
    row.role = id<RoleId>(member.role);
    row.state = member.state;
    row.request = member.request;
    row.added_at = member.added_at;
    row.valid_until = member.valid_until;
    filled = filled && store.put_membership(row);
  }
  return filled;
}

bool verify(MemoryStore& store, const std::string& address) {
  auto record = store.account(email(address));
  if (!record) return true;
  record->invited = record->disabled = false;
  record->verified = true;
  return store.put_account(*record).has_value();
}

Result<Report> Stage::raw_run(const Profile& profile, const Command& command, Store* through, Time at) {
  const Engine engine(profile, through != nullptr ? *through : store, ids, options);
  if (command.kind() == Kind::add) return engine.add(static_cast<const AddMembers&>(command), at);
  return engine.run(command, at);
}

// ---- what is there

static std::int64_t number(Time at) {
  return static_cast<std::int64_t>(at);
}

State state_of(const World& world) {
  State state;
  for (const auto& [pair, member] : world.members) {
    Row& row = state.rows[pair] = {member.role,
                                   key_name(member.request),
                                   member.state,
                                   number(member.added_at),
                                   number(member.valid_until),
                                   {},
                                   0};
    if (member.state != MembershipState::removed) continue;
    row.removed_by = member.removed_by;
    row.removed_at = number(member.ended_at);
  }
  for (const auto& [name, person] : world.people) state.accounts[name] = person.invited;
  return state;
}

namespace {

std::string identity(const MemoryStore& store, const World& base, const AccountId& account) {
  if (account.empty()) return "";
  std::string name = text_of(account);
  if (base.people.count(name)) return name;
  const auto record = store.account(account);
  return record && record->email ? "new:" + lower(record->email->text()) : "nobody: " + name;
}

/// One list of memberships, page by page, and a check that the pages hold together.
template <class List>
std::vector<Membership> pages(List&& list) {
  std::vector<Membership> all;
  std::array<Membership, 3> page;
  std::uint64_t cursor = 0;
  while (const std::size_t count = list(cursor, std::span<Membership>(page))) {
    all.insert(all.end(), page.begin(), page.begin() + static_cast<std::ptrdiff_t>(count));
    if (all.size() > 10'000) break;
  }
  return all;
}

bool same(const Membership& a, const Membership& b) {
  return a.id == b.id && a.organization == b.organization && a.account == b.account && a.role == b.role &&
         a.state == b.state && a.request == b.request && a.added_at == b.added_at && a.version == b.version &&
         a.valid_until == b.valid_until;
}

Row row_of(const Membership& row) {
  return {text_of(row.role), key_name(row.request), row.state, number(row.added_at), number(row.valid_until), {}, 0};
}

/// The accounts that the store can know, as they are called, and what is wrong with them.
std::map<std::string, AccountId> accounts_of(const MemoryStore& store, const World& base, State& state,
                                             std::string& broken) {
  std::map<std::string, AccountId> names;
  for (const auto& [name, ignored] : base.people)
    if (const auto record = store.account(id<AccountId>(name))) {
      names[name] = record->id;
      state.accounts[name] = record->invited;
    }
  static const std::vector<Email> addresses = [] {
    std::vector<Email> parsed;
    for (const std::string& address : all_addresses()) parsed.push_back(email(address));
    return parsed;
  }();
  for (const Email& named : addresses) {
    const std::string address(named.key());
    const auto record = store.account(named);
    if (!record) continue;
    if (!record->email || lower(record->email->text()) != address) broken += address + " leads to another; ";
    const std::string name = identity(store, base, record->id);
    names[name] = record->id;
    state.accounts[name] = record->invited;
  }
  if (names.size() != store.account_count()) broken += "there are accounts that nothing leads to; ";
  return names;
}

}  // namespace

State state_of(const MemoryStore& store, const World& base) {
  State state;
  std::string& broken = state.broken;
  std::set<MembershipId> ids;
  std::map<std::string, std::vector<Membership>> held;
  std::uint64_t memberships = 0;
  const auto names = accounts_of(store, base, state, broken);
  std::map<AccountId, std::string> called;
  for (const auto& [name, account] : names) called[account] = name;
  for (const auto& [name, ignored] : base.places) {
    const auto organization = id<OrganizationId>(name);
    const auto listed =
        pages([&](std::uint64_t& cursor, auto page) { return store.members(organization, cursor, page); });
    if (listed.size() != store.member_count(organization)) broken += name + " counts its members wrongly; ";
    memberships += listed.size();
    for (const Membership& row : listed) {
      const std::string& account = called[row.account];
      if (row.organization != organization) broken += name + " lists a row of another; ";
      if (row.id.empty() || !ids.insert(row.id).second) broken += "a membership id is empty or used twice; ";
      if (row.state == MembershipState::removed) broken += account + " is listed and removed; ";
      if (account.empty()) broken += text_of(row.account) + " is a member of " + name + " but no account; ";
      const auto found = store.membership(organization, row.account);
      if (!found || !same(*found, row)) broken += account + " in " + name + " differs between list and look-up; ";
      if (!state.rows.emplace(Pair(name, account), row_of(row)).second)
        broken += account + " has two rows in " + name + "; ";
      held[account].push_back(row);
    }
    for (const auto& [account, known] : names) {
      const auto former = store.former_membership(organization, known);
      if (!former) continue;
      Row row = row_of(former->membership);
      row.state = MembershipState::removed;
      row.removed_by = identity(store, base, former->removed_by);
      row.removed_at = number(former->removed_at);
      if (!state.rows.emplace(Pair(name, account), row).second) broken += account + " is there and was removed; ";
    }
  }
  if (memberships != store.membership_count()) broken += "memberships are counted wrongly; ";
  for (const auto& [name, account] : names) {
    const AccountId& known = account;  // clang before 16 cannot capture the parts of a pair
    auto listed = pages([&](std::uint64_t& cursor, auto page) { return store.organizations_of(known, cursor, page); });
    const auto& rows = held[name];
    if (listed.size() != rows.size() || store.organization_count(known) != rows.size())
      broken += name + " is not in as many organizations as list it; ";
    for (const Membership& row : listed)
      if (std::none_of(rows.begin(), rows.end(), [&](const Membership& each) { return same(each, row); }))
        broken += name + " lists a wrong row; ";
  }
  return state;
}

bool Answer::none_undecided() const {
  for (const Outcome outcome : outcomes)
    if (outcome == Outcome::undecided) return false;
  return true;
}

bool operator==(const Answer& a, const Answer& b) {
  return a.error == b.error && a.stopped == b.stopped && a.rows == b.rows && a.columns == b.columns &&
         a.named == b.named && a.outcomes == b.outcomes && a.accounts == b.accounts && a.cell_roles == b.cell_roles &&
         a.created == b.created && a.before == b.before;
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

// ---- what is told

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
                       changes.valid_until});
  for (const MemberChanged& changed : changes.changed)
    written.push_back(
        {{changed.event, pair(changed.organization, changed.account), text_of(changes.roles[changed.role])},
         Before{text_of(changes.roles[changed.from]), changed.was},
         changed.dated ? std::optional(changes.valid_until) : std::nullopt});
  auto done = inner_->commit(changes);
  if (!done) return done;
  ++commits;
  entries.insert(entries.end(), written.begin(), written.end());
  drawn.insert(created.begin(), created.end());
  return done;
}

Reader::Reader(const World& world) {
  for (const auto& [pair, member] : world.members) known_[pair] = {{member.role, member.state}, member.valid_until};
}

std::string Reader::read(const Entry& entry, Time at) {
  const auto& [event, pair, role] = entry.happening;
  const std::string where = pair.first + "/" + pair.second + " ";
  const auto found = known_.find(pair);
  const bool is_new = found == known_.end();
  if (!entry.before && !is_new && found->second.now.state != MembershipState::removed)
    return where + "is added a second time\n";
  if (entry.before && (is_new || !(found->second.now == *entry.before))) return where + "was not what the entry says\n";
  Known& known = known_[pair];
  Before& held = known.now;
  const bool over = !is_new && known.valid_until != Time{} && known.valid_until <= at;
  const MembershipState was = is_new || over ? MembershipState::removed : held.state;
  const bool cleared = event == Event::expired && held.state != MembershipState::removed && over;
  if (entry.ends) known.valid_until = *entry.ends;
  held.role = role;
  switch (event) {
    case Event::added: held.state = MembershipState::active; break;
    case Event::invited: held.state = MembershipState::invited; break;
    case Event::reactivated: held.state = MembershipState::active; break;
    case Event::role_changed:
    case Event::expiry_changed: break;
    case Event::ownership_given:
    case Event::ownership_given_up: return was == MembershipState::active ? "" : where + "was no member\n";
    case Event::accepted:
      held.state = MembershipState::active;
      return was == MembershipState::invited ? "" : where + "was not invited\n";
    case Event::suspended:
      held.state = MembershipState::suspended;
      return was == MembershipState::active ? "" : where + "was no member\n";
    case Event::declined:
    case Event::revoked:
      held.state = MembershipState::removed;
      return was == MembershipState::invited ? "" : where + "was not invited\n";
    case Event::removed:
    case Event::left:
      held.state = MembershipState::removed;
      return was == MembershipState::active || was == MembershipState::suspended ? "" : where + "was no member\n";
    case Event::expired: held.state = MembershipState::removed; return cleared ? "" : where + "had not expired\n";
  }
  const bool there = was != MembershipState::removed && was != MembershipState::suspended;
  const bool stays = event == Event::role_changed || event == Event::expiry_changed;
  const bool fits = stays ? was != MembershipState::removed : !there;
  return fits ? "" : where + "could not become that\n";
}

std::string Reader::difference(const State& state) const {
  std::string all;
  std::size_t there = 0;
  for (const auto& [pair, row] : state.rows) {
    if (row.state == MembershipState::removed) continue;
    ++there;
    const auto known = known_.find(pair);
    if (known == known_.end() || !(known->second.now == Before{row.role, row.state}))
      all += pair.first + "/" + pair.second + " was told otherwise\n";
  }
  for (const auto& [pair, known] : known_) there -= known.now.state == MembershipState::removed ? 0 : 1;
  return there == 0 ? all : all + "what was told is not there\n";
}

std::string Identities::compare(const World& world, const MemoryStore& store) {
  for (const auto& [pair, member] : world.members) {
    const auto organization = id<OrganizationId>(pair.first);
    const bool created = pair.second.rfind("new:", 0) == 0;
    const auto record = created ? store.account(email(pair.second.substr(4))) : std::nullopt;
    const AccountId account = created ? record ? record->id : AccountId{} : id<AccountId>(pair.second);
    MembershipId found;
    if (const auto row = store.membership(organization, account)) found = row->id;
    if (const auto former = store.former_membership(organization, account)) found = former->membership.id;
    const auto known = ids_.insert({member.number, found}).first;
    if (known->second != found) return pair.first + "/" + pair.second + " has another id\n";
    for (const auto& [number, other] : ids_)
      if (number != member.number && other == found) return pair.first + "/" + pair.second + " has an old id\n";
  }
  return {};
}

std::string broken_bounds(const World& world, const Profile& profile, std::set<std::string>& had) {
  std::string broken;
  for (const auto& [name, place] : world.places) {
    if (owners_of(world, profile.roles, name) != 0)
      had.insert(name);
    else if (had.count(name))
      broken += name + " has lost its last owner\n";
    if (profile.seats != SeatRule::unlimited && seats_taken(world, profile.seats, name) > place.seats_max)
      broken += name + " has more members than seats\n";
  }
  return broken;
}

}  // namespace roster_test
