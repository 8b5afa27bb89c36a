// The look-ups of PostgresStore, its constructors and its destructor.
#include <new>

#include "postgres/invitation_end.hpp"
#include "postgres/state.hpp"
#include "postgres/statements.hpp"
#include "sql/keys.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

namespace look_up_number {
enum : std::uint16_t {
  membership = first_look_up,
  members,
  organizations,
  member_count,
  all_count,
  organization,
  account,
  roles,
  members_with_role,
  invitations,
  children
};
}

constexpr std::string_view all_columns =
    "SELECT m.organization_id, m.account_id, m.membership_id, m.role_id, m.state, m.idempotency_key, m.added_at, "
    "m.version,"
    " m.state_changed_by, m.written_at, m.valid_until, m.invitation_until FROM roster_memberships m";

/// The error of a row with a name that the store never writes.
Error unreadable(const Error& error) noexcept {
  return error.code == Errc::out_of_memory ? error : Error(Errc::store_failed, detail_of("22000"));
}

/// $3: whether to find the tombstone.
void select_membership(std::uint32_t, Text& to) noexcept {
  to << all_columns << " WHERE m.organization_id = $1::text AND m.account_id = $2::text AND (m.state = 3) = $3::bool";
}
void select_members(std::uint32_t, Text& to) noexcept {
  to << all_columns
     << " WHERE m.organization_id = $1::text AND m.account_id > $2::text AND m.state <> 3 ORDER BY m.account_id"
        " LIMIT $3::int8";
}
void select_members_with_role(std::uint32_t, Text& to) noexcept {
  to << all_columns
     << " WHERE m.organization_id = $1::text AND m.account_id > $2::text AND m.state <> 3 AND m.role_id = $4::text"
        " ORDER BY m.account_id LIMIT $3::int8";
}
void select_roles(std::uint32_t, Text& to) noexcept {
  to << "SELECT r.role_id, r.rank, r.assignable, r.manages, r.owns, r.takes_seat FROM roster_roles r"
        " WHERE r.organization_id = $1::text AND r.role_id > $2::text ORDER BY r.role_id LIMIT $3::int8";
}
void select_children(std::uint32_t, Text& to) noexcept {
  to << "SELECT o.organization_id FROM roster_organizations o WHERE o.parent_id = $1::text"
        " AND o.organization_id > $2::text ORDER BY o.organization_id LIMIT $3::int8";
}
void select_invitations(std::uint32_t, Text& to) noexcept {
  to << all_columns
     << " WHERE m.organization_id = $1::text AND m.account_id > $2::text AND m.state = 1 ORDER BY m.account_id"
        " LIMIT $3::int8";
}
void select_organizations(std::uint32_t, Text& to) noexcept {
  to << all_columns
     << " WHERE m.account_id = $1::text AND m.organization_id > $2::text AND m.state <> 3 ORDER BY m.organization_id"
        " LIMIT $3::int8";
}
void select_member_count(std::uint32_t, Text& to) noexcept {
  to << "SELECT count(*) FROM roster_memberships m WHERE m.organization_id = $1::text AND m.state <> 3";
}
void select_organization_count(std::uint32_t, Text& to) noexcept {
  to << "SELECT count(*) FROM roster_memberships m WHERE m.account_id = $1::text AND m.state <> 3";
}
void select_all_count(std::uint32_t accounts, Text& to) noexcept {
  to << (accounts != 0 ? "SELECT count(*) FROM roster_accounts"
                       : "SELECT count(*) FROM roster_memberships WHERE state <> 3");
}
/// By id, by slug, or by id and parent.
void select_organization(std::uint32_t by, Text& to) noexcept {
  to << "SELECT o.organization_id, o.slug, o.parent_id, o.joinable, o.closed, o.seats_max, o.version FROM "
        "roster_organizations o "
        "WHERE ";
  if (by == 1)
    to << "o.organization_id = (SELECT s.organization_id FROM roster_slugs s WHERE s.slug = $1::text)";
  else
    to << "o.organization_id = $1::text";
  if (by == 2) to << " AND o.parent_id = $2::text";
}
/// By id, by the key of its address, or by username.
void select_account(std::uint32_t by, Text& to) noexcept {
  to << "SELECT c.account_id, c.email, c.email_key, c.username, c.disabled, c.invited, c.verified, c.version"
        " FROM roster_accounts c WHERE c.account_id = ";
  if (by == 0)
    to << "$1::text";
  else if (by == 1)
    to << "(SELECT e.account_id FROM roster_emails e WHERE e.email_key = $1::text)";
  else
    to << "(SELECT u.account_id FROM roster_usernames u WHERE u.username_key = $1::text)";
}

