// Records of the host that a response shows, and where a blocking host says them.
#ifndef ROSTER_HTTP_RECORDS_HPP
#define ROSTER_HTTP_RECORDS_HPP

#include <optional>
#include <string>

#include "roster/identity.hpp"

ROSTER_PUBLIC_BEGIN
namespace http {

/// Which records a response would show. Valid as long as the Exchange that asks.
struct RecordsWanted {
  AccountId account;
  const OrganizationSelector* organization = nullptr;  ///< as the request names it
  RoleId role;                                         ///< empty: none
  MembershipId membership;                             ///< empty: none
};

/// An account as it is shown. Its id is not among these: the response shows the id that was decided on.
struct AccountShown {
  std::optional<std::string> email{}, username{}, first_name{}, last_name{}, timezone{}, status{};
  bool is_active = true;
  std::optional<Time> created_at{}, updated_at{}, invited_at{};
};

struct RoleShown {
  std::string name{};
  bool is_system = false;
};

struct OrganizationShown {
  std::string name{};
  std::optional<std::string> business_information{}, timezone{};
  AccountId created_by{}, owner{};  ///< empty: shown as null
  std::optional<Time> created_at{}, updated_at{};
};

/// What the host has of that. Whatever is missing is shown as the API shows an absence.
struct Records {
  std::optional<AccountShown> account{};
  std::optional<RoleShown> role{};
  std::optional<OrganizationShown> organization{};
  std::optional<Time> member_since{};  ///< when the membership was created
};

/// Where a blocking host's records come from. Called only after the command was carried out, so what it says changes no
/// decision. May throw: the response then shows no records. If a Front is shared by threads, so is this.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual Records look_up(const RecordsWanted& wanted) = 0;
};

}  // namespace http
ROSTER_END

#endif
