// Proves that no sentence of a page or of a public header has more than 25 words, and a page's mean is at most 18.
#include "prose.hpp"

#include <iostream>

#include "catch.hpp"

namespace prose_test {

namespace {

constexpr std::size_t words_max = 25;
constexpr double mean_max = 18;

std::size_t too_long(const std::string& path, const std::vector<prose::Sentence>& sentences) {
  std::size_t found = 0;
  for (const prose::Sentence& sentence : sentences) {
    if (sentence.words <= words_max) continue;
    std::cout << path << ":" << sentence.line << ": " << sentence.words << " words: " << sentence.text << std::endl;
    ++found;
  }
  return found;
}

/// A sentence of so many words, in lines of ten.
std::string sentence_of(int words, const char* before = "") {
  std::string text = std::string(before) + "One";
  for (int i = 2; i <= words; ++i) text += i % 10 == 1 ? "\n" + std::string(before) + "word" : " word";
  return text + ".";
}

pages::Lines lines(const std::string& text) {
  pages::Lines all;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    all.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return all;
}

std::size_t longest(const std::vector<prose::Sentence>& sentences) {
  std::size_t words = 0;
  for (const prose::Sentence& sentence : sentences) words = std::max(words, sentence.words);
  return words;
}

}  // namespace

TEST_CASE("no sentence of a page has more than 25 words, and the mean of a page is at most 18") {
  for (const std::string& page : pages::all()) {
    const std::vector<prose::Sentence> sentences = prose::of_page(pages::lines_of(page));
    INFO(page);
    CHECK(too_long(page, sentences) == 0);
    CHECK(prose::mean_words(sentences) <= mean_max);
  }
}

TEST_CASE("no sentence in the comments of a public header has more than 25 words") {
  for (const std::string& header : pages::public_headers()) {
    const std::vector<prose::Sentence> sentences = prose::of_header(pages::lines_of(header));
    INFO(header);
    CHECK_FALSE(sentences.empty());
    CHECK(too_long(header, sentences) == 0);
    CHECK(prose::mean_words(sentences) <= mean_max);
  }
}

TEST_CASE("the count of words finds a long sentence wherever it stands on a page") {
  CHECK(longest(prose::of_page(lines(sentence_of(25)))) == 25);
  CHECK(longest(prose::of_page(lines(sentence_of(26)))) == 26);
  CHECK(longest(prose::of_page(lines("Short. " + sentence_of(26) + " Short."))) == 26);
  CHECK(longest(prose::of_page(lines("- " + sentence_of(26, "")))) == 26);
  CHECK(longest(prose::of_page(lines(sentence_of(26, "> ")))) == 26);
  CHECK(prose::of_page(lines("\n\n" + sentence_of(26))).at(0).line == 3);

  // One word each: code, and a link of one word. Numbers and abbreviations end no sentence.
  CHECK(longest(prose::of_page(lines("Call `a b. C d` at [here](far/away and. Off)."))) == 4);
  CHECK(longest(prose::of_page(lines("About 0.9 of it, e.g. half"))) == 6);
  CHECK(prose::of_page(lines("It ends `here`. It goes on.")).size() == 2);

  // Left out: code blocks, tables, headings and comments. Each item of a list is by itself.
  CHECK(prose::of_page(lines("```\n" + sentence_of(26) + "\n```")).empty());
  CHECK(prose::of_page(lines("| " + sentence_of(9) + " | " + sentence_of(9) + " | " + sentence_of(9) + " |")).empty());
  CHECK(prose::of_page(lines("# " + sentence_of(9))).empty());
  CHECK(prose::of_page(lines("<!-- " + sentence_of(26) + " -->")).empty());
  CHECK(longest(prose::of_page(lines("- one two\n- three four\n1. five"))) == 2);
}

TEST_CASE("the count of words finds a long sentence in a comment") {
  CHECK(longest(prose::of_header(lines(sentence_of(26, "// ")))) == 26);
  CHECK(longest(prose::of_header(lines(sentence_of(26, "  /// ")))) == 26);
  CHECK(longest(prose::of_header(lines("int a;  ///< one two\n        ///< three"))) == 3);
  CHECK(longest(prose::of_header(lines("int a;  ///< one two\nint b;  ///< three"))) == 2);
  CHECK(longest(prose::of_header(lines("/// One two\n///     code(a, b, c, d);\n/// three"))) == 2);
  CHECK(prose::of_header(lines("const char* a = \"// no comment\";")).empty());
}

TEST_CASE("the mean of a page counts each sentence once") {
  CHECK(prose::mean_words(prose::of_page(lines("One two. Three four five six."))) == 3);
}

}
