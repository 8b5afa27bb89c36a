// MemoryStore against the obvious: random operations on a few records, each answer compared with that of ordered maps.
#include <algorithm>
#include <map>
#include <random>

#include "memory_store_testing.hpp"

namespace memory_store_model_test {

using namespace memory_testing;

namespace {

struct ModelAccount {
  std::string key;  ///< of its address; empty: none
  std::uint64_t version = 1;
  std::vector<std::uint64_t> joined;
};

struct Model {
  struct Member {
    std::uint64_t number, version, idempotency_key;
    bool admin;
  };
  std::map<std::uint64_t, ModelAccount> accounts;
  std::map<std::uint64_t, std::uint64_t> organizations;  ///< and their versions
  std::map<std::uint64_t, std::vector<std::uint64_t>> order;
  std::map<std::pair<std::uint64_t, std::uint64_t>, Member> members;
  std::uint64_t first_version = 1;  ///< of a new membership: above those of all that were erased

  bool key_taken(const std::string& key, std::uint64_t by_other_than) const {
    return std::any_of(accounts.begin(), accounts.end(), [&](const auto& entry) {
      return !key.empty() && entry.second.key == key && entry.first != by_other_than;
    });
  }
  void add(std::uint64_t organization, std::uint64_t account, Member member) {
    members[{organization, account}] = member;
    order[organization].push_back(account);
    accounts[account].joined.push_back(organization);
  }
  void erase(std::uint64_t organization, std::uint64_t account) {
    const auto erased = members.find({organization, account});
    first_version = std::max(first_version, erased->second.version + 1);
    members.erase(erased);
    std::erase(order[organization], account);
    std::erase(accounts[account].joined, organization);
  }
};

class Run {
 public:
  Run(std::uint64_t seed, std::uint64_t organizations, std::uint64_t accounts)
      : random_(seed), store_({.hash_seed = seed}), organizations_(organizations), accounts_(accounts) {}

  void step() {
    switch (below(12)) {
      case 0: put_organization(); break;
      case 1:
      case 2: put_account(); break;
      case 3:
      case 4: put_membership(); break;
      case 5:
      case 6: erase(); break;
      default: commit(); break;
    }
  }

  void compare() {
    REQUIRE(store_.membership_count() == model_.members.size());
    REQUIRE(store_.account_count() == model_.accounts.size());
    REQUIRE(store_.organization_count() == model_.organizations.size());
    for (std::uint64_t o = 0; o < organizations_; ++o) {
      const auto expected = by_id(model_.order[o], [](std::uint64_t account) { return who(account); });
      const std::vector<Membership> listed = members_of(store_, org(o), 5);
      REQUIRE(listed.size() == expected.size());
      for (std::size_t i = 0; i < listed.size(); ++i) same(listed[i], o, expected[i]);
      REQUIRE(store_.member_count(org(o)).value() == listed.size());
    }
    for (std::uint64_t a = 0; a < accounts_; ++a) {
      const auto found = model_.accounts.find(a);
      REQUIRE(bool(store_.account(who(a)).value()) == (found != model_.accounts.end()));
      if (found == model_.accounts.end()) continue;
      if (!found->second.key.empty()) REQUIRE(store_.account(email(found->second.key)).value()->id == who(a));
      REQUIRE(store_.organization_count(who(a)).value() == found->second.joined.size());
      const auto expected = by_id(found->second.joined, [](std::uint64_t in) { return org(in); });
      const std::vector<Membership> listed = organizations_of(store_, who(a), 5);
      REQUIRE(listed.size() == expected.size());
      for (std::size_t i = 0; i < listed.size(); ++i) same(listed[i], expected[i], a);
      for (std::uint64_t o = 0; o < organizations_; ++o)
        REQUIRE(bool(store_.membership(org(o), who(a)).value()) == model_.members.contains({o, a}));
    }
  }

  std::uint64_t committed = 0, refused = 0;

 private:
  std::uint64_t below(std::uint64_t limit) { return random_() % limit; }
  /// These numbers in the order of their ids.
  template <class IdOf>
  static std::vector<std::uint64_t> by_id(std::vector<std::uint64_t> numbers, const IdOf& id_of) {
    std::sort(numbers.begin(), numbers.end(), [&](auto a, auto b) { return id_of(a) < id_of(b); });
    return numbers;
  }
  std::string address() { return below(3) == 0 ? std::string{} : "a" + std::to_string(below(accounts_)) + "@x.org"; }

  void same(const Membership& got, std::uint64_t organization, std::uint64_t account) {
    const Model::Member& member = model_.members.at({organization, account});
    REQUIRE(got.organization == org(organization));
    REQUIRE(got.account == who(account));
    REQUIRE(got.id == key(member.number));
    REQUIRE(got.version == Version{member.version});
    REQUIRE(got.role == (member.admin ? RoleId("admin") : RoleId("member")));
    REQUIRE(got.idempotency_key == (member.idempotency_key == 0 ? IdempotencyKey{} : request(member.idempotency_key)));
  }

  void put_organization() {
    const std::uint64_t o = below(organizations_);
    must(store_.overwrite_organization({.id = org(o)}));
    ++model_.organizations[o];
  }

  void put_account() {
    const std::uint64_t a = below(accounts_);
    const std::string address = this->address();
    AccountRecord record{.id = who(a)};
    if (!address.empty()) record.email = email(address);
    const bool taken = model_.key_taken(address, a);
    REQUIRE(code(store_.overwrite_account(record)) == (taken ? Errc::exists : Errc{}));
    if (taken) return;
    const bool there = model_.accounts.contains(a);
    model_.accounts[a].key = address;
    model_.accounts[a].version += there ? 1 : 0;
  }

