// A club: one organization with a catalog of five roles, and a handful of people, to live through what can happen to a
// membership. Shared by the tests that tell what happens step by step, whatever the program they are in.
#ifndef ROSTER_TESTS_SUPPORT_CLUB_HPP
#define ROSTER_TESTS_SUPPORT_CLUB_HPP

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "roster/engine.hpp"
#include "roster/memory_store.hpp"

namespace life {

using namespace roster;

inline constexpr OrganizationId club{"club"}, annex{"annex"}, nowhere{"nowhere"};
inline constexpr AccountId ann{"ann"}, bob{"bob"}, cid{"cid"}, dora{"dora"}, emil{"emil"};
/// Long after everything that happens here.
inline constexpr Time far_off{9'000'000'000'000'000};
inline constexpr AccountId boss{"boss"};          // an owner of every club
inline constexpr AccountId stranger{"stranger"};  // has an account and is a member nowhere
inline constexpr RoleId guest{"guest"}, clerk{"clerk"}, admin{"admin"}, owner{"owner"}, ghost{"ghost"};

/// guest < clerk < admin, who manages, < owner, who owns; ghost can be read, not given.
inline constexpr std::array ranks = {
    Role{.id = guest, .rank = 1},
    Role{.id = clerk, .rank = 2},
    Role{.id = admin, .rank = 3, .manages = true},
    Role{.id = owner, .rank = 4, .manages = true, .owns = true},
    Role{.id = ghost, .rank = 1, .assignable = false},
};

/// The host decides who may; best effort; a suspended or removed member is taken back as if there were nothing to it.
inline Profile host_rules() {
  Profile profile;
  profile.roles = ranks;
  profile.default_role = clerk;
  profile.mode = Mode::best_effort;
  profile.accounts_max = profile.organizations_max = 1000;
  profile.on_suspended = OnFormer::reactivate;
  return profile;
}
/// The same, but only those may whose role manages.
inline Profile club_rules() {
  Profile profile = host_rules();
  profile.actor = ActorRule::manager;
  return profile;
}
template <class Change>
Profile with(Profile profile, Change&& change) {
  change(profile);
  return profile;
}
inline Profile atomic(Profile profile) {
  profile.mode = Mode::atomic;
  return profile;
}

inline Actor by(const AccountId& account) {
  return {account, false};
}
inline RequestKey key(std::string_view text) {
  return text.empty() ? RequestKey{} : RequestKey::of(text);
}
inline Email address(std::string_view text) {
  return Email::parse(text).assume_value();
}

inline std::string text_of(MembershipState state) {
  constexpr const char* names[] = {"active", "invited", "suspended", "removed"};
  return names[static_cast<unsigned>(state)];
}

/// Passes everything on, and keeps what an outbox would have been told: the events of each commit, in order.
class Outbox final : public Store {
 public:
  explicit Outbox(Store& store) : store_(&store) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    ++fetches;
    return store_->fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    ++commits;
    auto done = store_->commit(changes);
    if (!done) {
      stale += done.assume_error().code == Errc::stale ? 1 : 0;
      return done;
    }
    for (const MemberAdded& added : changes.added)
      tell(added.state == MembershipState::invited ? Event::invited : Event::added);
    for (const MemberChanged& changed : changes.changed) tell(changed.event);
    return done;
  }
  std::vector<std::string> events;
  unsigned fetches = 0, commits = 0, stale = 0;

 private:
  void tell(Event event) { events.emplace_back(name(event)); }
  Store* store_;
};

/// A thing that a set-up cannot do without went wrong: the test is wrong, not what it tests.
inline void must(bool done, const char* what) {
  if (!done) throw std::logic_error(what);
}

/// The filled store, time that passes, and the words in which a test says what is there. Not movable.
class Club {
 public:
  explicit Club(std::uint32_t seats_max = no_limit) {
    put_club(seats_max);
    must(store.put_organization({.id = annex}).has_value(), "an annex");
    for (const AccountId& id : {ann, bob, cid, dora, emil, boss, stranger}) put_account({.id = id, .verified = true});
    for (const OrganizationId& place : {club, annex}) put(place, boss, owner);
  }
  Club(const Club&) = delete;

  void put_club(std::uint32_t seats_max) {
    must(store.put_organization({.id = club, .seats_max = seats_max}).has_value(), "a club");
  }
  void put_account(AccountRecord record) {
    if (!record.email) record.email = address(std::string(record.id.view()) + "@x.example");
    must(store.put_account(record).has_value(), "an account");
  }
  void put(const OrganizationId& in, const AccountId& who, const RoleId& as) {
    Membership membership;
    membership.organization = in;
    membership.account = who;
    membership.role = as;
    ids.fill({&membership.id, 1});
    must(store.put_membership(membership).has_value(), "a membership");
  }
  /// Brings somebody into that state, by commands as they would come in life; `inviter` sent the invitation.
  void put(const AccountId& who, const RoleId& as, MembershipState state = MembershipState::active,
           const AccountId& inviter = boss) {
    if (state == MembershipState::invited)
      return must(outcome(host_rules(), Invite(club, who, as, by(inviter))) == Outcome::invited, "an invitation");
    put(club, who, as);
    if (state == MembershipState::suspended)
      must(outcome(host_rules(), Suspend(club, who, by(boss))) == Outcome::suspended, "a suspension");
    if (state == MembershipState::removed)
      must(outcome(host_rules(), RemoveMembers(club, who, by(boss))) == Outcome::removed, "a removal");
  }

