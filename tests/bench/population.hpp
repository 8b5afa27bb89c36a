// Who is added where: the same people, organizations and order for every contestant.
#ifndef ROSTER_BENCH_POPULATION_HPP
#define ROSTER_BENCH_POPULATION_HPP

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "floors/keys.hpp"
#include "roster/roster.hpp"

namespace bench {

/// An address of 27 bytes with upper and lower case in it.
struct Address {
  char text[27];
  std::string_view view() const { return {text, sizeof text}; }
};

/// One identifier in each form that a contestant takes.
struct Identifier {
  roster::AccountId account() const { return roster::AccountId::parse(text).assume_value(); }
  roster::OrganizationId organization() const { return roster::OrganizationId::parse(text).assume_value(); }
  floors::Uuid uuid;
  std::string text;
};

struct Membership {
  std::uint32_t organization, person;
};

/// `persons` people who each join `each` of `organizations` organizations, in random order. Every organization has an
/// owner of its own, account persons + its number, who is a member from the start and acts in every add.
struct Population {
  Population(std::uint32_t organizations, std::uint32_t persons, std::uint32_t each);

  std::vector<Identifier> organizations;
  std::vector<Identifier> accounts;  ///< persons, then owners
  std::vector<Address> addresses;    ///< of accounts
  std::vector<Membership> joins;     ///< in the order in which they are added
  std::uint32_t persons;
  bool one_owner = false;  ///< the first owner owns every organization

  std::uint32_t owner_of(std::uint32_t organization) const { return persons + (one_owner ? 0 : organization); }
};

/// How big a store with that many members is here: ten organizations a person, a thousand members an organization
/// (a hundred where there are only a thousand in all).
Population ten_each(std::uint32_t members);

/// A key of a floor from an identifier.
template <class Key>
Key key_of(const Identifier& identifier);

}  // namespace bench

#endif
