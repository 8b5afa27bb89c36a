# Finds libpq, the client library of PostgreSQL. CMake's own FindPostgreSQL looks for a server's headers as well, which a
# client does without and mostly has not. Sets the target PostgreSQL::PostgreSQL, if nobody has and libpq is there.
if(NOT TARGET PostgreSQL::PostgreSQL)
  find_path(ROSTER_LIBPQ_INCLUDE libpq-fe.h PATH_SUFFIXES postgresql pgsql)
  find_library(ROSTER_LIBPQ pq)
  mark_as_advanced(ROSTER_LIBPQ_INCLUDE ROSTER_LIBPQ)
  if(ROSTER_LIBPQ_INCLUDE AND ROSTER_LIBPQ)
    add_library(PostgreSQL::PostgreSQL UNKNOWN IMPORTED)
    set_target_properties(PostgreSQL::PostgreSQL PROPERTIES IMPORTED_LOCATION ${ROSTER_LIBPQ}
      INTERFACE_INCLUDE_DIRECTORIES ${ROSTER_LIBPQ_INCLUDE})
  endif()
endif()
