#include "http/drawn.hpp"

#include "roster/memory_store.hpp"

namespace roster_test {
namespace {

using namespace roster;

constexpr const http::Api* apis[] = {&http::recoup, &http::turso, &http::piper, &http::mem0, &http::devin, &http::bulk};

// Names that mean something in the world below, and names that mean nothing anywhere.
constexpr std::string_view org = "00000000-0000-4000-8000-000000000001",
                           other_org = "00000000-0000-4000-8000-000000000002",
                           boss = "00000000-0000-4000-8000-000000000003", ana = "00000000-0000-4000-8000-000000000004",
                           own_role = "00000000-0000-4000-8000-000000000005";
constexpr std::string_view texts[] = {
    org,
    other_org,
    boss,
    ana,
    own_role,
    "00000000-0000-4000-8000-0000000000FF",
    "ent",
    "chirp",
    "boss",
    "ana",
    "nobody",
    "ana@label.example",
    "ANA@LABEL.EXAMPLE",
    "new@label.example",
    "gone@label.example",
    "a..b@label.example",
    "@",
    "",
    "member",
    "admin",
    "owner",
    "viewer",
    "READER",
    "OWNER",
    "org_admin",
    "org_member",
    "crew",
    "nobodies",
    "{account}",
    "a\\u0000b",
    "\\ud83d\\ude00",
    "\\\"",
    "\xC3\xA9",
    "\xFF",
    "2030-01-01T00:00:00Z",
    "1999-12-31T23:59:59Z",
    "012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"};
/// What a field usually says: two values that mean something.
struct Usual {
  std::string_view field, values[2];
};
constexpr Usual usual[] = {{"organizationId", {org, org}},
                           {"accountId", {ana, boss}},
                           {"account_id", {ana, boss}},
                           {"user_ids", {ana, boss}},
                           {"org_ids", {org, org}},
                           {"group_names", {"crew", "crew"}},
                           {"email", {"ana@label.example", "new@label.example"}},
                           {"username", {"ana", "boss"}},
                           {"role_id", {own_role, own_role}},
                           {"org_role", {"org_member", "org_admin"}}};
constexpr std::string_view names[] = {
    "organizationId", "accountId",   "email",   "username",   "role",   "role_id",     "user_ids", "org_ids",
    "org_role",       "group_names", "members", "account_id", "atomic", "valid_until", "x",        ""};
constexpr std::string_view paths[] = {"/api/organizations/members",
                                      "/v1/organizations/{}/members",
                                      "/v1/organizations/{}/members",
                                      "/api/v1/orgs/organizations/{}/projects/{}/members/",
                                      "/v2/enterprise/organizations/{}/members",
                                      "/organizations/{}/members"};
constexpr std::string_view headers[] = {"Content-Type",     "application/json",
                                        "Content-Type",     "application/json; charset=utf-8",
                                        "content-type",     "text/plain",
                                        "Idempotency-Key",  "\"k-1\"",
                                        "Idempotency-Key",  "",
                                        "Content-Encoding", "gzip",
                                        "Content-Encoding", "identity"};

/// Numbers from the bytes; zeros once they have run out.
class Source {
 public:
  explicit Source(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
  unsigned next() { return at_ < bytes_.size() ? bytes_[at_++] : 0u; }
  std::size_t below(std::size_t limit) { return next() % limit; }
  bool one_in(unsigned n) { return next() % n == n - 1; }
  bool is_over() const { return at_ >= bytes_.size(); }
  template <std::size_t N>
  std::string_view pick(const std::string_view (&from)[N]) {
    return from[below(N)];
  }

 private:
  std::span<const std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

void draw_value(Source& source, std::string& to, int depth);

void draw_text(Source& source, std::string& to) {
  to += '"';
  to += source.pick(texts);
  to += '"';
}

void draw_object(Source& source, std::string& to, int depth) {
  to += '{';
  for (std::size_t i = 0, size = source.below(5); i < size; ++i) {
    to += i == 0 ? "\"" : ",\"";
    to += source.pick(names);
    to += "\":";
    draw_value(source, to, depth + 1);
  }
  to += '}';
}

void draw_value(Source& source, std::string& to, int depth) {
  switch (depth > 4 ? 0 : source.below(16)) {
    case 9: to += "null"; return;
    case 10: to += "true"; return;
    case 11: to += "-1.5e3"; return;
    case 12:
    case 13:
      to += '[';
      for (std::size_t i = 0, size = source.below(4); i < size; ++i) {
        if (i != 0) to += ',';
        draw_value(source, to, depth + 1);
      }
      to += ']';
      return;
    case 14: return draw_object(source, to, depth);
    default: return draw_text(source, to);
  }
}

void draw_text_of(Source& source, std::string_view field, std::string& to) {
  if (source.one_in(4)) return draw_text(source, to);
  for (const Usual& one : usual)
    if (one.field == field) return void(to.append(1, '"').append(one.values[source.below(2)]).append(1, '"'));
  draw_text(source, to);
}

/// The fields that the API's table lists, of the shapes it asks for: a body that may well be carried out.
void draw_fields(Source& source, std::span<const http::Field> fields, std::string& to) {
  to += '{';
  bool first = true;
  for (const http::Field& field : fields) {
    if (!field.required && !source.one_in(3)) continue;
    to += first ? "\"" : ",\"";
    first = false;
    to += field.name;
    to += "\":";
    switch (field.type) {
      case http::FieldType::boolean: to += source.one_in(2) ? "true" : "false"; break;
      case http::FieldType::strings:
      case http::FieldType::objects:
        to += '[';
        for (std::size_t i = 0, size = source.below(4); i < size; ++i) {
          if (i != 0) to += ',';
          if (field.type == http::FieldType::strings) {
            draw_text_of(source, field.name, to);
          } else {
            draw_fields(source, field.members, to);
          }
        }
        to += ']';
        break;
      default: draw_text_of(source, field.name, to);
    }
  }
  to += '}';
}

void spoil(Source& source, std::string& text) {
  for (std::size_t i = 0, times = source.below(4); i < times && !text.empty(); ++i) {
    const std::size_t at = (source.next() * 256 + source.next()) % text.size();
    switch (source.below(3)) {
      case 0: text[at] = static_cast<char>(source.next()); break;
      case 1: text.insert(at, 1, static_cast<char>(source.next())); break;
      default: text.erase(at, 1 + source.below(8));
    }
  }
}

template <class Name>
Name named(std::string_view text) {
  return Name::parse(text).value();
}

/// Fails for good after some calls, and remembers that it did.
class Moody final : public Store {
 public:
  Moody(Store& with, unsigned sound_calls) : inner_(&with), left_(sound_calls == 255 ? 1'000'000 : sound_calls % 4) {}
  Result<void> fetch(const Query& query, Facts& facts) override {
    return fails() ? Result<void>(Errc::store_failed) : inner_->fetch(query, facts);
  }
  Result<void> commit(const ChangeSet& changes) override {
    return fails() ? Result<void>(Errc::store_failed) : inner_->commit(changes);
  }
  bool failed() const { return failed_; }

 private:
  bool fails() {
    failed_ = failed_ || left_ == 0;
    left_ -= left_ == 0 ? 0 : 1;
    return failed_;
  }
  Store* inner_;
  unsigned left_;
  bool failed_ = false;
};

struct Cards final : http::RecordSource {
  http::Records look_up(const http::RecordsQuery&) override {
    http::Records records;
    records.account = http::AccountView{.email = "other@label.example", .username = "\"\xFF", .created_at = Time{1}};
    records.role = http::RoleView{"r", false};
    records.organization = http::OrganizationView{.name = "o"};
    return records;
  }
};

bool furnish(MemoryStore& store, IdSource& ids, const http::Api& api) {
  const auto member = [&](std::string_view where, std::string_view who, std::string_view as) {
    Membership membership;
    membership.organization = named<OrganizationId>(where);
    membership.account = named<AccountId>(who);
    membership.role = named<RoleId>(as);
    ids.fill(std::span<MembershipId>(&membership.id, 1));
    return store.put_membership(membership).has_value();
  };
  const std::string_view manager = &api == &http::mem0 ? "OWNER" : &api == &http::devin ? "org_admin" : "owner";
  const AccountId crew[] = {named<AccountId>(ana)};
  return store.put_organization({.id = OrganizationId("ent")}) &&
         store.put_organization(
             {.id = named<OrganizationId>(org), .slug = Slug("chirp"), .parent = OrganizationId("ent")}) &&
         store.put_organization(
             {.id = named<OrganizationId>(other_org), .parent = OrganizationId("ent"), .joinable = false}) &&
         store.put_role(named<OrganizationId>(org), {.id = named<RoleId>(own_role), .rank = 1}, any_version) &&
         store.put_account({.id = named<AccountId>(boss), .username = Username("boss")}) &&
         store.put_account(
             {.id = named<AccountId>(ana), .email = named<Email>("ana@label.example"), .username = Username("ana")}) &&
         store.put_account({.id = AccountId("gone"), .email = named<Email>("gone@label.example"), .disabled = true}) &&
         store.overwrite_group(GroupName("crew"), crew) && member("ent", boss, "org_admin") &&
         member(org, boss, manager);
}

}  // namespace

Drawn draw_request(std::span<const std::uint8_t> bytes) {
  Source source(bytes);
  Drawn drawn;
  const std::size_t which = source.below(std::size(apis));
  drawn.api = apis[which];
  for (const char c : paths[which]) {
    if (c == '{')
      drawn.target += source.one_in(4)                         ? source.pick(texts)
                      : which == 1                             ? std::string_view("chirp")
                      : which == 3 && drawn.target.size() < 32 ? std::string_view("ent")
                                                               : org;
    if (c != '{' && c != '}') drawn.target += c;
  }
  if (source.one_in(8)) drawn.target += source.one_in(2) ? "?dry_run=true" : "?x=%zz&dry_run=";
  if (source.one_in(32)) drawn.method = "GET";
  if (source.one_in(16)) spoil(source, drawn.target);
  if (!source.one_in(16)) drawn.who.actor = Actor{named<AccountId>(source.one_in(8) ? ana : boss), source.one_in(16)};
  drawn.who.permitted = !source.one_in(16);
  for (std::size_t i = 0, lines = source.below(3); i < lines; ++i) {
    const std::size_t at = source.below(std::size(headers) / 2) * 2;
    drawn.headers.emplace_back(headers[at], headers[at + 1]);
  }
  if (source.one_in(3)) drawn.sound_calls = static_cast<std::uint8_t>(source.next());
  drawn.has_records = source.one_in(2);
  if (source.one_in(4)) {
    draw_object(source, drawn.body, 0);
  } else {
    draw_fields(source, drawn.api->fields, drawn.body);
  }
  if (source.one_in(4)) spoil(source, drawn.body);
  return drawn;
}

Answered answer(const Drawn& drawn) {
  MemoryStore store({.thread_safe = false});
  UuidSource ids({7, 7});
  Answered answered;
  if (!furnish(store, ids, *drawn.api)) return answered;
  answered.memberships_before = store.membership_count();
  Moody moody(store, drawn.sound_calls);
  Cards cards;
  std::vector<http::Header> lines;
  for (const auto& [name, value] : drawn.headers) lines.push_back({name, value});
  const http::Handler handler(*drawn.api, moody, ids, drawn.has_records ? &cards : nullptr);
  answered.response =
      handler.handle({drawn.method, drawn.target, lines, drawn.body}, drawn.who, Time{1'700'000'000'000'000});
  answered.store_failed = moody.failed();
  answered.memberships_after = store.membership_count();
  return answered;
}

}  // namespace roster_test
