// The version of roster. CMake reads it from here, so there is one place to change it.
#ifndef ROSTER_VERSION_HPP
#define ROSTER_VERSION_HPP

#include <boost/version.hpp>

#define ROSTER_VERSION_MAJOR 0
#define ROSTER_VERSION_MINOR 1
#define ROSTER_VERSION_PATCH 0

/// Boost.Outcome has two binary layouts: up to Boost 1.75, and from 1.76 on. Everything in roster lives in an inline
/// namespace named after the layout, so that a mixture of the two fails at link time instead of crashing at run time.
#if BOOST_VERSION < 107600
#define ROSTER_ABI abi1_outcome21
#else
#define ROSTER_ABI abi1_outcome22
#endif

#define ROSTER_BEGIN \
  namespace roster { \
  inline namespace ROSTER_ABI {
#define ROSTER_END \
  }                \
  }

#endif
