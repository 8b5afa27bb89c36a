// Floors F1, B and A: plain maps keyed by the identifiers themselves, as a careful programmer writes them first.
#ifndef ROSTER_BENCH_FLOORS_PLAIN_MAPS_HPP
#define ROSTER_BENCH_FLOORS_PLAIN_MAPS_HPP

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <vector>

#include "floors/flat_map.hpp"
#include "floors/keys.hpp"

namespace floors {

/// F1 (one at a time) and B (bulk): one map from the pair to its record, one from the account to its organizations.
template <class KeyOfIds>
class PlainMaps {
 public:
  using Key = KeyOfIds;

  void put_organization(const Key& id) { *organizations_.insert(id).first = 1; }
  void put_account(const Key& id, std::string_view email) {
    *accounts_.insert(id).first = static_cast<std::uint32_t>(lists_.size());
    lists_.emplace_back();
    *emails_.insert(EmailKey::of(email)).first = id;
  }
  void put_member(const Key& organization, const Key& account) {
    write(organization, account, *accounts_.find(account), 1, 0);
  }

  Answer add(const Key& organization, const Key& actor, const Key& account, std::uint16_t role, std::uint64_t now) {
    if (organizations_.find(organization) == nullptr) return Answer::no_organization;
    if (members_.find({organization, actor}) == nullptr) return Answer::forbidden;
    const std::uint32_t* const list = accounts_.find(account);
    if (list == nullptr) return Answer::no_account;
    return write(organization, account, *list, role, now);
  }
  Answer add_by_email(const Key& organization, const Key& actor, std::string_view email, std::uint16_t role,
                      std::uint64_t now) {
    if (organizations_.find(organization) == nullptr) return Answer::no_organization;
    if (members_.find({organization, actor}) == nullptr) return Answer::forbidden;
    const Key* const account = emails_.find(EmailKey::of(email));
    if (account == nullptr) return Answer::no_account;
    return write(organization, *account, *accounts_.find(*account), role, now);
  }

  /// One answer a pair, organization by organization, with room made ahead.
  void add_all(std::span<const Key> organizations, std::span<const Key> accounts, const Key& actor, std::uint16_t role,
               std::uint64_t now, Answer* answers) {
    members_.reserve(members_.size() + organizations.size() * accounts.size());
    for (const Key& organization : organizations) {
      const bool allowed =
          organizations_.find(organization) != nullptr && members_.find({organization, actor}) != nullptr;
      for (const Key& account : accounts) {
        const std::uint32_t* const list = accounts_.find(account);
        *answers++ = !allowed          ? Answer::forbidden
                     : list == nullptr ? Answer::no_account
                                       : write(organization, account, *list, role, now);
      }
    }
  }

  /// The ids of an account's organizations.
  std::size_t organizations_of(const Key& account, std::span<Key> out) const {
    const std::uint32_t* const at = accounts_.find(account);
    if (at == nullptr) return 0;
    std::size_t count = 0;
    for (const Key& organization : lists_[*at]) out[count++] = organization;
    return count;
  }

 private:
  Answer write(const Key& organization, const Key& account, std::uint32_t list, std::uint16_t role, std::uint64_t now) {
    const auto [record, fresh] = members_.insert({organization, account});
    if (!fresh) return Answer::existing;
    *record = Record{ids_.uuid(), 0, role, 0, now, 1};
    lists_[list].push_back(organization);
    return Answer::added;
  }

  FlatMap<Key, std::uint8_t> organizations_;
  FlatMap<Key, std::uint32_t> accounts_;
  FlatMap<EmailKey, Key> emails_;
  FlatMap<Pair<Key>, Record> members_;
  std::deque<std::vector<Key>> lists_;  // a map of vectors, in effect: what grows must not move them
  Splitmix ids_{7};
};

/// A: the pair map alone, for the worst single add.
template <class Key>
class OneMap {
 public:
  bool add(const Key& organization, const Key& account, std::uint16_t role, std::uint64_t now) {
    const auto [record, fresh] = members_.insert({organization, account});
    if (fresh) *record = Record{ids_.uuid(), 0, role, 0, now, 1};
    return fresh;
  }

 private:
  FlatMap<Pair<Key>, Record> members_;
  Splitmix ids_{7};
};

}  // namespace floors

#endif