Membership membership_at(const Rows& rows, int row) noexcept {
  Membership to;
  to.organization = rows.id<OrganizationId>(row, 0);
  to.account = rows.id<AccountId>(row, 1);
  to.id = rows.key<MembershipId>(row, 2);
  to.role = rows.id<RoleId>(row, 3);
  to.state = static_cast<MembershipState>(rows.number(row, 4));
  to.idempotency_key = rows.key<IdempotencyKey>(row, 5);
  to.added_at = Time{rows.number(row, 6)};
  to.version = Version{static_cast<std::uint64_t>(rows.number(row, 7))};
  to.valid_until = Time{rows.number(row, 10)};
  to.invitation_until = invitation_end(to.state, rows.number(row, 11), to.valid_until, Time{rows.number(row, 9)});
  if (to.state == MembershipState::invited) to.invited_by = rows.id<AccountId>(row, 8);
  return to;
}

/// Returns an address with its stored key, so that reading it depends on no rules for keys.
class StoredKey final : public EmailCanonicalizer {
 public:
  explicit StoredKey(std::string_view key) noexcept : key_(key) {}
  std::size_t key(std::string_view, std::span<char, 254> key) const noexcept override {
    if (key_.size() > key.size()) return 0;
    std::memcpy(key.data(), key_.data(), key_.size());
    return key_.size();
  }

 private:
  std::string_view key_;
};

/// Runs one statement, in one round trip.
template <class Fill>
Result<Rows> ask(Connection& connection, const Statement& statement, Fill&& fill) noexcept {
  Values values;
  auto done = connection.read([&](Connection& pipeline) noexcept {
    values.clear();
    fill(values);
    pipeline.send(statement, values);
  });
  if (!done) return done.assume_error();
  return connection.rows(0);
}

Result<std::uint64_t> count(Connection& connection, const Statement& statement, std::string_view id) noexcept {
  auto rows = ask(connection, statement, [&](Values& to) {
    if (!id.empty()) to.text(id);
  });
  if (!rows) return rows.assume_error();
  return static_cast<std::uint64_t>(rows.assume_value().size() == 0 ? 0 : rows.assume_value().number(0, 0));
}

Result<std::size_t> page(Connection& connection, const Statement& statement, std::string_view of,
                         std::string_view after, std::span<Membership> out, const RoleId* role = nullptr) noexcept {
  auto found = ask(connection, statement, [&](Values& to) {
    to.text(of);
    to.text(after);
    to.int8(static_cast<std::int64_t>(out.size()));
    if (role != nullptr) to.text(*role);
  });
  if (!found) return found.assume_error();
  const Rows rows = found.assume_value();
  for (int row = 0; row < rows.size(); ++row) out[static_cast<std::size_t>(row)] = membership_at(rows, row);
  return static_cast<std::size_t>(rows.size());
}

Result<Rows> find_membership(Connection& connection, const OrganizationId& in, const AccountId& who,
                             bool removed) noexcept {
  return ask(connection, {look_up_number::membership, 0, select_membership}, [&](Values& to) {
    to.text(in);
    to.text(who);
    to.boolean(removed);
  });
}

}  // namespace
}  // namespace postgres

PostgresStore::PostgresStore(const char* conninfo, const PostgresOptions& options) noexcept
    : state_(new (std::nothrow) State(conninfo, nullptr, options)) {}

PostgresStore::PostgresStore(pg_conn* connection, const PostgresOptions& options) noexcept
    : state_(new (std::nothrow) State(nullptr, connection, options)) {}

