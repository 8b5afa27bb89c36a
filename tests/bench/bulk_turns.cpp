// The engine's side of a bulk.
#include "bulk_turns.hpp"

namespace bench {

Population nobody_yet(std::uint32_t organizations, std::uint32_t persons) {
  Population population(organizations, persons, 0);
  population.one_owner = true;
  return population;
}

roster::AddMembers bulk_command(const RosterIds& ids, bool reorders) {
  const std::uint32_t persons = ids.population.persons;
  const auto in_order = std::span(ids.accounts).first(persons);
  const auto others = reordered(in_order);
  const auto accounts = reorders ? std::span(others) : in_order;
  return roster::AddMembers(
      std::vector<roster::OrganizationSelector>(ids.organizations.begin(), ids.organizations.end()),
      std::vector<roster::AccountSelector>(accounts.begin(), accounts.end()), bench_roles[0].id,
      {ids.accounts[persons]});
}

roster::Profile bulk_profile(const RosterIds& ids, roster::Mode mode) {
  roster::Profile profile = bench_profile();
  profile.mode = mode;
  profile.accounts_max = ids.population.persons;
  profile.organizations_max = static_cast<std::uint32_t>(ids.organizations.size());
  return profile;
}

std::vector<double> roster_bulk(const RosterIds& ids, BulkKind kind, std::size_t stores) {
  const std::size_t cells = ids.organizations.size() * ids.population.persons;
  const roster::Profile profile = bulk_profile(ids, kind.mode);
  roster::Options options;
  options.details = kind.details;
  roster::AddMembers commands[2] = {bulk_command(ids), bulk_command(ids, kind.reordered)};
  double ns[2] = {0, 0};
  for (std::size_t store = 0; store < stores; ++store) {
    const auto seat = std::make_unique<RosterSeat>(ids, kind.thread_safe, profile, options);
    for (int again = 0; again < 2; ++again) {
      roster::AddMembers& command = commands[again];
      command.idempotency_key = seat->next_request();
      const std::uint64_t start = thread_cpu_ns();
      const auto report = seat->engine().add(command, RosterSeat::now());
      ns[again] += static_cast<double>(thread_cpu_ns() - start);
      expect(report.has_value(), "a bulk ended in an error");
      expect(report.assume_value().count(again != 0 ? roster::Outcome::existing : roster::Outcome::added) == cells,
             "a bulk was not what it should be");
    }
  }
  const auto total = static_cast<double>(cells * stores);
  return {ns[0] / total, ns[1] / total};
}

}  // namespace bench
