#include "snapshot.hpp"

#include <optional>

namespace roster::inline ROSTER_ABI {
namespace conformance {

namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string in_words(const MembershipId& id) {
  const UuidText text = id.text();
  return std::string(text.data(), text.size());
}

/// Fetches all observed records once, and adds the results of further fetches.
class SnapshotReader {
 public:
  SnapshotReader(TestContext& test, Store& store, const SnapshotContent& shown)
      : test_(test), store_(store), shown_(shown) {}

  Snapshot look() {
    for (const OrganizationId& id : test_.organizations) owned_query_.organizations.emplace_back(id);
    owned_query_.accounts = test_.accounts;
    if (owned_query_.organizations.empty() || owned_query_.accounts.empty()) return {};
    owned_query_.counts = owned_query_.inviters = true;
    owned_query_.owner_roles = shown_.owners;
    owned_query_.now = counted_at;
    if (fetch()) records();
    owned_query_.counts = owned_query_.inviters = false;
    for (std::size_t i = 0; i < test_.requests.size(); ++i) {
      owned_query_.idempotency_key = test_.requests[i];
      if (fetch()) keys(i);
    }
    owned_query_.idempotency_key = {};
    for (const Time time : test_.times) {  // in whole milliseconds, because a store may round the time of an add down
      owned_query_.asked_at = Time{static_cast<std::int64_t>(time) / 1'000 * 1'000};
      if (fetch()) times(time);
    }
    return test_.broken() ? Snapshot{} : std::move(snapshot_);
  }

 private:
  bool fetch() { return !test_.broken() && test_.fetch(store_, owned_query_, facts_); }
  std::string cell(const MembershipFact& fact) const {
    return std::string(facts_.organizations[fact.organization].id.view()) + "/" + text_of(test_.accounts[fact.account]);
  }

  void records() {
    for (std::size_t i = 0; i < test_.organizations.size(); ++i) {
      const OrganizationFact& fact = facts_.organizations[i];
      std::string& line = snapshot_[std::string(test_.organizations[i].view())];
      if (fact.id.empty()) {
        line = "not found";
        continue;
      }
      const MemberCounts& counts = fact.counts;
      line = number(counts.active) + " active, " + number(counts.invited) + " invited, " + number(counts.owners) +
             " owners, " + (counts.seats_max == no_limit ? "any number of" : number(counts.seats_max)) + " seats" +
             (fact.joinable ? "" : ", not joinable") + (fact.closed ? ", closed" : "");
      if (shown_.versions) line += ", version " + number(static_cast<std::uint64_t>(fact.version));
    }
    for (std::size_t i = 0; i < test_.accounts.size(); ++i) {
      const AccountFact& fact = facts_.accounts[i];
      std::string& line = snapshot_[text_of(test_.accounts[i])];
      if (fact.id.empty()) {
        line = "not found";
        continue;
      }
      line = shown_.ids || std::holds_alternative<AccountId>(test_.accounts[i]) ? std::string(fact.id.view()) : "found";
      line += std::string(fact.disabled ? ", disabled" : "") + (fact.invited ? ", invited" : "") +
              (fact.verified ? ", verified" : "");
      if (shown_.versions) line += ", version " + number(static_cast<std::uint64_t>(fact.version));
    }
    for (std::uint32_t i = 0; i < facts_.memberships.size(); ++i) {
      const MembershipFact& fact = facts_.memberships[i];
      std::string& line = snapshot_[cell(fact)];
      line = text_of(fact.state) + " " + std::string(facts_.roles[fact.role].id.view());
      if (shown_.ids) line += " " + in_words(fact.id);
      if (shown_.versions) line += ", version " + number(static_cast<std::uint64_t>(fact.version));
      if (fact.valid_until != Time{}) line += ", until " + std::to_string(static_cast<std::int64_t>(fact.valid_until));
      const InviterFact& inviter = facts_.inviters[i];
      if (fact.state != MembershipState::invited) continue;
      if (fact.invitation_until != Time{})
        line += ", invited until " + std::to_string(static_cast<std::int64_t>(fact.invitation_until));
      if (inviter.id.empty()) continue;
      line +=
          !inviter.is_member ? ", inviter left" : ", inviter is " + std::string(facts_.roles[inviter.role].id.view());
    }
  }

  void keys(std::size_t request) {
    for (const MembershipFact& fact : facts_.memberships) {
      const bool last = fact.written_by_request();
      if (fact.match != RequestMatch::none)
        snapshot_[cell(fact)] += (last ? ", written by request " : ", written before by request ") + number(request) +
                                 " for " + number(fact.fingerprint);
      if (fact.outdated) snapshot_[cell(fact)] += ", later than request " + number(request);
    }
  }

  void times(Time time) {
    for (const MembershipFact& fact : facts_.memberships)
      if (fact.outdated)
        snapshot_[cell(fact)] += ", not before " + number(static_cast<std::uint64_t>(time) / 1'000'000 % 100'000);
  }

  /// Between the ends that random change sets use, so that some invitations do not count.
  static constexpr Time counted_at{2};

  TestContext& test_;
  Store& store_;
  const SnapshotContent& shown_;
  OwnedQuery owned_query_;
  Facts facts_;
  Snapshot snapshot_;
};

}  // namespace

Snapshot take_snapshot(TestContext& test, Store& store, const SnapshotContent& shown) {
  return SnapshotReader(test, store, shown).look();
}

std::string difference(const Snapshot& before, const Snapshot& after) {
  constexpr int lines_max = 4;
  std::string text;
  int lines = 0;
  const auto line = [&](const std::string& key, const Snapshot& in) {
    const auto found = in.find(key);
    return found == in.end() ? std::string("nothing") : "`" + found->second + "`";
  };
  Snapshot keys = before;
  keys.insert(after.begin(), after.end());
  for (const auto& [key, ignored] : keys) {
    if (line(key, before) == line(key, after)) continue;
    if (lines++ == lines_max) return text + "; ...";
    text += (text.empty() ? "" : "; ") + key + " was " + line(key, before) + ", is " + line(key, after);
  }
  return text;
}

}  // namespace conformance
}  // namespace roster::inline ROSTER_ABI
