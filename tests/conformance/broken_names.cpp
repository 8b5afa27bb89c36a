// Wrong comparisons of names: a look-up that returns the first record under a part of the name.
#include <cctype>
#include <map>

#include "broken.hpp"

namespace broken {

namespace {

using Normal = std::string (*)(std::string_view);

std::string folded(std::string_view name) {
  std::string text(name);
  for (char& letter : text) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  return text;
}
/// A column, or an index, of so many bytes.
template <std::size_t size>
std::string cut(std::string_view name) {
  return std::string(name.substr(0, size));
}

template <class Id>
std::string_view compared(const Id& id) {
  return id.view();
}
std::string_view compared(const Email& email) {
  return email.key();
}

/// The names of one kind, by the compared part.
template <class Name, Normal normal>
class Names {
 public:
  void put(const Name& name) {
    if (!compared(name).empty()) first_.insert({normal(compared(name)), name});
  }
  void look_up(Name& name) const {
    const auto found = first_.find(normal(compared(name)));
    if (found != first_.end()) name = found->second;
  }

 private:
  std::map<std::string, Name> first_;
};

template <class Name, Normal normal>
class Alike final : public Faulty {
 public:
  Result<void> fetch(std::uint32_t, const Query& query, Facts& facts) override {
    CopiedQuery copied(query);
    for (OrganizationSelector& selector : copied.organizations) {
      look_up_in(selector);
      if constexpr (std::is_same_v<Name, OrganizationId>)
        if (auto* const nested = std::get_if<Nested>(&selector))
          names_.look_up(nested->parent), names_.look_up(nested->id);
    }
    for (AccountSelector& selector : copied.accounts) look_up_in(selector);
    std::vector<GroupName> groups(query.groups.begin(), query.groups.end());
    std::vector<RoleId> roles(query.roles.begin(), query.roles.end());
    if constexpr (std::is_same_v<Name, GroupName>)
      for (GroupName& name : groups) names_.look_up(name);
    if constexpr (std::is_same_v<Name, RoleId>)
      for (RoleId& role : roles) names_.look_up(role);
    if constexpr (std::is_same_v<Name, AccountId>) {
      for (AccountId& id : copied.group_accounts) names_.look_up(id);
      names_.look_up(copied.query.actor);
    }
    copied.query.groups = groups;
    copied.query.roles = roles;
    return right.fetch(copied.query, facts);
  }
  Result<void> put(const OrganizationRecord& record) override {
    if constexpr (std::is_same_v<Name, OrganizationId>) names_.put(record.id);
    if constexpr (std::is_same_v<Name, Slug>) names_.put(record.slug);
    return done(right.overwrite_organization(record));
  }
  Result<void> put(const AccountRecord& record) override {
    if constexpr (std::is_same_v<Name, AccountId>) names_.put(record.id);
    if constexpr (std::is_same_v<Name, Username>) names_.put(record.username);
    if constexpr (std::is_same_v<Name, Email>)
      if (record.email) names_.put(*record.email);
    return done(right.overwrite_account(record));
  }
  Result<void> put(const OrganizationId& organization, const Role& role) override {
    if constexpr (std::is_same_v<Name, RoleId>) names_.put(role.id);
    return done(right.put_role(organization, role, any_version));
  }
  Result<void> put(const GroupName& group, std::span<const AccountId> accounts) override {
    if constexpr (std::is_same_v<Name, GroupName>) names_.put(group);
    return right.overwrite_group(group, accounts);
  }

