// The look-ups of SqliteStore.
#include <algorithm>
#include <cstring>

#include "sql/keys.hpp"
#include "sql/requests.hpp"
#include "sqlite/state.hpp"

namespace roster::inline ROSTER_ABI {
namespace sqlite {

namespace {

/// Returns an address with its stored key, so that reading it depends on no rules for keys.
class StoredKey final : public EmailCanonicalizer {
 public:
  explicit StoredKey(std::string_view key) noexcept : key_(key.substr(0, 254)) {}
  std::size_t key(std::string_view, std::span<char, 254> key) const noexcept override {
    std::memcpy(key.data(), key_.data(), key_.size());
    return key_.size();
  }

 private:
  std::string_view key_;
};

// The columns of MEMBERSHIP_RECORD.
constexpr int written_at = 8, state_changed_by = 10;
Membership read_membership(Statement& found) noexcept {
  Membership to;
  to.id = found.key<MembershipId>(0);
  to.organization = found.id<OrganizationId>(1);
  to.account = found.id<AccountId>(2);
  to.role = found.id<RoleId>(3);
  to.state = found.state(4);
  to.idempotency_key = found.key<IdempotencyKey>(5);
  to.added_at = Time{found.number(6)};
  to.version = Version{found.index(7)};
  to.valid_until = Time{found.number(9)};
  to.invitation_until = sql::invitation_end(to.state, Time{found.number(11)}, Time{found.number(written_at)});
  if (to.state == MembershipState::invited) to.invited_by = found.id<AccountId>(state_changed_by);
  return to;
}

/// Runs `read` with the lock held, if there is a store.
template <class T, class State, class Read>
Result<T> reading(State* state, const Read& read) noexcept {
  if (state == nullptr) return Error(Errc::store_failed, SQLITE_MISUSE);
  const Locked locked(state->mutex, state->options.thread_safe);
  T value{};
  const Code code = read(state->connection, value);
  if (code != ok) return error_of(code);
  return value;
}

/// `role`: only of Sql::members_with_role_after.
Code page(Connection& connection, Sql which, std::string_view of, std::string_view after, std::span<Membership> out,
          std::size_t& written, std::string_view role = {}) noexcept {
  Statement found(connection, which);
  if (which == Sql::members_with_role_after) found.text(4, role);
  found.text(1, of).text(2, after).number(3, static_cast<std::int64_t>(out.size()));
  while (written < out.size() && found.next()) {
    out[written] = read_membership(found);
    if (found.code() == ok) ++written;
  }
  return found.code();
}

Code one_number(Connection& connection, Sql which, std::string_view of, std::uint64_t& number) noexcept {
  Statement found(connection, which);
  if (!of.empty()) found.text(1, of);
  if (found.next()) number = found.index(0);
  return found.code();
}

}  // namespace
}  // namespace sqlite

using sqlite::Code;
using sqlite::Connection;
using sqlite::ok;
using sqlite::reading;
using sqlite::Sql;
using sqlite::Statement;

Result<std::optional<Membership>> SqliteStore::membership(const OrganizationId& organization,
                                                          const AccountId& account) const noexcept {
  return reading<std::optional<Membership>>(state_, [&](Connection& connection, auto& to) noexcept {
    Statement found(connection, Sql::one_membership);
    if (!found.text(1, organization.view()).text(2, account.view()).next()) return found.code();
    const Membership read = sqlite::read_membership(found);
    if (read.state != MembershipState::removed) to = read;
    return found.code();
  });
}

Result<std::optional<FormerMembership>> SqliteStore::former_membership(const OrganizationId& organization,
                                                                       const AccountId& account) const noexcept {
  return reading<std::optional<FormerMembership>>(state_, [&](Connection& connection, auto& to) noexcept {
    for (const Sql which : {Sql::one_membership, Sql::one_membership_of_erased}) {
      Statement found(connection, which);
      if (!found.text(1, organization.view()).text(2, account.view()).next()) {
        if (found.code() == ok) continue;
        return found.code();
      }
      FormerMembership read;
      read.membership = sqlite::read_membership(found);
      read.removed_by = found.id<AccountId>(sqlite::state_changed_by);
      read.removed_at = Time{found.number(sqlite::written_at)};
      if (read.membership.state == MembershipState::removed) to = read;
      return found.code();
    }
    return ok;
  });
}

Result<std::size_t> SqliteStore::members(const OrganizationId& organization, const AccountId& after,
                                         std::span<Membership> out) const noexcept {
  const AccountId from = after;  // it may be an id in `out`
  return reading<std::size_t>(state_, [&](Connection& connection, std::size_t& written) noexcept {
    return sqlite::page(connection, Sql::members_after, organization.view(), from.view(), out, written);
  });
}

Result<std::size_t> SqliteStore::members_with_role(const OrganizationId& organization, const RoleId& role,
                                                   const AccountId& after, std::span<Membership> out) const noexcept {
  const AccountId from = after;  // it may be an id in `out`
  return reading<std::size_t>(state_, [&](Connection& connection, std::size_t& written) noexcept {
    return sqlite::page(connection, Sql::members_with_role_after, organization.view(), from.view(), out, written,
                        role.view());
  });
}

Result<std::size_t> SqliteStore::invitations(const OrganizationId& organization, const AccountId& after,
                                             std::span<Membership> out) const noexcept {
  const AccountId from = after;  // it may be an id in `out`
  return reading<std::size_t>(state_, [&](Connection& connection, std::size_t& written) noexcept {
    return sqlite::page(connection, Sql::invitations_after, organization.view(), from.view(), out, written);
  });
}

Result<std::size_t> SqliteStore::organizations_of(const AccountId& account, const OrganizationId& after,
                                                  std::span<Membership> out) const noexcept {
  const OrganizationId from = after;  // it may be an id in `out`
  return reading<std::size_t>(state_, [&](Connection& connection, std::size_t& written) noexcept {
    return sqlite::page(connection, Sql::organizations_after, account.view(), from.view(), out, written);
  });
}

Result<std::uint64_t> SqliteStore::member_count(const OrganizationId& organization) const noexcept {
  return reading<std::uint64_t>(state_, [&](Connection& connection, std::uint64_t& to) noexcept {
    return organization.empty() ? ok : sqlite::one_number(connection, Sql::count_of_members, organization.view(), to);
  });
}

Result<std::uint64_t> SqliteStore::organization_count(const AccountId& account) const noexcept {
  return reading<std::uint64_t>(state_, [&](Connection& connection, std::uint64_t& to) noexcept {
    return account.empty() ? ok : sqlite::one_number(connection, Sql::count_of_joined, account.view(), to);
  });
}

Result<std::uint64_t> SqliteStore::organization_count() const noexcept {
  return reading<std::uint64_t>(state_, [&](Connection& connection, std::uint64_t& to) noexcept {
    return sqlite::one_number(connection, Sql::count_of_organizations, {}, to);
  });
}

Result<std::uint64_t> SqliteStore::account_count() const noexcept {
  return reading<std::uint64_t>(state_, [&](Connection& connection, std::uint64_t& to) noexcept {
    return sqlite::one_number(connection, Sql::count_of_accounts, {}, to);
  });
}

Result<std::uint64_t> SqliteStore::membership_count() const noexcept {
  return reading<std::uint64_t>(state_, [&](Connection& connection, std::uint64_t& to) noexcept {
    return sqlite::one_number(connection, Sql::count_of_memberships, {}, to);
  });
}

Result<std::optional<OrganizationRecord>> SqliteStore::organization(
    const OrganizationSelector& selector) const noexcept {
  return reading<std::optional<OrganizationRecord>>(state_, [&](Connection& connection, auto& to) noexcept {
    const auto* const id = std::get_if<OrganizationId>(&selector);
    const auto* const slug = std::get_if<Slug>(&selector);
    const auto* const nested = std::get_if<Nested>(&selector);
    Statement found(connection, id != nullptr     ? Sql::organization_by_id
                                : slug != nullptr ? Sql::organization_by_slug
                                                  : Sql::organization_nested);
    found.text(1, id != nullptr ? id->view() : slug != nullptr ? slug->view() : nested->id.view());
    if (nested != nullptr) found.text(2, nested->parent.view());
    if (!found.next()) return found.code();
    to.emplace();
    to->id = found.id<OrganizationId>(0);
    to->slug = found.id<Slug>(1);
    to->parent = found.id<OrganizationId>(2);
    to->joinable = found.flag(3);
    if (!found.is_null(4)) to->seats_max = static_cast<std::uint32_t>(found.number(4));
    to->version = Version{found.index(5)};
    to->closed = found.flag(6);
    return found.code();
  });
}

Result<std::size_t> SqliteStore::children(const OrganizationId& parent, const OrganizationId& after,
                                          std::span<OrganizationId> out) const noexcept {
  const OrganizationId from = after;  // it may be an id in `out`
  return reading<std::size_t>(state_, [&](Connection& connection, std::size_t& written) noexcept {
    Statement found(connection, Sql::children_after);
    found.text(1, parent.view()).text(2, from.view()).number(3, static_cast<std::int64_t>(out.size()));
    while (written < out.size() && found.next()) {
      out[written] = found.id<OrganizationId>(0);
      if (found.code() == ok) ++written;
    }
    return found.code();
  });
}

Result<std::optional<AccountRecord>> SqliteStore::account(const AccountSelector& selector) const noexcept {
  return reading<std::optional<AccountRecord>>(state_, [&](Connection& connection, auto& to) noexcept -> Code {
    const auto* const id = std::get_if<AccountId>(&selector);
    const auto* const email = std::get_if<Email>(&selector);
    const auto* const username = std::get_if<Username>(&selector);
    const sql::FoldedName folded(username != nullptr ? username->view() : std::string_view(),
                                 state_->options.case_insensitive_usernames);
    Statement found(connection, id != nullptr      ? Sql::account_by_id
                                : email != nullptr ? Sql::account_by_email
                                                   : Sql::account_by_username);
    found.text(1, id != nullptr ? id->view() : email != nullptr ? email->key() : folded.view());
    if (!found.next()) return found.code();
    to.emplace();
    to->id = found.id<AccountId>(0);
    if (!found.is_null(1)) {
      const sqlite::StoredKey key(found.text(2));
      Result<Email> read = Email::parse(found.text(1), EmailRules{EmailGrammar::mailbox, EmailCase::fold_domain, &key});
      if (!read) return read.assume_error().code == Errc::out_of_memory ? Code{SQLITE_NOMEM} : sqlite_bad_value;
      to->email = std::move(read).assume_value();
    }
    to->username = found.id<Username>(3);
    to->disabled = found.flag(4);
    to->invited = found.flag(5);
    to->verified = found.flag(6);
    to->version = Version{found.index(7)};
    return found.code();
  });
}

}  // namespace roster::inline ROSTER_ABI
