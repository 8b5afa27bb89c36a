// The puts of a fixture, by the record interface of its store.
#include "roster/conformance.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

Result<void> without_version(const Result<Version>& put) {
  if (!put) return put.assume_error();
  return success();
}

}  // namespace

Result<void> Fixture::put_organization(const OrganizationRecord& record) {
  RecordStore* const records = this->records(0);
  return records == nullptr ? Errc::store_failed : without_version(records->overwrite_organization(record));
}

Result<void> Fixture::put_account(const AccountRecord& record) {
  RecordStore* const records = this->records(0);
  return records == nullptr ? Errc::store_failed : without_version(records->overwrite_account(record));
}

Result<void> Fixture::put_role(const OrganizationId& organization, const Role& role) {
  RecordStore* const records = this->records(0);
  return records == nullptr ? Errc::store_failed : without_version(records->put_role(organization, role, any_version));
}

Result<void> Fixture::put_group(const GroupName& group, std::span<const AccountId> accounts) {
  RecordStore* const records = this->records(0);
  return records == nullptr ? Errc::store_failed : records->overwrite_group(group, accounts);
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
