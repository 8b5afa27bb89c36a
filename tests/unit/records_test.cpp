// A membership gives access while it is active, its end has not come and its account is enabled; nothing else does.
#include "roster/records.hpp"

#include "catch.hpp"

namespace records_test {

using namespace roster;

TEST_CASE("a membership is effective only while it is active, its end has not come and its account is enabled") {
  const Time ends[] = {Time{0}, Time{9}, Time{10}, Time{11}};
  for (const MembershipState state :
       {MembershipState::active, MembershipState::invited, MembershipState::suspended, MembershipState::removed})
    for (const Time end : ends)
      for (const bool disabled : {false, true}) {
        Membership membership;
        membership.state = state;
        membership.valid_until = end;
        AccountRecord account;
        account.disabled = disabled;
        const bool over = end == Time{9} || end == Time{10};
        CAPTURE(static_cast<int>(state), static_cast<long>(end), disabled);
        CHECK(is_effective(membership, account, Time{10}) == (state == MembershipState::active && !over && !disabled));
      }
}

}
