# Finds libpq, the client library of PostgreSQL: as CMake does, which package managers teach what a static libpq needs, and
# else by its header and its library alone, because CMake's own module may want a server's headers too, which a client
# mostly has not. Sets the target PostgreSQL::PostgreSQL, if nobody has and libpq is there. -DROSTER_LIBPQ=<file> wins.
if(NOT TARGET PostgreSQL::PostgreSQL AND NOT ROSTER_LIBPQ)
  find_package(PostgreSQL QUIET)
endif()
if(NOT TARGET PostgreSQL::PostgreSQL)
  find_path(ROSTER_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql pgsql)
  find_library(ROSTER_LIBPQ pq)
  mark_as_advanced(ROSTER_LIBPQ_INCLUDE ROSTER_LIBPQ)
  if(ROSTER_LIBPQ_INCLUDE AND ROSTER_LIBPQ)
    add_library(PostgreSQL::PostgreSQL UNKNOWN IMPORTED)
    set_target_properties(PostgreSQL::PostgreSQL PROPERTIES IMPORTED_LOCATION ${ROSTER_LIBPQ}
      INTERFACE_INCLUDE_DIRECTORIES ${ROSTER_LIBPQ_INCLUDE})
    # An archive does not know what it needs; its pkg-config file does.
    if(ROSTER_LIBPQ MATCHES "\\.(a|lib)$")
      find_package(PkgConfig QUIET)
      if(PKG_CONFIG_FOUND)
        pkg_check_modules(ROSTER_LIBPQ_PC QUIET libpq)
        list(REMOVE_ITEM ROSTER_LIBPQ_PC_STATIC_LDFLAGS -lpq)
        set_target_properties(PostgreSQL::PostgreSQL PROPERTIES INTERFACE_LINK_LIBRARIES "${ROSTER_LIBPQ_PC_STATIC_LDFLAGS}")
      endif()
    endif()
  endif()
endif()