 private:
  template <class... Kinds>
  void look_up_in(std::variant<Kinds...>& selector) const {
    if constexpr ((std::is_same_v<Name, Kinds> || ...))
      if (auto* const name = std::get_if<Name>(&selector)) names_.look_up(*name);
  }
  Names<Name, normal> names_;
};

/// Keys and ids of 16 bytes of which 8 are compared.
IdempotencyKey half(IdempotencyKey key) {
  for (std::size_t i = 4; i < 8; ++i) key.bytes[i] = 0;
  return key;
}

Result<void> compares_half_of_ids(MemoryStore& store, const ChangeSet& changes) {
  Copied copied(changes);
  for (MemberChanged& changed : copied.changes.changed) {
    const auto there =
        member(store, changes.organizations[changed.organization].id, changes.accounts[changed.account].id);
    if (there && std::equal(changed.id.bytes.begin(), changed.id.bytes.begin() + 8, there->id.bytes.begin()))
      changed.id = there->id;
  }
  return store.commit(copied.changes);
}

/// One column for names of two kinds.
template <class From, class To, class Selector>
void take_for(std::vector<Selector>& selectors) {
  for (Selector& selector : selectors)
    if (const auto* const name = std::get_if<From>(&selector))
      if (const auto other = To::parse(name->view())) selector = other.value();
}

/// Looks an unknown name up as one of another kind.
template <class From, class To>
Result<void> second_try(MemoryStore& store, const Query& query, Facts& facts) {
  const auto done = store.fetch(query, facts);
  if (!done || !query.groups.empty() || query.set != nullptr) return done;
  CopiedQuery copied(query);
  if constexpr (std::is_same_v<From, Slug>) {
    for (std::size_t i = 0; i < copied.organizations.size(); ++i) {
      std::vector one{copied.organizations[i]};
      if (facts.organizations[static_cast<std::uint32_t>(i)].id.empty()) take_for<From, To>(one);
      copied.organizations[i] = one[0];
    }
  } else {
    for (std::size_t i = 0; i < copied.accounts.size(); ++i) {
      std::vector one{copied.accounts[i]};
      if (facts.accounts[static_cast<std::uint32_t>(i)].id.empty()) take_for<From, To>(one);
      copied.accounts[i] = one[0];
    }
  }
  copied.query.organizations = copied.organizations;
  copied.query.accounts = copied.accounts;
  facts.clear();
  return store.fetch(copied.query, facts);
}

}  // namespace

std::vector<Fault> broken_names() {
  return {
      {"addresses are compared up to 253 bytes", "ids/longest", {}, {}, {}, made<Alike<Email, cut<253>>>},
      {"account ids are compared up to 62 bytes",
       "ids/longest",
       {"ids/byte-exact"},
       {},
       {},
       made<Alike<AccountId, cut<62>>>},
      {"usernames are compared up to 254 bytes", "ids/longest", {}, {}, {}, made<Alike<Username, cut<254>>>},
      {"usernames are cut at 63 bytes", "ids/longest", {}, {}, {}, made<Alike<Username, cut<63>>>},
      {"organization ids are compared up to 62 bytes",
       "ids/longest",
       {"ids/byte-exact"},
       {},
       {},
       made<Alike<OrganizationId, cut<62>>>},
      {"slugs are compared up to 62 bytes", "ids/longest", {"ids/byte-exact"}, {}, {}, made<Alike<Slug, cut<62>>>},
      {"group names are compared up to 254 bytes", "ids/longest", {}, {}, {}, made<Alike<GroupName, cut<254>>>},
      {"group names are cut at 63 bytes", "ids/longest", {}, {}, {}, made<Alike<GroupName, cut<63>>>},
      {"roles are compared up to 62 bytes", "ids/longest", {"ids/byte-exact"}, {}, {}, made<Alike<RoleId, cut<62>>>},
      {"addresses differ by more than case", "ids/email-keys", {}, {}, {}, made<Alike<Email, folded>>},
      {"blanks behind an organization's id are nothing",
       "ids/near-misses",
       {"ids/byte-exact"},
       with_query([](CopiedQuery& it) {
         for (OrganizationSelector& selector : it.organizations)
           if (auto* const id = std::get_if<OrganizationId>(&selector); id != nullptr && id->view().ends_with(' '))
             *id = OrganizationId::parse(id->view().substr(0, id->view().size() - 1)).value();
       })},
      {"usernames differ by more than case",
       "ids/byte-exact",
       {"ids/near-misses"},
       {},
       {},
       made<Alike<Username, folded>>},
      {"slugs differ by more than case", "ids/byte-exact", {"ids/near-misses"}, {}, {}, made<Alike<Slug, folded>>},
      {"group names differ by more than case",
       "ids/byte-exact",
       {"ids/near-misses"},
       {},
       {},
       made<Alike<GroupName, folded>>},
      {"an account id that parse() refuses is read as none",
       "ids/byte-exact",
       {},
       answered([](const Query&, Facts& facts) {
         for (AccountFact& it : facts.accounts)
           if (!AccountId::parse(it.id.view())) it.id = {};
       })},
      {"half of a request key is compared",
       "ids/keys",
       {},
       with_query([](CopiedQuery& it) { it.query.idempotency_key = half(it.query.idempotency_key); }),
       committed([](ChangeSet& it) { it.idempotency_key = half(it.idempotency_key); })},
      {"half of a membership id is compared", "ids/keys", {}, {}, compares_half_of_ids},
      {"an unknown slug is read as an id", "ids/kinds", {}, second_try<Slug, OrganizationId>},
      {"an unknown username is read as an id", "ids/kinds", {}, second_try<Username, AccountId>},
      {"an unknown id is read as a username", "ids/kinds", {}, second_try<AccountId, Username>},
  };
}

}  // namespace broken
