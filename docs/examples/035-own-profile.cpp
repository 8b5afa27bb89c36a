// Derives a profile from that of a public API. A profile is a value, so a copy with other fields is another API.
#include "roster/roster.hpp"

using namespace roster;

namespace {

// profile begins
/// Like Turso's, but it also accepts e-mail addresses, invites an unknown address, and a repeat succeeds.
constexpr Profile rules = [] {
  Profile profile = profiles::turso;
  profile.name = "ours";
  profile.by_email = true;
  profile.on_unknown_account = OnUnknown::invite;
  profile.on_same_role = OnConflict::keep;
  profile.status[Outcome::role_conflict] = 422;  // instead of 409
  return profile;
}();
// profile end

Outcome outcome_of(const Result<Report>& report) {
  return report ? report.value().at(0, 0) : Outcome::undecided;
}

}  // namespace

int main() {
  UuidSource ids({1, 2});
  MemoryStore store;
  const OrganizationId acme("acme");
  const auto address = Email::parse("zoe@example.com");
  if (!address || !store.put_organization({.id = acme}) ||
      !store.put_account({.id = AccountId("ann"), .username = Username("ann")}))
    return 1;
  const Engine engine(rules, store, ids);
  const Actor staff{.staff = true};

  const Outcome first = outcome_of(engine.add({acme, Username("ann"), {}, staff}, Time{1}));
  const Outcome again = outcome_of(engine.add({acme, Username("ann"), {}, staff}, Time{2}));
  const Outcome other = outcome_of(engine.add({acme, Username("ann"), RoleId("admin"), staff}, Time{3}));
  const Outcome unknown = outcome_of(engine.add({acme, address.value(), {}, staff}, Time{4}));
  // The original profile is a constant and unchanged.
  const Engine turso(profiles::turso, store, ids);
  const Outcome conflict = outcome_of(turso.add({acme, Username("ann"), {}, staff}, Time{5}));
  const auto refused = turso.add({acme, address.value(), {}, staff}, Time{6});

  const bool as_ours = first == Outcome::added && again == Outcome::existing && other == Outcome::role_conflict &&
                       unknown == Outcome::invited && rules.status[other] == 422;
  const bool as_turso =
      conflict == Outcome::conflict && !refused && refused.error().code == Errc::selector_not_accepted;
  return as_ours && as_turso ? 0 : 1;
}
