#include "hand_written.hpp"

#include <algorithm>
#include <cstring>

#include "measure.hpp"

namespace bench {

namespace {

constexpr int at_once = 200;
constexpr std::int64_t now_us = 1'767'225'600'000'000;

void bind(sqlite3_stmt* statement, int at, const Key16& key) {
  sqlite3_bind_blob(statement, at, key.data(), static_cast<int>(key.size()), SQLITE_STATIC);
}
void step(sqlite3_stmt* statement) {
  expect(sqlite3_step(statement) == SQLITE_DONE, "a statement by hand failed");
  sqlite3_reset(statement);
}

}  // namespace

Key16 key_of(char kind, std::uint32_t n) {
  // Mixed, as ids that somebody else has drawn are: neighbours in one list are not neighbours in a table.
  std::uint64_t x = (static_cast<std::uint64_t>(kind) << 32 | n) * 0x9E3779B97F4A7C15u;
  Key16 key;
  for (std::size_t i = 0; i < key.size(); i += 8) {
    x ^= x >> 29;
    x *= 0xBF58476D1CE4E5B9u;
    x ^= x >> 32;
    std::memcpy(key.data() + i, &x, 8);
  }
  return key;
}

HandWritten::HandWritten(const std::string& path) {
  expect(sqlite3_open(path.empty() ? ":memory:" : path.c_str(), &connection_) == SQLITE_OK, "no database");
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;"
      "CREATE TABLE organizations (id BLOB PRIMARY KEY, joinable INTEGER) WITHOUT ROWID;"
      "CREATE TABLE accounts (id BLOB PRIMARY KEY, disabled INTEGER) WITHOUT ROWID;"
      "CREATE TABLE members (organization BLOB, account BLOB, role INTEGER, state INTEGER, version INTEGER,"
      " added_at INTEGER, valid_until INTEGER, id BLOB, request BLOB, PRIMARY KEY (organization, account)) WITHOUT "
      "ROWID;"
      "CREATE INDEX by_account ON members (account, organization);"
      "CREATE TEMP TABLE accounts_list (id BLOB); CREATE TEMP TABLE organizations_list (id BLOB)");
  begin_ = prepare("BEGIN IMMEDIATE");
  commit_ = prepare("COMMIT");
  organization_ = prepare("SELECT joinable FROM organizations WHERE id = ?1");
  account_ = prepare("SELECT disabled FROM accounts WHERE id = ?1");
  member_ = prepare("SELECT id, role, state, request FROM members WHERE organization = ?1 AND account = ?2");
  insert_ = prepare("INSERT INTO members VALUES (?1, ?2, 1, 0, 1, ?3, 0, ?4, ?4)");
  members_ = prepare(
      "SELECT account, id, role, state, request FROM members"
      " WHERE organization = ?1 AND account BETWEEN ?2 AND ?3 ORDER BY account");
  std::string many = "INSERT INTO members VALUES ";
  for (int i = 0; i < at_once; ++i)
    many += std::string(i == 0 ? "" : ",") + "(?1,?" + std::to_string(3 + 2 * i) + ",1,0,1,?2,0,?" +
            std::to_string(4 + 2 * i) + ",?" + std::to_string(4 + 2 * i) + ")";
  insert_many_ = prepare(many);
  list_account_ = prepare("INSERT INTO accounts_list VALUES (?1)");
  list_organization_ = prepare("INSERT INTO organizations_list VALUES (?1)");
  product_ = prepare(
      "INSERT OR IGNORE INTO members SELECT o.id, a.id, 1, 0, 1, ?1, 0, randomblob(16), ?2"
      " FROM organizations_list o CROSS JOIN accounts_list a");
}

HandWritten::~HandWritten() {
  for (sqlite3_stmt* const statement : prepared_) sqlite3_finalize(statement);
  sqlite3_close(connection_);
}

sqlite3_stmt* HandWritten::prepare(const std::string& text) {
  sqlite3_stmt* statement = nullptr;
  expect(sqlite3_prepare_v3(connection_, text.c_str(), -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) == SQLITE_OK,
         sqlite3_errmsg(connection_));
  prepared_.push_back(statement);
  return statement;
}

void HandWritten::run(const char* text) {
  expect(sqlite3_exec(connection_, text, nullptr, nullptr, nullptr) == SQLITE_OK, sqlite3_errmsg(connection_));
}

bool HandWritten::found(sqlite3_stmt* statement, const Key16& key) {
  bind(statement, 1, key);
  const bool is = sqlite3_step(statement) == SQLITE_ROW;
  sqlite3_reset(statement);
  return is;
}

