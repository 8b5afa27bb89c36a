# roster::http, the wire forms of the APIs. It compiles with nlohmann/json and fmt, links neither, and shows neither.
set(ROSTER_HTTP AUTO CACHE STRING "roster::http, which needs the headers of nlohmann/json and fmt: AUTO, ON or OFF")
set_property(CACHE ROSTER_HTTP PROPERTY STRINGS AUTO ON OFF)

set(ROSTER_HAS_HTTP OFF)
if(ROSTER_HTTP STREQUAL "ON" OR (ROSTER_HTTP STREQUAL "AUTO" AND PROJECT_IS_TOP_LEVEL))
  if(NOT TARGET nlohmann_json::nlohmann_json)
    find_package(nlohmann_json 3.10 CONFIG QUIET)
  endif()
  roster_find_fmt()
  if(TARGET nlohmann_json::nlohmann_json AND ROSTER_FMT)
    set(ROSTER_HAS_HTTP ON)
  elseif(ROSTER_HTTP STREQUAL "ON")
    message(FATAL_ERROR "ROSTER_HTTP=ON needs nlohmann/json 3.10 and fmt 9 or later. "
                        "Debian and Ubuntu: apt-get install nlohmann-json3-dev libfmt-dev.")
  else()
    message(STATUS "roster: nlohmann/json or fmt not found, so roster::http is left out")
  endif()
endif()
if(NOT ROSTER_HAS_HTTP)
  return()
endif()

file(GLOB ROSTER_HTTP_HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/roster/http/*.hpp)
file(GLOB ROSTER_HTTP_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/http/*.cpp)
add_library(roster_http ${ROSTER_HTTP_SOURCES})
add_library(roster::http ALIAS roster_http)
target_link_libraries(roster_http PUBLIC roster)
roster_with_warnings(roster_http)
target_include_directories(roster_http PRIVATE ${PROJECT_SOURCE_DIR}/src)
# Their folders and nothing else: a target in the link interface would have to be found again by each consumer.
target_include_directories(roster_http SYSTEM PRIVATE
  $<BUILD_INTERFACE:$<TARGET_PROPERTY:nlohmann_json::nlohmann_json,INTERFACE_INCLUDE_DIRECTORIES>>
  $<BUILD_INTERFACE:$<TARGET_PROPERTY:${ROSTER_FMT},INTERFACE_INCLUDE_DIRECTORIES>>)
if(PROJECT_IS_TOP_LEVEL)
  target_precompile_headers(roster_http PRIVATE <roster/http/apis.hpp>)  # what every file of it reads first
endif()
# Sentences for people are not in a hurry, and the headers of fmt take four times as long to optimise.
set_source_files_properties(${PROJECT_SOURCE_DIR}/src/http/messages.cpp PROPERTIES
  SKIP_PRECOMPILE_HEADERS ON COMPILE_OPTIONS $<$<CXX_COMPILER_ID:GNU,Clang,AppleClang>:-O0>)
set_target_properties(roster_http PROPERTIES
  EXPORT_NAME http
  CXX_EXTENSIONS OFF
  CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  WINDOWS_EXPORT_ALL_SYMBOLS ON)

if(ROSTER_INSTALL)
  include(GNUInstallDirs)
  install(TARGETS roster_http EXPORT rosterHttpTargets
    RUNTIME COMPONENT roster
    LIBRARY COMPONENT roster NAMELINK_COMPONENT roster-dev
    ARCHIVE COMPONENT roster-dev)
  install(FILES ${ROSTER_HTTP_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster/http COMPONENT roster-dev)
  install(EXPORT rosterHttpTargets NAMESPACE roster:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/roster COMPONENT roster-dev)
endif()
