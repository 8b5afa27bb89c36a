# Install rules. Components: roster (the shared library, if there is one), roster-dev (headers, package files, archive).
include(CMakePackageConfigHelpers)

set(ROSTER_CONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/roster)

install(TARGETS roster EXPORT rosterTargets
  RUNTIME COMPONENT roster
  LIBRARY COMPONENT roster NAMELINK_COMPONENT roster-dev
  ARCHIVE COMPONENT roster-dev)
install(FILES ${ROSTER_HEADERS} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster COMPONENT roster-dev)
install(EXPORT rosterTargets NAMESPACE roster:: DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)

if(ROSTER_HAS_FORMAT)
  install(TARGETS roster_format EXPORT rosterFormatTargets)
  install(FILES ${PROJECT_SOURCE_DIR}/include/roster/format.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster
    COMPONENT roster-dev)
  install(EXPORT rosterFormatTargets NAMESPACE roster:: DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)
endif()

if(ROSTER_CONFORMANCE)
  install(TARGETS roster_conformance EXPORT rosterConformanceTargets ARCHIVE COMPONENT roster-dev)
  install(FILES ${PROJECT_SOURCE_DIR}/include/roster/conformance.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster
    COMPONENT roster-dev)
  install(FILES ${PROJECT_BINARY_DIR}/rosterConformance.cmake DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)
  install(EXPORT rosterConformanceTargets NAMESPACE roster:: DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)
endif()

if(ROSTER_HAS_SQLITE)
  install(TARGETS roster_sqlite EXPORT rosterSqliteTargets
    RUNTIME COMPONENT roster
    LIBRARY COMPONENT roster NAMELINK_COMPONENT roster-dev
    ARCHIVE COMPONENT roster-dev)
  install(FILES ${PROJECT_SOURCE_DIR}/include/roster/sqlite_store.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/roster
    COMPONENT roster-dev)
  install(EXPORT rosterSqliteTargets NAMESPACE roster:: DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)
endif()

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/rosterConfig.cmake.in
  ${PROJECT_BINARY_DIR}/rosterConfig.cmake INSTALL_DESTINATION ${ROSTER_CONFIG_DIR})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/rosterConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/rosterConfig.cmake ${PROJECT_BINARY_DIR}/rosterConfigVersion.cmake
  DESTINATION ${ROSTER_CONFIG_DIR} COMPONENT roster-dev)

install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/roster COMPONENT roster-dev)
if(BUILD_SHARED_LIBS)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/licenses/roster COMPONENT roster)
endif()

# ---- pkg-config: a file for each component. They name one another and their own place, and nothing by its whole path, so
# that the prefix may be moved. A folder that is not in the prefix keeps its path.
set(pc_dir ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
foreach(dir LIBDIR INCLUDEDIR)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${dir}}")
    set(ROSTER_PC_${dir} ${CMAKE_INSTALL_${dir}})
  else()
    set(ROSTER_PC_${dir} "\${prefix}/${CMAKE_INSTALL_${dir}}")
  endif()
endforeach()
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(ROSTER_PC_PREFIX ../..)
else()
  file(RELATIVE_PATH ROSTER_PC_PREFIX /prefix/${pc_dir} /prefix)
  string(REGEX REPLACE "/$" "" ROSTER_PC_PREFIX "${ROSTER_PC_PREFIX}")
endif()

# roster_pkg_config(<name> <description> <lines of the file>...)
function(roster_pkg_config name description)
  set(ROSTER_PC_NAME ${name})
  set(ROSTER_PC_DESCRIPTION ${description})
  list(JOIN ARGN "\n" ROSTER_PC_REST)
  configure_file(${PROJECT_SOURCE_DIR}/src/cmake/roster.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${pc_dir} COMPONENT roster-dev)
endfunction()

# An archive needs the libraries behind it wherever it is linked.
set(behind ", ")
if(BUILD_SHARED_LIBS)
  set(behind "\nRequires.private: ")
endif()
set(requires "Requires: roster = ${PROJECT_VERSION}")
set(needs "compile with -std=c++20; needs the headers of Boost")
if(ROSTER_BOOST_VERSION)
  string(APPEND needs " ${ROSTER_BOOST_VERSION}")
endif()
roster_pkg_config(roster "${PROJECT_DESCRIPTION} (${needs})" "Libs: -L\${libdir} -lroster" "Cflags: -I\${includedir}")
if(ROSTER_HAS_FORMAT)
  roster_pkg_config(roster-format "Formatters of roster for fmt" "${requires}, fmt >= 9")
endif()
if(ROSTER_HAS_HTTP)
  roster_pkg_config(roster-http "HTTP APIs of roster" ${requires} "Libs: -L\${libdir} -lroster_http")
endif()
if(ROSTER_HAS_SQLITE)
  roster_pkg_config(roster-sqlite "A store of roster on SQLite" "${requires}${behind}sqlite3 >= 3.35"
    "Libs: -L\${libdir} -lroster_sqlite")
endif()
if(ROSTER_HAS_POSTGRES)
  roster_pkg_config(roster-postgres "A store of roster on PostgreSQL" "${requires}${behind}libpq"
    "Libs: -L\${libdir} -lroster_postgres")
endif()
if(ROSTER_CONFORMANCE)
  roster_pkg_config(roster-conformance "The laws of roster for stores" ${requires}
    "Libs: -L\${libdir} -lroster_conformance -pthread")
endif()
