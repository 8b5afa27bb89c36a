// The whole life of memberships: long histories of commands of every kind end as in the oracle. The outbox entries
// suffice to reconstruct them.
#include <rapidcheck/state.h>

#include <map>
#include <set>

#include "catch.hpp"
#include "laws/generators.hpp"
#include "outbox_reader.hpp"
#include "prop.hpp"
#include "support/fixture.hpp"

using namespace roster;
using namespace roster_test;

namespace {

/// Maps every id of the oracle to one id of the store.
class Identities {
 public:
  /// Returns the error as text; empty: none.
  std::string compare(const World& world, const MemoryStore& store) {
    for (const auto& [pair, member] : world.members) {
      const auto organization = id<OrganizationId>(pair.first);
      const bool created = pair.second.rfind("new:", 0) == 0;
      const auto record = created ? store.account(email(pair.second.substr(4))).value() : std::nullopt;
      const AccountId account = created ? record ? record->id : AccountId{} : id<AccountId>(pair.second);
      MembershipId found;
      if (const auto row = store.membership(organization, account).value()) found = row->id;
      if (const auto former = store.former_membership(organization, account).value()) found = former->membership.id;
      const auto known = ids_.insert({member.number, found}).first;
      if (known->second != found) return pair.first + "/" + pair.second + " has another id\n";
      for (const auto& [number, other] : ids_)
        if (number != member.number && other == found) return pair.first + "/" + pair.second + " has an old id\n";
    }
    return {};
  }

 private:
  std::map<std::uint64_t, MembershipId> ids_;
};

std::string words(const std::vector<Happening>& happenings) {
  std::multiset<std::string> sorted;
  for (const auto& [event, pair, role] : happenings)
    sorted.insert(pair.first + "/" + pair.second + " " + std::string(name(event)) + " " + role + "\n");
  std::string all;
  for (const std::string& each : sorted) all += each;
  return all;
}

/// The state of the oracle after the commands so far. It is copied often, so copies share their unchanged parts.
struct Past {
  std::shared_ptr<const OwnProfile> rules;
  std::shared_ptr<const World> world;
  std::shared_ptr<const std::vector<IssuedCommand>> issued = std::make_shared<const std::vector<IssuedCommand>>();
  Time at = now;

  Time next() const { return Time{static_cast<std::int64_t>(at) + 1'000'000}; }
};

Past read_past(const Bytes& bytes) {
  const CommandHistory story = read_opening(bytes);
  return {std::make_shared<const OwnProfile>(story.rules), std::make_shared<const World>(story.world)};
}

void showValue(const Past& past, std::ostream& out) {
  roster_test::showValue(CommandHistory{*past.world, *past.rules, {}, {}, *past.issued}, out);
}

/// The engine under test, its store, and a reader of its outbox.
struct Running {
  explicit Running(const Past& past) : base(*past.world), profile(past.rules->profile()), reader(base) {
    RC_ASSERT(fill(store, base));
    RC_ASSERT(difference(state_of(base), state_of(store, base)) == "");
    RC_ASSERT(broken_bounds(base, profile, now, had_owners) == "");
  }

  const World base;
  const Profile profile{.actor = ActorRule::host_decides};
  MemoryStore store{MemoryOptions{.thread_safe = false}};
  Recorder recorder{store};
  CountingIds ids;
  const Engine engine{profile, recorder, ids};
  Reader reader;
  Identities identities;
  std::set<std::string> had_owners, seen, kinds;
  bool disabled_acts = false;  // some command has a disabled actor
};

/// Carries out a command, for the first time or again.
class Delivery : public rc::state::Command<Past, Running> {
 public:
  void checkPreconditions(const Past& past) const override { RC_PRE(past.at < issued_.at); }

  void apply(Past& past) const override {
    if (past.world != from_) {  // it has not run yet
      const auto world = std::make_shared<World>(*past.world);
      world->drawn = {{"fresh00001", "new:n0@x.de"}, {"fresh00002", "new:n1@x.de"}};  // guessed
      change_account(*world, issued_);
      (void)carry_out(*world, past.rules->profile(), *issued_.command, issued_.at);
      from_ = past.world;
      to_ = world;
    }
    past.world = to_;
    auto issued = std::make_shared<std::vector<IssuedCommand>>(*past.issued);
    issued->push_back(issued_);
    past.issued = std::move(issued);
    past.at = issued_.at;
  }

  void run(const Past& past, Running& in) const override {
    const auto made = std::make_shared<World>(*past.world);
    World& world = *made;
    from_ = past.world;
    to_ = made;
    world.drawn = in.recorder.drawn;
    change_account(world, issued_);
    in.disabled_acts |= is_disabled(world, text_of(issued_.command->actor.id));
    RC_ASSERT(change_account(in.store, issued_));
    if (issued_.disables) in.had_owners.clear();  // the host may disable the last owner
    const unsigned commits = in.recorder.commits, ids = in.ids.drawn();
    in.recorder.entries.clear();
    const Expected expected = carry_out(world, in.profile, *issued_.command, issued_.at);
    const Answer found = answer_of(in.engine.run(*issued_.command, issued_.at), in.store, in.base);
    const State state = state_of(in.store, in.base);
    RC_ASSERT(difference(expected, found) == "");
    RC_ASSERT(difference(state_of(world), state) == "");
    RC_ASSERT(in.identities.compare(world, in.store) == "");

    std::vector<Happening> happened;
    for (const Entry& entry : in.recorder.entries) {
      happened.push_back(entry.happening);
      RC_ASSERT(in.reader.read(entry, issued_.at) == "");
    }
    RC_ASSERT(words(expected.happenings) == words(happened));
    RC_ASSERT(in.reader.difference(state) == "");
    RC_ASSERT((in.recorder.commits != commits) == expected.wrote());
    RC_ASSERT(expected.wrote() || in.ids.drawn() == ids);
    RC_ASSERT(broken_bounds(world, in.profile, issued_.at, in.had_owners) == "");
    for (const Outcome outcome : expected.outcomes) in.seen.insert(std::string(name(outcome)));
    for (const Happening& each : expected.happenings) in.kinds.insert(std::string(name(each.event)));
  }

