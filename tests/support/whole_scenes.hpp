// Scenes and their model for a program of one source: the sources themselves, so that one compiler line with the
// library is all a fuzzer needs. Where they are linked (ROSTER_SUPPORT_IS_LINKED), their headers.
#ifndef ROSTER_TESTS_SUPPORT_WHOLE_SCENES_HPP
#define ROSTER_TESTS_SUPPORT_WHOLE_SCENES_HPP

#include "support/commands.hpp"
#include "support/scene.hpp"
#include "support/stage.hpp"
#ifndef ROSTER_SUPPORT_IS_LINKED
#include "support/answers.cpp"
#include "support/asked.cpp"
#include "support/commands.cpp"
#include "support/oracle.cpp"
#include "support/oracle_cell.cpp"
#include "support/oracle_shape.cpp"
#include "support/outbox.cpp"
#include "support/rules.cpp"
#include "support/scene.cpp"
#include "support/stage.cpp"
#include "support/text.cpp"
#include "support/world.cpp"
#endif

#endif
