// ReadCalls: calls of the read interface of a store, and CommittedMemberships, with which their answers are compared.
#ifndef ROSTER_CONFORMANCE_READ_CALLS_HPP
#define ROSTER_CONFORMANCE_READ_CALLS_HPP

#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "change_set_builder.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

using Names = std::vector<std::string>;

/// Indexes of an organization and an account.
using Cell = std::pair<std::uint32_t, std::uint32_t>;

/// The listings have the same laws. That of invitations has no count.
enum class Listing { members, organizations, invitations };
inline constexpr std::array listings = {Listing::members, Listing::organizations};

/// The cell of the i-th listed record.
inline Cell cell(Listing listing, std::uint32_t of, std::uint32_t i) {
  return listing != Listing::organizations ? Cell{of, i} : Cell{i, of};
}
inline std::string listed_id(Listing listing, const Membership& membership) {
  return std::string(listing != Listing::organizations ? membership.account.view() : membership.organization.view());
}

/// The reader of the fixture. A failed call fails the law and returns an empty answer.
class ReadCalls {
 public:
  explicit ReadCalls(TestContext& test);
  std::optional<Membership> membership(const OrganizationId& organization, const AccountId& account);
  std::optional<FormerMembership> former(const OrganizationId& organization, const AccountId& account);
  std::uint64_t count(Listing listing, const std::string& of);
  std::vector<Membership> page(Listing listing, const std::string& of, const std::string& after, std::size_t size);
  /// The members with one role, in pages of `size`.
  std::vector<Membership> with_role(const std::string& of, const RoleId& role, std::size_t size, std::size_t most);
  /// All pages of a listing. It ends early if there are more than `most` entries.
  std::vector<Membership> all(Listing listing, const std::string& of, std::size_t size, std::size_t most);

 private:
  template <class Call>
  auto call_reader(const char* what, const Call& call);

  TestContext& test_;
  const MembershipReader* reader_;
};

/// Organizations and accounts with the same names, and the memberships that were committed.
class CommittedMemberships {
 public:
  CommittedMemberships(TestContext& test, const Names& names);

  AccountId actor;
  bool keeps_tombstones = true;
  Time invitation_until{};  ///< of the invitations that the next commits write

  /// One commit: adds each cell, or changes the membership there.
  void write(const std::vector<Cell>& cells, const RoleId& role, MembershipState state, Time valid_until = {});
  /// The memberships and tombstones in the store, with the ids and versions that fetch returns.
  std::map<Cell, FormerMembership> stored();

 private:
  void note(const Cell& at, const ChangeSet& changes, const RoleId& role, MembershipState state,
            std::uint32_t fingerprint);

  TestContext& test_;
  std::vector<OrganizationSelector> rows_;
  std::vector<AccountSelector> columns_;
  std::map<Cell, FormerMembership> committed_;
};

/// Fails the law unless the record has the fields that were committed.
void expect_same(TestContext& test, const Membership& read, const Membership& stored, const std::string& call);
/// Fails the law unless the entries have these ids, in this order.
bool expect_listed(TestContext& test, Listing listing, const std::vector<Membership>& read, const Names& expected,
                   const std::string& what);

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
