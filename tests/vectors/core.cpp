// The vectors of the core and of MemoryStore.
#include <array>
#include <string>
#include <vector>

#include "roster/roster.hpp"
#include "vectors.hpp"

namespace vectors {
namespace {

enum class Post { member, admin };

consteval auto roster_roles(Post) {
  using Entry = roster::RoleEntry<Post>;
  return std::array{
      Entry{Post::member, {.id = roster::RoleId("member"), .rank = 1}, roster::Grant::default_},
      Entry{Post::admin, {.id = roster::RoleId("admin"), .rank = 2, .manages = true, .owns = true}},
  };
}

using namespace roster;

constexpr Profile rules = {.name = "vectors",
                           .on_unknown_account = OnUnknown::create,
                           .on_other_role = OnConflict::replace,
                           .roles = catalog<Post>,
                           .default_role = default_role<Post>,
                           .actor = ActorRule::host_decides,
                           .seats = SeatRule::active,
                           .mode = Mode::best_effort,
                           .accounts_max = 100,
                           .organizations_max = 10};

template <class Id>
Id id(const std::string& text) {
  auto parsed = Id::parse(text);
  return parsed ? parsed.assume_value() : Id{};
}
std::string_view shown(const UuidText& text) {
  return {text.data(), text.size()};
}
std::string number(std::uint64_t value) {
  return std::to_string(value);
}

void request_keys(std::string& out) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string("order-4711"), std::string("\xC3\xBC\xF0\x9F\x98\x80"),
        std::string("\0\xFF", 2), std::string(55, 'x'), std::string(64, 'x'), std::string(1000, '0')})
    line(out, "request-key", shown(IdempotencyKey::of(text).text()), text);
  for (const char* const text : {"F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6", "f81d4fae-7dec-11d0-a765-00a0c91e6bf",
                                 "f81d4fae-7dec-11d0-a765-00a0c91e6bfg", "{f81d4fae-7dec-11d0-a765-00a0c91e6bf}"}) {
    const auto parsed = IdempotencyKey::parse(text);
    if (parsed)
      line(out, "uuid", text, shown(parsed.assume_value().text()));
    else
      line(out, "uuid", text, name(parsed.assume_error().code), number(parsed.assume_error().detail));
  }
  for (const std::string& actor : {std::string(), std::string("ann"), std::string("exactly8"), std::string(63, 'x')})
    line(out, "bound-key",
         shown(bound(IdempotencyKey::of("a"), actor.empty() ? AccountId{} : AccountId::parse(actor).value()).text()),
         actor);
}

void identifiers(std::string& out) {
  for (const std::array<std::uint64_t, 2> seed :
       {std::array<std::uint64_t, 2>{0, 0}, {1, 2}, {0x0123456789ABCDEFu, 0xFEDCBA9876543210u}}) {
    UuidSource source(seed);
    std::array<MembershipId, 3> memberships;
    source.fill(memberships);
    for (const MembershipId& one : memberships) line(out, "membership-id", shown(one.text()));
    std::array<AccountId, 3> accounts;
    source.fill(accounts);
    for (const AccountId& one : accounts) line(out, "account-id", one.view());
  }
}

void ids(std::string& out) {
  for (const std::string& text :
       {std::string(), std::string("a"), std::string(63, 'z'), std::string(64, 'z'), std::string("a\tb"),
        std::string("a\0b", 3), std::string("gr\xC3\xB6\xC3\x9F"), std::string("\xC3"), std::string("ab\xED\xA0\x80"),
        std::string("\xF4\x90\x80\x80"), std::string("\xC0\xAF"), std::string("a\x7F"), std::string("ann "),
        std::string("\xC2\xA0"
                    "ann"),
        std::string("a\xE2\x80\x8B"
                    "nn")}) {
    const auto parsed = AccountId::parse(text);
    if (parsed)
      line(out, "id", parsed.assume_value().view());
    else
      line(out, "id", text, name(parsed.assume_error().code), number(parsed.assume_error().detail));
  }
}

void addresses(std::string& out) {
  const std::string long_label(63, 'l');
  for (const std::string& text :
       {std::string("Zoe@Example.COM"),
        std::string("a.b+c@x-y.example"),
        std::string("\"quo ted\"@example.com"),
        std::string("Root@LOCALHOST"),
        std::string("a@[192.0.2.1]"),
        std::string("a@[IPv6:2001:DB8::1]"),
        std::string("a@[IPv6:1::2::3]"),
        std::string(),
        std::string("a"),
        std::string("@b.c"),
        std::string("a@"),
        std::string("a..b@c.d"),
        std::string(".a@c.d"),
        std::string("a@b..c"),
        std::string("a@-b.c"),
        std::string("a@b.c-"),
        std::string("a@@b.c"),
        std::string("a b@c.d"),
        std::string("a@b.c\n"),
        std::string("\xC3\xBC@b.c"),
        std::string("a@b\xC3\xBC.c"),
        std::string(65, 'a') + "@b.c",
        std::string(64, 'A') + "@" + long_label + "." + long_label + "." + long_label.substr(2),
        std::string(64, 'a') + "@" + long_label + "." + long_label + "." + long_label,
        "a@" + long_label + "l.de"})
    for (const EmailGrammar grammar : {EmailGrammar::dot_atom, EmailGrammar::mailbox})
      for (const EmailCase letters : {EmailCase::fold_all, EmailCase::fold_domain}) {
        const std::string_view named = grammar == EmailGrammar::mailbox
                                           ? (letters == EmailCase::fold_all ? "mailbox" : "mailbox-domain")
                                           : (letters == EmailCase::fold_all ? "dot-atom" : "dot-atom-domain");
        const auto parsed = Email::parse(text, {.grammar = grammar, .letters = letters});
        if (parsed)
          line(out, "email", named, text, "key", parsed.assume_value().key());
        else
          line(out, "email", named, text, name(parsed.assume_error().code), number(parsed.assume_error().detail));
      }
}

