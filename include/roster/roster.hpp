// Everything a host needs to embed roster, but for the fmt formatters (format.hpp).
#ifndef ROSTER_ROSTER_HPP
#define ROSTER_ROSTER_HPP

#include "roster/engine.hpp"
#include "roster/explanation.hpp"
#include "roster/memory_store.hpp"
#include "roster/profiles.hpp"

#endif
