// Calls of the record interface of a store, which note a step and fail the law at a wrong result.
#ifndef ROSTER_CONFORMANCE_RECORD_CALLS_HPP
#define ROSTER_CONFORMANCE_RECORD_CALLS_HPP

#include <optional>
#include <string>

#include "test_context.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

// One name for both kinds of records, so that a law is written once.
inline Result<Version> put(RecordStore& store, const OrganizationRecord& record) {
  return store.put_organization(record);
}
inline Result<Version> put(RecordStore& store, const AccountRecord& record) {
  return store.put_account(record);
}
inline Result<Version> overwrite(RecordStore& store, const OrganizationRecord& record) {
  return store.overwrite_organization(record);
}
inline Result<Version> overwrite(RecordStore& store, const AccountRecord& record) {
  return store.overwrite_account(record);
}
inline Result<Version> change(RecordStore& store, const OrganizationId& id, const OrganizationChange& change,
                              Version given) {
  return store.change_organization(id, change, given);
}
inline Result<Version> change(RecordStore& store, const AccountId& id, const AccountChange& change, Version given) {
  return store.change_account(id, change, given);
}
inline Result<std::optional<OrganizationRecord>> look_up(const RecordStore& store, const OrganizationId& id) {
  return store.organization(id);
}
inline Result<std::optional<AccountRecord>> look_up(const RecordStore& store, const AccountId& id) {
  return store.account(id);
}
inline std::string_view address_of(const AccountRecord& record) {
  return record.email ? record.email->text() : std::string_view();
}
inline bool has_same_fields(const OrganizationRecord& a, const OrganizationRecord& b) {
  return a.id == b.id && a.slug == b.slug && a.parent == b.parent && a.joinable == b.joinable && a.closed == b.closed &&
         a.seats_max == b.seats_max;
}
inline bool has_same_fields(const AccountRecord& a, const AccountRecord& b) {
  return a.id == b.id && address_of(a) == address_of(b) && a.username == b.username && a.disabled == b.disabled &&
         a.invited == b.invited && a.verified == b.verified;
}
inline Version version_in(const Facts& facts, const OrganizationRecord&) {
  return facts.organizations[0].version;
}
inline Version version_in(const Facts& facts, const AccountRecord&) {
  return facts.accounts[0].version;
}

/// The calls of one record interface. Each notes a step, and fails the law at a wrong result.
class Records {
 public:
  Records(TestContext& test, std::uint32_t connection) : test_(test), store_(test.fixture().records(connection)) {
    test.expect(store_ != nullptr, "the fixture declares a record interface, and returns none");
  }
  RecordStore& store() { return *store_; }
  explicit operator bool() const { return store_ != nullptr; }

  /// The call succeeds. Returns the version of the record.
  Version succeeds(const std::string& what, const Result<Version>& called) {
    test_.step(what);
    test_.expect(called.has_value(), what + ": " + (called ? "" : std::string(name(called.error().code))));
    return called ? called.value() : Version{};
  }
  void fails(const std::string& what, const Result<Version>& called, Errc code) {
    test_.step(what);
    test_.expect(!called && called.error().code == code,
                 what + ": " + (called ? "success" : std::string(name(called.error().code))) + " instead of " +
                     std::string(name(code)));
  }
  /// The record is stored with these fields and this version, by its look-up and by fetch.
  template <class Record>
  void expect_stored(const Record& record, Version version, const std::string& when) {
    const auto found = look_up(*store_, record.id);
    if (!test_.expect(found && found.value(), when + ", the record is not found")) return;
    test_.expect(has_same_fields(*found.value(), record), when + ", the record has other fields");
    test_.expect(found.value()->version == version, when + ", the look-up has another version");
    OwnedQuery query;
    if constexpr (std::is_same_v<Record, OrganizationRecord>) {
      query.organizations = {record.id};
      query.accounts = {test_account(90)};
    } else {
      query.organizations = {test_organization(90)};
      query.accounts = {record.id};
    }
    Facts facts;
    if (!test_.fetch(query, facts)) return;
    test_.expect(version_in(facts, record) == version, when + ", fetch has another version");
  }
  template <class Id>
  void expect_absent(const Id& id, const std::string& when) {
    const auto found = look_up(*store_, id);
    test_.expect(found && !found.value(), when + ", the record is found");
  }

 private:
  TestContext& test_;
  RecordStore* store_;
};

template <class Record>
Record with_version(Record record, Version version) {
  record.version = version;
  return record;
}
inline constexpr Version no_version{};
inline Version behind(Version version) {
  return Version{static_cast<std::uint64_t>(version) + 1};
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI

#endif