std::string_view PostgresStore::settings() noexcept {
  return postgres::settings;
}

PostgresStore::~PostgresStore() {
  delete state_;
}

Result<std::optional<Membership>> PostgresStore::membership(const OrganizationId& organization,
                                                            const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  auto found = postgres::find_membership(state_->connection, organization, account, false);
  if (!found) return found.assume_error();
  if (found.assume_value().size() == 0) return std::optional<Membership>();
  return std::optional<Membership>(postgres::membership_at(found.assume_value(), 0));
}

Result<std::optional<FormerMembership>> PostgresStore::former_membership(const OrganizationId& organization,
                                                                         const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  auto found = postgres::find_membership(state_->connection, organization, account, true);
  if (!found) return found.assume_error();
  const postgres::Rows rows = found.assume_value();
  if (rows.size() == 0) return std::optional<FormerMembership>();
  FormerMembership former{postgres::membership_at(rows, 0), rows.id<AccountId>(0, 8), Time{rows.number(0, 9)}};
  return std::optional<FormerMembership>(former);
}

Result<std::size_t> PostgresStore::members(const OrganizationId& organization, const AccountId& after,
                                           std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::page(state_->connection, {postgres::look_up_number::members, 0, postgres::select_members},
                        organization.view(), after.view(), out);
}

Result<std::size_t> PostgresStore::members_with_role(const OrganizationId& organization, const RoleId& role,
                                                     const AccountId& after, std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::page(state_->connection,
                        {postgres::look_up_number::members_with_role, 0, postgres::select_members_with_role},
                        organization.view(), after.view(), out, &role);
}

Result<std::size_t> PostgresStore::roles(const OrganizationId& organization, const RoleId& after,
                                         std::span<Role> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  auto found =
      postgres::ask(state_->connection, {postgres::look_up_number::roles, 0, postgres::select_roles}, [&](auto& to) {
        to.text(organization);
        to.text(after);
        to.int8(static_cast<std::int64_t>(out.size()));
      });
  if (!found) return found.assume_error();
  const postgres::Rows rows = found.assume_value();
  for (int row = 0; row < rows.size(); ++row)
    out[static_cast<std::size_t>(row)] = {rows.id<RoleId>(row, 0), static_cast<std::uint16_t>(rows.number(row, 1)),
                                          rows.boolean(row, 2),    rows.boolean(row, 3),
                                          rows.boolean(row, 4),    rows.boolean(row, 5)};
  return static_cast<std::size_t>(rows.size());
}

Result<std::size_t> PostgresStore::children(const OrganizationId& parent, const OrganizationId& after,
                                            std::span<OrganizationId> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  auto found = postgres::ask(state_->connection, {postgres::look_up_number::children, 0, postgres::select_children},
                             [&](auto& to) {
                               to.text(parent);
                               to.text(after);
                               to.int8(static_cast<std::int64_t>(out.size()));
                             });
  if (!found) return found.assume_error();
  const postgres::Rows rows = found.assume_value();
  for (int row = 0; row < rows.size(); ++row) out[static_cast<std::size_t>(row)] = rows.id<OrganizationId>(row, 0);
  return static_cast<std::size_t>(rows.size());
}

Result<std::size_t> PostgresStore::invitations(const OrganizationId& organization, const AccountId& after,
                                               std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::page(state_->connection, {postgres::look_up_number::invitations, 0, postgres::select_invitations},
                        organization.view(), after.view(), out);
}

Result<std::size_t> PostgresStore::organizations_of(const AccountId& account, const OrganizationId& after,
                                                    std::span<Membership> out) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::page(state_->connection,
                        {postgres::look_up_number::organizations, 0, postgres::select_organizations}, account.view(),
                        after.view(), out);
}

Result<std::uint64_t> PostgresStore::member_count(const OrganizationId& organization) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (organization.empty()) return std::uint64_t{0};
  return postgres::count(state_->connection, {postgres::look_up_number::member_count, 0, postgres::select_member_count},
                         organization.view());
}

Result<std::uint64_t> PostgresStore::organization_count(const AccountId& account) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  if (account.empty()) return std::uint64_t{0};
  return postgres::count(state_->connection,
                         {postgres::look_up_number::member_count, 1, postgres::select_organization_count},
                         account.view());
}

