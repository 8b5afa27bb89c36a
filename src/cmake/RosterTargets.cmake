# The targets: roster::roster (the core and the in-memory store), roster::format (headers over the host's own fmt) and
# roster::conformance (the laws that a store must pass).
# roster::sqlite, a store on SQLite, has a file of its own.

file(GLOB ROSTER_HEADERS CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/include/roster/*.hpp)
file(GLOB ROSTER_CORE_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/core/*.cpp)
file(GLOB ROSTER_MEMORY_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/memory/*.cpp)
list(FILTER ROSTER_HEADERS EXCLUDE REGEX "/(format|conformance|sqlite_store)\\.hpp$")

if(ROSTER_INSTALL)
  include(GNUInstallDirs)
endif()

# What everything compiled in this project shares: the warnings we answer to. Private to the build.
add_library(roster_warnings INTERFACE)
if(PROJECT_IS_TOP_LEVEL AND CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(roster_warnings INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                                   $<$<BOOL:${ROSTER_WERROR}>:-Werror>)
  # The macros of Catch2 count by __COUNTER__, in which clang 22 sees an extension wherever a test uses them.
  if(CMAKE_CXX_COMPILER_ID MATCHES "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 22)
    target_compile_options(roster_warnings INTERFACE -Wno-c2y-extensions)
  endif()
endif()

# clang and g++ name one template of fmt 9 differently, so tests and examples that clang compiles do not link with a
# distribution's libfmt, which g++ compiled: they take its definitions from its headers.
if(PROJECT_IS_TOP_LEVEL)
  target_compile_definitions(roster_warnings INTERFACE $<$<CXX_COMPILER_ID:Clang>:FMT_HEADER_ONLY>)
endif()

# Gives a library those warnings, and its installed package no trace of them.
function(roster_with_warnings target)
  target_compile_options(${target} PRIVATE $<TARGET_PROPERTY:roster_warnings,INTERFACE_COMPILE_OPTIONS>)
  target_compile_definitions(${target} PRIVATE $<TARGET_PROPERTY:roster_warnings,INTERFACE_COMPILE_DEFINITIONS>)
endfunction()

# The core is a set of objects of its own: a test reads their symbols and finds nothing but memory and unwinding.
add_library(roster_core OBJECT ${ROSTER_CORE_SOURCES})
add_library(roster_memory OBJECT ${ROSTER_MEMORY_SOURCES})
add_library(roster)
add_library(roster::roster ALIAS roster)
foreach(target roster_core roster_memory roster)
  target_compile_features(${target} PUBLIC cxx_std_20)
  target_include_directories(${target} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>
                                              $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${target} PUBLIC Boost::headers)
  # The public headers mark the visible symbols themselves (ROSTER_PUBLIC_ABI), for any default of a parent.
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
                                             VISIBILITY_INLINES_HIDDEN ON)
endforeach()
foreach(objects roster_core roster_memory)
  # Each function in a section of its own: a host that links with --gc-sections keeps what it calls.
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${objects} PRIVATE -ffunction-sections -fdata-sections)
  endif()
  target_include_directories(${objects} PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(${objects} PRIVATE roster_warnings)
  if(BUILD_SHARED_LIBS)
    set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  endif()
  target_sources(roster PRIVATE $<TARGET_OBJECTS:${objects}>)
endforeach()
# While the version is 0.y the binary interface may change with y.
set_target_properties(roster PROPERTIES
  VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  LINKER_LANGUAGE CXX
  WINDOWS_EXPORT_ALL_SYMBOLS ON)

if(ROSTER_HAS_FORMAT)
  add_library(roster_format INTERFACE)
  add_library(roster::format ALIAS roster_format)
  set_target_properties(roster_format PROPERTIES EXPORT_NAME format)
  target_link_libraries(roster_format INTERFACE roster $<IF:$<TARGET_EXISTS:fmt::fmt>,fmt::fmt,fmt::fmt-header-only>)
endif()

# The laws for stores: for the tests of an adapter, so it may allocate and throw as any test does.
if(ROSTER_CONFORMANCE)
  file(GLOB ROSTER_CONFORMANCE_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/conformance/*.cpp)
  find_package(Threads REQUIRED)
  add_library(roster_conformance STATIC ${ROSTER_CONFORMANCE_SOURCES})
  add_library(roster::conformance ALIAS roster_conformance)
  set_target_properties(roster_conformance PROPERTIES EXPORT_NAME conformance CXX_EXTENSIONS OFF)
  target_include_directories(roster_conformance PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(roster_conformance PUBLIC roster PRIVATE Threads::Threads)
  roster_with_warnings(roster_conformance)

  # The names of the laws, so that each can be a test of ctest: roster_add_laws().
  set(ROSTER_LAWS "")
  foreach(source IN LISTS ROSTER_CONFORMANCE_SOURCES)
    file(STRINGS ${source} entries REGEX "[{][{]\"[a-z]+/[a-z-]+\"")
    foreach(entry IN LISTS entries)
      string(REGEX REPLACE ".*[{][{]\"([a-z]+/[a-z-]+)\".*" "\\1" law "${entry}")
      list(APPEND ROSTER_LAWS ${law})
    endforeach()
  endforeach()
  configure_file(${CMAKE_CURRENT_LIST_DIR}/rosterConformance.cmake.in ${PROJECT_BINARY_DIR}/rosterConformance.cmake @ONLY)
  include(${PROJECT_BINARY_DIR}/rosterConformance.cmake)
endif()

if(ROSTER_HAS_SQLITE)
  include(${CMAKE_CURRENT_LIST_DIR}/RosterSqlite.cmake)
endif()
