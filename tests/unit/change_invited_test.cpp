// Proves what an add and a further invitation do to a pending invitation, by policy: it is accepted, renewed, or stays.
#include "unit/commands.hpp"

namespace change_invited_test {

using namespace fixtures;

namespace {

/// Every form of a command about ann: alone, beside an account that is no member, and all or nothing.
enum class Form { alone, several, whole };
constexpr std::array forms = {Form::alone, Form::several, Form::whole};

template <class Of>
Of about_ann(Form form, const RoleId& as, const Actor& by_whom = by(boss)) {
  std::vector<AccountSelector> who{ann};
  if (form != Form::alone) who.emplace_back(cid);
  return Of(acme, who, as.empty() ? OneOrMany<RoleId>() : OneOrMany<RoleId>(as), by_whom);
}
Profile in_form(const Profile& rules, Form form) {
  return form == Form::whole ? atomic(rules) : rules;
}
constexpr Time first_end{8'000'000'000'000'000};
/// Ann is invited as a clerk until `first_end`, and the inviter leaves.
void invite_ann_by_bob_who_leaves(AcmeFixture& in) {
  in.put(bob, admin);
  Invite first(acme, ann, clerk, by(bob));
  first.valid_until = first_end;
  REQUIRE(in.outcome(manager_rules(), first) == Outcome::invited);
  REQUIRE(in.outcome(manager_rules(), RemoveMembers(acme, bob, by(boss))) == Outcome::removed);
}
Profile keeping() {
  return with(manager_rules(), [](Profile& p) {
    p.on_invited = OnInvited::keep;
    p.on_reinvite = OnReinvite::keep;
  });
}

}  // namespace

TEST_CASE("an add accepts an invitation, with the role that it names or else with that of the invitation") {
  for (const Form form : forms)
    for (const RoleId& as : {RoleId{}, guest, clerk, admin})
      for (const Time until : {Time{}, far_off}) {
        INFO("role `" << text_of(as) << "`, form " << static_cast<int>(form));
        AcmeFixture in;
        invite_ann_by_bob_who_leaves(in);
        const auto id = id_of(in, ann);
        // The inviter makes no difference: the actor decides.
        REQUIRE(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::inviter_lapsed);
        AddMembers adds = about_ann<AddMembers>(form, as);
        adds.valid_until = until;
        adds.idempotency_key = key("add");
        in.outbox.events.clear();
        const Profile rules = in_form(manager_rules(), form);
        CHECK(in.outcome(rules, adds) == Outcome::accepted);
        CHECK(in.at(ann) == text_of(as.empty() ? clerk : as) + " active");
        CHECK(id_of(in, ann) == id);
        CHECK(in.store.membership(acme, ann).value()->valid_until == (until == Time{} ? first_end : until));
        CHECK(std::count(in.outbox.events.begin(), in.outbox.events.end(), "accepted") == 1);
        CHECK(in.outcome(rules, adds) == Outcome::replayed);
        CHECK(in.broken() == "");
      }
}

TEST_CASE("an add that accepts an invitation is limited as any add is") {
  const auto outcome = [](const RoleId& invited_as, const RoleId& as, std::uint32_t seats) {
    AcmeFixture in;
    in.put(bob, admin);
    in.put(ann, invited_as, State::invited);
    in.put_acme(seats);
    const auto before = in.exactly();
    const Profile rules = with(manager_rules(), [](Profile& p) { p.seats = SeatRule::active; });
    const Outcome told = in.outcome(rules, AddMembers(acme, ann, as, by(bob)));
    CHECK((in.exactly() == before) == !wrote(told));
    return told;
  };
  CHECK(outcome(clerk, {}, 3) == Outcome::accepted);
  CHECK(outcome(clerk, {}, 2) == Outcome::seats_taken);
  CHECK(outcome(clerk, owner, 3) == Outcome::outranked);
  CHECK(outcome(owner, {}, 3) == Outcome::outranked);  // an admin makes nobody an owner by it
  CHECK(outcome(owner, guest, 3) == Outcome::outranked);
  CHECK(outcome(clerk, ghost, 3) == Outcome::role_not_assignable);
}

TEST_CASE("an invitation stays where an add would be an invitation, and where the profile keeps it") {
  const Profile hides = with(manager_rules(), [](Profile& p) {
    p.hides_accounts = true;
    p.on_unknown_account = OnUnknown::invite;
    p.by_username = false;
  });
  struct Row {
    const char* name;
    Profile rules;
    AccountSelector who;
    bool waits;
  };
  const Row rows[] = {{"kept", keeping(), ann, false},
                      {"an account that waits", manager_rules(), ann, true},
                      {"a hidden address", hides, address("ann@x.example"), false}};
  for (const Row& row : rows)
    for (const bool bulk : {false, true})
      for (const OnConflict other : {OnConflict::keep, OnConflict::reject, OnConflict::replace, OnConflict::raise}) {
        INFO(row.name << (bulk ? ", in a bulk" : "") << ", policy " << static_cast<int>(other));
        AcmeFixture in;
        in.put(ann, clerk, State::invited);
        if (row.waits) in.put_account({.id = ann, .invited = true});
        const Profile rules = with(row.rules, [&](Profile& p) { p.on_other_role = other; });
        std::vector<AccountSelector> who{row.who};
        if (bulk) who.emplace_back(AccountSelector(cid));
        in.outbox.events.clear();
        const auto before = in.exactly();
        CHECK(in.outcomes(rules, AddMembers(acme, who[0], RoleId{}, by(boss))).front() == Outcome::still_invited);
        CHECK(in.exactly() == before);
        CHECK(in.outbox.events.empty());
        const Outcome lower = other == OnConflict::reject    ? Outcome::role_conflict
                              : other == OnConflict::replace ? Outcome::replaced
                                                             : Outcome::still_invited;
        CHECK(in.outcomes(rules, AddMembers(acme, who, guest, by(boss))).front() == lower);
        CHECK(in.at(ann) == (lower == Outcome::replaced ? "guest invited" : "clerk invited"));
      }
  AcmeFixture in;
  in.put(ann, clerk, State::invited);
  CHECK(in.outcome(keeping(), Invite(acme, ann, clerk, by(boss))) == Outcome::still_invited);
  const Profile rejects = with(keeping(), [](Profile& p) { p.on_same_role = OnConflict::reject; });
  CHECK(in.outcome(rejects, AddMembers(acme, ann, clerk, by(boss))) == Outcome::conflict);
  CHECK(in.outcome(rejects, Invite(acme, ann, clerk, by(boss))) == Outcome::conflict);
}

TEST_CASE("an invitation is renewed: its inviter, its end, and a role that is named") {
  for (const Form form : forms)
    for (const RoleId& as : {RoleId{}, guest, clerk, admin})
      for (const Time until : {Time{}, far_off}) {
        INFO("role `" << text_of(as) << "`, form " << static_cast<int>(form));
        AcmeFixture in;
        invite_ann_by_bob_who_leaves(in);
        Invite again = about_ann<Invite>(form, as);
        again.valid_until = until;
        again.idempotency_key = key("again");
        const auto id = id_of(in, ann);
        const Profile rules = in_form(manager_rules(), form);
        in.outbox.events.clear();
        CHECK(in.outcome(rules, again) == Outcome::invitation_renewed);
        CHECK(std::count(in.outbox.events.begin(), in.outbox.events.end(), "invitation_renewed") == 1);
        CHECK(in.at(ann) == text_of(as.empty() ? clerk : as) + " invited");
        CHECK(in.store.membership(acme, ann).value()->valid_until == until);
        CHECK(id_of(in, ann) == id);
        CHECK(in.outcome(rules, again) == Outcome::replayed);
        CHECK(in.outcome(manager_rules(), AcceptInvitation(acme, ann)) == Outcome::accepted);
        CHECK(in.broken() == "");
      }
}

TEST_CASE("a renewal is limited by the ranks, and makes older requests outdated") {
  AcmeFixture in;
  in.put(bob, admin);
  in.put(ann, owner, State::invited);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, RoleId{}, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, guest, by(bob))) == Outcome::outranked);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, guest, by(boss))) == Outcome::invitation_renewed);
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, owner, by(bob))) == Outcome::outranked);
  Invite late(acme, ann, clerk, by(bob));
  late.asked_at = in.now;
  CHECK(in.outcome(manager_rules(), Invite(acme, ann, clerk, by(boss))) == Outcome::invitation_renewed);
  CHECK(in.outcome(manager_rules(), late) == Outcome::has_changed);
  AddMembers adds(acme, ann, clerk, by(bob));
  adds.asked_at = late.asked_at;
  CHECK(in.outcome(manager_rules(), adds) == Outcome::has_changed);
  CHECK(in.at(ann) == "clerk invited");
  // Two cells of one account: the second repeats the first.
  const std::vector<AccountSelector> twice{ann, address("ann@x.example")};
  CHECK(in.outcomes(manager_rules(), Invite(acme, twice, OneOrMany<RoleId>(guest), by(bob))) ==
        Outcomes{Outcome::invitation_renewed, Outcome::replayed});
  CHECK(in.outcomes(manager_rules(), AddMembers(acme, twice, OneOrMany<RoleId>(guest), by(bob))) ==
        Outcomes{Outcome::accepted, Outcome::replayed});
}

}
