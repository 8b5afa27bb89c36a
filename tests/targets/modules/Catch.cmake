# In place of Catch2's own module: programs for another machine are run by tests/targets/run.sh, not by ctest.
function(catch_discover_tests)
endfunction()
