// ChangeSetBuilder: builds a change set on fetched facts, also one that decide() would never make.
#ifndef ROSTER_CONFORMANCE_CHANGE_SET_BUILDER_HPP
#define ROSTER_CONFORMANCE_CHANGE_SET_BUILDER_HPP

#include <deque>
#include <string>
#include <vector>

#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

/// Not movable: the changes refer to the facts, which may be stored inline.
class ChangeSetBuilder {
 public:
  /// Fetches rows x columns, with inviters, and the actor's memberships if there is an actor.
  ChangeSetBuilder(TestContext& test, std::vector<OrganizationSelector> rows, std::vector<AccountSelector> columns,
                   const AccountId& actor = {}, Store* store = nullptr);
  ChangeSetBuilder(const ChangeSetBuilder&) = delete;
  ChangeSetBuilder& operator=(const ChangeSetBuilder&) = delete;

  const Facts& facts() const noexcept { return facts_; }
  /// Null for a missing membership.
  const MembershipFact* at(std::uint32_t row, std::uint32_t column) const noexcept;

  // ---- entries
  /// Returns the id of the new membership.
  MembershipId add(std::uint32_t row, std::uint32_t column, const RoleId& role = member,
                   MembershipState state = MembershipState::active);
  /// Returns the index of the new account for add().
  std::uint32_t create(const AccountId& id, const Email& email = {}, bool invited = false);
  /// Adds a change of a found membership, and returns the entry for modification. Without that membership it has no
  /// effect.
  MemberChanged& change(std::uint32_t row, std::uint32_t column, MembershipState state, Event event,
                        const RoleId& role = {});
  MemberChanged& change(const MembershipFact& fact, MembershipState state, Event event, const RoleId& role = {});
  MemberChanged& remove(std::uint32_t row, std::uint32_t column) {
    return change(row, column, MembershipState::removed, Event::removed);
  }
  /// A removed or suspended membership becomes a new one.
  MemberChanged& renew(std::uint32_t row, std::uint32_t column, const RoleId& role = member,
                       MembershipState state = MembershipState::active);

  // ---- guards
  void guard(Guard::Record record, std::uint32_t row, std::uint32_t column, Version version, std::uint32_t limit = 0);
  void guard_organization(std::uint32_t row);
  void guard_account(std::uint32_t column);
  void guard_membership(std::uint32_t row, std::uint32_t column);
  void guard_actor(std::uint32_t row);
  void guard_inviter(std::uint32_t row, std::uint32_t column);
  void limit_seats(std::uint32_t row, std::uint32_t limit, bool invited_occupy_seats = true);
  void keep_an_owner(std::uint32_t row, const std::vector<RoleId>& owners = {owner});

  /// Sets another idempotency key.
  void sign(const IdempotencyKey& idempotency_key);

  // ---- the commit, by the store of the fetch or by another
  CallStatus commit() { return commit(*store_); }
  CallStatus commit(Store& store);
  /// Commits, and fails the law unless the store returns this status. `what` is the text of the failure.
  bool succeeds(std::string_view what);
  bool is_stale(std::string_view what);

  ChangeSet changes;

 private:
  RoleIndex role(const RoleId& id);
  std::uint32_t fresh_fingerprint() const noexcept;
  std::string cell(std::uint32_t row, std::uint32_t column) const;
  std::string place(std::uint32_t row) const;
  std::string text_of(const Guard& guard) const;
  std::string text() const;

  TestContext* test_;
  Store* store_;
  OwnedQuery owned_query_;
  Facts facts_;
  std::deque<Email> emails_;
  std::vector<RoleId> owners_;
  MemberChanged none_;
};

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
