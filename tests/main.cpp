// The entry point of the test programs where Catch2 brings none: its version 2 as upstream installs it.
#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
int main(int argc, char** argv) {
  return Catch::Session().run(argc, argv);
}
#else
#include <cfloat>  // Catch2 2.13 uses DBL_MAX_10_EXP and includes it nowhere: on macOS no other header does
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
