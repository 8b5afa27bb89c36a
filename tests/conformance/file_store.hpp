// FileStore: the maps of the example, kept in a file that several processes share; and what a storage may do wrong.
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

/// What is wrong with a store, if anything.
enum class Flaw : std::uint8_t {
  none,
  no_lock,        ///< two clients may be between reading and writing
  no_rename,      ///< it writes over what is there, piece by piece
  silent,         ///< a failure while writing is not told
  says_stale,     ///< a failure after writing is told as `stale`
  leaves_out,     ///< what could not be read is taken for nothing
  forgets_keys,   ///< request keys do not outlive the store
  forgets_count,  ///< versions begin again with each start
};

/// A storage that can be told to fail at its n-th step from now on.
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
  /// No other client, in whatever process, is between reading and writing.
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

/// A folder of its own, which goes with it. A child process must not destroy it.
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
