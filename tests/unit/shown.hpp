// The text of outcomes and errors in a failed assertion.
#ifndef ROSTER_TESTS_UNIT_SHOWN_HPP
#define ROSTER_TESTS_UNIT_SHOWN_HPP

#include <string>

#include "catch.hpp"
#include "roster/outcome.hpp"
#include "roster/result.hpp"

template <>
struct Catch::StringMaker<roster::Outcome> {
  static std::string convert(roster::Outcome outcome) { return std::string(roster::name(outcome)); }
};
template <>
struct Catch::StringMaker<roster::Errc> {
  static std::string convert(roster::Errc code) { return std::string(roster::name(code)); }
};

#endif
