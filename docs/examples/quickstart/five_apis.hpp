// Runs one add under each of the five public profiles, and two requests that are refused.
#ifndef QUICKSTART_FIVE_APIS_HPP
#define QUICKSTART_FIVE_APIS_HPP

#include "roster/id_source.hpp"
#include "terminal.hpp"

namespace quickstart {

/// Returns false if the store could not be filled.
bool show_five_apis(roster::IdSource& ids, roster::Time now, const Colours& colours);

}  // namespace quickstart

#endif
