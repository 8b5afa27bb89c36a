// Sets up a store of the engine.
#include "seats.hpp"

#include <cstring>

namespace bench {

RosterSeat::RosterSeat(const Ids& ids, bool thread_safe, const roster::Profile& profile, const roster::Options& options)
    : ids_(ids),
      store_([&] {
        roster::MemoryOptions chosen;
        chosen.thread_safe = thread_safe;
        return chosen;
      }()),
      source_({1, 2}),
      engine_(profile, store_, source_, options) {
  const Population& population = ids.population;
  for (const auto& id : ids.organizations)
    expect(store_.put_organization({.id = id}).has_value(), "an organization was refused");
  for (std::size_t i = 0; i < ids.accounts.size(); ++i)
    expect(store_.put_account({.id = ids.accounts[i], .email = ids.emails[i]}).has_value(), "an account was refused");
  for (std::uint32_t i = 0; i < ids.organizations.size(); ++i) {
    roster::Membership owner;
    source_.fill(std::span(&owner.id, 1));
    owner.organization = ids.organizations[i];
    owner.account = ids.accounts[population.owner_of(i)];
    owner.role = bench_roles[1].id;
    expect(store_.put_membership(owner).has_value(), "an owner was refused");
  }
  staged_.resize(batch);
}

roster::IdempotencyKey RosterSeat::next_request() {
  const floors::Uuid random = requests_.uuid();
  roster::IdempotencyKey key;
  std::memcpy(key.bytes.data(), &random, sizeof random);
  return key;
}

void RosterSeat::stage(std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; ++i) {
    const Membership join = ids_.population.joins[i];
    Staged& asked = staged_[i - from];
    asked.organization = ids_.organizations[join.organization];
    asked.actor = ids_.accounts[ids_.population.owner_of(join.organization)];
    asked.account = ids_.accounts[join.person];
    asked.address = ids_.population.addresses[join.person];
    asked.idempotency_key = next_request();
  }
}

}  // namespace bench
