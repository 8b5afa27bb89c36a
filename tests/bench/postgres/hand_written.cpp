#include "hand_written.hpp"

#include <cstdlib>

#include "measure.hpp"

namespace bench {

namespace {

using roster::postgres::Type;
using roster::postgres::Values;

constexpr const char* statements[][2] = {
    {"begin", "BEGIN"},
    {"commit", "COMMIT"},
    {"organization", "SELECT version, joinable FROM roster_organizations WHERE organization_id = $1::text"},
    {"account", "SELECT version, disabled FROM roster_accounts WHERE account_id = $1::text"},
    {"member",
     "SELECT membership_id, role_id, version FROM roster_memberships WHERE organization_id = $1::text"
     " AND account_id = $2::text AND state = 0"},
    {"insert",
     "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state, "
     "idempotency_key,"
     " added_at) VALUES ($1::text, $2::text, $3::uuid, 1, 'member', 0, $3::uuid, 1)"
     " ON CONFLICT (organization_id, account_id) DO NOTHING"},
    {"at_once",
     "WITH g AS (SELECT o.organization_id, c.account_id FROM roster_organizations o, roster_accounts c,"
     " roster_memberships a WHERE o.organization_id = $1::text AND o.joinable AND c.account_id = $2::text"
     " AND NOT c.disabled AND a.organization_id = o.organization_id AND a.account_id = $4::text AND a.state = 0"
     " AND a.role_id = 'owner')"
     " INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state, "
     "idempotency_key,"
     " added_at) SELECT organization_id, account_id, $3::uuid, 1, 'member', 0, $3::uuid, 1 FROM g"
     " ON CONFLICT (organization_id, account_id) DO NOTHING RETURNING 1"},
    {"authorise",
     "SELECT o.organization_id FROM roster_organizations o JOIN roster_memberships a USING (organization_id)"
     " WHERE o.organization_id = ANY ($1::text[]) AND o.joinable AND a.account_id = $2::text AND a.state = 0"
     " AND a.role_id = 'owner'"},
    {"resolve", "SELECT account_id FROM roster_accounts WHERE account_id = ANY ($1::text[]) AND NOT disabled"},
    {"all_sorted",
     "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state, "
     "idempotency_key,"
     " added_at) SELECT n.o, n.a, n.id, 1, 'member', 0, $4::uuid, 1 FROM unnest($1::text[], $2::text[], $3::uuid[])"
     " n (o, a, id) ON CONFLICT (organization_id, account_id) DO NOTHING RETURNING membership_id"},
    {"all_as_usual",
     "INSERT INTO roster_memberships (organization_id, account_id, membership_id, version, role_id, state, "
     "idempotency_key,"
     " added_at) SELECT o, a, gen_random_uuid(), 1, 'member', 0, gen_random_uuid(), 1 FROM unnest($1::text[]) o"
     " CROSS JOIN unnest($2::text[]) a ON CONFLICT (organization_id, account_id) DO NOTHING"
     " RETURNING organization_id, account_id, membership_id"},
};

void put(Values& values, const std::vector<std::string>& texts) {
  values.open(Type::text);
  for (const std::string& text : texts) values.text(text);
  values.close();
}

}  // namespace

HandWritten::HandWritten(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  expect(PQstatus(connection_) == CONNECTION_OK, "a hand-written connection");
  plain("SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off");
}

int HandWritten::number(const char* statement) {
  PGresult* const result = PQexec(connection_, statement);
  const int number = PQntuples(result) == 0 ? 0 : std::atoi(PQgetvalue(result, 0, 0));
  PQclear(result);
  return number;
}

void HandWritten::prepare() {
  for (const auto& [name, text] : statements) {
    PGresult* const result = PQprepare(connection_, name, text, 0, nullptr);
    if (PQresultStatus(result) != PGRES_COMMAND_OK) broken(PQerrorMessage(connection_));
    PQclear(result);
  }
}

HandWritten::~HandWritten() {
  PQfinish(connection_);
}

void HandWritten::plain(const char* statement) {
  PGresult* const result = PQexec(connection_, statement);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) broken(PQerrorMessage(connection_));
  PQclear(result);
}

/// One round trip. Returns how many rows it gave or wrote.
int HandWritten::ask(const char* name, const Values& values) {
  const char* pointers[Values::values_max];
  int sizes[Values::values_max], formats[Values::values_max];
  for (int i = 0; i < values.count(); ++i) {
    pointers[i] = values.value(static_cast<std::uint32_t>(i));
    sizes[i] = values.size(static_cast<std::uint32_t>(i));
    formats[i] = 1;
  }
  PGresult* const result = PQexecPrepared(connection_, name, values.count(), pointers, sizes, formats, 1);
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) broken(PQerrorMessage(connection_));
  const int rows = status == PGRES_TUPLES_OK ? PQntuples(result) : std::atoi(PQcmdTuples(result));
  PQclear(result);
  return rows;
}

bool HandWritten::add_naively(std::string_view organization, std::string_view account, std::string_view actor,
                              const roster::MembershipId& id) {
  const auto with = [&](auto&&... texts) -> const Values& {
    values_.clear();
    (values_.text(texts), ...);
    return values_;
  };
  ask("begin", with());
  expect(ask("organization", with(organization)) == 1, "the organization");
  expect(ask("account", with(account)) == 1, "the account");
  expect(ask("member", with(organization, actor)) == 1, "the actor");
  const bool there = ask("member", with(organization, account)) == 1;
  if (!there) {
    with(organization, account);
    values_.uuid(id);
    expect(ask("insert", values_) == 1, "an insert");
  }
  ask("commit", with());
  return !there;
}

bool HandWritten::add_at_once(std::string_view organization, std::string_view account, std::string_view actor,
                              const roster::MembershipId& id) {
  values_.clear();
  values_.text(organization);
  values_.text(account);
  values_.uuid(id);
  values_.text(actor);
  return ask("at_once", values_) == 1;
}

int HandWritten::add_all_sorted(const std::vector<std::string>& organizations, const std::vector<std::string>& accounts,
                                std::string_view actor, const std::vector<roster::MembershipId>& ids) {
  values_.clear();
  put(values_, organizations);
  values_.text(actor);
  expect(ask("authorise", values_) == static_cast<int>(organizations.size()), "the actor everywhere");
  values_.clear();
  put(values_, accounts);
  expect(ask("resolve", values_) == static_cast<int>(accounts.size()), "the accounts");
  values_.clear();
  values_.open(Type::text);
  for (const std::string& organization : organizations)
    for (std::size_t i = 0; i < accounts.size(); ++i) values_.text(organization);
  values_.close();
  values_.open(Type::text);
  for (std::size_t i = 0; i < organizations.size(); ++i)
    for (const std::string& account : accounts) values_.text(account);
  values_.close();
  values_.open(Type::uuid);
  for (const roster::MembershipId& id : ids) values_.uuid(id);
  values_.close();
  values_.uuid(ids.front());
  return ask("all_sorted", values_);
}

int HandWritten::add_all_as_usual(const std::vector<std::string>& organizations,
                                  const std::vector<std::string>& accounts, std::string_view actor) {
  values_.clear();
  put(values_, organizations);
  values_.text(actor);
  expect(ask("authorise", values_) == static_cast<int>(organizations.size()), "the actor everywhere");
  values_.clear();
  put(values_, organizations);
  put(values_, accounts);
  return ask("all_as_usual", values_);
}

}  // namespace bench