void HandWritten::put(const std::vector<Key16>& organizations, const std::vector<Key16>& accounts) {
  sqlite3_stmt* const organization = prepare("INSERT INTO organizations VALUES (?1, 1)");
  sqlite3_stmt* const account = prepare("INSERT INTO accounts VALUES (?1, 0)");
  run("BEGIN");
  for (const Key16& key : organizations) {
    bind(organization, 1, key);
    step(organization);
  }
  for (const Key16& key : accounts) {
    bind(account, 1, key);
    step(account);
  }
  run("COMMIT");
}

void HandWritten::put_member(const Key16& organization, const Key16& account, const Key16& id) {
  bind(insert_, 1, organization);
  bind(insert_, 2, account);
  sqlite3_bind_int64(insert_, 3, now_us);
  bind(insert_, 4, id);
  step(insert_);
}

bool HandWritten::add(const Key16& organization, const Key16& actor, const Key16& account, const Key16& id) {
  step(begin_);
  bool allowed = found(organization_, organization) && found(account_, account);
  bind(member_, 1, organization);
  bind(member_, 2, actor);
  allowed = allowed && sqlite3_step(member_) == SQLITE_ROW && sqlite3_column_int(member_, 2) == 0;
  sqlite3_reset(member_);
  bind(member_, 2, account);
  const bool present = sqlite3_step(member_) == SQLITE_ROW;
  sqlite3_reset(member_);
  expect(allowed, "an add by hand was refused");
  if (!present) put_member(organization, account, id);
  step(commit_);
  return !present;
}

std::uint64_t HandWritten::bulk_by_merge(const std::vector<Key16>& organizations, const Key16& actor,
                                         const std::vector<Key16>& accounts, std::vector<std::uint8_t>& outcomes) {
  outcomes.assign(organizations.size() * accounts.size(), 0);
  std::uint64_t added = 0;
  std::vector<std::uint32_t> missing;
  std::vector<Key16> ids(accounts.size());
  step(begin_);
  for (const Key16& account : accounts) expect(found(account_, account), "an account is missing");
  for (std::size_t row = 0; row < organizations.size(); ++row) {
    expect(found(organization_, organizations[row]), "an organization is missing");
    bind(member_, 1, organizations[row]);
    bind(member_, 2, actor);
    expect(sqlite3_step(member_) == SQLITE_ROW && sqlite3_column_int(member_, 2) == 0, "the actor is no member");
    sqlite3_reset(member_);
    missing.clear();
    bind(members_, 1, organizations[row]);
    bind(members_, 2, accounts.front());
    bind(members_, 3, accounts.back());
    std::uint32_t at = 0;
    while (sqlite3_step(members_) == SQLITE_ROW) {
      const void* const present = sqlite3_column_blob(members_, 0);
      while (at < accounts.size() && std::memcmp(accounts[at].data(), present, 16) < 0) missing.push_back(at++);
      if (at < accounts.size() && std::memcmp(accounts[at].data(), present, 16) == 0)
        outcomes[row * accounts.size() + at++] = static_cast<std::uint8_t>(1 + sqlite3_column_int(members_, 3));
    }
    sqlite3_reset(members_);
    while (at < accounts.size()) missing.push_back(at++);
    for (const std::uint32_t one : missing) {
      const std::uint64_t n = ++next_id_ * 0x9E3779B97F4A7C15u;
      std::memcpy(ids[one].data(), &n, 8);
      std::memcpy(ids[one].data() + 8, &n, 8);
    }
    std::size_t done = 0;
    for (; done + at_once <= missing.size(); done += at_once) {
      bind(insert_many_, 1, organizations[row]);
      sqlite3_bind_int64(insert_many_, 2, now_us);
      for (int i = 0; i < at_once; ++i) {
        const std::uint32_t one = missing[done + static_cast<std::size_t>(i)];
        bind(insert_many_, 3 + 2 * i, accounts[one]);
        bind(insert_many_, 4 + 2 * i, ids[one]);
      }
      step(insert_many_);
    }
    for (; done < missing.size(); ++done) put_member(organizations[row], accounts[missing[done]], ids[missing[done]]);
    added += missing.size();
  }
  step(commit_);
  return added;
}

std::uint64_t HandWritten::bulk_by_product(const std::vector<Key16>& organizations,
                                           const std::vector<Key16>& accounts) {
  step(begin_);
  run("DELETE FROM accounts_list; DELETE FROM organizations_list");
  for (const Key16& account : accounts) {
    expect(found(account_, account), "an account is missing");
    bind(list_account_, 1, account);
    step(list_account_);
  }
  for (const Key16& organization : organizations) {
    expect(found(organization_, organization), "an organization is missing");
    bind(list_organization_, 1, organization);
    step(list_organization_);
  }
  sqlite3_bind_int64(product_, 1, now_us);
  bind(product_, 2, accounts.front());
  step(product_);
  const auto added = static_cast<std::uint64_t>(sqlite3_changes(connection_));
  step(commit_);
  return added;
}

}  // namespace bench
