// A report may hold millions of cells: it is moved, never copied by accident.
// refused: use of deleted function
// refused: call to implicitly-deleted copy constructor
#include <utility>

#include "roster/decision.hpp"

roster::Report moved(roster::Report& report) {
  return std::move(report);
}
#ifdef REFUSED
roster::Report copied(roster::Report& report) {
  return report;
}
#endif
