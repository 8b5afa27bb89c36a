# roster::postgres: a store on PostgreSQL. Requires libpq. Omitted without libpq, or if it was not requested.
set(ROSTER_HAS_POSTGRES OFF)
list(FILTER ROSTER_HEADERS EXCLUDE REGEX "/postgres_store\\.hpp$")
if(ROSTER_POSTGRES STREQUAL "ON" OR (ROSTER_POSTGRES STREQUAL "AUTO" AND PROJECT_IS_TOP_LEVEL))
  include(${CMAKE_CURRENT_LIST_DIR}/RosterLibpq.cmake)
  if(TARGET PostgreSQL::PostgreSQL)
    set(ROSTER_HAS_POSTGRES ON)
  elseif(ROSTER_POSTGRES STREQUAL "ON")
    message(FATAL_ERROR "ROSTER_POSTGRES=ON needs libpq. Debian and Ubuntu: apt-get install libpq-dev.")
  else()
    message(STATUS "roster: libpq not found, so roster::postgres is left out")
  endif()
endif()
if(NOT ROSTER_HAS_POSTGRES)
  return()
endif()

# The schema is SQL for people and tools, one file a step, and one text inside the library.
file(GLOB schema_steps CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/postgres/schema/*.sql)
list(SORT schema_steps COMPARE NATURAL)
set(ROSTER_SCHEMA "")
list(LENGTH schema_steps ROSTER_SCHEMA_STEP_COUNT)
foreach(step IN LISTS schema_steps)
  file(READ ${step} text)
  string(APPEND ROSTER_SCHEMA "${text}\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${step})
endforeach()
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/postgres/schema.cpp @ONLY CONTENT
  "#include <cstdint>\n#include \"roster/version.hpp\"\nnamespace roster::inline ROSTER_ABI {\nnamespace postgres {\nextern const char schema_text[];\nextern const std::int64_t schema_steps;\nconst char schema_text[] = R\"SQL(@ROSTER_SCHEMA@)SQL\";\nconst std::int64_t schema_steps = @ROSTER_SCHEMA_STEP_COUNT@;\n}\n}\n")

file(GLOB ROSTER_POSTGRES_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/postgres/*.cpp)
# roster::sqlite has these files too. Apart from the others, an archive's copy is linked only if it is the first.
set(shared ${PROJECT_SOURCE_DIR}/src/sql/keys.cpp ${PROJECT_SOURCE_DIR}/src/sql/changes.cpp)
set_source_files_properties(${shared} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
add_library(roster_postgres ${ROSTER_POSTGRES_SOURCES} ${PROJECT_BINARY_DIR}/postgres/schema.cpp
  ${shared})
add_library(roster::postgres ALIAS roster_postgres)
target_compile_features(roster_postgres PUBLIC cxx_std_20)
target_include_directories(roster_postgres PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(roster_postgres PUBLIC roster PRIVATE PostgreSQL::PostgreSQL)
roster_with_warnings(roster_postgres)
set_target_properties(roster_postgres PROPERTIES CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON EXPORT_NAME postgres VERSION ${PROJECT_VERSION}
  SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR} WINDOWS_EXPORT_ALL_SYMBOLS ON)

if(ROSTER_INSTALL)
  set(config_dir ${CMAKE_INSTALL_LIBDIR}/cmake/roster)
  install(TARGETS roster_postgres EXPORT rosterPostgresTargets
    RUNTIME COMPONENT roster
    LIBRARY COMPONENT roster NAMELINK_COMPONENT roster-dev
    ARCHIVE COMPONENT roster-dev)
  install(FILES ${PROJECT_SOURCE_DIR}/include/roster/postgres_store.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster
    COMPONENT roster-dev)
  install(FILES ${CMAKE_CURRENT_LIST_DIR}/RosterLibpq.cmake DESTINATION ${config_dir} COMPONENT roster-dev)
  install(EXPORT rosterPostgresTargets NAMESPACE roster:: DESTINATION ${config_dir} COMPONENT roster-dev)
endif()
