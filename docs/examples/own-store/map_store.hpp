// The simplest correct store: maps, one lock, and a copy of everything for each commit. It is slow but easy to verify.
#ifndef ROSTER_EXAMPLES_MAP_STORE_HPP
#define ROSTER_EXAMPLES_MAP_STORE_HPP

#include <algorithm>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "roster/memory_store.hpp"  // OrganizationRecord and the like
#include "roster/store.hpp"

/// One membership and its history.
struct MemberRow {
  roster::MembershipId id;
  roster::RoleId role;
  roster::MembershipState state{};
  roster::Version version{};
  roster::IdempotencyKey idempotency_key;  // of the last write
  roster::AccountId by;                    // the inviter
  roster::Time valid_until{};              // stored, and never applied
  roster::Time invitation_until{};         // of an invitation; of its tombstone, the time of the removal

  roster::Time written_at{};                     // the time of the last write
  std::optional<roster::IdempotencyKey> before;  // of the write before the last suspension, removal or return
};

/// All data of the store. Each kind of name has its own map, compared byte by byte.
struct Tables {
  struct Organization {
    roster::OrganizationRecord record;
    roster::Version version{};
    std::map<roster::RoleId, roster::Role> catalog;
  };
  struct Account {
    roster::AccountRecord record;
    roster::Version version{};
  };
  using Pair = std::pair<roster::OrganizationId, roster::AccountId>;

  std::map<roster::OrganizationId, Organization> organizations;
  std::map<roster::Slug, roster::OrganizationId> slugs;
  std::map<roster::AccountId, Account> accounts;
  std::map<std::string, roster::AccountId> emails;  // by the key of the address, not by its spelling
  std::map<roster::Username, roster::AccountId> usernames;
  std::map<roster::GroupName, std::vector<roster::AccountId>> groups;
  std::map<Pair, MemberRow> members;
  std::map<roster::MembershipId, Pair> member_ids;
  std::set<roster::RoleId> owner_roles;  // that have owned; never erased by a change of a catalog
  std::uint64_t last_version = 0;        // one counter for all records, so that no version is ever used twice

  /// False for an account that the host has disabled: it neither owns nor acts.
  bool is_enabled(const roster::AccountId& id) const {
    const auto at = accounts.find(id);
    return at != accounts.end() && !at->second.record.disabled;
  }
};

/// The meaning of roles for a count: by the lists of a query or change set, or by the organization's own catalog.
struct RoleMeaning {
  const roster::CountedRoles& by;

  bool owns(const Tables::Organization& in, const roster::RoleId& role) const {
    const auto own = in.catalog.find(role);
    return by.counts_by_catalog() ? own != in.catalog.end() && own->second.owns : has(by.owner_roles, role);
  }
  bool takes_seat(const Tables::Organization& in, const roster::RoleId& role) const {
    const auto own = in.catalog.find(role);
    return by.counts_by_catalog() ? own == in.catalog.end() || own->second.takes_seat : !has(by.free_roles, role);
  }

 private:
  static bool has(std::span<const roster::RoleId> roles, const roster::RoleId& role) {
    return std::find(roles.begin(), roles.end(), role) != roles.end();
  }
};

class MapStore : public roster::Store {
 public:
  roster::Result<void> fetch(const roster::Query& query, roster::Facts& facts) override;
  roster::Result<void> commit(const roster::ChangeSet& changes) override;

  roster::Result<void> put(const roster::OrganizationRecord& record);
  roster::Result<void> put(const roster::AccountRecord& record);
  roster::Result<void> put(const roster::OrganizationId& organization, const roster::Role& role);
  roster::Result<void> put(const roster::GroupName& group, std::span<const roster::AccountId> accounts);

 protected:
  std::mutex lock_;
  Tables tables_;
};

#endif