void report(std::string& out, std::string_view title, const Result<Report>& done) {
  if (!done) return line(out, title, "error", name(done.assume_error().code), number(done.assume_error().detail));
  const Report& of = done.assume_value();
  line(out, title, "rows", number(of.rows), "columns", number(of.columns), "request", shown(of.idempotency_key.text()));
  for (std::uint32_t column = 0; column < of.columns; ++column)
    line(out, title, "account", of.accounts[column].id.view(), of.accounts[column].created ? "created" : "found");
  for (std::uint32_t row = 0; row < of.rows; ++row)
    for (std::uint32_t column = 0; column < of.columns; ++column) {
      const Previous* const before = of.before(row, column);
      line(out, title, number(row), number(column), name(of.at(row, column)), of.role(row, column).view(),
           shown(of.membership(row, column).text()), before == nullptr ? "" : of.roles[before->role].view());
    }
}

void listing(std::string& out, const MemoryStore& store, const OrganizationId& organization) {
  AccountId after;
  std::array<Membership, 7> page{};
  for (std::size_t size = 1; size != 0;) {
    size = store.members(organization, after, page).value();
    if (size != 0) after = page[size - 1].account;
    for (std::size_t i = 0; i < size; ++i)
      line(out, "listed", organization.view(), page[i].account.view(), page[i].role.view(), shown(page[i].id.text()),
           number(static_cast<std::uint64_t>(page[i].state)), number(static_cast<std::uint64_t>(page[i].version)),
           shown(page[i].idempotency_key.text()), number(static_cast<std::uint64_t>(page[i].added_at)));
  }
}

/// Three organizations, one of which takes no members; forty accounts, of which each seventh is unknown and each ninth
/// disabled; and addresses.
std::vector<AccountSelector> crowd(MemoryStore& store) {
  (void)store.put_organization({.id = OrganizationId("acme"), .seats_max = 30});
  (void)store.put_organization({.id = OrganizationId("closed"), .joinable = false});
  (void)store.put_organization({.id = OrganizationId("zebra")});
  std::vector<AccountSelector> who;
  for (unsigned i = 0; i < 40; ++i) {
    const auto account = id<AccountId>("account-" + number(i));
    if (i % 7 != 3) (void)store.put_account({.id = account, .disabled = i % 9 == 8});
    who.push_back(account);
  }
  for (const char* const address : {"New@Example.com", "new@example.COM", "other@example.com"}) {
    auto email = Email::parse(address);
    if (email) who.push_back(std::move(email).assume_value());
  }
  return who;
}

void commands(std::string& out) {
  MemoryStore store({.hash_seed = 7});
  UuidSource source({3, 4});
  const auto who = crowd(store);
  Profile profile = rules;
  const Options small_tiles{.tile_cells_max = 16};
  const Engine engine(profile, store, source, small_tiles);
  const std::vector<OrganizationSelector> where{OrganizationId("acme"), OrganizationId("closed"),
                                                OrganizationId("nowhere"), OrganizationId("zebra")};
  AddMembers add(where, who, OneOrMany<RoleId>{RoleId("member"), RoleId("admin")}, {}, IdempotencyKey::of("bulk"));
  for (std::size_t cell = 0; cell < where.size() * who.size(); ++cell)
    add.cell_roles.push_back(static_cast<RoleIndex>(cell % 5 == 0));
  report(out, "best-effort", engine.run(add, Time{1'700'000'000'000'000}));
  report(out, "best-effort-replay", engine.run(add, Time{1'700'000'000'000'001}));
  profile.mode = Mode::atomic;
  const Engine atomic(profile, store, source);
  report(out, "atomic", atomic.run(add, Time{1'700'000'000'000'002}));
  const std::vector<AccountSelector> some{who[0], who[1], who[2]};
  const ChangeRole change(OrganizationId("zebra"), some, RoleId("admin"), {}, IdempotencyKey::of("change"));
  report(out, "change-role", atomic.run(change, Time{1'700'000'000'000'003}));
  const RemoveMembers remove(OrganizationId("zebra"), some, {}, IdempotencyKey::of("remove"));
  report(out, "remove", atomic.run(remove, Time{1'700'000'000'000'004}));
  report(out, "remove-replay", atomic.run(remove, Time{1'700'000'000'000'005}));
  report(out, "error", atomic.run(AddMembers({}, who), Time{1}));
  listing(out, store, OrganizationId("acme"));
  listing(out, store, OrganizationId("zebra"));
}

/// The numbers and names that hosts store and compare. The sentences are for people, and may change.
void names(std::string& out) {
  for (const Outcome outcome : outcomes_by_precedence)
    line(out, "outcome", number(static_cast<std::uint8_t>(outcome)), name(outcome), name(subject(outcome)));
  for (std::uint16_t i = 1; i < 90; ++i)
    if (name(static_cast<Errc>(i)) != "unknown") line(out, "error", number(i), name(static_cast<Errc>(i)));
}

}  // namespace

void core(std::string& out) {
  request_keys(out);
  identifiers(out);
  ids(out);
  addresses(out);
  commands(out);
  names(out);
}

}  // namespace vectors
