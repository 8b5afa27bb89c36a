// Prints the rows that were read, and their outcomes.
#ifndef QUICKSTART_SUMMARY_HPP
#define QUICKSTART_SUMMARY_HPP

#include "importer.hpp"
#include "terminal.hpp"

namespace quickstart {

void print_bad_rows(const std::vector<BadRow>& bad, const Colours& colours);
/// Prints how many fields had blanks at their ends, and the first of them.
void print_trimmed(const std::vector<TrimmedField>& fields, const Colours& colours);
void print_plan(const RosterFile& file, const Plan& plan);
/// Prints one line for each organization, and one for all.
void print_table(const Plan& plan, const ImportResult& result, const Colours& colours);
/// Prints whether the repeated import changed anything, and the counts of memberships before and after.
void print_repeat(const ImportResult& again, std::uint64_t memberships_before, std::uint64_t memberships_after,
                  const Colours& colours);

}  // namespace quickstart

#endif
