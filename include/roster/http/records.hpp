// Records of the host that a response includes, and their source for a blocking host.
#ifndef ROSTER_HTTP_RECORDS_HPP
#define ROSTER_HTTP_RECORDS_HPP

#include <optional>
#include <string>

#include "roster/identity.hpp"

namespace roster {
inline namespace ROSTER_PUBLIC_ABI {
namespace http {

/// RecordsQuery lists the records that a response includes. It is valid as long as its Exchange.
struct RecordsQuery {
  AccountId account;                                   ///< empty: none
  const OrganizationSelector* organization = nullptr;  ///< as the request names it
  RoleId role;                                         ///< empty: none
  MembershipId membership;                             ///< empty: none
};

/// AccountView is an account as a response shows it, without its id. The response uses the id of the decision.
struct AccountView {
  std::optional<std::string> email{};       ///< e-mail address
  std::optional<std::string> username{};    ///< public name
  std::optional<std::string> first_name{};  ///< given name
  std::optional<std::string> last_name{};   ///< family name
  std::optional<std::string> timezone{};    ///< name of a time zone
  std::optional<std::string> status{};      ///< in the words of the host
  bool is_active = true;                    ///< the account is enabled
  std::optional<Time> created_at{};         ///< when the account was created
  std::optional<Time> updated_at{};         ///< when it was last changed
  std::optional<Time> invited_at{};         ///< when it was invited
};

/// RoleView is a role as a response shows it.
struct RoleView {
  std::string name{};      ///< for people
  bool is_system = false;  ///< the role belongs to the host and not to one organization
};

/// OrganizationView is an organization as a response shows it.
struct OrganizationView {
  std::string name{};                                 ///< for people
  std::optional<std::string> business_information{};  ///< free text
  std::optional<std::string> timezone{};              ///< name of a time zone
  AccountId created_by{};                             ///< the creator; empty: shown as null
  AccountId owner{};                                  ///< the owner; empty: shown as null
  std::optional<Time> created_at{};                   ///< when the organization was created
  std::optional<Time> updated_at{};                   ///< when it was last changed
};

/// Records are the records that the host has. A missing one is written in the form of the API.
struct Records {
  std::optional<AccountView> account{};            ///< the account of the cell
  std::optional<RoleView> role{};                  ///< its role
  std::optional<OrganizationView> organization{};  ///< the organization of the cell
  std::optional<Time> member_since{};              ///< when the membership was created
};

/// RecordSource supplies the records of a blocking host. It is called only after the command was executed, so it
/// changes no decision. It may throw: the response then shows no records. Threads that share a Handler also share it.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual Records look_up(const RecordsQuery& query) = 0;  ///< returns the records that exist
};

}  // namespace http
}  // namespace ROSTER_PUBLIC_ABI
}  // namespace roster

#endif
