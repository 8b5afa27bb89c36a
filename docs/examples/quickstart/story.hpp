// A short story: what happens to memberships once they are there.
#ifndef QUICKSTART_STORY_HPP
#define QUICKSTART_STORY_HPP

#include "roster/id_source.hpp"
#include "terminal.hpp"

namespace quickstart {

/// False if the store could not be filled.
bool tell_story(roster::IdSource& ids, roster::Time now, const Colours& colours);

}  // namespace quickstart

#endif
