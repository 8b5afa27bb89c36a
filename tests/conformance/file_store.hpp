// FileStore: the maps of the example in a file that several processes share, and the faults of a storage.
#ifndef ROSTER_TESTS_CONFORMANCE_FILE_STORE_HPP
#define ROSTER_TESTS_CONFORMANCE_FILE_STORE_HPP

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "own-store/map_store.hpp"
#include "roster/conformance.hpp"

namespace file_store {

using namespace roster;

/// The fault of a store, if it has one.
enum class Flaw : std::uint8_t {
  none,
  no_lock,           ///< two clients may be between reading and writing
  no_rename,         ///< it overwrites the file piece by piece
  silent,            ///< a failure while writing is returned as done
  returns_stale,     ///< a failure after writing is returned as `stale`
  omits_unreadable,  ///< an unreadable file is read as empty
  loses_keys,        ///< idempotency keys are lost with the store
  loses_count,       ///< versions begin again with each start
  loses_owner_roles  ///< the roles that have owned are lost with the store
};

/// A storage that fails at its n-th step from now on, if it is set so.
class Storage {
 public:
  explicit Storage(std::filesystem::path folder) : folder_(std::move(folder)) {}
  /// Each is false if it failed.
  bool read(std::string& bytes);
  bool write(const std::string& name, const std::string& bytes, bool slowly = false);
  bool put_in_place(const std::string& name);
  std::filesystem::path path(const std::string& name) const { return folder_ / name; }

  /// True if something failed since the last call.
  bool fail_at(std::uint32_t step);

 private:
  bool fails();
  std::filesystem::path folder_;
  std::uint32_t left_ = 0;
  bool failed_ = false;
};

/// One client. Reads everything, answers or changes it as the example does, and writes everything.
class FileStore final : public MapStore {
 public:
  FileStore(Storage& storage, Flaw flaw) : storage_(storage), flaw_(flaw) {}
  Result<void> fetch(const Query& query, Facts& facts) override;
  Result<void> commit(const ChangeSet& changes) override;
  template <class... Record>
  Result<void> put_record(const Record&... record) {
    const Locked locked(*this);
    if (!load()) return Errc::store_failed;
    const auto done = MapStore::put(record...);
    return !done ? done : save() ? Result<void>(success()) : Result<void>(Errc::store_failed);
  }

 private:
  /// No other client of any process is between reading and writing.
  class Locked {
   public:
    explicit Locked(const FileStore& store);
    ~Locked();
    Locked(const Locked&) = delete;
    Locked& operator=(const Locked&) = delete;

   private:
    int file_ = -1;
  };
  bool load();
  bool save();

  Storage& storage_;
  const Flaw flaw_;
  bool started_ = false;
};

/// A folder that is removed with this object. A child process must not destroy it.
class FileFixture final : public conformance::Fixture {
 public:
  explicit FileFixture(Flaw flaw = Flaw::none);
  ~FileFixture() override;
  FileFixture(const FileFixture&) = delete;
  FileFixture& operator=(const FileFixture&) = delete;

  Result<void> reset() override;
  Store& store() override { return *clients_[0]; }
  Result<void> put_organization(const OrganizationRecord& record) override { return clients_[0]->put_record(record); }
  Result<void> put_account(const AccountRecord& record) override { return clients_[0]->put_record(record); }
  Result<void> put_role(const OrganizationId& organization, const Role& role) override {
    return clients_[0]->put_record(organization, role);
  }
  Result<void> put_group(const GroupName& group, std::span<const AccountId> accounts) override {
    return clients_[0]->put_record(group, accounts);
  }
  conformance::Capabilities capabilities() const override {
    return {.connections = 4, .threads = true, .processes = true, .restarts = true, .faults = true};
  }
  Store* connection(std::uint32_t n) override { return clients_[n].get(); }
  Store* connect_in_child() override;
  Result<void> restart() override;
  bool fail_at(std::uint32_t step) override { return storage_.fail_at(step); }

 private:
  const Flaw flaw_;
  Storage storage_;
  std::array<std::unique_ptr<FileStore>, 4> clients_;
};

}  // namespace file_store

#endif
