// Records of the host that a response includes, and their source for a blocking host.
#ifndef ROSTER_HTTP_RECORDS_HPP
#define ROSTER_HTTP_RECORDS_HPP

#include <optional>
#include <string>

#include "roster/identity.hpp"

ROSTER_PUBLIC_BEGIN
namespace http {

/// RecordsWanted lists the records that a response includes. It is valid as long as its Exchange.
struct RecordsWanted {
  AccountId account;
  const OrganizationSelector* organization = nullptr;  ///< as the request names it
  RoleId role;                                         ///< empty: none
  MembershipId membership;                             ///< empty: none
};

/// AccountShown is an account as a response shows it, without its id. The response uses the id of the decision.
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

/// Records are the records that the host has. A missing one is written in the form of the API.
struct Records {
  std::optional<AccountShown> account{};
  std::optional<RoleShown> role{};
  std::optional<OrganizationShown> organization{};
  std::optional<Time> member_since{};  ///< when the membership was created
};

/// RecordSource supplies the records of a blocking host. It is called only after the command was executed, so it
/// changes no decision. It may throw: the response then shows no records. Threads that share a Front also share it.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual Records look_up(const RecordsWanted& wanted) = 0;
};

}  // namespace http
ROSTER_END

#endif
