// The whole life of memberships: long histories of commands of every kind leave what the model says, and what they tell
// an outbox is enough to know it.
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

rc::Gen<Story> stories() {
  const auto bytes = rc::Gen<Bytes>([](const rc::Random& random, int) {
    rc::Random source = random;
    Bytes drawn(story_bytes);
    for (std::size_t i = 0; i < drawn.size();) {
      auto word = source.next();
      for (int k = 0; k < 8 && i < drawn.size(); ++k, word >>= 8) drawn[i++] = static_cast<std::uint8_t>(word);
    }
    return rc::shrinkable::shrinkRecur(std::move(drawn), &smaller);
  });
  return rc::gen::map(bytes, [](const Bytes& drawn) { return read_story(drawn); });
}

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

/// A late delivery of what would have been over by now.
bool ends_in_the_past(const Asked& asked) {
  Time end{};
  if (const Kind kind = asked.command->kind(); kind == Kind::add || kind == Kind::invite)
    end = static_cast<const AddMembers&>(*asked.command).valid_until;
  else if (kind == Kind::change_expiry)
    end = static_cast<const ChangeExpiry&>(*asked.command).valid_until;
  return end != Time{} && end <= asked.at;
}

}  // namespace

TEST_CASE("long histories of every kind of command leave what the model says, and their events tell the same") {
  Shares shares;
  prop("histories agree with the model", [&] {
    const Story story = *stories();
    const Profile profile = story.rules.profile();
    Land land = story.land;
    MemoryStore store{MemoryOptions{.locked = false}};
    RC_ASSERT(fill(store, land));
    Recorder recorder(store);
    CountingIds ids;
    const Engine engine(profile, recorder, ids);
    Reader reader(land);
    Identities identities;
    std::set<std::string> had_owners, seen, kinds;
    RC_ASSERT(show(store, land) == show(land));
    RC_ASSERT(broken_bounds(land, profile, had_owners) == "");

    for (const Asked& asked : story.asked) {
      if (!asked.verified.empty()) RC_ASSERT(verify(store, land, asked.verified));
      const unsigned commits = recorder.commits, drawn = ids.drawn();
      recorder.entries.clear();
      const auto result = engine.run(*asked.command, asked.at);
      if (ends_in_the_past(asked)) {
        RC_ASSERT(result.has_error());
        RC_ASSERT(result.assume_error() == Error(Errc::valid_until_passed));
        RC_ASSERT(show(store, land) == show(land));
        continue;
      }
      RC_ASSERT(result.has_value());
      const Report& report = result.assume_value();
      RC_ASSERT(!report.stopped);
      const Verdict expected =
          carry_out(land, profile, *asked.command, asked.at, Drawn{report.request, recorder.accounts});
      RC_ASSERT(words(report) == words(expected));
      RC_ASSERT(show(store, land) == show(land));
      RC_ASSERT(identities.compare(land, store) == "");

      std::vector<Happening> happened;
      for (const Entry& entry : recorder.entries) {
        happened.push_back(entry.happening);
        RC_ASSERT(reader.read(entry, asked.at) == "");
      }
      RC_ASSERT(words(happened) == words(expected.happenings));
      RC_ASSERT(happened.size() == expected.happenings.size());
      RC_ASSERT(reader.show() == show_known(store, land));
      RC_ASSERT((recorder.commits != commits) == expected.wrote());
      RC_ASSERT(expected.wrote() || ids.drawn() == drawn);
      RC_ASSERT(broken_bounds(land, profile, had_owners) == "");
      for (const Outcome outcome : expected.outcomes) seen.insert(std::string(name(outcome)));
      for (const Happening& each : expected.happenings) kinds.insert(std::string(name(each.event)));
    }
    for (std::size_t i = 0; i < outcome_count; ++i) {
      const std::string outcome(name(static_cast<Outcome>(i)));
      shares.count(outcome, seen.count(outcome) != 0);
    }
    for (unsigned i = 0; i <= static_cast<unsigned>(Event::expired); ++i) {
      const std::string event(name(static_cast<Event>(i)));
      shares.count("event " + event, kinds.count(event) != 0);
    }
  });
  for (std::size_t i = 0; i < outcome_count; ++i) {
    const auto outcome = static_cast<Outcome>(i);
    if (outcome == Outcome::undecided || outcome == Outcome::group_not_found || outcome == Outcome::parent_required)
      continue;  // nobody is in the way, and there are no groups and no parents here
    shares.at_least(std::string(name(outcome)), outcome == Outcome::inviter_lapsed ? 1 : 5);
  }
  for (unsigned i = 0; i <= static_cast<unsigned>(Event::expired); ++i)
    shares.at_least("event " + std::string(name(static_cast<Event>(i))), 5);
}
