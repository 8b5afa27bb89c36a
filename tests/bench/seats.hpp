// A seat holds one contestant and its store, set up with one population; every kind answers to the same few words.
#ifndef ROSTER_BENCH_SEATS_HPP
#define ROSTER_BENCH_SEATS_HPP

#include <array>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "floors/handles.hpp"
#include "floors/plain_maps.hpp"
#include "measure.hpp"
#include "population.hpp"
#include "roster/roster.hpp"

namespace bench {

inline constexpr std::uint64_t now_us = 1'767'225'600'000'000u;

/// Identifiers in the form of one floor, made once and used by all its seats.
template <class Key>
struct FloorIds {
  explicit FloorIds(const Population& of) : population(of) {
    for (const Identifier& id : of.organizations) organizations.push_back(key_of<Key>(id));
    for (const Identifier& id : of.accounts) accounts.push_back(key_of<Key>(id));
  }
  const Population& population;
  std::vector<Key> organizations, accounts;
};

/// The same for the engine: parsed once, because parsing is the host's job.
struct RosterIds {
  explicit RosterIds(const Population& of) : population(of) {
    for (const Identifier& id : of.organizations) organizations.push_back(id.organization());
    for (const Identifier& id : of.accounts) accounts.push_back(id.account());
    for (const Address& address : of.addresses) emails.push_back(roster::Email::parse(address.view()).assume_value());
  }
  const Population& population;
  std::vector<roster::OrganizationId> organizations;
  std::vector<roster::AccountId> accounts;
  std::vector<roster::Email> emails;
};

template <class Floor>
class FloorSeat {
 public:
  using Ids = FloorIds<typename Floor::Key>;

  explicit FloorSeat(const Ids& ids) : ids_(ids) {
    const Population& population = ids.population;
    for (const auto& id : ids.organizations) floor_.put_organization(id);
    for (std::size_t i = 0; i < ids.accounts.size(); ++i)
      floor_.put_account(ids.accounts[i], population.addresses[i].view());
    for (std::uint32_t i = 0; i < ids.organizations.size(); ++i)
      floor_.put_member(ids.organizations[i], ids.accounts[population.owner_of(i)]);
    staged_.resize(batch);
  }
  Floor& floor() { return floor_; }

  void room(std::size_t staged) { staged_.resize(staged); }
  void stage(std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const Membership join = ids_.population.joins[i];
      staged_[i - from] = {ids_.organizations[join.organization],
                           ids_.accounts[ids_.population.owner_of(join.organization)], ids_.accounts[join.person],
                           ids_.population.addresses[join.person]};
    }
  }
  /// True if it was new.
  bool add(std::size_t i) {
    const Staged& asked = staged_[i];
    return floor_.add(asked.organization, asked.actor, asked.account, 1, now_us) == floors::Answer::added;
  }
  bool add_by_email(std::size_t i) {
    const Staged& asked = staged_[i];
    return floor_.add_by_email(asked.organization, asked.actor, asked.address.view(), 1, now_us) ==
           floors::Answer::added;
  }

 private:
  struct Staged {
    typename Floor::Key organization, actor, account;
    Address address;
  };
  const Ids& ids_;
  Floor floor_;
  std::vector<Staged> staged_;
};

/// Two roles known at compile time, existing members are kept, any member may add.
inline constexpr std::array<roster::Role, 2> bench_roles = {
    roster::Role{.id = roster::RoleId("member"), .rank = 1},
    roster::Role{.id = roster::RoleId("admin"), .rank = 2, .manages = true}};
inline roster::Profile bench_profile() {
  roster::Profile profile{.actor = roster::ActorRule::host_decides};
  profile.name = "bench";
  profile.on_same_role = profile.on_other_role = roster::OnConflict::keep;
  profile.roles = bench_roles;
  profile.default_role = bench_roles[0].id;
  profile.actor = roster::ActorRule::member;
  return profile;
}

class RosterSeat {
 public:
  using Ids = RosterIds;

  explicit RosterSeat(const Ids& ids, bool thread_safe = false, const roster::Profile& profile = bench_profile(),
                      const roster::Options& options = {});
  roster::MemoryStore& store() { return store_; }
  const roster::Engine& engine() const { return engine_; }

  void room(std::size_t staged) { staged_.resize(staged); }
  void stage(std::size_t from, std::size_t to);
  bool add(std::size_t i) {
    const Staged& asked = staged_[i];
    return added(engine_.add(
        roster::AddMembers(asked.organization, asked.account, bench_roles[0].id, {asked.actor}, asked.idempotency_key),
        now()));
  }
  /// Reads the address as well, because the floors fold it.
  bool add_by_email(std::size_t i) {
    const Staged& asked = staged_[i];
    auto email = roster::Email::parse(asked.address.view());
    return added(engine_.add(roster::AddMembers(asked.organization, std::move(email).assume_value(), bench_roles[0].id,
                                                {asked.actor}, asked.idempotency_key),
                             now()));
  }
  static roster::Time now() { return roster::Time{static_cast<std::int64_t>(now_us)}; }
  roster::IdempotencyKey next_request();

 private:
  struct Staged {
    roster::OrganizationId organization;
    roster::AccountId actor, account;
    Address address;
    roster::IdempotencyKey idempotency_key;
  };
  static bool added(const roster::Result<roster::Report>& report) {
    if (!report) [[unlikely]]
      broken("an add ended in an error");
    const roster::Outcome outcome = report.assume_value().outcomes[0];
    if (outcome != roster::Outcome::added && outcome != roster::Outcome::existing) [[unlikely]]
      broken("an add was refused");
    return outcome == roster::Outcome::added;
  }

  const Ids& ids_;
  roster::MemoryStore store_;
  roster::UuidSource source_;
  roster::Engine engine_;
  std::vector<Staged> staged_;
  floors::Splitmix requests_{11};
};

using PlainUuid = floors::PlainMaps<floors::Uuid>;
using PlainText = floors::PlainMaps<floors::Text>;
using HandlesUuid = floors::Handles<floors::Uuid>;
using HandlesText = floors::Handles<floors::Text>;

/// Every form of the identifiers of one population.
struct AllIds {
  explicit AllIds(const Population& of) : uuid(of), text(of), roster(of) {}
  FloorIds<floors::Uuid> uuid;
  FloorIds<floors::Text> text;
  RosterIds roster;
};

}  // namespace bench

#endif
