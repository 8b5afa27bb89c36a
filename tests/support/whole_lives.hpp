// Stories and their model for a program of one source, as whole_scenes.hpp.
#ifndef ROSTER_TESTS_SUPPORT_WHOLE_LIVES_HPP
#define ROSTER_TESTS_SUPPORT_WHOLE_LIVES_HPP

#include "support/life_scene.hpp"
#include "support/life_stage.hpp"
#include "support/whole_scenes.hpp"
#ifndef ROSTER_SUPPORT_IS_LINKED
#include "support/life_model.cpp"
#include "support/life_scene.cpp"
#include "support/life_stage.cpp"
#endif

#endif
