// The whole life of memberships: long histories of commands of every kind leave what the model says, and what they tell
// an outbox is enough to know it.
#include <rapidcheck/state.h>

#include "catch.hpp"
#include "prop.hpp"
#include "support/generators.hpp"
#include "support/life_scene.hpp"
#include "support/life_stage.hpp"
#include "support/stage.hpp"

using namespace roster;
using namespace roster_test;
using namespace roster_test::life;

namespace {

std::string words(const std::vector<Happening>& happenings) {
  std::set<std::string> sorted;
  for (const auto& [event, pair, role] : happenings)
    sorted.insert(pair.first + "/" + pair.second + " " + std::string(name(event)) + " " + role);
  std::string all;
  for (const std::string& each : sorted) all += each + "\n";
  return all;
}

std::string words(const Verdict& verdict) {
  std::string all;
  for (std::size_t at = 0; at < verdict.outcomes.size(); ++at) {
    all += std::string(name(verdict.outcomes[at]));
    if (const auto& before = verdict.before[at])
      all += " (was " + before->role + ", " + std::to_string(static_cast<unsigned>(before->state)) + ")";
    all += "\n";
  }
  return all;
}

std::string words(const Report& report) {
  Verdict verdict;
  verdict.rows = report.rows;
  verdict.columns = report.columns;
  verdict.outcomes.assign(report.outcomes.begin(), report.outcomes.end());
  for (std::uint32_t row = 0; row < report.rows; ++row)
    for (std::uint32_t column = 0; column < report.columns; ++column) {
      const Previous* const before = report.before(row, column);
      verdict.before.push_back(before ? std::optional(Before{text_of(report.roles[before->role]), before->state})
                                      : std::nullopt);
    }
  return words(verdict);
}

/// Nothing, if both are the same. Two long texts in an assertion would be written out each time.
std::string difference(const std::string& expected, const std::string& found) {
  return expected == found ? std::string() : "expected:\n" + expected + "found:\n" + found;
}

/// A late delivery of what would have been over by now.
bool ends_in_the_past(const Asked& asked) {
  Time end{};
  if (const Kind kind = asked.command->kind(); kind == Kind::add || kind == Kind::invite)
    end = static_cast<const AddMembers&>(*asked.command).valid_until;
  else if (kind == Kind::change_expiry)
    end = static_cast<const ChangeExpiry&>(*asked.command).valid_until;
  return end != Time{} && end <= asked.at;
}

/// What the model knows after the commands so far. It is copied often, so it shares what does not change.
struct Past {
  std::shared_ptr<const OwnProfile> rules;
  std::shared_ptr<const Land> land;
  std::shared_ptr<const std::vector<Asked>> asked = std::make_shared<const std::vector<Asked>>();
  Time now{1'700'000'000'000'000};

  Time next() const { return Time{static_cast<std::int64_t>(now) + 1'000'000}; }
};

Past read_past(const Bytes& bytes) {
  Draw draw(bytes);
  Past past;
  past.rules = std::make_shared<const OwnProfile>(read_life_profile(draw));
  past.land = std::make_shared<const Land>(read_land(draw));
  return past;
}

void showValue(const Past& past, std::ostream& out) {
  life::showValue(Story{*past.land, *past.rules, *past.asked}, out);
}

/// The engine that is tried, its store, and what a reader of its outbox knows.
struct Running {
  explicit Running(const Past& past) : profile(past.rules->profile()), reader(*past.land) {
    RC_ASSERT(fill(store, *past.land));
    RC_ASSERT(show(store, *past.land) == show(*past.land));
    RC_ASSERT(broken_bounds(*past.land, profile, had_owners) == "");
  }

  const Profile profile;
  MemoryStore store{MemoryOptions{.locked = false}};
  Recorder recorder{store};
  CountingIds ids;
  const Engine engine{profile, recorder, ids};
  Reader reader;
  Identities identities;
  std::set<std::string> had_owners, seen, kinds;
};

/// A command is carried out, for the first time or again.
class Delivery : public rc::state::Command<Past, Running> {
 public:
  void checkPreconditions(const Past& past) const override { RC_PRE(past.now < asked_.at); }

  void apply(Past& past) const override {
    if (past.land != from_) {  // it has not run yet: these names stand for those that the engine will draw
      static const Drawn guessed{{}, {{"fay@x.test", "fresh00001"}, {"gus@x.test", "fresh00002"}}};
      const auto land = std::make_shared<Land>(*past.land);
      if (!asked_.verified.empty()) verify(*land, asked_.verified);
      if (!ends_in_the_past(asked_)) (void)carry_out(*land, past.rules->profile(), *asked_.command, asked_.at, guessed);
      from_ = past.land;
      to_ = land;
    }
    past.land = to_;
    auto asked = std::make_shared<std::vector<Asked>>(*past.asked);
    asked->push_back(asked_);
    past.asked = std::move(asked);
    past.now = asked_.at;
  }

