// The record interface of a store: changes of several accounts in one unit.
#include <string>
#include <vector>

#include "laws.hpp"
#include "record_calls.hpp"
#include "snapshot.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// The accounts as they must be stored, and the calls that change them.
class ChangedAccounts {
 public:
  ChangedAccounts(TestContext& test, Records& records) : test_(test), records_(records) {
    for (std::uint32_t i = 0; i < 3; ++i) {
      const std::string n = std::to_string(i);
      stored.push_back({.id = test_account(i),
                        .email = address("a" + n + "@example.org"),
                        .username = id<Username>("name" + n),
                        .verified = true});
      stored.back().version = records.succeeds("create an account", put(records.store(), stored.back()));
    }
  }
  /// The accounts are stored as they must be.
  void expect(const std::string& when) {
    for (const AccountRecord& it : stored) {
      records_.expect_stored(it, it.version, when);
      for (const AccountSelector& name :
           {AccountSelector(it.email ? *it.email : address("none@example.org")), AccountSelector(it.username)}) {
        const auto found = records_.store().account(name);
        const bool is_there = found && found.value() && found.value()->id == it.id;
        test_.expect(is_there || (!it.email && std::holds_alternative<Email>(name)),
                     when + ", " + text_of(name) + " does not find its account");
      }
    }
  }
  AccountUpdate update(std::uint32_t account, AccountChange change) const {
    return {stored[account].id, std::move(change), stored[account].version};
  }
  void succeed(const std::string& what, std::vector<AccountUpdate> updates) {
    test_.step(what);
    const auto done = records_.store().change_accounts(updates);
    test_.expect(done.has_value(), what + ": " + (done ? "" : std::string(name(done.error().code))));
    for (AccountRecord& it : stored)
      for (const AccountUpdate& update : updates)
        if (update.id == it.id) {
          test_.expect(update.version != it.version, what + ": a changed account keeps its version");
          it.version = update.version;
        }
    expect(what);
  }
  void fail(const std::string& what, std::vector<AccountUpdate> updates, Errc code) {
    test_.step(what);
    const std::vector<AccountUpdate> before = updates;
    const auto done = records_.store().change_accounts(updates);
    test_.expect(!done && done.error().code == code, what + ": " +
                                                         (done ? "success" : std::string(name(done.error().code))) +
                                                         " instead of " + std::string(name(code)));
    for (std::size_t i = 0; i < updates.size(); ++i)
      test_.expect(updates[i].version == before[i].version, what + ": a refused call changes the given versions");
    expect(what);
  }
  std::vector<AccountRecord> stored;

 private:
  TestContext& test_;
  Records& records_;
};

void refuse_changes(ChangedAccounts& of) {
  const AccountChange disables{.disabled = true};
  of.fail("change a missing account", {of.update(0, disables), {test_account(9), disables, any_version}},
          Errc::not_found);
  of.fail("change no account", {of.update(0, disables), {AccountId(), disables, any_version}}, Errc::id_empty);
  of.fail("change one of another version",
          {of.update(0, disables), {test_account(1), disables, behind(of.stored[1].version)}}, Errc::stale);
  of.fail("change one of version 0", {of.update(0, disables), {test_account(1), disables, no_version}}, Errc::stale);
  of.fail("change one twice", {of.update(0, disables), of.update(1, disables), of.update(0, {.verified = false})},
          Errc::stale);
  of.fail("change one twice for any version",
          {{test_account(0), disables, any_version}, {test_account(0), disables, any_version}}, Errc::stale);
  of.fail("take an address that stays",
          {of.update(0, {.email = of.stored[2].email, .disabled = true}), of.update(1, {.email = of.stored[0].email})},
          Errc::exists);
  of.fail("take a username that stays",
          {of.update(1, {.email = of.stored[0].email}),
           of.update(0, {.email = of.stored[1].email, .username = of.stored[2].username})},
          Errc::exists);
  of.fail("give one address to two accounts",
          {of.update(0, {.email = address("new@example.org")}), of.update(1, {.email = address("new@example.org")})},
          Errc::exists);
  of.fail("give one username to two accounts",
          {of.update(0, {.username = Username("new")}), of.update(1, {.username = Username("new")})}, Errc::exists);
}

void changes_accounts(TestContext& test) {
  Records records(test, 0);
  if (!records) return;
  ChangedAccounts of(test, records);
  of.expect("after the puts");
  refuse_changes(of);
  if (test.broken()) return;
  std::vector<AccountRecord>& stored = of.stored;
  test.step("change none");
  test.expect(records.store().change_accounts({}).has_value(), "a call without accounts fails");

  // Two exchange their addresses, and all three their usernames.
  std::swap(stored[0].email, stored[1].email);
  stored[0].verified = false;
  of.succeed("exchange addresses",
             {of.update(0, {.email = stored[0].email}), of.update(1, {.email = stored[1].email, .verified = true})});
  std::swap(stored[0].username, stored[1].username);
  std::swap(stored[1].username, stored[2].username);
  stored[1].disabled = stored[2].invited = true;
  of.succeed("exchange usernames", {of.update(2, {.username = stored[2].username, .invited = true}),
                                    of.update(0, {.username = stored[0].username}),
                                    of.update(1, {.username = stored[1].username, .disabled = true})});
  of.fail("repeat with the former versions",
          {{stored[0].id, {.disabled = true}, behind(stored[0].version)}, of.update(1, {.disabled = false})},
          Errc::stale);
  // One takes the address that another one gives up, in either order.
  for (const bool gives_first : {true, false}) {
    std::swap(stored[0].email, stored[1].email);
    const std::uint32_t from = gives_first ? 0 : 1, to = 1 - from;
    stored[from].email = {};
    stored[from].verified = stored[to].verified = false;
    std::vector<AccountUpdate> updates{of.update(from, {.email = Email()}), of.update(to, {.email = stored[to].email})};
    if (!gives_first) std::swap(updates[0], updates[1]);
    of.succeed("take an address that is given up", updates);
    stored[from].email = address(gives_first ? "back0@example.org" : "back1@example.org");
    of.succeed("give it another one", {of.update(from, {.email = stored[from].email})});
  }
  // The same address in another spelling stays verified.
  stored[2].email = address("A2@example.org");
  of.succeed("change the spelling of an address", {of.update(2, {.email = stored[2].email})});
}

constexpr Entry account_change_entries[] = {
    {{"records/change-accounts",
      "change_accounts() writes all changes or none, each under its version, and compares names after all are written"},
     changes_accounts,
     Requires::records},
};

}  // namespace

std::span<const Entry> account_change_laws() noexcept {
  return account_change_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
