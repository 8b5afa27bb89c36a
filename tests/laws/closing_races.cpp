// Races with the closing of an organization: nobody joins once it is closed, and its last owner goes only while it is.
#include "catch.hpp"
#include "race_setup.hpp"

namespace closing_races {

using namespace fixtures;

Participant closes(bool closed = true, const std::shared_ptr<bool>& done = nullptr) {
  return meanwhile([=](MemoryStore& store) {
    const auto changed = store.change_organization(acme, {.closed = closed}, any_version);
    must(changed.has_value() || changed.error().code == Errc::has_members, "a change");
    if (done != nullptr) *done = changed.has_value();
  });
}

TEST_CASE("an organization is closed while a command goes on, and nobody joins or gets further in a closed one") {
  struct Going {
    Participant command;
    std::string done;
  };
  const std::vector<AccountSelector> several{ann, bob};
  const std::vector<Going> commands = {
      {participant<AddMembers>(acme, stranger, clerk, by(boss)), "added"},
      {participant<AddMembers>(acme, several, clerk, by(boss)), "existing accepted"},
      {participant<Invite>(acme, stranger, clerk, by(boss)), "invited"},
      {participant<AcceptInvitation>(acme, bob), "accepted"},
      {participant<Reactivate>(acme, emil, by(boss)), "reactivated"},
      {participant<ChangeRole>(acme, ann, admin, by(boss)), "replaced"},
      {participant<TransferOwnership>(acme, ann, owner, admin, by(boss)), "replaced replaced"},
      {participant<ChangeExpiry>(acme, ann, Time{90'000'000'000'000'000}, by(boss)), "expiry_changed"},
  };
  const auto before = [](AcmeFixture& in) {
    in.put(ann, clerk);
    in.put(bob, clerk, MembershipState::invited);
    in.put(emil, clerk, MembershipState::suspended);
  };
  std::size_t late = 0;
  for (const Going& going : commands) {
    const Setup race{no_limit, before, manager_rules(), {going.command, closes()}};
    const auto check = [&](const Ended& ended) {
      INFO(going.done << ": " << text_of(ended));
      CHECK(ended.state.broken == "");
      const bool closed_first = ended.steps.find('B') < ended.steps.rfind('A');
      const std::string refused =
          going.done.find(' ') == std::string::npos ? "organization_closed" : "organization_closed organization_closed";
      CHECK(ended.outcome_of(0) == (closed_first ? refused : going.done));
      if (closed_first && ended.steps.find('A') < ended.steps.find('B')) {
        ++late;
        CHECK(ended.stale >= 1);
      }
      CHECK(ended == begin(race)->one_after_the_other(ended.order()));
    };
    CHECK(every_schedule(race, check) >= 3);
  }
  CHECK(late >= commands.size());
}

TEST_CASE("the last owner goes while an organization is closed and opened, and only from a closed one") {
  std::size_t removed = 0, kept = 0, opened_empty = 0;
  const auto opened = std::make_shared<bool>(false);
  const std::vector<Participant> commands = {participant<RemoveMembers>(acme, boss, Actor{{}, true}),
                                             participant<Leave>(acme, boss),
                                             participant<Suspend>(acme, boss, Actor{{}, true})};
  for (const Participant& command : commands)
    for (const bool close_first : {false, true}) {
      const std::vector<Participant> race = {command, close_first ? closes() : closes(false, opened),
                                             close_first ? closes(false, opened) : closes()};
      const auto before = [&](AcmeFixture& in) {
        *opened = false;
        if (!close_first)
          must(in.store.change_organization(acme, {.closed = true}, any_version).has_value(), "a change");
      };
      const auto check = [&](const Ended& ended) {
        INFO(text_of(ended));
        const bool stays = owners(ended) == 1;
        ++(stays ? kept : removed);
        CHECK((ended.outcome_of(0) == "last_owner") == stays);
        const char opens = close_first ? 'C' : 'B';
        const bool was_closed = !close_first || ended.steps.find('B') < ended.steps.find('C');
        if (*opened && was_closed && ended.steps.rfind('A') < ended.steps.find(opens)) {
          ++opened_empty;
          CHECK(active(ended) == 0);
        }
      };
      CHECK(every_schedule({no_limit, before, manager_rules(), race}, check) >= 6);
    }
  CHECK(removed > 0);
  CHECK(kept > 0);
  CHECK(opened_empty > 0);
}

}  // namespace closing_races
