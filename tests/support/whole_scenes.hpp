// Scenes and their model for a program of one source: the sources themselves, so that one compiler line with the
// library is all a fuzzer needs. Where they are linked (ROSTER_SUPPORT_IS_LINKED), their headers.
#ifndef ROSTER_TESTS_SUPPORT_WHOLE_SCENES_HPP
#define ROSTER_TESTS_SUPPORT_WHOLE_SCENES_HPP

#include "support/commands.hpp"
#include "support/model.hpp"
#include "support/scene.hpp"
#include "support/stage.hpp"
#ifndef ROSTER_SUPPORT_IS_LINKED
#include "support/commands.cpp"
#include "support/model.cpp"
#include "support/scene.cpp"
#include "support/scene_text.cpp"
#include "support/stage.cpp"
#include "support/stage_text.cpp"
#endif

#endif
