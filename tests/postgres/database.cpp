#include "database.hpp"

#include <cstdio>
#include <cstdlib>

namespace postgres_testing {

namespace {

[[noreturn]] void give_up(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(2);
}

constexpr const char* tables =
    "roster_organizations, roster_slugs, roster_roles, roster_accounts, roster_emails, roster_usernames, "
    "roster_groups, roster_memberships, roster_outbox, roster_owner_roles";

}  // namespace

const char* name(Tables kind) {
  constexpr const char* names[] = {"read_committed", "serializable", "partitioned"};
  return names[static_cast<int>(kind)];
}

std::string server() {
  const char* const conninfo = std::getenv("ROSTER_POSTGRES");
  if (conninfo == nullptr) give_up("ROSTER_POSTGRES is not set: run this through tests/postgres/server.sh");
  return conninfo;
}

bool control(const std::string& words) {
  const char* const program = std::getenv("ROSTER_POSTGRES_CONTROL");
  return program != nullptr && std::system((program + (" " + words) + " > /dev/null 2>&1").c_str()) == 0;
}

Session::Session(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) give_up(PQerrorMessage(connection_));
  PQsetNoticeReceiver(
      connection_, [](void*, const PGresult*) {}, nullptr);
}

Session::~Session() {
  PQfinish(connection_);
}

std::string Session::run(const std::string& sql) {
  PGresult* const result = PQexec(connection_, sql.c_str());
  const ExecStatusType status = PQresultStatus(result);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) give_up(sql + "\n" + PQresultErrorMessage(result));
  std::string first = PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : "";
  PQclear(result);
  return first;
}

std::string make_database(const std::string& database, Tables kind) {
  {
    Session session(server());
    session.run("DROP DATABASE IF EXISTS " + database + " WITH (FORCE)");
    session.run("CREATE DATABASE " + database);
    if (kind == Tables::serializable)
      session.run("ALTER DATABASE " + database + " SET default_transaction_isolation = 'serializable'");
  }
  const std::string conninfo = server() + " dbname=" + database;
  if (kind == Tables::partitioned) {
    Session(conninfo).run(partitioned(std::string(PostgresStore::schema())));
  } else {
    PostgresStore store(conninfo.c_str());
    if (!store.create_schema()) give_up(std::string(store.last_error_message()));
  }
  return conninfo;
}

void empty(Session& session) {
  const std::string list = tables;
  std::string statements;
  for (std::size_t at = 0; at < list.size();) {
    const std::size_t end = std::min(list.find(", ", at), list.size());
    statements += "DELETE FROM " + list.substr(at, end - at) + ";";
    at = end + 2;
  }
  const bool large = session.run("SELECT pg_table_size('roster_memberships') > 4000000") == "t";
  session.run(large ? "TRUNCATE " + list : statements);
}

std::string partitioned(std::string schema) {
  const std::string mark = " /* by ", made = "CREATE TABLE IF NOT EXISTS ";
  std::string pieces;
  for (std::size_t at = 0; (at = schema.find(mark, at)) != std::string::npos;) {
    const std::size_t key = at + mark.size(), end = schema.find(" */", key);
    const std::size_t table = schema.rfind(made, at) + made.size();
    const std::string name = schema.substr(table, schema.find(' ', table) - table);
    for (const char piece : {'0', '1', '2', '3', '4', '5', '6', '7'})
      pieces += made + name + "_" + piece + " PARTITION OF " + name + " FOR VALUES WITH (MODULUS 8, REMAINDER " +
                piece + ");\n";
    const std::string by = " PARTITION BY HASH (" + schema.substr(key, end - key) + ")";
    schema.replace(at, end + 3 - at, by);
    at += by.size();
  }
  return schema + pieces;
}

}  // namespace postgres_testing
