// A constexpr id does not begin or end with a space.
// refused: literal_has_a_blank_at_an_end
#include "roster/id.hpp"

constexpr roster::AccountId person("person 1");
#ifdef REFUSED
constexpr roster::AccountId other("person ");
#endif
