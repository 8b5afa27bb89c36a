# What the library needs: Boost's headers; fmt for roster::format alone, and SQLite for roster::sqlite alone. Nothing is
# ever downloaded.

# A parent's own Boost wins, so that one program never holds two.
if(NOT TARGET Boost::headers)
  find_package(Boost 1.74 CONFIG QUIET)
  if(NOT TARGET Boost::headers)
    message(FATAL_ERROR "roster needs the headers of Boost 1.74 or later (Boost.Outcome). "
                        "Debian and Ubuntu: apt-get install libboost-dev. Elsewhere: pass -DBoost_DIR=<folder of BoostConfig.cmake>, "
                        "or define the target Boost::headers before adding roster.")
  endif()
endif()

# Boost.Outcome has another binary layout from 1.76 on; the installed package must know which one it was built with. A
# parent's target carries no version, so the header is asked.
get_target_property(ROSTER_BOOST_INCLUDES Boost::headers INTERFACE_INCLUDE_DIRECTORIES)
find_file(ROSTER_BOOST_VERSION_HPP boost/version.hpp PATHS ${ROSTER_BOOST_INCLUDES} NO_CACHE)
set(ROSTER_BOOST_VERSION "")
if(ROSTER_BOOST_VERSION_HPP)
  file(STRINGS ${ROSTER_BOOST_VERSION_HPP} ROSTER_BOOST_VERSION REGEX "^#define BOOST_VERSION [0-9]+")
  string(REGEX REPLACE "[^0-9]" "" ROSTER_BOOST_VERSION "${ROSTER_BOOST_VERSION}")
  math(EXPR ROSTER_BOOST_MAJOR "${ROSTER_BOOST_VERSION} / 100000")
  math(EXPR ROSTER_BOOST_MINOR "${ROSTER_BOOST_VERSION} / 100 % 1000")
  set(ROSTER_BOOST_VERSION ${ROSTER_BOOST_MAJOR}.${ROSTER_BOOST_MINOR})
endif()

set(ROSTER_HAS_FORMAT OFF)
if(ROSTER_FORMAT STREQUAL "ON" OR (ROSTER_FORMAT STREQUAL "AUTO" AND PROJECT_IS_TOP_LEVEL))
  if(NOT TARGET fmt::fmt)
    find_package(fmt 9 CONFIG QUIET)
  endif()
  if(TARGET fmt::fmt)
    set(ROSTER_HAS_FORMAT ON)
  elseif(ROSTER_FORMAT STREQUAL "ON")
    message(FATAL_ERROR "ROSTER_FORMAT=ON needs fmt 9 or later. Debian and Ubuntu: apt-get install libfmt-dev.")
  else()
    message(STATUS "roster: fmt not found, so roster::format is left out")
  endif()
endif()

set(ROSTER_HAS_SQLITE OFF)
if(ROSTER_SQLITE STREQUAL "ON" OR (ROSTER_SQLITE STREQUAL "AUTO" AND PROJECT_IS_TOP_LEVEL))
  if(NOT TARGET SQLite::SQLite3)
    find_package(SQLite3 3.35 QUIET)
  endif()
  if(TARGET SQLite::SQLite3)
    set(ROSTER_HAS_SQLITE ON)
  elseif(ROSTER_SQLITE STREQUAL "ON")
    message(FATAL_ERROR "ROSTER_SQLITE=ON needs SQLite 3.35 or later. Debian and Ubuntu: apt-get install libsqlite3-dev.")
  else()
    message(STATUS "roster: SQLite not found, so roster::sqlite is left out")
  endif()
endif()
