// The record interface of a store, used by several workers: of those that read one version, one succeeds.
#include <algorithm>
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "laws.hpp"
#include "record_calls.hpp"

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

/// A write of a worker that has read a version. The fields differ between workers.
using Write = std::function<Result<Version>(RecordStore&, Version read, std::uint32_t worker)>;

const OrganizationId& acme() {
  static const OrganizationId id("acme");
  return id;
}
const AccountId& ann() {
  static const AccountId id("ann");
  return id;
}

std::vector<Write> account_writes() {
  return {
      [](RecordStore& store, Version read, std::uint32_t) {
        return store.change_account(ann(), {.disabled = true}, read);
      },
      [](RecordStore& store, Version read, std::uint32_t worker) {
        const Email email = address("new" + std::to_string(worker) + "@example.org");
        return store.put_account({.id = ann(), .email = email, .version = read});
      },
      [](RecordStore& store, Version read, std::uint32_t worker) {
        return store.change_account(ann(), {.username = id<Username>("ann" + std::to_string(worker))}, read);
      },
  };
}

std::vector<Write> organization_writes() {
  return {
      [](RecordStore& store, Version read, std::uint32_t) {
        return store.change_organization(acme(), {.seats_max = 10}, read);
      },
      [](RecordStore& store, Version read, std::uint32_t worker) {
        const Slug slug = id<Slug>("acme" + std::to_string(worker));
        return store.put_organization({.id = acme(), .slug = slug, .seats_max = 2, .version = read});
      },
      [](RecordStore& store, Version read, std::uint32_t worker) {
        return store.put_role(acme(), {.id = admin, .rank = static_cast<std::uint16_t>(worker)}, read);
      },
  };
}

const AccountRecord first_account{.id = AccountId("ann"), .verified = true};
const OrganizationRecord first_organization{.id = OrganizationId("acme"), .seats_max = 2};

/// Two workers read one record, and the first writes it. The write of the second is stale, on any connection.
template <class Record>
void lose_updates(TestContext& test, const Record& start, const std::vector<Write>& writes) {
  const std::uint32_t last = std::min(test.fixture().capabilities().connections, 8u) - 1;
  for (const std::uint32_t connection : {0u, last})
    for (const Write& write : writes)
      for (const Write& late : writes) {
        Records first(test, 0), second(test, connection);
        if (!first || !second) return;
        const Version read = first.succeeds("overwrite", overwrite(first.store(), start));
        second.expect_stored(start, read, "before both writes");
        const Version written = first.succeeds("the write of the first worker", write(first.store(), read, 1));
        const auto now = look_up(first.store(), start.id);
        if (!test.expect(now && now.value(), "the record is not found")) return;
        second.fails("the write of the second worker", late(second.store(), read, 2), Errc::stale);
        second.expect_stored(*now.value(), written, "after a stale write");
        if (test.broken()) return;
      }
}

void records_lost_update(TestContext& test) {
  lose_updates(test, first_account, account_writes());
  lose_updates(test, first_organization, organization_writes());
}

std::uint32_t workers(TestContext& test) {
  return std::clamp(test.fixture().capabilities().connections, 2u, 4u);
}

/// Runs one write in each of several threads, each with its own connection. Returns their errors; Errc{} is success.
std::vector<Errc> at_once(TestContext& test, const Write& write, Version read) {
  const std::uint32_t count = workers(test);
  std::vector<RecordStore*> stores;
  for (std::uint32_t i = 0; i < count; ++i) stores.push_back(test.fixture().records(i));
  if (!test.expect(std::find(stores.begin(), stores.end(), nullptr) == stores.end(), "a connection has no records"))
    return {};
  std::vector<Errc> codes(count);
  std::atomic<std::uint32_t> waiting{count};
  std::vector<std::thread> threads;
  for (std::uint32_t i = 0; i < count; ++i)
    threads.emplace_back([&, i] {
      --waiting;
      while (waiting != 0) continue;
      const Result<Version> written = write(*stores[i], read, i + 1);
      if (!written) codes[i] = written.error().code;
    });
  for (std::thread& thread : threads) thread.join();
  return codes;
}
std::string list_of(const std::vector<Errc>& codes) {
  std::string text;
  for (const Errc code : codes) text += " " + std::string(code == Errc{} ? "success" : name(code));
  return text;
}

/// Exactly one of several threads succeeds.
void expect_one(TestContext& test, const Write& write, Version read, const char* what) {
  const std::vector<Errc> codes = at_once(test, write, read);
  if (codes.empty()) return;
  const std::string text = list_of(codes);
  test.expect(std::count(codes.begin(), codes.end(), Errc{}) == 1, std::string(what) + " at once:" + text);
  test.expect(std::all_of(codes.begin(), codes.end(),
                          [&](Errc code) {
                            return code == Errc{} || code == Errc::stale ||
                                   (code == Errc::exists && read == no_version);
                          }),
              std::string(what) + " at once:" + text);
}

void records_at_once(TestContext& test) {
  const std::vector<Write> of_account = account_writes(), of_organization = organization_writes();
  for (std::uint32_t round = 0; round < 3 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    expect_one(test, of_account[1], no_version, "creations of an account");
    expect_one(test, of_organization[1], no_version, "creations of an organization");
    for (const Write& write : of_account) {
      const Version read = records.succeeds("overwrite", overwrite(records.store(), first_account));
      expect_one(test, write, read, "writes of an account");
    }
    for (const Write& write : of_organization) {
      const Version read = records.succeeds("overwrite", overwrite(records.store(), first_organization));
      expect_one(test, write, read, "writes of an organization");
    }
  }
}

