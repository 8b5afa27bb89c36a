// Catch2, whichever major version the machine has: Debian 12 ships 2, newer systems 3.
#ifndef ROSTER_TESTS_CATCH_HPP
#define ROSTER_TESTS_CATCH_HPP

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

#endif