  /// A member until a moment that has passed; the record is still there.
  void put_expired(const AccountId& who, const RoleId& as) {
    put(club, who, as);
    const Time soon{static_cast<std::int64_t>(now) + 5'000};
    must(outcome(host_rules(), ChangeExpiry(club, who, soon, by(boss))) == Outcome::expiry_changed, "an end");
    now = soon;
  }

  Result<Report> run(const Profile& profile, const Command& command, Options options = {}) {
    now = Time{static_cast<std::int64_t>(now) + 1'000};
    return Engine(profile, outbox, ids, options).run(command, now);
  }
  std::vector<Outcome> outcomes(const Profile& profile, const Command& command, Options options = {}) {
    const auto report = run(profile, command, options);
    must(report.has_value(), "a report");
    return {report.assume_value().outcomes.begin(), report.assume_value().outcomes.end()};
  }
  /// Of a command of one cell; of another, the first.
  Outcome outcome(const Profile& profile, const Command& command) { return outcomes(profile, command).front(); }
  Errc error(const Profile& profile, const Command& command) {
    const auto report = run(profile, command);
    return report.has_value() ? Errc{} : report.assume_error().code;
  }

  /// "clerk active", "clerk removed", or "nothing".
  std::string at(const AccountId& who, const OrganizationId& in = club) const {
    if (const auto found = store.membership(in, who))
      return std::string(found->role.view()) + " " + text_of(found->state);
    if (const auto former = store.former_membership(in, who))
      return std::string(former->membership.role.view()) + " removed";
    return "nothing";
  }
  MembershipId id_of(const AccountId& who) const {
    if (const auto found = store.membership(club, who)) return found->id;
    const auto former = store.former_membership(club, who);
    return former ? former->membership.id : MembershipId{};
  }
  std::vector<Membership> members(const OrganizationId& in = club) const {
    std::vector<Membership> all;
    std::array<Membership, 16> page;
    std::uint64_t cursor = 0;
    while (const std::size_t count = store.members(in, cursor, page)) all.insert(all.end(), &page[0], &page[0] + count);
    return all;
  }
  std::uint32_t count(MembershipState state) const {
    std::uint32_t sum = 0;
    for (const Membership& member : members()) sum += member.state == state ? 1 : 0;
    return sum;
  }
  std::uint32_t owners() const {
    std::uint32_t sum = 0;
    for (const Membership& member : members())
      sum += member.state == MembershipState::active && member.role == owner ? 1 : 0;
    return sum;
  }

  /// Everything that is there, one line a membership, in the order of people; with versions, ids and keys if `exact`.
  std::vector<std::string> all(bool exact = false) const {
    std::vector<std::string> lines;
    for (const OrganizationId& place : {club, annex}) {
      for (const Membership& member : members(place)) lines.push_back(line_of(member, exact));
      for (const AccountId& id : {ann, bob, cid, dora, emil, boss, stranger})
        if (const auto former = store.former_membership(place, id)) lines.push_back(line_of(former->membership, exact));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  /// What is wrong with the store itself; empty if nothing is.
  std::string broken() const {
    std::uint64_t rows = 0;
    for (const OrganizationId& place : {club, annex}) {
      const auto here = members(place);
      rows += here.size();
      if (here.size() != store.member_count(place)) return "members are counted wrongly";
      for (std::size_t i = 0; i < here.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j)
          if (here[i].account == here[j].account || here[i].id == here[j].id) return "somebody is a member twice";
        const auto found = store.membership(place, here[i].account);
        if (!found || !(found->id == here[i].id)) return "list and look-up differ";
        if (here[i].state == MembershipState::removed) return "a removed member is listed";
        if (!lists_its_places(here[i].account)) return "an account does not list what it is in";
      }
    }
    for (const AccountId& id : {ann, bob, cid, dora, emil, boss, stranger})
      if (!lists_its_places(id)) return "an account lists what it is not in";
    return rows == store.membership_count() ? "" : "memberships are counted wrongly";
  }

  MemoryStore store{MemoryOptions{.locked = false}};
  Outbox outbox{store};
  UuidSource ids{{1, 2}};
  Time now{1'000'000};

 private:
  /// The account lists what it is a member of, each once, and nothing else.
  bool lists_its_places(const AccountId& who) const {
    std::array<Membership, 8> page;
    std::uint64_t cursor = 0;
    const std::size_t count = store.organizations_of(who, cursor, page);
    std::size_t places = 0;
    for (const OrganizationId& place : {club, annex}) {
      if (!store.membership(place, who)) continue;
      ++places;
      std::size_t found = 0;
      for (std::size_t i = 0; i < count; ++i) found += page[i].organization == place ? 1 : 0;
      if (found != 1) return false;
    }
    return count == places && store.organization_count(who) == places;
  }
  std::string line_of(const Membership& member, bool exact) const {
    const auto account = store.account(AccountSelector(member.account));
    const bool created = account && account->email && member.account.view().size() > 30;
    std::string line = std::string(member.organization.view()) + ": " +
                       std::string(created ? account->email->key() : member.account.view()) + " " +
                       std::string(member.role.view()) + " " + text_of(member.state);
    if (!exact) return line;
    const auto id = member.id.text(), request = member.request.text();
    return line + " " + std::string(id.begin(), id.end()) + " " + std::string(request.begin(), request.end()) + " v" +
           std::to_string(static_cast<std::uint64_t>(member.version)) + " at " +
           std::to_string(static_cast<std::int64_t>(member.added_at));
  }
};

}  // namespace life

#endif
