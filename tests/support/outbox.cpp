// What is written down of commits, and what somebody who reads that can know.
#include "support/stage.hpp"

namespace roster_test {

using namespace roster;

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
  stale += !done && done.assume_error().code == Errc::stale ? 1 : 0;
  if (!done) return done;
  ++commits;
  for (const Entry& each : written) events.emplace_back(name(each.happening.event));
  entries.insert(entries.end(), written.begin(), written.end());
  drawn.insert(created.begin(), created.end());
  return done;
}

Reader::Reader(const World& world) {
  for (const auto& [pair, member] : world.members) known_[pair] = {{member.role, member.state}, member.valid_until};
}

namespace {

/// Which states an event may find, one bit each, and which it leaves; nothing: the same. In the order of Event.
struct Step {
  unsigned from;
  std::optional<MembershipState> to;
};
using S = MembershipState;
constexpr unsigned active = 1, invited = 2, suspended = 4, removed = 8, gone = suspended | removed;
constexpr std::optional<S> same = std::nullopt;
// clang-format off
constexpr Step steps[] = {
    {gone, S::active}, {gone, S::invited}, {active | invited | suspended, same}, {active | suspended, S::removed},
    {active | suspended, S::removed}, {active, S::suspended}, {gone, S::active}, {invited, S::active},
    {invited, S::removed}, {invited, S::removed}, {active, same}, {active, same}, {active | invited | suspended, same},
    {removed, S::removed}};
// clang-format on

}  // namespace

std::string Reader::read(const Entry& entry, Time at) {
  const auto& [event, pair, role] = entry.happening;
  const std::string where = pair.first + "/" + pair.second + " ";
  const auto found = known_.find(pair);
  const bool is_new = found == known_.end();
  if (!entry.before && !is_new && found->second.now.state != MembershipState::removed)
    return where + "is added a second time\n";
  if (entry.before && (is_new || !(found->second.now == *entry.before))) return where + "was not what the entry says\n";
  Known& known = known_[pair];
  const bool over = !is_new && known.valid_until != Time{} && known.valid_until <= at;
  const bool ended = over && known.now.state != MembershipState::removed;
  const auto [from, to] = steps[static_cast<std::size_t>(event)];
  const MembershipState was = is_new || over ? MembershipState::removed : known.now.state;
  const bool fits = (from >> static_cast<unsigned>(was) & 1) != 0 && (event != Event::expired || ended);
  if (entry.ends) known.valid_until = *entry.ends;
  known.now.role = role;
  if (to) known.now.state = *to;
  return fits ? "" : where + "could not be " + std::string(name(event)) + "\n";
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
