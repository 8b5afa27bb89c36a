// Races with the end of a record: what was decided on it before is never written afterwards, also if another record has
// its id by then.
#include "catch.hpp"
#include "race_setup.hpp"

namespace erase_races {

using namespace fixtures;

/// In the schedule: A runs a command, B erases, C puts another record with the same id.
struct Order {
  explicit Order(const std::string& steps) {
    for (std::size_t at = 0; at < steps.size(); ++at) {
      if (steps[at] == 'A') of_command.push_back(at);
      if (steps[at] == 'B') erased = at;
      if (steps[at] == 'C') put_again = at;
    }
  }
  /// The first commit of the command follows the erase, and its facts are from before it.
  bool commits_late() const { return of_command.size() > 1 && of_command[0] < erased && of_command[1] > erased; }
  std::vector<std::size_t> of_command;
  std::size_t erased = 0, put_again = 0;
};

std::size_t rows_of(const Ended& ended, const std::string& organization, const std::string& account) {
  return static_cast<std::size_t>(std::count_if(ended.state.rows.begin(), ended.state.rows.end(), [&](const auto& row) {
    return (organization.empty() || row.first.first == organization) &&
           (account.empty() || row.first.second == account);
  }));
}

TEST_CASE("an organization is erased while a command adds to it, and nothing is written into one that is gone") {
  const std::vector<AccountSelector> several{ann, bob, stranger};
  const std::vector<Participant> commands = {
      participant<AddMembers>(acme, ann, clerk, by(boss)), participant<AddMembers>(acme, several, clerk, by(boss)),
      participant<Invite>(acme, ann, clerk, by(boss)),
      participant<AddMembers>(acme, emil, clerk, by(boss)),  // a former member returns
  };
  std::size_t refused = 0, late = 0;
  for (const Participant& command : commands) {
    const auto erased = std::make_shared<bool>(false);
    const std::vector<Participant> race = {
        command,
        meanwhile([erased](MemoryStore& store) { *erased = store.erase_organization(acme, any_version).has_value(); }),
        meanwhile([erased](MemoryStore& store) {
          if (*erased) must(store.put_organization({.id = acme}).has_value(), "another organization");
        })};
    const auto before = [erased](AcmeFixture& in) {
      *erased = false;
      in.put(emil, clerk, MembershipState::removed);
      must(in.store.erase_membership(acme, boss).has_value(), "the owner leaves");
    };
    const auto check = [&](const Ended& ended) {
      INFO(text_of(ended));
      CHECK(ended.state.broken == "");
      const Order order(ended.steps);
      if (!*erased) {
        ++refused;
        CHECK(order.of_command.back() < order.erased);
        return;
      }
      if (order.commits_late()) {
        ++late;
        CHECK(ended.stale >= 1);
      }
      if (order.put_again > order.of_command.back()) CHECK(rows_of(ended, text_of(acme), "") == 0);
    };
    CHECK(every_schedule({no_limit, before, host_rules(), race}, check) >= 4);
  }
  CHECK(refused > 0);
  CHECK(late > 0);
}

TEST_CASE("an account is erased while a command adds it, and no membership is of one that is gone") {
  const std::vector<OrganizationSelector> both{acme, works};
  const std::vector<AccountSelector> several{ann, emil, stranger};
  const std::vector<Participant> commands = {
      participant<AddMembers>(acme, emil, clerk, by(boss)),  // a former member returns
      participant<AddMembers>(works, emil, clerk, by(boss)),
      participant<AddMembers>(both, several, clerk, by(boss)),
      participant<Invite>(works, emil, clerk, by(boss)),
  };
  std::size_t refused = 0, late = 0;
  for (const Participant& command : commands)
    for (const Mentions mentions : {Mentions::keep, Mentions::erase}) {
      const auto erased = std::make_shared<bool>(false);
      const std::vector<Participant> race = {command, meanwhile([erased, mentions](MemoryStore& store) {
                                               *erased = store.erase_account(emil, any_version, mentions).has_value();
                                             }),
                                             meanwhile([erased](MemoryStore& store) {
                                               if (*erased)
                                                 must(store.put_account({.id = emil}).has_value(), "another account");
                                             })};
      const auto before = [erased](AcmeFixture& in) {
        *erased = false;
        in.put(emil, clerk, MembershipState::removed);
        must(in.store.erase_membership(works, emil).has_error(), "no membership there");
      };
      const auto check = [&](const Ended& ended) {
        INFO(text_of(ended));
        CHECK(ended.state.broken == "");
        const Order order(ended.steps);
        if (!*erased) {
          ++refused;
          CHECK(order.of_command.back() < order.erased);
          return;
        }
        if (order.commits_late()) {
          ++late;
          CHECK(ended.stale >= 1);
        }
        if (order.put_again > order.of_command.back())
          for (const auto& [pair, row] : ended.state.rows)
            CHECK((pair.second != text_of(emil) || row.state == MembershipState::removed));
      };
      CHECK(every_schedule({no_limit, before, host_rules(), race}, check) >= 4);
    }
  CHECK(refused > 0);
  CHECK(late > 0);
}

}  // namespace erase_races
