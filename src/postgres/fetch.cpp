// PostgresStore::fetch: a query as arrays of keys, in one statement.
#include "postgres/answer.hpp"
#include "postgres/state.hpp"
#include "postgres/statements.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

namespace {

void put_texts(const sql::Keys& keys, Values& to) noexcept {
  to.open(Type::text);
  for (const sql::Key& key : keys) to.text(key.text);
  to.close();
}

void put_organizations(const sql::OrganizationKeys& keys, Values& to) noexcept {
  to.open(Type::text);
  for (const sql::Key& key : keys.ids) to.text(key.text);
  for (const sql::Key& key : keys.nested) to.text(key.text);
  to.close();
  put_texts(keys.slugs, to);
}

void put_accounts(const sql::AccountKeys& keys, Values& to) noexcept {
  put_texts(keys.ids, to);
  put_texts(keys.emails, to);
  put_texts(keys.usernames, to);
}

std::uint64_t cells_of(const Query& query) noexcept {
  return std::uint64_t{query.rows()} * query.columns();
}

std::uint32_t shape_of(const Query& query, const sql::OrganizationKeys& rows,
                       const sql::AccountKeys& columns) noexcept {
  constexpr std::uint64_t few = 64;
  return (cells_of(query) > few ? many_cells : 0u) | (rows.slugs.empty() ? 0u : by_slug) |
         (columns.emails.empty() ? 0u : by_email) | (columns.usernames.empty() ? 0u : by_username) |
         (query.parents ? with_parents : 0u) | (query.actor.empty() ? 0u : with_actor) |
         (query.inviters ? with_inviters : 0u) | (query.counts ? with_counts : 0u);
}

/// Sends a query about one cell, without arrays.
void send_alone(Connection& pipeline, const Query& query, const sql::OrganizationKeys& rows,
                const sql::AccountKeys& columns, Values& values) noexcept {
  const auto only = [](const auto&... lists) noexcept {
    std::string_view text;
    ((text = lists.empty() ? text : lists[0].text), ...);
    return text;
  };
  values.text(only(rows.ids, rows.nested, rows.slugs));
  values.text(only(columns.ids, columns.emails, columns.usernames));
  values.text_or_null(query.actor);
  values.boolean(!query.idempotency_key.empty());
  pipeline.send(fetch_alone(shape_of(query, rows, columns)), values);
}

void send_cells(Connection& pipeline, const Query& query, const sql::OrganizationKeys& rows,
                const sql::AccountKeys& columns, Values& values) noexcept {
  put_organizations(rows, values);
  put_accounts(columns, values);
  values.text_or_null(query.actor);
  values.boolean(!query.idempotency_key.empty());
  const std::uint32_t shape = shape_of(query, rows, columns);
  // A look-up of an account costs as much as reading about ten members, and these are read twice.
  if ((shape & many_cells) != 0) values.int8(std::int64_t{query.columns()} * 4 + 64);
  if (query.counts) {
    values.open(Type::text);
    for (const RoleId& role : query.owner_roles) values.text(role);
    // An empty list stands for the organizations' own catalogs, and no role has an empty id.
    if (query.owner_roles.empty() && !query.counts_by_catalog()) values.text(RoleId());
    values.close();
    values.int8(static_cast<std::int64_t>(query.now));
  }
  pipeline.send(fetch_cells(shape), values, cells_of(query));
}

Result<void> fetch_facts(Connection& connection, const Query& query, Facts& facts) noexcept {
  sql::OrganizationKeys rows;
  sql::AccountKeys columns;
  if (!sql::sort_out(query, rows) || !sql::sort_out(query, connection.options().case_insensitive_usernames, columns))
    return Errc::out_of_memory;
  const bool alone = query.rows() == 1 && query.columns() == 1 && !query.parents && !query.counts && !query.inviters;
  Values values;
  auto done = connection.read([&](Connection& pipeline) noexcept {
    values.clear();
    (alone ? send_alone : send_cells)(pipeline, query, rows, columns, values);
  });
  if (!done) return done;
  const Rows found = connection.rows(0);
  const Columns& at = alone ? columns_of_alone : columns_of_cells;
  Answer answer(query, facts);
  const bool filled = answer.organizations(found.in_order(at.organization), rows) &&
                      answer.accounts(found.in_order(at.account), columns) &&
                      answer.memberships(found.in_order(at.membership)) &&
                      (!query.counts || answer.counts(found.in_order(at.count))) && answer.wanted_roles();
  if (!filled) return Errc::out_of_memory;
  return success();
}

Result<void> fetch_accounts_of_groups(Connection& connection, const Query& query, Facts& facts) noexcept {
  Values values;
  auto done = connection.read([&](Connection& pipeline) noexcept {
    values.clear();
    values.open(Type::text);
    for (const GroupName& name : query.groups) values.text(name.view());
    values.close();
    pipeline.send(fetch_groups(), values, query.groups.size());
  });
  if (!done) return done;
  const Rows rows = connection.rows(0);
  Names known;
  for (int row = 0; row < rows.size(); ++row)
    if (known.enter(rows.text(row, 0)) == no_number) return Errc::out_of_memory;
  for (const GroupName& name : query.groups) {
    GroupFact fact;
    const std::uint32_t number = known.find(name.view());
    if (number != no_number) {
      fact.found = true;
      TextArray accounts(rows.text(static_cast<int>(number), 1));
      for (std::string_view text; accounts.next(text);) {
        auto id = AccountId::parse_stored(text);
        if (!id) continue;
        if (!facts.group_accounts.try_push_back(id.assume_value())) return Errc::out_of_memory;
        ++fact.accounts;
      }
    }
    if (!facts.groups.try_push_back(fact)) return Errc::out_of_memory;
  }
  return success();
}

}  // namespace
}  // namespace postgres

Result<void> PostgresStore::fetch(const Query& query, Facts& facts) noexcept {
  if (state_ == nullptr) return Errc::out_of_memory;
  facts.clear();
  if (query.set != nullptr) return postgres::fetch_page_of_set(state_->connection, query, facts);
  return query.groups.empty() ? postgres::fetch_facts(state_->connection, query, facts)
                              : postgres::fetch_accounts_of_groups(state_->connection, query, facts);
}

}  // namespace roster::inline ROSTER_ABI
