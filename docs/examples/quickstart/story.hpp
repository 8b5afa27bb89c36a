// A short series of commands that change existing memberships.
#ifndef QUICKSTART_STORY_HPP
#define QUICKSTART_STORY_HPP

#include "roster/id_source.hpp"
#include "terminal.hpp"

namespace quickstart {

/// Returns false if the store could not be filled.
bool tell_story(roster::IdSource& ids, roster::Time now, const Colours& colours);

}  // namespace quickstart

#endif