/// Each thread puts one organization into the next, which would be a cycle of all. The first is put into a chain of
/// three, so that a cycle has more organizations than the threads name.
void parents_at_once(TestContext& test) {
  const std::uint32_t count = workers(test);
  for (std::uint32_t round = 0; round < 3 * test.options.rounds && !test.broken(); ++round) {
    test.fresh();
    Records records(test, 0);
    if (!records) return;
    const OrganizationId middle = test_organization(count), lower = test_organization(count + 1);
    for (std::uint32_t i = 0; i < count; ++i)
      records.succeeds("create", put(records.store(), {.id = test_organization(i)}));
    records.succeeds("create", put(records.store(), {.id = middle, .parent = test_organization(1)}));
    records.succeeds("create", put(records.store(), {.id = lower, .parent = middle}));
    const Write write = [&](RecordStore& store, Version, std::uint32_t worker) {
      const OrganizationId next = worker == 1 ? lower : test_organization(worker % count);
      return store.change_organization(test_organization(worker - 1), {.parent = next}, any_version);
    };
    const std::vector<Errc> codes = at_once(test, write, no_version);
    if (codes.empty()) return;
    const auto is_expected = [](Errc code) {
      return code == Errc{} || code == Errc::parent_cycle || code == Errc::stale;
    };
    const auto written = std::count(codes.begin(), codes.end(), Errc{});
    test.expect(written > 0 && written < std::ssize(codes) && std::all_of(codes.begin(), codes.end(), is_expected),
                "moves that are a cycle together:" + list_of(codes));
  }
}

Result<Version> look_up_version(const RecordStore& store) {
  const auto found = store.account(ann());
  if (!found) return found.error();
  return found.value() ? Result<Version>(found.value()->version) : Errc::not_found;
}

/// One call while the storage fails at one place, and the same call after a restart. Returns whether the place was
/// reached. `again` is the result that the repetition may have besides success.
bool repeat_after_failure(TestContext& test, std::uint32_t place, const Write& write, Version read, Errc again) {
  const std::string where = "with a failure at place " + std::to_string(place) + " of the storage ";
  (void)test.fixture().fail_at(place);
  const Result<Version> first = write(*test.fixture().records(0), read, 1);
  const bool reached = test.fixture().fail_at(0);
  const bool means_failure = !first && (first.error().code == Errc::store_failed ||
                                        first.error().code == Errc::out_of_memory || first.error().code == Errc::stale);
  test.expect(first || means_failure, where + "a call returned another error");
  if (test.fixture().capabilities().restarts)
    test.expect(test.fixture().restart().has_value(), "the store does not start again after a failure");
  Records records(test, 0);
  if (test.broken()) return false;
  const Result<Version> second = write(records.store(), read, 1);
  test.expect(second || second.error().code == again,
              where + "the repetition returned " + std::string(name(second ? Errc{} : second.error().code)));
  return reached;
}

void records_after_failures(TestContext& test) {
  const std::vector<Write> writes = account_writes();
  const AccountRecord put{.id = ann(), .email = address("new1@example.org")};
  AccountRecord changed = first_account;
  changed.username = Username("ann1");
  constexpr std::uint32_t races_max = 10'000;
  for (std::uint32_t place = 1; place <= races_max && !test.broken(); ++place) {
    test.fresh();
    const bool created = repeat_after_failure(test, place, writes[1], no_version, Errc{});
    if (test.broken()) return;
    const Version read = Records(test, 0).succeeds("overwrite", overwrite(*test.fixture().records(0), first_account));
    const bool was_put = repeat_after_failure(test, place, writes[1], read, Errc{});
    if (test.broken()) return;
    const Result<Version> now = look_up_version(*test.fixture().records(0));
    if (!test.expect(now.has_value(), "the record is not found")) return;
    Records(test, 0).expect_stored(put, now.value(), "after a put that was repeated");
    const Version next = Records(test, 0).succeeds("overwrite", overwrite(*test.fixture().records(0), first_account));
    // The version that was read is gone if the first attempt has written.
    const bool was_changed = repeat_after_failure(test, place, writes[2], next, Errc::stale);
    if (test.broken()) return;
    const Result<Version> last = look_up_version(*test.fixture().records(0));
    if (!test.expect(last.has_value(), "the record is not found")) return;
    Records(test, 0).expect_stored(changed, last.value(), "after a change that was repeated");
    if (!created && !was_put && !was_changed) return;
  }
  test.expect(test.broken(), "the storage fails at every place");
}

constexpr Entry record_race_entries[] = {
    {{"records/lost-update",
      "of two workers that read one version the second is stale, on any connection, and the write of the first stays"},
     records_lost_update,
     Requires::records},
    {{"threads/records", "one of many concurrent threads that read one version of a record writes it"},
     records_at_once,
     Requires::record_threads},
    {{"threads/parents", "of concurrent moves that would be a cycle together at least one is refused"},
     parents_at_once,
     Requires::record_threads},
    {{"replay/records",
      "after a failure of the storage at any point of a put or change, a repetition writes it once, or returns it as "
      "written"},
     records_after_failures,
     Requires::record_faults},
};

}  // namespace

std::span<const Entry> record_race_laws() noexcept {
  return record_race_entries;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