  void show(std::ostream& out) const override { describe(out, *issued_.command); }

 protected:
  explicit Delivery(IssuedCommand issued) : issued_(std::move(issued)) {}

 private:
  IssuedCommand issued_;
  mutable std::shared_ptr<const World> from_, to_;  // the world before, and the oracle's world after
};

struct IssueCommand final : Delivery {
  explicit IssueCommand(const Past& past)
      : Delivery(read_issued(Draw(*any_bytes(issued_bytes)), past.next(), *past.world, *past.rules, *past.issued)) {}
};

/// Repeats any earlier command unchanged.
struct RepeatCommand final : Delivery {
  explicit RepeatCommand(const Past& past) : Delivery(any_of(past)) {}
  static IssuedCommand any_of(const Past& past) {
    RC_PRE(!past.issued->empty());
    return {(*past.issued)[*rc::gen::inRange<std::size_t>(0, past.issued->size())].command, past.next(), {}};
  }
};

/// An owner makes another member of the same organization an owner.
struct GiveOwnership final : Delivery {
  explicit GiveOwnership(const Past& past) : Delivery(any_of(past)) {}
  static IssuedCommand any_of(const Past& past) {
    std::vector<std::pair<Pair, Pair>> able;
    const auto is_able = [&](const Pair& pair, const Member& member) {
      return pair.second.front() == 'a' && member.state_at(past.next()) == MembershipState::active;
    };
    for (const auto& [from, owner] : past.world->members)
      for (const auto& [to, other] : past.world->members)
        if (from.first == to.first && from != to && owner.role == "owner" && is_able(from, owner) && is_able(to, other))
          able.emplace_back(from, to);
    RC_PRE(!able.empty());
    const auto [from, to] = able[*rc::gen::inRange<std::size_t>(0, able.size())];
    return {std::make_shared<TransferOwnership>(id<OrganizationId>(from.first), id<AccountId>(to.second),
                                                RoleId("owner"), RoleId("admin"), Actor{id<AccountId>(from.second)}),
            past.next(),
            {}};
  }
};

/// Staff removes the inviter of a pending invitation. If the inviter is gone already, the invitation is accepted.
struct LoseInviter final : Delivery {
  explicit LoseInviter(const Past& past) : Delivery(any_of(past)) {}
  static IssuedCommand any_of(const Past& past) {
    std::vector<Pair> pending;
    for (const auto& [pair, member] : past.world->members)
      if (member.state_at(past.next()) == MembershipState::invited && !member.invited_by.empty() &&
          pair.second.front() == 'a')
        pending.push_back(pair);
    RC_PRE(!pending.empty());
    const Pair at = pending[*rc::gen::inRange<std::size_t>(0, pending.size())];
    const Pair inviter{at.first, past.world->members.at(at).invited_by};
    const auto in = id<OrganizationId>(at.first);
    const Member* const by = find_member(*past.world, inviter.first, inviter.second);
    if (by == nullptr || by->state_at(past.next()) != MembershipState::active)
      return {std::make_shared<AcceptInvitation>(in, id<AccountId>(at.second)), past.next(), {}};
    const Actor staff{AccountId("a0"), true};
    return {std::make_shared<RemoveMembers>(in, id<AccountId>(inviter.second), staff), past.next(), {}};
  }
};

constexpr int history_max = 40;

}  // namespace

TEST_CASE("long histories of every kind of command leave the records of the oracle, and their events agree") {
  Shares shares;
  prop("histories agree with the oracle", [&] {
    const Past past = *rc::gen::map(any_bytes(opening_bytes), &read_past);
    const auto any = rc::state::gen::execOneOfWithArgs<IssueCommand, IssueCommand, IssueCommand, IssueCommand,
                                                       IssueCommand, IssueCommand, IssueCommand, IssueCommand,
                                                       RepeatCommand, GiveOwnership, LoseInviter>();
    const auto history = *rc::gen::resize(history_max, rc::state::gen::commands(past, any));
    Running running(past);
    rc::state::runAll(history, past, running);
    for (const Outcome each : outcomes_by_precedence) {
      const std::string outcome(name(each));
      shares.count(outcome, running.seen.count(outcome) != 0);
    }
    shares.count("a disabled account acts", running.disabled_acts);
    for (unsigned i = 0; i <= static_cast<unsigned>(Event::invitation_renewed); ++i) {
      const std::string event(name(static_cast<Event>(i)));
      shares.count("event " + event, running.kinds.count(event) != 0);
    }
  });
  for (const Outcome outcome : outcomes_by_precedence) {
    if (outcome == Outcome::undecided || outcome == Outcome::group_not_found) continue;  // there are no groups here
    shares.at_least(std::string(name(outcome)),
                    outcome == Outcome::inviter_lapsed || outcome == Outcome::parent_required ? 1 : 5);
  }
  shares.at_least("a disabled account acts", 5);
  for (unsigned i = 0; i <= static_cast<unsigned>(Event::invitation_renewed); ++i)
    shares.at_least("event " + std::string(name(static_cast<Event>(i))), 5);
}
