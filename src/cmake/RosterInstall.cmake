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

# Written when it is installed, because only then is the prefix known: `cmake --install --prefix` may name another one.
install(CODE "
  set(PROJECT_VERSION \"${PROJECT_VERSION}\")
  set(PROJECT_DESCRIPTION \"${PROJECT_DESCRIPTION}\")
  set(ROSTER_BOOST_VERSION \"${ROSTER_BOOST_VERSION}\")
  cmake_path(ABSOLUTE_PATH CMAKE_INSTALL_PREFIX OUTPUT_VARIABLE prefix)
  set(libdir \"${CMAKE_INSTALL_LIBDIR}\")
  set(includedir \"${CMAKE_INSTALL_INCLUDEDIR}\")
  cmake_path(ABSOLUTE_PATH libdir BASE_DIRECTORY \"\${prefix}\")
  cmake_path(ABSOLUTE_PATH includedir BASE_DIRECTORY \"\${prefix}\")
  configure_file(\"${CMAKE_CURRENT_LIST_DIR}/roster.pc.in\" \"${PROJECT_BINARY_DIR}/roster.pc\" @ONLY)
" COMPONENT roster-dev)
install(FILES ${PROJECT_BINARY_DIR}/roster.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT roster-dev)