Result<std::uint64_t> PostgresStore::membership_count() noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::count(state_->connection, {postgres::look_up_number::all_count, 0, postgres::select_all_count}, {});
}

Result<std::uint64_t> PostgresStore::account_count() noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  return postgres::count(state_->connection, {postgres::look_up_number::all_count, 1, postgres::select_all_count}, {});
}

Result<std::optional<OrganizationRecord>> PostgresStore::organization(
    const OrganizationSelector& selector) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const auto by = static_cast<std::uint16_t>(selector.index());
  auto found = postgres::ask(
      state_->connection, {postgres::look_up_number::organization, by, postgres::select_organization}, [&](auto& to) {
        if (const auto* const id = std::get_if<OrganizationId>(&selector)) return to.text(*id);
        if (const auto* const slug = std::get_if<Slug>(&selector)) return to.text(*slug);
        const Nested& nested = std::get<Nested>(selector);
        to.text(nested.id);
        to.text(nested.parent);
      });
  if (!found) return found.assume_error();
  const postgres::Rows rows = found.assume_value();
  if (rows.size() == 0) return std::optional<OrganizationRecord>();
  return std::optional<OrganizationRecord>({rows.id<OrganizationId>(0, 0), rows.id<Slug>(0, 1),
                                            rows.id<OrganizationId>(0, 2), rows.boolean(0, 3), rows.boolean(0, 4),
                                            static_cast<std::uint32_t>(rows.number(0, 5)),
                                            Version{static_cast<std::uint64_t>(rows.number(0, 6))}});
}

Result<std::optional<AccountRecord>> PostgresStore::account(const AccountSelector& selector) const noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  const auto by = static_cast<std::uint16_t>(selector.index());
  auto found = postgres::ask(state_->connection, {postgres::look_up_number::account, by, postgres::select_account},
                             [&](auto& to) {
                               if (const auto* const id = std::get_if<AccountId>(&selector)) return to.text(*id);
                               if (const auto* const email = std::get_if<Email>(&selector))
                                 return to.text(email->key());
                               const sql::FoldedName name(std::get<Username>(selector).view(),
                                                          state_->connection.options().case_insensitive_usernames);
                               to.text(name.view());
                             });
  if (!found) return found.assume_error();
  const postgres::Rows rows = found.assume_value();
  if (rows.size() == 0) return std::optional<AccountRecord>();
  std::optional<AccountRecord> record(std::in_place);
  record->id = rows.id<AccountId>(0, 0);
  if (!rows.null(0, 1)) {
    const postgres::StoredKey key(rows.text(0, 2));
    auto email = Email::parse(rows.text(0, 1), {EmailGrammar::mailbox, EmailCase::fold_all, &key});
    if (!email) return postgres::unreadable(email.assume_error());
    record->email.emplace(std::move(email.assume_value()));
  }
  if (!rows.null(0, 3)) {
    auto username = Username::parse_stored(rows.text(0, 3));
    if (!username) return postgres::unreadable(username.assume_error());
    record->username = std::move(username.assume_value());
  }
  record->disabled = rows.boolean(0, 4);
  record->invited = rows.boolean(0, 5);
  record->verified = rows.boolean(0, 6);
  record->version = Version{static_cast<std::uint64_t>(rows.number(0, 7))};
  return record;
}

std::string_view PostgresStore::last_error_message() const noexcept {
  return state_ == nullptr ? std::string_view() : state_->connection.last_error_message();
}

std::array<char, 5> PostgresStore::sqlstate(std::uint32_t detail) noexcept {
  std::array<char, 5> state;
  for (std::size_t i = state.size(); i-- > 0; detail /= 36)
    state[i] = static_cast<char>(detail % 36 < 10 ? '0' + detail % 36 : 'A' + detail % 36 - 10);
  return state;
}

std::optional<std::uint64_t> PostgresStore::round_trips() const noexcept {
  return state_ == nullptr ? 0 : state_->connection.round_trips();
}

}  // namespace roster::inline ROSTER_ABI
