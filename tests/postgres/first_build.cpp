#include "first_build.hpp"

#include <fstream>
#include <sstream>

namespace postgres_testing {

namespace {

/// One element of an array, in the text format.
std::string only(const std::string& element) {
  return "{" + element + "}";
}
std::string only(const std::optional<std::string>& element) {
  return only(element.value_or("NULL"));
}
std::string only(bool element) {
  return element ? "{t}" : "{f}";
}

constexpr const char* request = "00000000-0000-0000-0000-0000000000aa";
constexpr const char* at = "3000";
constexpr const char* first_version = "1";  // that version draws it from the id, but no statement of it requires that

}  // namespace

FirstBuild::FirstBuild(const std::string& conninfo, std::string actor) : session_(conninfo), actor_(std::move(actor)) {
  std::ifstream file(ROSTER_SOURCE_DIR "/tests/postgres/first_build.sql");
  for (std::string line, text; std::getline(file, line);)
    if (line.rfind("-- ", 0) == 0 && std::getline(file, text)) texts_[line.substr(3)] = text;
}

/// False if the server refused the statement.
bool FirstBuild::run(const std::string& name, const Parameters& parameters) {
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  PQclear(last_);
  last_ = PQexecParams(session_.connection(), texts_.at(name).c_str(), static_cast<int>(values.size()), nullptr,
                       values.data(), nullptr, nullptr, 0);
  const ExecStatusType status = PQresultStatus(last_);
  return status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
}

template <class Statements>
bool FirstBuild::commit(const Statements& statements) {
  session_.run("BEGIN");
  const bool done = statements();
  session_.run(done ? "COMMIT" : "ROLLBACK");
  return done;
}

bool FirstBuild::start() {
  std::ifstream file(ROSTER_SOURCE_DIR "/src/postgres/schema/1-tables.sql");
  std::stringstream first;
  first << file.rdbuf();
  session_.run(first.str());
  return run("start", {});
}

bool FirstBuild::put_role(const std::string& role) {
  return commit([&] {
    return run("turn_of_role", {"acme", "f", {}, {}, {}, {}}) && run("role", {"acme", role, "1", "t", "f", "f"});
  });
}

FirstBuild::Member FirstBuild::fetch(const std::string& account) {
  if (!run("fetch_alone", {"acme", account, actor_, "t"})) return {};
  const auto text = [&](int column) { return std::string(PQgetvalue(last_, 0, column)); };
  return {text(16), text(17), text(18), text(19), text(20), text(2), text(12), text(25)};
}

std::string FirstBuild::count(const std::string& role, const std::string& state) {
  if (!run("fetch_counts", {"{acme}", "{}", "{}", "{}", "{}", actor_, "t"})) return "";
  for (int row = 0; row < PQntuples(last_); ++row)
    if (PQgetisnull(last_, row, 3) == 0 && PQgetvalue(last_, row, 6) == role && PQgetvalue(last_, row, 9) == state)
      return PQgetvalue(last_, row, 3);
  return "0";
}

bool FirstBuild::check(const std::string& account, const Member& member) {
  return run("check", {"{acme}", only(member.organization_version), only(account), only(member.account_version),
                       "{acme}", only(actor_), only(member.actor_version), "{t}"});
}

bool FirstBuild::event(const std::string& event, const std::string& account, const std::string& id,
                       const std::string& version, const std::string& role) {
  return run("events", {"{acme}", only(id), only(version), only(event), only(account), only(role), "{NULL}", actor_,
                        request, at});
}

bool FirstBuild::create(const std::string& account, const std::string& email, const std::string& id,
                        const std::string& role) {
  const Member actor = fetch(actor_);
  return commit([&] {
    return run("check", {"{acme}", only(actor.organization_version), "{}", "{}", "{acme}", only(actor_),
                         only(actor.actor_version), "{t}"}) &&
           run("accounts", {only(account), only(email), only(email), "{f}"}) &&
           run("emails", {only(email), only(account)}) &&
           run("added", {"{acme}", only(account), only(id), only(std::string(first_version)), only(role), "{0}",
                         only(std::string(request)), at, actor_, "0"}) &&
           event("added", account, id, first_version, role);
  });
}

bool FirstBuild::add(const std::string& account, const std::string& id, const std::string& role) {
  const Member member = fetch(account);
  return commit([&] {
    return run("added_alone",
               {"acme", account, id, first_version, role, "0", request, at, "0", member.organization_version,
                member.account_version, "acme", actor_, member.actor_version, "t"}) &&
           event("added", account, id, first_version, role);
  });
}

bool FirstBuild::invite(const std::string& account, const std::string& id, const std::string& role,
                        const std::string& valid_until) {
  const Member member = fetch(account);
  return commit([&] {
    return run("invited_alone",
               {"acme", account, id, first_version, role, "1", request, at, valid_until, member.organization_version,
                member.account_version, "acme", actor_, member.actor_version, "t", actor_}) &&
           event("invited", account, id, first_version, role);
  });
}

bool FirstBuild::change(const std::string& account, const Change& change) {
  const Member member = fetch(account);
  const std::string role = change.role.value_or(member.role), id = change.new_id.value_or(member.id);
  return commit([&] {
    return run("turn", {"{acme}"}) && check(account, member) &&
           run("changed",
               {"{acme}", only(account), only(member.id), only(member.version), only(role), only(change.state),
                only(change.new_id), only(change.valid_until.has_value()), only(change.returns), only(change.invites),
                only(std::string(request)), at, actor_, change.valid_until.value_or("0")}) &&
           run("bounds", {"{}", "{}", "{0,1}", "{acme}", "{owner}"}) &&
           event("role_changed", account, id, std::to_string(std::stoll(member.version) + 1), role);
  });
}

bool FirstBuild::erase(const std::string& account) {
  const Member member = fetch(account);
  return commit([&] {
    return run("turn", {"{acme}"}) && check(account, member) &&
           run("erased", {"{acme}", only(account), only(member.id), only(member.version)}) &&
           run("bounds", {"{}", "{}", "{0,1}", "{acme}", "{owner}"}) &&
           event("removed", account, member.id, std::to_string(std::stoll(member.version) + 1), member.role);
  });
}

}  // namespace postgres_testing
