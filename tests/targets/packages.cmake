# The packages of a target of targets.ini, in place of those of the system. Read just after project(), so that
# the targets stand before anybody looks for the packages.
#
#   ROSTER_TARGET_BOOST       a folder with Boost's headers
#   ROSTER_TARGET_HEADERS     a folder with the headers of the other packages (and of Boost), apart from the system's
#   ROSTER_TARGET_RAPIDCHECK  the sources of rapidcheck
#   ROSTER_TARGET_SQLITE      a folder with sqlite3.c and sqlite3.h
if(NOT ROSTER_TARGET_BOOST AND ROSTER_TARGET_HEADERS)
  set(ROSTER_TARGET_BOOST ${ROSTER_TARGET_HEADERS})
endif()
if(ROSTER_TARGET_BOOST)
  add_library(Boost::headers INTERFACE IMPORTED GLOBAL)
  target_include_directories(Boost::headers SYSTEM INTERFACE ${ROSTER_TARGET_BOOST})
endif()
if(NOT ROSTER_TARGET_HEADERS)
  return()
endif()

foreach(package fmt::fmt fmt::fmt-header-only nlohmann_json::nlohmann_json Catch2::Catch2)
  add_library(${package} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${package} SYSTEM INTERFACE ${ROSTER_TARGET_HEADERS})
endforeach()
target_compile_definitions(fmt::fmt INTERFACE FMT_HEADER_ONLY)
target_compile_definitions(fmt::fmt-header-only INTERFACE FMT_HEADER_ONLY)
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR}/modules)

enable_language(C)
find_package(Threads REQUIRED)
add_library(sqlite3 STATIC EXCLUDE_FROM_ALL ${ROSTER_TARGET_SQLITE}/sqlite3.c)
target_include_directories(sqlite3 SYSTEM PUBLIC ${ROSTER_TARGET_SQLITE})
target_link_libraries(sqlite3 PUBLIC Threads::Threads ${CMAKE_DL_LIBS})
add_library(SQLite::SQLite3 ALIAS sqlite3)

file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ROSTER_TARGET_RAPIDCHECK}/src/*.cpp)
add_library(rapidcheck STATIC EXCLUDE_FROM_ALL ${sources})
target_compile_features(rapidcheck PUBLIC cxx_std_20)
target_compile_options(rapidcheck PRIVATE -w -O0)
set_target_properties(rapidcheck PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 0)  # a few seconds instead of a minute
target_include_directories(rapidcheck SYSTEM PUBLIC ${ROSTER_TARGET_RAPIDCHECK}/include)
