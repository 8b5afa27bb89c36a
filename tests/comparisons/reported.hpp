// Public reports about other systems, replayed on any store. Each function returns the first wrong answer as text;
// empty: all are right.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_HPP

#include <string>

#include "roster/engine.hpp"
#include "roster/profiles.hpp"

namespace reported {

using namespace roster;

inline constexpr OrganizationId acme{"acme"};
inline constexpr AccountId boss{"boss"}, ann{"ann"}, bob{"bob"};
inline constexpr RoleId member{"member"}, admin{"admin"}, owner{"owner"};
inline constexpr Role roles[] = {Role{.id = member, .rank = 1}, Role{.id = admin, .rank = 2, .manages = true},
                                 Role{.id = owner, .rank = 3, .manages = true, .owns = true}};
inline constexpr Profile rules = {.name = "reported",
                                  .on_unknown_account = OnUnknown::invite,
                                  .on_other_role = OnConflict::replace,
                                  .roles = roles,
                                  .default_role = member,
                                  .actor = ActorRule::manager,
                                  .on_removed = OnFormer::refuse};

/// The organization `acme` with the owner `boss`, in a store that is empty at first. Each command is a second later.
template <class AnyStore>
class Replay {
 public:
  explicit Replay(AnyStore& store) : store_(store) {
    put(store.put_organization({.id = acme}));
    for (const AccountId& id : {boss, ann, bob}) put(store.put_account({.id = id, .verified = true}));
    AddMembers first(acme, boss, owner, Actor{{}, true});
    expect("the first owner", first, Outcome::added);
  }

  void expect(const char* what, const Command& command, Outcome right, const Profile& profile = rules) {
    at_ = Time{static_cast<std::int64_t>(at_) + 1'000'000};
    const auto report = Engine(profile, store_, ids_).run(command, at_);
    const std::string_view got = report ? name(report.value().at(0, 0)) : name(report.error().code);
    if (got != name(right)) fail(std::string(what) + ": " + std::string(got) + ", not " + std::string(name(right)));
  }
  /// Whether the account is a member with this role in this state.
  void expect_member(const char* what, const AccountId& id, const RoleId& role, MembershipState state) {
    const auto found = store_.membership(acme, id);
    if (!found || !found.value() || found.value()->role != role || found.value()->state != state)
      fail(std::string(what) + ": the membership is another");
  }

  Time now() const { return at_; }  ///< of the last command
  std::string wrong;

 private:
  void put(const Result<void>& done) {
    if (!done) fail("a record was not put");
  }
  void fail(const std::string& what) {
    if (wrong.empty()) wrong = what;
  }

  AnyStore& store_;
  UuidSource ids_{{1, 2}};
  Time at_{1'700'000'000'000'000};
};

inline const Actor by_boss{boss};

/// nbproject#172: a late copy of a promotion arrives after the demotion.
template <class AnyStore>
std::string late_promotion(AnyStore& store) {
  Replay in(store);
  in.expect("an add", AddMembers(acme, ann, member, by_boss), Outcome::added);
  ChangeRole promotes(acme, ann, admin, by_boss, IdempotencyKey::of("K"));
  promotes.asked_at = in.now();  // of the add, which it must be later than
  in.expect("a promotion at the time of the add", promotes, Outcome::has_changed);
  promotes.asked_at = Time{static_cast<std::int64_t>(in.now()) + 1};
  in.expect("a promotion", promotes, Outcome::replaced);
  in.expect("the same promotion again", promotes, Outcome::replayed);
  in.expect("a demotion", ChangeRole(acme, ann, member, by_boss, IdempotencyKey::of("L")), Outcome::replaced);
  in.expect("the promotion, late", promotes, Outcome::has_changed);
  AddMembers adds(acme, ann, admin, by_boss, IdempotencyKey::of("M"));
  adds.asked_at = promotes.asked_at;
  in.expect("an add with a role, late", adds, Outcome::has_changed);
  RemoveMembers removes(acme, ann, by_boss, IdempotencyKey::of("N"));
  removes.asked_at = promotes.asked_at;
  in.expect("a removal, late", removes, Outcome::has_changed);
  in.expect_member("after late requests", ann, member, MembershipState::active);
  removes.asked_at = in.now();
  in.expect("a removal that is later than the demotion", removes, Outcome::removed);
  return in.wrong;
}

}  // namespace reported

#endif
