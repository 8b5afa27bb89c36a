// Filling a store from a land, and reading a store back with every look-up that it has.
#include "support/life_stage.hpp"

#include <array>

#include "support/scene.hpp"

namespace roster_test::life {

using namespace roster;
using State = MembershipState;

namespace {

const char* state_word(State state) {
  constexpr const char* words[] = {"active", "invited", "suspended", "removed"};
  return words[static_cast<unsigned>(state)];
}

std::string line(const std::string& place, const std::string& account, const std::string& role, State state,
                 const RequestKey& request, Time added_at, Time valid_until) {
  const auto second = [](Time at) { return std::to_string(static_cast<std::int64_t>(at) / 1'000'000); };
  std::string line;  // one text that grows: it is made for every member after every command
  line.reserve(96);
  ((((((line += place) += '/') += account) += ' ') += role) += ' ') += state_word(state);
  (((line += " by ") += word(request)) += " since ") += second(added_at);
  if (valid_until != Time{}) (line += " until ") += second(valid_until);
  return line;
}
std::string line(const std::string& who, Time at) {
  return ", removed by " + (who.empty() ? "-" : who) + " at " +
         std::to_string(static_cast<std::int64_t>(at) / 1'000'000);
}

/// Every membership by its pair, and a check that lists, look-ups and counts agree.
std::map<Pair, Membership> all_of(const MemoryStore& store, const Land& names, std::string& broken) {
  std::map<Pair, Membership> all;
  std::set<MembershipId> ids;
  std::map<std::string, std::uint64_t> held;
  for (const auto& [name, place] : names.places) {
    const auto organization = id<OrganizationId>(name);
    std::array<Membership, 4> page;
    std::uint64_t cursor = 0, listed = 0;
    while (const std::size_t count = store.members(organization, cursor, page))
      for (std::size_t i = 0; i < count; ++i) {
        const Membership& row = page[i];
        ++listed;
        if (!all.insert({{name, text(row.account)}, row}).second) broken += text(row.account) + " is there twice\n";
        if (row.id.empty() || !ids.insert(row.id).second) broken += "an id is used twice\n";
        if (row.state == State::removed) broken += text(row.account) + " is listed but removed\n";
        const auto found = store.membership(organization, row.account);
        if (!found || found->id != row.id || found->role != row.role || found->state != row.state)
          broken += text(row.account) + " differs between list and look-up\n";
        ++held[text(row.account)];
      }
    if (listed != store.member_count(organization)) broken += name + " counts its members wrongly\n";
  }
  if (all.size() != store.membership_count()) broken += "memberships are counted wrongly\n";
  for (const auto& [name, person] : names.people)
    if (store.organization_count(id<AccountId>(name)) != held[name]) broken += name + " counts its places wrongly\n";
  if (store.account_count() != names.people.size()) broken += "accounts are counted wrongly\n";
  return all;
}

}  // namespace

std::string show(const Land& land) {
  std::string shown;
  for (const auto& [pair, member] : land.members) {
    shown +=
        line(pair.first, pair.second, member.role, member.state, member.request, member.added_at, member.valid_until);
    if (member.state == State::removed) shown += line(member.removed_by, member.ended_at);
    shown += "\n";
  }
  return shown;
}

std::string show(const MemoryStore& store, const Land& names) {
  std::string broken;
  std::map<Pair, std::string> lines;
  for (const auto& [pair, row] : all_of(store, names, broken))
    lines[pair] = line(pair.first, pair.second, text(row.role), row.state, row.request, row.added_at, row.valid_until);
  for (const auto& [place, ignored] : names.places)
    for (const auto& [account, person] : names.people) {
      const auto former = store.former_membership(id<OrganizationId>(place), id<AccountId>(account));
      if (!former) continue;
      const Membership& row = former->membership;
      std::string& at = lines[{place, account}];
      if (!at.empty()) broken += account + " is there and was removed\n";
      at = line(place, account, text(row.role), State::removed, row.request, row.added_at, row.valid_until) +
           line(text(former->removed_by), former->removed_at);
    }
  std::string shown;
  for (const auto& [pair, text] : lines) shown += text + "\n";
  return shown + broken;
}

std::string show_known(const Land& land) {
  std::string shown;
  for (const auto& [pair, member] : land.members)
    if (member.state != State::removed)
      shown += pair.first + "/" + pair.second + " " + member.role + " " + state_word(member.state) + "\n";
  return shown;
}

std::string show_known(const MemoryStore& store, const Land& names) {
  std::string shown, broken;
  for (const auto& [pair, row] : all_of(store, names, broken))
    shown += pair.first + "/" + pair.second + " " + text(row.role) + " " + state_word(row.state) + "\n";
  return shown + broken;
}

// ---- the stage

bool fill(MemoryStore& store, const Land& land) {
  bool filled = true;
  for (const auto& [name, place] : land.places) {
    OrganizationRecord record;
    record.id = id<OrganizationId>(name);
    record.joinable = place.joinable;
    record.seats_max = place.seats_max;
    filled = filled && store.put_organization(record);
  }
  for (const auto& [name, person] : land.people) {
    AccountRecord record;
    record.id = id<AccountId>(name);
    record.email = email(person.email);
    record.disabled = person.disabled;
    record.invited = person.invited;
    record.verified = person.verified;
    filled = filled && store.put_account(record);
  }
  for (const auto& [pair, member] : land.members) {
    Membership row;
    row.id.bytes.fill(0xB0);
    row.id.bytes[15] = static_cast<std::uint8_t>(member.number);
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

void verify(Land& land, const std::string& address) {
  for (auto& [name, person] : land.people) {
    if (person.email != address) continue;
    person.invited = person.disabled = false;
    person.verified = true;
  }
}

bool verify(MemoryStore& store, Land& land, const std::string& address) {
  verify(land, address);
  for (const auto& [name, person] : land.people) {
    if (person.email != address) continue;
    AccountRecord record;
    record.id = id<AccountId>(name);
    record.email = email(address);
    record.verified = true;
    return store.put_account(record).has_value();
  }
  return true;
}

Result<void> Recorder::commit(const ChangeSet& changes) {
  std::vector<Entry> written;
  const auto account = [&](std::uint32_t at) {
    return at < changes.accounts.size() ? text(changes.accounts[at].id)
                                        : text(changes.created[at - changes.accounts.size()].id);
  };
  for (const MemberAdded& added : changes.added)
    written.push_back({{added.state == State::invited ? Event::invited : Event::added,
                        {text(changes.organizations[added.organization].id), account(added.account)},
                        text(changes.roles[added.role])},
                       std::nullopt,
                       changes.valid_until});
  for (const MemberChanged& changed : changes.changed)
    written.push_back({{changed.event,
                        {text(changes.organizations[changed.organization].id), account(changed.account)},
                        text(changes.roles[changed.role])},
                       Before{text(changes.roles[changed.from]), changed.was},
                       changed.dated ? std::optional(changes.valid_until) : std::nullopt});
  std::map<std::string, std::string> created;
  for (const AccountCreated& one : changes.created) created[std::string(one.email->key())] = text(one.id);
  auto done = inner_->commit(changes);
  if (!done) return done;
  ++commits;
  entries.insert(entries.end(), written.begin(), written.end());
  for (const auto& one : created) accounts.insert(one);
  return done;
}

Reader::Reader(const Land& land) {
  for (const auto& [pair, member] : land.members) known_[pair] = {{member.role, member.state}, member.valid_until};
}

std::string Reader::read(const Entry& entry, Time now_is) {
  const auto& [event, pair, role] = entry.happening;
  const std::string where = pair.first + "/" + pair.second + " ";
  const auto found = known_.find(pair);
  const bool is_new = found == known_.end();
  if (!entry.before && !is_new && found->second.now.state != State::removed) return where + "is added a second time\n";
  if (entry.before && (is_new || !(found->second.now == *entry.before))) return where + "was not what the entry says\n";
  Known& known = known_[pair];
  Before& now = known.now;
  const bool over = !is_new && known.valid_until != Time{} && known.valid_until <= now_is;
  const State was = is_new || over ? State::removed : now.state;
  const bool cleared = event == Event::expired && now.state != State::removed && over;
  if (entry.ends) known.valid_until = *entry.ends;
  now.role = role;
  switch (event) {
    case Event::added: now.state = State::active; break;
    case Event::invited: now.state = State::invited; break;
    case Event::reactivated: now.state = State::active; break;
    case Event::role_changed:
    case Event::expiry_changed:
    case Event::expired: break;
    case Event::ownership_given:
    case Event::ownership_given_up: return was == State::active ? "" : where + "was no member\n";
    case Event::accepted: now.state = State::active; return was == State::invited ? "" : where + "was not invited\n";
    case Event::suspended: now.state = State::suspended; return was == State::active ? "" : where + "was no member\n";
    case Event::declined:
    case Event::revoked: now.state = State::removed; return was == State::invited ? "" : where + "was not invited\n";
    case Event::removed:
    case Event::left:
      now.state = State::removed;
      return was == State::active || was == State::suspended ? "" : where + "was no member\n";
  }
  if (event == Event::expired) {
    now.state = State::removed;
    return cleared ? "" : where + "had not expired\n";
  }
  const bool there = was != State::removed && was != State::suspended;
  const bool stays = event == Event::role_changed || event == Event::expiry_changed;
  const bool fits = stays ? was != State::removed : !there;
  return fits ? "" : where + "could not become that\n";
}

std::string Reader::show() const {
  std::string shown;
  for (const auto& [pair, known] : known_)
    if (known.now.state != State::removed)
      shown += pair.first + "/" + pair.second + " " + known.now.role + " " + state_word(known.now.state) + "\n";
  return shown;
}

std::string Identities::compare(const Land& land, const MemoryStore& store) {
  for (const auto& [pair, member] : land.members) {
    const auto organization = id<OrganizationId>(pair.first);
    const auto account = id<AccountId>(pair.second);
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

std::string broken_bounds(const Land& land, const Profile& profile, std::set<std::string>& had) {
  std::string broken;
  for (const auto& [name, place] : land.places) {
    if (owners_of(land, profile, name) != 0)
      had.insert(name);
    else if (had.count(name))
      broken += name + " has lost its last owner\n";
    if (profile.seats != SeatRule::unlimited && seats_taken(land, profile, name) > place.seats_max)
      broken += name + " has more members than seats\n";
  }
  return broken;
}

}  // namespace roster_test::life
