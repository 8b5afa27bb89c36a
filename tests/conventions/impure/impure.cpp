// What the symbol rule must find: it reads the environment, keeps a variable, and runs code before main().
#include <cstdlib>
#include <string>

int calls = 0;
std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