  void put_membership() {
    const std::uint64_t o = below(organizations_), a = below(accounts_);
    const bool known = model_.organizations.contains(o) && model_.accounts.contains(a);
    const bool there = model_.members.contains({o, a});
    REQUIRE(code(store_.put_membership(membership(++number_, o, a))) == (!known  ? Errc::not_found
                                                                         : there ? Errc::exists
                                                                                 : Errc{}));
    if (known && !there) model_.add(o, a, {number_, model_.first_version, 0, false});
  }

  void erase() {
    const std::uint64_t o = below(organizations_), a = below(accounts_);
    const bool there = model_.members.contains({o, a});
    REQUIRE(code(store_.erase_membership(org(o), who(a))) == (there ? Errc{} : Errc::not_found));
    if (there) model_.erase(o, a);
  }

  /// A change made by hand: mostly sound, sometimes not, and the model says which.
  void commit() {
    std::vector<std::uint64_t> rows, columns;
    std::vector<OrganizationSelector> organizations;
    std::vector<AccountSelector> accounts;
    for (std::uint64_t i = below(3) + 1; i > 0; --i) rows.push_back(below(organizations_));
    for (std::uint64_t i = below(5) + 1; i > 0; --i) columns.push_back(below(accounts_));
    for (const std::uint64_t o : rows) organizations.push_back(org(o));
    for (const std::uint64_t a : columns) accounts.push_back(who(a));
    Change change(store_, organizations, accounts);
    Model after = model_;
    const std::uint64_t asked = ++number_;
    change.changes.idempotency_key = request(asked);
    bool sound = true;

    std::vector<std::uint64_t> all = columns;
    Email address;
    if (below(4) == 0) {
      const std::uint64_t fresh = below(accounts_);
      const std::string text = this->address();
      if (!text.empty()) address = email(text);
      sound = sound && !after.accounts.contains(fresh) && !after.key_taken(text, fresh);
      REQUIRE(change.changes.created.try_push_back({who(fresh), text.empty() ? nullptr : &address, false}));
      after.accounts[fresh].key = text;
      all.push_back(fresh);
    }
    for (std::uint32_t r = 0; r < rows.size(); ++r) {
      for (std::uint32_t c = 0; c < all.size(); ++c) {
        const bool known =
            after.organizations.contains(rows[r]) && (c == columns.size() || model_.accounts.contains(all[c]));
        const bool found = model_.members.contains({rows[r], all[c]});
        if (c < columns.size()) compare(change, r, c, rows[r], all[c]);
        const bool member = after.members.contains({rows[r], all[c]});
        if ((!known || member) && below(30) != 0) {
          if (!found || c >= columns.size() || below(2) == 0) continue;
          Model::Member& now = after.members.at({rows[r], all[c]});
          const bool first = now.idempotency_key != asked;
          const std::uint64_t version = below(15) == 0 ? 77 : model_.members.at({rows[r], all[c]}).version;
          if (!first) continue;
          sound = sound && version == now.version;
          REQUIRE(change.changes.changed.try_push_back({key(now.number), r, c, 1, 0, Version{version}}));
          now = {now.number, now.version + 1, asked, true};
          continue;
        }
        sound = sound && known && !member;
        change.add(r, c, ++number_);
        if (known && !member) after.add(rows[r], all[c], {number_, after.first_version, asked, false});
      }
      if (below(6) == 0) {
        const bool known = model_.organizations.contains(rows[r]);
        const std::uint64_t version = known ? model_.organizations.at(rows[r]) + (below(10) == 0 ? 1 : 0) : 1;
        sound = sound && known && version == model_.organizations.at(rows[r]);
        change.guard({.record = Guard::Record::organization, .organization = r, .version = Version{version}});
      }
    }
    const Errc got = change.commit(store_);
    REQUIRE(got == (sound ? Errc{} : Errc::stale));
    if (sound) model_ = std::move(after);
    ++(sound ? committed : refused);
  }

  void compare(const Change& change, std::uint32_t row, std::uint32_t column, std::uint64_t o, std::uint64_t a) {
    const auto member = model_.members.find({o, a});
    const MembershipFact* const fact = change.at(row, column);
    REQUIRE((fact != nullptr) == (member != model_.members.end()));
    if (fact == nullptr) return;
    REQUIRE(fact->id == key(member->second.number));
    REQUIRE(fact->version == Version{member->second.version});
  }

  std::mt19937_64 random_;
  MemoryStore store_;
  Model model_;
  std::uint64_t organizations_, accounts_;
  std::uint64_t number_ = 0;
};

}  // namespace

TEST_CASE("random operations are answered as ordered maps would", "[memory_store]") {
  struct Shape {
    std::uint64_t organizations, accounts;
    int steps, runs;
  };
  std::uint64_t committed = 0, refused = 0;
  for (const Shape shape : {Shape{3, 5, 300, 20}, Shape{2, 60, 600, 4}, Shape{30, 4, 600, 4}}) {
    for (int i = 0; i < shape.runs; ++i) {
      const auto seed = static_cast<std::uint64_t>(i) * 1000 + shape.accounts;
      CAPTURE(seed, shape.organizations);
      Run run(seed, shape.organizations, shape.accounts);
      for (int step = 0; step < shape.steps; ++step) {
        run.step();
        if (step % 20 == 0) run.compare();
      }
      run.compare();
      committed += run.committed;
      refused += run.refused;
    }
  }
  CHECK(committed > 1000);
  CHECK(refused > 200);
}

}
