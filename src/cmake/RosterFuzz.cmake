# One libFuzzer program for each fuzz/<name>.cpp, under AddressSanitizer and UndefinedBehaviorSanitizer. The library is
# compiled into it once more, because coverage must reach the code under test.
if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  message(FATAL_ERROR "ROSTER_BUILD_FUZZ needs clang: configure with -DCMAKE_CXX_COMPILER=clang++")
endif()

set(ROSTER_FUZZ_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
add_library(roster_fuzzed STATIC EXCLUDE_FROM_ALL ${ROSTER_CORE_SOURCES} ${ROSTER_MEMORY_SOURCES})
target_compile_features(roster_fuzzed PUBLIC cxx_std_20)
target_include_directories(roster_fuzzed PUBLIC ${PROJECT_SOURCE_DIR}/include PRIVATE ${PROJECT_SOURCE_DIR}/src)
target_link_libraries(roster_fuzzed PUBLIC Boost::headers)
target_compile_options(roster_fuzzed PUBLIC -O1 -g ${ROSTER_FUZZ_FLAGS} PRIVATE -fsanitize=fuzzer-no-link)
target_link_options(roster_fuzzed PUBLIC ${ROSTER_FUZZ_FLAGS})

file(GLOB targets CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/fuzz/*.cpp)
list(FILTER targets EXCLUDE REGEX "/replay_main\\.cpp$")
foreach(source IN LISTS targets)
  get_filename_component(name ${source} NAME_WE)
  add_executable(fuzz_${name} ${source})
  target_include_directories(fuzz_${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  target_link_libraries(fuzz_${name} PRIVATE roster_fuzzed)
  target_compile_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
  target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
endforeach()
