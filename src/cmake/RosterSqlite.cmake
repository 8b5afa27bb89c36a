# roster::sqlite: src/sqlite, what it shares with other stores in SQL (src/sql), and its schema, one file a step, in
# a source file made here.
file(GLOB ROSTER_SQL_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sql/*.cpp)
file(GLOB ROSTER_SQLITE_SOURCES CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sqlite/*.cpp)
file(GLOB steps CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/sqlite/schema/*.sql)
# roster::postgres has some of these files too. Apart from the others, an archive's copy is linked only if it is the first.
set_source_files_properties(${ROSTER_SQL_SOURCES} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
list(SORT steps COMPARE NATURAL)

set(ROSTER_SCHEMA_STEPS "")
foreach(step IN LISTS steps)
  file(READ ${step} text)
  string(APPEND ROSTER_SCHEMA_STEPS "      R\"sql(${text})sql\",\n")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${step})
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/src/sqlite/schema_steps.cpp.in ${PROJECT_BINARY_DIR}/roster_sqlite_schema.cpp @ONLY)

add_library(roster_sqlite ${ROSTER_SQLITE_SOURCES} ${ROSTER_SQL_SOURCES} ${PROJECT_BINARY_DIR}/roster_sqlite_schema.cpp)
add_library(roster::sqlite ALIAS roster_sqlite)
target_include_directories(roster_sqlite PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(roster_sqlite PUBLIC roster PRIVATE SQLite::SQLite3)
roster_with_warnings(roster_sqlite)
set_target_properties(roster_sqlite PROPERTIES EXPORT_NAME sqlite CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
  VISIBILITY_INLINES_HIDDEN ON VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR}
  WINDOWS_EXPORT_ALL_SYMBOLS ON)