  void run(const Past& past, Running& in) const override {
    const auto made = std::make_shared<Land>(*past.land);
    Land& land = *made;
    from_ = past.land;
    to_ = made;
    if (!asked_.verified.empty()) RC_ASSERT(verify(in.store, land, asked_.verified));
    const unsigned commits = in.recorder.commits, ids = in.ids.drawn();
    in.recorder.entries.clear();
    const auto result = in.engine.run(*asked_.command, asked_.at);
    if (ends_in_the_past(asked_)) {
      RC_ASSERT(result.has_error());
      RC_ASSERT(result.assume_error() == Error(Errc::valid_until_passed));
      RC_ASSERT(difference(life::show(land), life::show(in.store, land)) == "");
      return;
    }
    RC_ASSERT(result.has_value());
    const Report& report = result.assume_value();
    RC_ASSERT(!report.stopped);
    const Verdict expected =
        carry_out(land, in.profile, *asked_.command, asked_.at, Drawn{report.request, in.recorder.accounts});
    RC_ASSERT(difference(words(expected), words(report)) == "");
    RC_ASSERT(difference(life::show(land), life::show(in.store, land)) == "");
    RC_ASSERT(in.identities.compare(land, in.store) == "");

    std::vector<Happening> happened;
    for (const Entry& entry : in.recorder.entries) {
      happened.push_back(entry.happening);
      RC_ASSERT(in.reader.read(entry, asked_.at) == "");
    }
    RC_ASSERT(difference(words(expected.happenings), words(happened)) == "");
    RC_ASSERT(happened.size() == expected.happenings.size());
    RC_ASSERT(difference(show_known(land), in.reader.show()) == "");
    RC_ASSERT((in.recorder.commits != commits) == expected.wrote());
    RC_ASSERT(expected.wrote() || in.ids.drawn() == ids);
    RC_ASSERT(broken_bounds(land, in.profile, in.had_owners) == "");
    for (const Outcome outcome : expected.outcomes) in.seen.insert(std::string(name(outcome)));
    for (const Happening& each : expected.happenings) in.kinds.insert(std::string(name(each.event)));
  }

  void show(std::ostream& out) const override { describe(out, asked_); }

 protected:
  explicit Delivery(Asked asked) : asked_(std::move(asked)) {}

 private:
  Asked asked_;
  mutable std::shared_ptr<const Land> from_, to_;  // what the model made of which land
};

struct Ask final : Delivery {
  explicit Ask(const Past& past) : Delivery(read_asked(Draw(*any_bytes(asked_bytes)), past.next(), *past.asked)) {}
};

/// Something from long ago once more, word for word.
struct AskAgain final : Delivery {
  explicit AskAgain(const Past& past) : Delivery(any_of(past)) {}
  static Asked any_of(const Past& past) {
    RC_PRE(!past.asked->empty());
    return {(*past.asked)[*rc::gen::inRange<std::size_t>(0, past.asked->size())].command, past.next(), {}};
  }
};

/// An owner makes another member of the same place an owner.
struct GiveOwnership final : Delivery {
  explicit GiveOwnership(const Past& past) : Delivery(any_of(past)) {}
  static Asked any_of(const Past& past) {
    std::vector<std::pair<Pair, Pair>> able;
    for (const auto& [from, owner] : past.land->members)
      for (const auto& [to, other] : past.land->members)
        if (from.first == to.first && from != to && owner.role == "owner" &&
            owner.state_at(past.next()) == MembershipState::active &&
            other.state_at(past.next()) == MembershipState::active)
          able.emplace_back(from, to);
    RC_PRE(!able.empty());
    const auto [from, to] = able[*rc::gen::inRange<std::size_t>(0, able.size())];
    return {std::make_shared<TransferOwnership>(id<OrganizationId>(from.first), id<AccountId>(to.second),
                                                RoleId("owner"), RoleId("admin"), Actor{id<AccountId>(from.second)}),
            past.next(),
            {}};
  }
};

constexpr int history_max = 40;

}  // namespace

TEST_CASE("long histories of every kind of command leave what the model says, and their events tell the same") {
  Shares shares;
  prop("histories agree with the model", [&] {
    const Past past = *rc::gen::map(any_bytes(opening_bytes), &read_past);
    const auto any =
        rc::state::gen::execOneOfWithArgs<Ask, Ask, Ask, Ask, Ask, Ask, Ask, Ask, AskAgain, GiveOwnership>();
    const auto history = *rc::gen::resize(history_max, rc::state::gen::commands(past, any));
    Running running(past);
    rc::state::runAll(history, past, running);
    for (const Outcome outcome : outcomes_by_precedence) {
      const std::string seen(name(outcome));
      shares.count(seen, running.seen.count(seen) != 0);
    }
    for (unsigned i = 0; i <= static_cast<unsigned>(Event::expired); ++i) {
      const std::string event(name(static_cast<Event>(i)));
      shares.count("event " + event, running.kinds.count(event) != 0);
    }
  });
  for (const Outcome outcome : outcomes_by_precedence) {
    if (outcome == Outcome::undecided || outcome == Outcome::group_not_found || outcome == Outcome::parent_required)
      continue;  // nobody is in the way, and there are no groups and no parents here
    shares.at_least(std::string(name(outcome)), outcome == Outcome::inviter_lapsed ? 1 : 5);
  }
  for (unsigned i = 0; i <= static_cast<unsigned>(Event::expired); ++i)
    shares.at_least("event " + std::string(name(static_cast<Event>(i))), 5);
}
