#include "importer.hpp"

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace quickstart {
namespace {

constexpr std::size_t seat_count = 3;

std::string folded(std::string_view username) {
  std::string key(username);
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return key;
}

/// The name of a team is unique only inside its organization, and both names together may be too long for an id. A
/// digest of both is unique and short. A line feed separates them, because no name can have one. With a `/` the team
/// `b/c` of `a` would be the team `c` of `a/b`.
roster::OrganizationId team_id(std::string_view organization, std::string_view team) {
  const std::string path = std::string(organization) + "\n" + std::string(team);
  const roster::UuidText text = roster::MembershipId::of(path).text();
  return roster::OrganizationId::parse(std::string(team_prefix) + std::string(text.data(), text.size())).value();
}

/// The id of a person is the username in lower case. A username may be longer than an id: then the id is a digest, and
/// so it is for a username that looks like one.
roster::AccountId account_id(std::string_view username) {
  constexpr std::string_view prefix = "digest:";
  std::string id = folded(username);
  if (id.size() > roster::AccountId::size_max || id.starts_with(prefix)) {
    const roster::UuidText text = roster::MembershipId::of(id).text();
    id = std::string(prefix) + std::string(text.data(), text.size());
  }
  return roster::AccountId::parse(id).value();
}

/// Numbers the distinct keys in the order of their first use.
class Numbering {
 public:
  /// The second is true if the key is new.
  std::pair<std::size_t, bool> operator[](std::string key) {
    const auto [at, fresh] = numbers_.try_emplace(std::move(key), numbers_.size());
    return {at->second, fresh};
  }
  std::size_t size() const { return numbers_.size(); }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
};

/// One organization or team, with the people of each role.
struct Place {
  roster::OrganizationRecord record;
  std::size_t organization = 0;
  std::array<std::vector<roster::AccountSelector>, seat_count> people;
};

void plan_adds(std::vector<Place>& places, Plan& plan) {
  for (Place& place : places) {
    plan.places.push_back(place.record);
    for (std::size_t seat = 0; seat < seat_count; ++seat) {
      if (place.people[seat].empty()) continue;
      roster::OrganizationSelector where = place.record.id;
      if (!place.record.parent.empty()) where = roster::Nested{place.record.parent, place.record.id};
      plan.adds.push_back(
          {place.organization,
           {where, std::move(place.people[seat]), roster::grant_of(static_cast<HostRole>(seat)).value()}});
    }
  }
}

}  // namespace

const roster::Profile import_profile = {
    .name = "import",
    .by_id = false,
    .by_email = false,
    .on_same_role = roster::OnConflict::keep,
    .on_other_role = roster::OnConflict::raise,  // a duplicate person gets the higher role
    .roles = roster::catalog<HostRole>,
    .default_role = roster::default_role<HostRole>,
    .parent = roster::ParentRule::add,  // a member of a team is a member of its organization
    .parent_role = roster::grant<HostRole::member>,
    .actor = roster::ActorRule::host_decides,
    .mode = roster::Mode::best_effort,
    .accounts_max = 1'000'000,
};

Plan plan_import(const std::vector<RosterRow>& rows) {
  Plan plan;
  std::vector<Place> organizations, teams;
  Numbering organization_numbers, team_numbers, people, spellings, people_by_organization;
  for (const RosterRow& row : rows) {
    const auto [number, fresh] = organization_numbers[std::string(row.organization.view())];
    if (fresh) {
      plan.organizations.push_back({std::string(row.organization.view())});
      organizations.push_back({{.id = row.organization}, number, {}});
    }
    PlannedOrganization& organization = plan.organizations[number];
    ++organization.rows;

    const std::string person = folded(row.username.view());
    if (people[person].second) plan.people.push_back(row.username);
    spellings[std::string(row.username.view())];
    if (people_by_organization[std::to_string(number) + "/" + person].second) ++organization.people;

    Place* place = &organizations[number];
    if (!row.team.empty()) {
      const auto id = team_id(row.organization.view(), row.team.view());
      const auto [team, is_new] = team_numbers[std::string(id.view())];
      if (is_new) {
        ++organization.teams;
        teams.push_back({{.id = id, .parent = row.organization}, number, {}});
      }
      place = &teams[team];
    }
    place->people[static_cast<std::size_t>(row.seat)].push_back(row.username);
  }
  plan.spellings = spellings.size();
  plan_adds(organizations, plan);
  plan_adds(teams, plan);
  return plan;
}

roster::Result<void> prepare(ChosenStore& store, const Plan& plan) {
  std::vector<roster::AccountRecord> people;
  for (const roster::Username& username : plan.people)
    people.push_back({.id = account_id(username.view()), .username = username});
  return store.put(plan.places, people);
}

roster::Result<ImportResult> run_import(const roster::Engine& engine, const Plan& plan, roster::Time now,
                                        const Progress& progress) {
  ImportResult result;
  result.by_organization.resize(plan.organizations.size());
  for (std::size_t done = 0; done < plan.adds.size(); ++done) {
    const PlannedAdd& add = plan.adds[done];
    const auto report = engine.add(add.command, now);
    if (!report) return report.error();
    if (report.value().stopped) return *report.value().stopped;
    for (const roster::Outcome outcome : report.value().outcomes) {
      ++result.by_organization[add.organization][outcome];
      ++result.total[outcome];
    }
    progress(done + 1);
  }
  return result;
}

}  // namespace quickstart
