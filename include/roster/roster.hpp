// Everything that a host needs to embed roster, except the fmt formatters (format.hpp).
//
//     MemoryStore store;
//     UuidSource ids(seed);  // 128 bits of entropy
//     const Engine engine(profiles::recoup, store, ids);
//     Result<Report> report = engine.add(AddMembers(OrganizationId("acme"), AccountId("ann")), now);
#ifndef ROSTER_ROSTER_HPP
#define ROSTER_ROSTER_HPP

#include "roster/engine.hpp"
#include "roster/explanation.hpp"
#include "roster/invitation.hpp"
#include "roster/memory_store.hpp"
#include "roster/profiles.hpp"

#endif
