// Public reports about accounts that end or change their names, replayed on any store.
#ifndef ROSTER_TESTS_COMPARISONS_REPORTED_ACCOUNTS_HPP
#define ROSTER_TESTS_COMPARISONS_REPORTED_ACCOUNTS_HPP

#include "comparisons/reported.hpp"

namespace reported {

/// The error of a call; Errc{} is a success.
template <class T>
Errc code_of(const Result<T>& called) {
  return called ? Errc{} : called.error().code;
}

/// posthog#4196, cal.com#11204: an account is deleted, and its address is invited again later. With its mentions, and
/// without.
template <class AnyStore>
std::string deleted_and_invited_again(AnyStore& store) {
  Replay in(store);
  const Email address = Email::parse("dee@x.example").value();
  AccountId former;
  for (const Mentions mentions : {Mentions::keep, Mentions::erase}) {
    in.expect("an invitation", Invite(acme, address, member, by_boss), Outcome::invited);
    const auto invited = store.account(address);
    if (!invited || !invited.value()) return "the invitation created no account";
    const AccountId dee = invited.value()->id;
    if (dee == former) in.fail("the second invitation found the erased account");
    if (!store.change_account(dee, {.invited = false, .verified = true}, any_version))
      return "the address was not verified";
    in.expect("an acceptance", AcceptInvitation(acme, dee), Outcome::accepted);
    in.expect("an invitation by it", ChangeRole(acme, dee, admin, by_boss), Outcome::replaced);
    in.expect("an invitation by it", Invite(acme, ann, member, Actor{dee}),
              mentions == Mentions::keep ? Outcome::invited : Outcome::invitation_renewed);
    if (code_of(store.erase_account(dee, any_version, mentions)) != Errc::has_members)
      in.fail("a member is erased without an event");
    in.expect("a removal", RemoveMembers(acme, dee, by_boss), Outcome::removed);
    if (code_of(store.erase_account(dee, any_version, mentions)) != Errc{}) in.fail("the account is not erased");
    const auto tombstone = store.former_membership(acme, dee);
    if (!tombstone || tombstone.value().has_value() != (mentions == Mentions::keep))
      in.fail("the tombstone is lost, or left");
    const auto account = store.account(address);
    if (!account || account.value()) in.fail("the address still finds the account");
    in.expect("the acceptance of its invitation", AcceptInvitation(acme, ann), Outcome::inviter_lapsed);
    in.expect("an add of the erased account", AddMembers(acme, dee, member, by_boss), Outcome::account_not_found);
    former = dee;
  }
  in.expect("another invitation", Invite(acme, address, member, by_boss), Outcome::invited);
  return in.wrong;
}

/// vaultwarden#5138: two accounts swap their addresses.
template <class AnyStore>
std::string swapped_addresses(AnyStore& store) {
  Replay in(store);
  const Email one = Email::parse("one@x.example").value(), two = Email::parse("two@x.example").value();
  const auto first = store.change_account(ann, {.email = one, .verified = true}, any_version);
  const auto second = store.change_account(bob, {.email = two, .verified = true}, any_version);
  if (!first || !second) return "the addresses are not stored";
  if (code_of(store.change_account(ann, {.email = two}, any_version)) != Errc::exists)
    in.fail("an address belongs to two accounts");
  AccountUpdate swap[] = {{ann, {.email = two, .verified = true}, first.value()},
                          {bob, {.email = one, .verified = true}, second.value()}};
  if (code_of(store.change_accounts(swap)) != Errc{}) in.fail("the addresses are not swapped");
  for (const auto& [address, right] : {std::pair(one, bob), std::pair(two, ann)}) {
    const auto found = store.account(address);
    if (!found || !found.value() || found.value()->id != right || !found.value()->verified)
      in.fail("an address finds another account, or is not verified");
  }
  in.expect("an add by the address", AddMembers(acme, two, member, by_boss), Outcome::added);
  in.expect_member("an add by the address", ann, member, MembershipState::active);
  AccountUpdate again[] = {{ann, {.email = one}, first.value()}, {bob, {.email = two}, second.value()}};
  if (code_of(store.change_accounts(again)) != Errc::stale) in.fail("an old version swaps them back");
  return in.wrong;
}

/// posthog#4281: an account wants the address of a placeholder, an account that an invitation created.
template <class AnyStore>
std::string claimed_address(AnyStore& store) {
  Replay in(store);
  const Email address = Email::parse("ann@new.example").value();
  in.expect("an invitation", Invite(acme, address, member, by_boss), Outcome::invited);
  const auto found = store.account(address);
  if (!found || !found.value() || !found.value()->invited) return "the invitation created no placeholder";
  const AccountRecord& placeholder = *found.value();
  if (code_of(store.change_account(ann, {.email = address, .verified = true}, any_version)) != Errc::exists)
    in.fail("the address belongs to two accounts");
  if (code_of(store.erase_account(placeholder.id, placeholder.version, Mentions::erase)) != Errc::has_members)
    in.fail("a placeholder with an invitation is erased");
  in.expect("its invitation is revoked", RevokeInvitation(acme, placeholder.id, by_boss), Outcome::removed);
  if (code_of(store.erase_account(placeholder.id, placeholder.version, Mentions::erase)) != Errc{})
    in.fail("the placeholder is not erased");
  if (code_of(store.change_account(ann, {.email = address, .verified = true}, any_version)) != Errc{})
    in.fail("the address is not claimed");
  in.expect("an invitation to the address", Invite(acme, address, member, by_boss), Outcome::invited);
  in.expect_member("an invitation to the address", ann, member, MembershipState::invited);
  return in.wrong;
}

}  // namespace reported

#endif
