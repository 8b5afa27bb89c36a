// Makes the population from a fixed seed.
#include "population.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "measure.hpp"

namespace bench {

namespace {
Identifier identifier_of(floors::Splitmix& random) {
  Identifier made;
  made.uuid = random.uuid();
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &made.uuid, sizeof bytes);
  const roster::UuidText text = roster::print_uuid(bytes);
  made.text.assign(text.data(), text.size());
  return made;
}
Address address_of(std::uint32_t number) {
  Address address;
  std::memcpy(address.text, "Ann.Lee00000000@Example.com", sizeof address.text);
  for (std::size_t i = 14; number != 0; --i, number /= 10) address.text[i] = static_cast<char>('0' + number % 10);
  return address;
}
}  // namespace

Population::Population(std::uint32_t organization_count, std::uint32_t person_count, std::uint32_t each)
    : persons(person_count) {
  floors::Splitmix random(20240229);
  for (std::uint32_t i = 0; i < organization_count; ++i) organizations.push_back(identifier_of(random));
  for (std::uint32_t i = 0; i < person_count + organization_count; ++i) {
    accounts.push_back(identifier_of(random));
    addresses.push_back(address_of(i));
  }
  const std::uint32_t step = std::max(organization_count / std::max(each, 1u), 1u);
  for (std::uint32_t person = 0; person < person_count; ++person)
    for (std::uint32_t k = 0; k < each; ++k) joins.push_back({(person + k * step) % organization_count, person});
  for (std::size_t i = joins.size(); i > 1; --i) std::swap(joins[i - 1], joins[random.next() % i]);
}

Population ten_each(std::uint32_t members) {
  return Population(std::max(members / 1000, 10u), members / 10, 10);
}

template <>
floors::Uuid key_of<floors::Uuid>(const Identifier& identifier) {
  return identifier.uuid;
}
template <>
floors::Text key_of<floors::Text>(const Identifier& identifier) {
  floors::Text key;
  expect(identifier.text.size() <= sizeof key.words, "an identifier does not fit the key of a floor");
  std::memcpy(key.words, identifier.text.data(), identifier.text.size());
  return key;
}

}  // namespace bench
