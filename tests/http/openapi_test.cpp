// Proves that docs/openapi.json says of our own API what its table says: paths, parameters, fields, limits, statuses,
// codes. That every answer is of the shape it describes is the property of any_request_test.cpp.
#include <set>

#include "http/schema.hpp"
#include "wire.hpp"

namespace openapi_test {

using namespace wire;
using roster_test::at;
using roster_test::Json;
using roster_test::openapi;
using Names = std::set<std::string>;

namespace {

const Json& operation() {
  return at(at(at(openapi(), "paths"), http::bulk.path), "post");
}
const Json& schema(const char* name) {
  return at(roster_test::at_path(openapi(), "components/schemas"), name);
}

Names names_of(std::span<const http::Field> fields) {
  Names names;
  for (const http::Field& field : fields) names.emplace(field.name);
  return names;
}
Names keys_of(const Json& object) {
  Names names;
  for (const Json& member : object.items) names.insert(member.name);
  return names;
}
Names texts_of(const Json& array) {
  Names names;
  for (const Json& text : array.items) names.insert(text.text);
  return names;
}

void write(http::JsonWriter& json, const Json& value) {
  const bool is_object = value.kind == Json::Kind::object;
  if (value.kind == Json::Kind::text) {
    json.text(value.text);
    return;
  }
  is_object ? json.object() : json.array();
  for (const Json& item : value.items) {
    if (is_object) json.key(item.name);
    write(json, item);
  }
  is_object ? json.close_object() : json.close_array();
}
/// Texts, arrays and objects.
std::string written(const Json& value) {
  std::string text;
  http::JsonWriter json(text);
  write(json, value);
  return text;
}

Names outcomes(bool refused_only) {
  Names names;
  for (const Outcome outcome : outcomes_by_precedence)
    if (!refused_only || !succeeded(outcome)) names.emplace(name(outcome));
  return names;
}
Names faults() {
  Names names;
  for (auto fault = http::ErrorKind::not_json; fault <= http::ErrorKind::empty;
       fault = static_cast<http::ErrorKind>(static_cast<int>(fault) + 1))
    names.emplace(name(fault));
  return names;
}
/// The errors with which an operation ends, or with which text does not become a name.
Names errors(Errc first, Errc last) {
  Names names;
  for (auto code = static_cast<int>(first); code <= static_cast<int>(last); ++code)
    if (name(static_cast<Errc>(code)) != "unknown") names.emplace(name(static_cast<Errc>(code)));
  return names;
}
Names operator+(Names all, const Names& more) {
  all.insert(more.begin(), more.end());
  return all;
}
Names operator-(Names all, const Names& fewer) {
  for (const std::string& name : fewer) all.erase(name);
  return all;
}

}  // namespace

TEST_CASE("openapi: the address, the method, the parameters and the version are those of the code") {
  CHECK(at(openapi(), "openapi").text == "3.1.0");
  CHECK(roster_test::at_path(openapi(), "info/version").text == std::to_string(ROSTER_VERSION_MAJOR) + "." +
                                                                    std::to_string(ROSTER_VERSION_MINOR) + "." +
                                                                    std::to_string(ROSTER_VERSION_PATCH));
  CHECK(keys_of(at(openapi(), "paths")) == Names{std::string(http::bulk.path)});
  CHECK(http::bulk.method == "POST");
  Names path, query, headers;
  for (const Json& parameter : at(operation(), "parameters").items) {
    const std::string& in = at(parameter, "in").text;
    (in == "path" ? path : in == "query" ? query : headers).insert(at(parameter, "name").text);
  }
  CHECK(path == names_of(http::bulk.parameters));
  CHECK(query == names_of(http::bulk.query));
  CHECK(headers == Names{"Idempotency-Key"});
}

TEST_CASE("openapi: the body has the fields and the limits of the table") {
  const Json& body = schema("AddMembers");
  CHECK(keys_of(at(body, "properties")) == names_of(http::bulk.fields));
  const http::Field& members = http::bulk.fields[0];
  CHECK(texts_of(at(body, "required")) == Names{std::string(members.name)});
  CHECK(roster_test::at_path(body, "properties/members/maxItems").number == members.items_max);
  CHECK(profiles::bulk.accounts_max == members.items_max);
  CHECK(keys_of(at(schema("Member"), "properties")) == names_of(members.members));
}

TEST_CASE("openapi: the example is of the shape it describes, and is carried out") {
  // A name of the path "application/json" has a slash in it, so the way there is walked by hand.
  const Json& content = at(roster_test::at_path(operation(), "requestBody/content"), "application/json");
  const Json& example = roster_test::at_path(content, "examples/two/value");
  CHECK(roster_test::violation(example, at(content, "schema"), openapi()).empty());
  Wire api(http::bulk);
  api.host.has_organization("acme");
  api.host.has_account("boss");
  api.host.has_account("g", {}, "grace");
  api.host.has_member("acme", "boss", "owner");
  CHECK(api.send("/organizations/acme/members", written(example)).status == 201);
}

TEST_CASE("openapi: every status that the code gives is there, and no other") {
  Names statuses = {"200", "201", "207", "401", "404", "405", "413"};
  statuses.insert({std::to_string(http::bulk.malformed), std::to_string(http::bulk.wrong_media_type), "500", "503"});
  for (const Outcome outcome : outcomes_by_precedence) {
    // A refusal of all is never told as the member that was refused because another was.
    if (!succeeded(outcome) && outcome != Outcome::not_attempted)
      statuses.insert(std::to_string(http::bulk.profile->status[outcome]));
  }
  CHECK(keys_of(at(operation(), "responses")) == statuses);
}

TEST_CASE("openapi: every code is there, and no other") {
  const auto codes = [](const char* name) {
    return texts_of(roster_test::at_path(schema(name), "properties/code/enum"));
  };
  CHECK(codes("Result") == outcomes(false));
  const Names whole = {"route_not_found", "method_not_allowed", "unauthenticated", "body_too_large"};
  const Names of_commands = errors(Errc::batch_empty, Errc::valid_until_passed) - Names{"actor_missing"},
              of_stores = errors(Errc::contended, Errc::not_finished) + Names{"store_full"};
  CHECK(codes("Problem") == outcomes(true) + faults() + whole + of_commands + of_stores);
  const Names of_texts = errors(Errc::id_empty, Errc::email_no_key) - Names{"uuid_malformed"};
  CHECK(codes("FieldError") ==
        faults() + of_texts +
            Names{"selector_not_accepted", "out_of_memory", "batch_empty", "batch_too_large", "valid_until_passed"});
}

}
