# The tool that changes the source at random, on seven changes with known ends: the library is one file of the core.
# What it finds in the whole source, and how long that takes, is no matter of the suite: CONTRIBUTING.md has the command.
find_package(Python3 3.8 QUIET COMPONENTS Interpreter)
set(mutation_test "mutation: fixed changes end as they should")
if(NOT Python3_FOUND OR NOT CMAKE_GENERATOR MATCHES "Ninja|Makefiles" OR NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang" OR
   NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  add_test(NAME ${mutation_test} COMMAND sh -c "echo 'skipped: mutation: needs Python 3, ninja or make, g++ or clang, Linux'; exit 77")
else()
  add_library(mutation_sample SHARED ${PROJECT_SOURCE_DIR}/src/core/id.cpp ${PROJECT_SOURCE_DIR}/src/core/name_text.cpp)
  target_include_directories(mutation_sample PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
  target_link_libraries(mutation_sample PUBLIC Boost::headers PRIVATE roster_warnings)
  target_compile_features(mutation_sample PUBLIC cxx_std_20)
  set_target_properties(mutation_sample PROPERTIES EXPORT_COMPILE_COMMANDS ON CXX_EXTENSIONS OFF)
  add_executable(mutation_noticing mutation/noticing.cpp)
  target_link_libraries(mutation_noticing PRIVATE mutation_sample roster_warnings -Wl,--enable-new-dtags)
  add_test(NAME ${mutation_test} COMMAND Python3::Interpreter ${CMAKE_CURRENT_LIST_DIR}/selftest.py ${PROJECT_BINARY_DIR})
endif()
set_tests_properties(${mutation_test} PROPERTIES LABELS mutation TIMEOUT 300 SKIP_RETURN_CODE 77)
