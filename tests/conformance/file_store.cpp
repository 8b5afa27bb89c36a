#include "file_store.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <thread>
#include <type_traits>
#include <utility>

namespace file_store {

namespace {

/// Writes tables into bytes, and reads them back. Trivial types are copied byte by byte.
class Bytes {
 public:
  std::string bytes;
  bool sound = true;

  template <class T>
  requires std::is_trivially_copyable_v<T>
  void put(const T& value) { bytes.append(reinterpret_cast<const char*>(&value), sizeof value); }
  template <class T>
  requires std::is_trivially_copyable_v<T>
  void get(T& value) {
    if (bytes.size() - at_ < sizeof value) {
      sound = false;
      return;
    }
    std::memcpy(static_cast<void*>(&value), bytes.data() + at_, sizeof value);
    at_ += sizeof value;
  }

  void put(const std::string& text) {
    put(text.size());
    bytes += text;
  }
  void get(std::string& text) {
    std::size_t size = 0;
    get(size);
    if (bytes.size() - at_ < size) sound = false;
    if (!sound) return;
    text.assign(bytes, at_, size);
    at_ += size;
  }

  template <class Tag>
  void put(const Name<Tag>& name) {
    put(std::string(name.view()));
  }
  template <class Tag>
  void get(Name<Tag>& name) {
    std::string text;
    get(text);
    if (text.empty()) return;
    auto parsed = Name<Tag>::parse_stored(text);
    sound = sound && parsed.has_value();
    if (parsed) name = std::move(parsed).value();
  }

  /// The address is found by its key in a table of its own.
  void put(const Tables::Account& account) {
    put(account.record.id);
    put(account.record.username);
    for (const bool flag : {account.record.disabled, account.record.invited, account.record.verified}) put(flag);
    put(account.version);
  }
  void get(Tables::Account& account) {
    get(account.record.id);
    get(account.record.username);
    for (bool* const flag : {&account.record.disabled, &account.record.invited, &account.record.verified}) get(*flag);
    get(account.version);
  }
  void put(const Tables::Organization& organization) {
    put(organization.record);
    put(organization.version);
    put(organization.catalog);
  }
  void get(Tables::Organization& organization) {
    get(organization.record);
    get(organization.version);
    get(organization.catalog);
  }

  void put(const Tables::Pair& pair) {
    put(pair.first);
    put(pair.second);
  }
  void get(Tables::Pair& pair) {
    get(pair.first);
    get(pair.second);
  }
  void put(const std::vector<AccountId>& list) {
    put(list.size());
    for (const AccountId& id : list) put(id);
  }
  void get(std::vector<AccountId>& list) {
    std::size_t size = 0;
    get(size);
    for (; size > 0 && sound; --size) get(list.emplace_back());
  }
  void put(const std::set<RoleId>& set) {
    put(set.size());
    for (const RoleId& id : set) put(id);
  }
  void get(std::set<RoleId>& set) {
    std::size_t size = 0;
    get(size);
    for (; size > 0 && sound; --size) {
      RoleId id;
      get(id);
      set.insert(id);
    }
  }
  template <class Key, class Value>
  void put(const std::map<Key, Value>& map) {
    put(map.size());
    for (const auto& [key, value] : map) {
      put(key);
      put(value);
    }
  }
  template <class Key, class Value>
  void get(std::map<Key, Value>& map) {
    std::size_t size = 0;
    get(size);
    for (; size > 0 && sound; --size) {
      Key key;
      get(key);
      get(map[key]);
    }
  }

