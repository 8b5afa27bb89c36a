// The version of roster. CMake reads it from this file.
#ifndef ROSTER_VERSION_HPP
#define ROSTER_VERSION_HPP

#include <boost/version.hpp>

#define ROSTER_VERSION_MAJOR 0  ///< the first number of the version
#define ROSTER_VERSION_MINOR 1  ///< the second number of the version
#define ROSTER_VERSION_PATCH 0  ///< the third number of the version
/// The three as one number, for `#if ROSTER_VERSION >= 200`: 0.2.0 is 200, 1.2.3 is 10203.
#define ROSTER_VERSION (ROSTER_VERSION_MAJOR * 10000 + ROSTER_VERSION_MINOR * 100 + ROSTER_VERSION_PATCH)

/// Boost.Outcome has two binary layouts: up to Boost 1.75, and from 1.76 on. All of roster is in an inline namespace
/// named after the layout. A mixture of the two layouts then fails at link time and not at run time.
#if BOOST_VERSION < 107600
#define ROSTER_ABI abi1_outcome21
#else
#define ROSTER_ABI abi1_outcome22
#endif

/// ROSTER_PUBLIC_ABI is the same namespace in public headers. It exports their declarations from a shared library.
/// Sources and private headers use ROSTER_ABI and are compiled with hidden visibility. On Windows CMake exports every
/// symbol.
#if defined(__ELF__) || defined(__APPLE__)
#define ROSTER_PUBLIC_ABI ROSTER_ABI __attribute__((visibility("default")))
#else
#define ROSTER_PUBLIC_ABI ROSTER_ABI
#endif

#endif
