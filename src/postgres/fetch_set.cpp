// A page of a set, in the order of ids.
#include "postgres/answer.hpp"
#include "postgres/state.hpp"
#include "postgres/statements.hpp"
#include "roster/request.hpp"

namespace roster::inline ROSTER_ABI {
namespace postgres {

/// $1 is the organization or the account, $2 the id behind which the page begins, $3 its size. $4 is a state and $5 a
/// role; NULL: any. $6 and $7 enclose the stored keys of the request. $8 is the parent of the organizations; NULL: any.
/// $9 is true if the parent itself is in the set too.
static void select_page(std::uint32_t shape, Text& to) noexcept {
  const bool members = shape == 0;
  to << (members
             ? "SELECT m.account_id FROM roster_memberships m WHERE m.organization_id = $1::text"
               " AND m.account_id > $2::text AND (m.state <> 3 OR EXISTS (SELECT FROM roster_accounts c"
               " WHERE c.account_id = m.account_id))"
             : "SELECT m.organization_id FROM roster_memberships m WHERE m.account_id = $1::text"
               " AND EXISTS (SELECT FROM roster_accounts c WHERE c.account_id = $1::text)"
               " AND m.organization_id > $2::text AND ($8::text IS NULL OR EXISTS (SELECT FROM roster_organizations o"
               " WHERE o.organization_id = m.organization_id AND o.parent_id = $8::text) OR ($9::bool AND "
               "m.organization_id = $8::text))")
     << " AND ((m.state <> 3 AND ($4::int2 IS NULL OR m.state = $4::int2)"
        " AND ($5::text IS NULL OR m.role_id = $5::text)) OR m.idempotency_key BETWEEN $6::uuid AND $7::uuid)"
        " ORDER BY 1 LIMIT $3::int8";
}

Result<void> fetch_page_of_set(Connection& connection, const Query& query, Facts& facts) noexcept {
  const SetPage& page = *query.set;
  const bool members = page.of == SetPage::Of::members;
  Values values;
  auto done = connection.read([&](Connection& pipeline) noexcept {
    values.clear();
    if (members) {
      values.text(page.organization);
      values.text(page.after_account);
    } else {
      values.text(page.account);
      values.text(page.after_organization);
    }
    values.int8(page.entries_max);
    page.any_state ? values.null() : values.int2(static_cast<std::uint16_t>(page.state));
    values.text_or_null(page.role);
    const bool keyed = !query.idempotency_key.empty();
    values.uuid(remembered(query.idempotency_key, 0));
    values.uuid(keyed ? remembered(query.idempotency_key, ~std::uint32_t{0}) : IdempotencyKey());
    if (!members) {
      values.text_or_null(page.parent);
      values.boolean(page.with_parent);
    }
    pipeline.send({statement_number::page_of_set, static_cast<std::uint16_t>(members ? 0 : 1), select_page}, values,
                  page.entries_max);
  });
  if (!done) return done;
  const Rows rows = connection.rows(0);
  for (int row = 0; row < rows.size(); ++row) {
    OrganizationFact organization;
    if (!members) organization.id = rows.id<OrganizationId>(row, 0);
    const bool kept = members ? facts.accounts.try_push_back({.id = rows.id<AccountId>(row, 0)})
                              : facts.organizations.try_push_back(organization);
    if (!kept) return Errc::out_of_memory;
  }
  return success();
}

}  // namespace postgres
}  // namespace roster::inline ROSTER_ABI