 private:
  std::size_t at_ = 0;
};

constexpr const char* kept = "tables";
constexpr const char* fresh = "tables.new";

void dawdle() {
  std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

std::filesystem::path new_folder() {
  std::string name = (std::filesystem::temp_directory_path() / "roster-conformance-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) std::abort();
  return name;
}

}  // namespace

// ---- the storage

bool Storage::fails() {
  if (left_ == 0 || --left_ != 0) return false;
  return failed_ = true;
}

bool Storage::fail_at(std::uint32_t step) {
  const bool failed = failed_;
  left_ = step;
  failed_ = false;
  return failed;
}

bool Storage::read(std::string& bytes) {
  if (fails()) return false;
  std::ifstream file(path(kept), std::ios::binary);
  bytes.assign(std::istreambuf_iterator<char>(file), {});
  return true;
}

/// In two steps, so that a failure may come between them.
bool Storage::write(const std::string& name, const std::string& bytes, bool slowly) {
  if (fails()) return false;
  std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
  const std::size_t half = bytes.size() / 2;
  file.write(bytes.data(), static_cast<std::streamsize>(half));
  if (fails()) return false;
  if (slowly) {
    file.flush();
    dawdle();
  }
  file.write(bytes.data() + half, static_cast<std::streamsize>(bytes.size() - half));
  return bool(file.flush());
}

bool Storage::put_in_place(const std::string& name) {
  if (fails()) return false;
  std::filesystem::rename(path(name), path(kept));
  return !fails();  // it is written, but may be lost with the power
}

// ---- the store

FileStore::Locked::Locked(const FileStore& store) {
  if (store.flaw_ == Flaw::no_lock) return;
  file_ = ::open(store.storage_.path("lock").c_str(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (file_ < 0 || ::flock(file_, LOCK_EX) != 0) std::abort();
}

FileStore::Locked::~Locked() {
  if (file_ >= 0) ::close(file_);
}

bool FileStore::load() {
  Bytes from;
  const bool could_read = storage_.read(from.bytes);
  if (!could_read && flaw_ != Flaw::omits_unreadable) return false;
  Tables tables;
  if (could_read && !from.bytes.empty()) {
    from.get(tables.organizations);
    from.get(tables.slugs);
    from.get(tables.accounts);
    from.get(tables.emails);
    from.get(tables.usernames);
    from.get(tables.groups);
    from.get(tables.members);
    from.get(tables.member_ids);
    from.get(tables.owner_roles);
    from.get(tables.last_version);
    if (!from.sound && flaw_ != Flaw::no_rename) return false;
  }
  tables_ = std::move(tables);
  if (std::exchange(started_, true)) return true;
  if (flaw_ == Flaw::loses_keys)
    for (auto& [pair, row] : tables_.members) row.idempotency_key = {}, row.before.reset();
  if (flaw_ == Flaw::loses_count) tables_.last_version = 0;
  if (flaw_ == Flaw::loses_owner_roles) tables_.owner_roles.clear();
  return (flaw_ != Flaw::loses_keys && flaw_ != Flaw::loses_count && flaw_ != Flaw::loses_owner_roles) || save();
}

bool FileStore::save() {
  Bytes to;
  to.put(tables_.organizations);
  to.put(tables_.slugs);
  to.put(tables_.accounts);
  to.put(tables_.emails);
  to.put(tables_.usernames);
  to.put(tables_.groups);
  to.put(tables_.members);
  to.put(tables_.member_ids);
  to.put(tables_.owner_roles);
  to.put(tables_.last_version);
  if (flaw_ == Flaw::no_rename) return storage_.write(kept, to.bytes, started_);
  if (flaw_ == Flaw::no_lock) {
    // A concurrent write is lost.
    dawdle();
    const std::string own =
        std::string(fresh) + std::to_string(reinterpret_cast<std::uintptr_t>(this)) + "-" + std::to_string(::getpid());
    return storage_.write(own, to.bytes) && storage_.put_in_place(own);
  }
  return storage_.write(fresh, to.bytes) && storage_.put_in_place(fresh);
}

Result<void> FileStore::fetch(const Query& query, Facts& facts) {
  const Locked locked(*this);
  if (!load()) return Errc::store_failed;
  return MapStore::fetch(query, facts);
}

Result<void> FileStore::commit(const ChangeSet& changes) {
  const Locked locked(*this);
  if (!load()) return Errc::store_failed;
  const auto done = MapStore::commit(changes);
  if (!done) return done;
  const bool written = save();
  if (!written && flaw_ == Flaw::returns_stale) return Errc::stale;
  if (written || flaw_ == Flaw::silent) return success();
  return Errc::store_failed;
}

// ---- the fixture

FileFixture::FileFixture(Flaw flaw) : flaw_(flaw), storage_(new_folder()) {
  (void)reset();
}

FileFixture::~FileFixture() {
  std::error_code ignored;
  std::filesystem::remove_all(storage_.path(""), ignored);
}

Result<void> FileFixture::reset() {
  for (const auto& entry : std::filesystem::directory_iterator(storage_.path("")))
    std::filesystem::remove(entry.path());
  storage_.fail_at(0);
  return restart();
}

Result<void> FileFixture::restart() {
  for (auto& client : clients_) client = std::make_unique<FileStore>(storage_, flaw_);
  return success();
}

Store* FileFixture::connect_in_child() {
  return std::make_unique<FileStore>(storage_, flaw_).release();  // the child ends without a word
}

}  // namespace file_store
