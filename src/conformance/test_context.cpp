#include "test_context.hpp"

#include <algorithm>
#include <array>

namespace roster::inline ROSTER_ABI {
namespace conformance {

// An exception of a store is a failed call. Builds without exceptions have no handler.
#if defined(__cpp_exceptions)
#define ROSTER_HEARD(call)                    \
  try {                                       \
    const Result<void> done = call;           \
    if (done) return {};                      \
    return {done.assume_error().code, false}; \
  } catch (...) {                             \
    return {Errc::store_failed, true};        \
  }
#else
#define ROSTER_HEARD(call)        \
  const Result<void> done = call; \
  if (done) return {};            \
  return {done.assume_error().code, false};
#endif

CallStatus call(Store& store, const Query& query, Facts& facts) noexcept {ROSTER_HEARD(store.fetch(query, facts))}

CallStatus call(Store& store, const ChangeSet& changes) noexcept {ROSTER_HEARD(store.commit(changes))}
#undef ROSTER_HEARD

std::string text_of(const CallStatus& status) {
  if (status.threw) return "an exception";
  return status.ok() ? "done" : std::string(name(status.code));
}

std::string text_of(MembershipState state) {
  static constexpr std::array words = {"active", "invited", "suspended", "removed"};
  const auto at = static_cast<std::size_t>(state);
  return at < words.size() ? words[at] : "a state that does not exist";
}

std::string text_of(const OrganizationSelector& selector) {
  if (const auto* const nested = std::get_if<Nested>(&selector))
    return std::string(nested->parent.view()) + ">" + std::string(nested->id.view());
  if (const auto* const slug = std::get_if<Slug>(&selector)) return "slug " + std::string(slug->view());
  return std::string(std::get<OrganizationId>(selector).view());
}

std::string text_of(const AccountSelector& selector) {
  if (const auto* const email = std::get_if<Email>(&selector)) return std::string(email->text());
  if (const auto* const username = std::get_if<Username>(&selector)) return "username " + std::string(username->view());
  return std::string(std::get<AccountId>(selector).view());
}

Query OwnedQuery::query() const {
  Query query;
  query.organizations = organizations;
  query.accounts = accounts;
  query.group_accounts = group_accounts;
  query.roles = roles;
  query.groups = groups;
  query.actor = actor;
  query.idempotency_key = idempotency_key;
  query.parents = parents;
  query.counts = counts;
  query.owner_roles = owner_roles;
  query.free_roles = free_roles;
  query.inviters = inviters;
  query.asked_at = asked_at;
  query.now = now;
  return query;
}

void TestContext::fail(std::string_view what) {
  constexpr std::size_t steps_max = 20;
  if (broken()) return;
  failure_ = what;
  if (failure_.empty()) failure_ = "it failed";
  const std::size_t from = steps_.size() > steps_max ? steps_.size() - steps_max : 0;
  if (from > 0) failure_ += "\n  ... " + std::to_string(from) + " steps before";
  for (std::size_t i = from; i < steps_.size(); ++i) failure_ += "\n  " + steps_[i];
}

void TestContext::step(std::string what) {
  if (!broken()) steps_.push_back(std::move(what));
}

void TestContext::fresh() {
  steps_.clear();
  organizations.clear();
  accounts.clear();
  requests.clear();
  times.clear();
  ids_ = keys_ = 0;
  now_ = 0;
  const auto done = fixture_->reset();
  expect(done.has_value(), "the fixture could not make a new store");
}

/// Consecutive puts share one line, because they are many and seldom matter.
void TestContext::put(const std::string& what, const Result<void>& done) {
  constexpr std::size_t line_most = 200;
  if (!done) fail("put " + what + ": " + std::string(name(done.assume_error().code)));
  if (steps_.empty() || !steps_.back().starts_with("put "))
    step("put " + what);
  else if (steps_.back().size() < line_most)
    steps_.back() += ", " + what;
  else if (!steps_.back().ends_with("..."))
    steps_.back() += ", ...";
}

void TestContext::put(const OrganizationRecord& record) {
  put(std::string(record.id.view()), fixture_->put_organization(record));
  watch(record.id);
}

void TestContext::put(const AccountRecord& record) {
  put(std::string(record.id.view()), fixture_->put_account(record));
  watch(record.id);
}

void TestContext::put(const OrganizationId& organization, const Role& role) {
  put("role " + std::string(role.id.view()) + " of " + std::string(organization.view()),
      fixture_->put_role(organization, role));
}

void TestContext::put(const GroupName& group, const std::vector<AccountId>& of) {
  put("group " + std::string(group.view()) + " of " + std::to_string(of.size()), fixture_->put_group(group, of));
}

void TestContext::put_organizations(std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) put(OrganizationRecord{.id = test_organization(i)});
}

void TestContext::put_accounts(std::uint32_t count) {
  for (std::uint32_t i = 0; i < count; ++i) put(AccountRecord{.id = test_account(i)});
}

bool TestContext::fetch(Store& store, const OwnedQuery& owned_query, Facts& facts) {
  facts.clear();
  const Query query = owned_query.query();
  const CallStatus status = call(store, query, facts);
  if (!status.ok()) {
    fail("fetch: " + text_of(status));
  } else if (!validate_facts(query, facts)) {
    fail("fetch: the answer has not the shape of the query: " + describe_violation(query, facts));
  } else {
    return true;
  }
  facts.clear();
  return false;
}

MembershipId TestContext::fresh_id() {
  MembershipId fresh;
  ++ids_;
  for (std::size_t i = 0; i < 8; ++i) fresh.bytes[i] = static_cast<std::uint8_t>(ids_ >> (8 * i));
  fresh.bytes[15] = 0xA1;
  return fresh;
}

IdempotencyKey TestContext::fresh_request() {
  IdempotencyKey fresh;
  ++keys_;
  for (std::size_t i = 0; i < 8; ++i) fresh.bytes[i] = static_cast<std::uint8_t>(keys_ >> (8 * i));
  fresh.bytes[bound_size - 1] = 0xB2;  // without fingerprint
  return fresh;
}

Time TestContext::tick() {
  constexpr std::int64_t second = 1'000'000, start = 1'700'000'000 * second;
  return Time{start + ++now_ * second + 654'321};
}

/// Laws with more records read the store themselves.
constexpr std::size_t watched_most = 100;

template <class T>
static void watch_in(std::vector<T>& list, const T& value) {
  if (list.size() < watched_most && std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

void TestContext::watch(const OrganizationId& organization) {
  watch_in(organizations, organization);
}

void TestContext::watch(const AccountSelector& account) {
  watch_in(accounts, account);
}

void TestContext::watch(const IdempotencyKey& idempotency_key) {
  watch_in(requests, idempotency_key);
}

void TestContext::watch(Time time) {
  watch_in(times, time);
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
