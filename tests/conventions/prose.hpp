// Prose: the sentences of a page or of the comments of a header, for prose_test.cpp.
#ifndef ROSTER_TESTS_CONVENTIONS_PROSE_HPP
#define ROSTER_TESTS_CONVENTIONS_PROSE_HPP

#include <string>
#include <vector>

#include "pages.hpp"

namespace prose {

struct Sentence {
  std::size_t line = 0;  ///< where it begins, from 1
  std::size_t words = 0;
  std::string text;
};

/// The sentences of a page in Markdown. Tables, code blocks, headings and comments of the page are left out. A link
/// counts as its text, and code in a line as one word.
std::vector<Sentence> of_page(const pages::Lines& page);

/// The sentences of the comments of a header. Lines of code in them, indented by three blanks or more, are left out.
std::vector<Sentence> of_header(const pages::Lines& header);

double mean_words(const std::vector<Sentence>& sentences);

}  // namespace prose

#endif
