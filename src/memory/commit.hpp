// Commit: checks and writes one change set. commit.cpp checks and adds; commit_changes.cpp changes existing
// memberships.
#ifndef ROSTER_MEMORY_COMMIT_HPP
#define ROSTER_MEMORY_COMMIT_HPP

#include "state.hpp"

namespace roster::inline ROSTER_ABI {
namespace memory {

/// One probe both checks and inserts a membership. If a later check fails, the insertion is undone. No reader can
/// observe that, because the lock is held and no insertion moves an existing record.
class Commit {
 public:
  Commit(Core& core, const ChangeSet& changes) noexcept : core_(core), changes_(changes) {}
  Errc run() noexcept;

 private:
  bool is_single() const noexcept;
  Errc single() noexcept;
  Errc locate() noexcept;
  bool guards_hold() noexcept;
  bool actor_holds(const Guard& guard) noexcept;
  MemberRecord* membership(std::uint32_t organization, std::uint32_t account) noexcept;
  bool inviter_holds(const Guard& guard) noexcept;
  bool changed_hold() noexcept;
  Errc bounds() noexcept;
  Errc roles() noexcept;
  void record_owner_roles() noexcept;
  Errc create() noexcept;
  std::uint32_t run_from(std::uint32_t first) const noexcept;
  bool repeats_first_run(std::uint32_t first, std::uint32_t size) const noexcept;
  Errc add() noexcept;
  Errc add_run(const WrittenOrganization& organization, std::uint32_t& i, std::uint32_t end,
               std::uint64_t time) noexcept;
  Errc write_run(Members::Writer& writer, Handle to, std::uint32_t& i, std::uint32_t end, std::uint64_t time) noexcept;
  bool join_alike(std::uint32_t size) noexcept;
  bool join_each() noexcept;
  Errc add_member(Organization& organization, Handle to, const WrittenAccount& account, const MembershipId& id,
                  std::uint32_t fingerprint, std::uint32_t version_and_state, std::uint64_t time_and_role,
                  std::uint32_t expected) noexcept;
  /// The version and state of new memberships, packed.
  std::uint32_t first_version() const noexcept {
    return MemberRecord::pack(core_.first_version, MembershipState::active, changes_.valid_until != Time{});
  }
  bool remember(Handle organization, Handle account, MembershipState state) noexcept;
  void forget(Organization& organization, Handle in, Handle account) noexcept;
  Errc make_ready() noexcept;
  void undo_ready() noexcept;
  bool will_end(const MemberChanged& changed, const MemberRecord& record) const noexcept;
  Time next_invitation_end(const MemberChanged& changed, Time present) const noexcept;
  void change() noexcept;
  void remove(const MemberChanged& changed) noexcept;
  void count() noexcept;
  Errc batch() noexcept;
  void undo_added(std::uint32_t count) noexcept;
  void undo_created() noexcept;

  Organization* organization(std::uint32_t i) const noexcept {
    return i < changes_.organizations.size() ? organizations_[i].record : nullptr;
  }
  Account* account(std::uint32_t i) const noexcept { return i < account_count_ ? accounts_[i].record : nullptr; }

  Core& core_;
  const ChangeSet& changes_;
  // The handles of changes_.organizations, then of .accounts and .created. Before the creation those of .created are
  // no_handle.
  WrittenOrganization* organizations_ = nullptr;
  WrittenAccount* accounts_ = nullptr;
  std::uint32_t account_count_ = 0;
  std::uint32_t created_ = 0;
  std::uint32_t joined_ = 0;  // the number of changes_.changed that make_ready() has read
  Handle actor_ = no_handle;  // found only if the change set stores its actor
  bool bounded_ = false;      // true if a guard is a bound
};

}  // namespace memory
}  // namespace roster::inline ROSTER_ABI

#endif
