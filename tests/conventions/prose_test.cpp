// Proves that no sentence of a page or of a public header has more than 25 words, that a page's mean is at most 18, and
// that no sentence begins with a relative clause or makes a program speak.
#include "prose.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <iostream>
#include <set>
#include <utility>

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

/// A sentence whose subject is not named first, or in which a program speaks: "Who is a member ...", "the store says".
bool hides_subject(const std::string& sentence) {
  static constexpr std::array openings = {"Who", "Whom", "Whose", "Whoever", "What", "Whatever",
                                          "who", "whom", "whose", "whoever", "what", "whatever"};
  static const std::set<std::string> speech = {"says", "hears", "heard", "tells", "told", "whoever"};
  std::string word;
  std::vector<std::string> words;
  for (const char c : sentence + " ") {
    if (std::isalpha(static_cast<unsigned char>(c)) != 0)
      word += c;
    else if (!word.empty())
      words.push_back(std::exchange(word, {}));
  }
  const auto speaks = [](const std::string& it) { return speech.contains(it); };
  return !words.empty() && (std::find(openings.begin(), openings.end(), words[0]) != openings.end() ||
                            std::any_of(words.begin(), words.end(), speaks));
}

std::size_t without_subject(const std::string& path, const std::vector<prose::Sentence>& sentences) {
  std::size_t found = 0;
  for (const prose::Sentence& sentence : sentences) {
    if (!hides_subject(sentence.text)) continue;
    std::cout << path << ":" << sentence.line << ": " << sentence.text << std::endl;
    ++found;
  }
  return found;
}

/// The texts between double quotes in the lines of a source.
std::vector<prose::Sentence> texts_of_source(const pages::Lines& lines) {
  std::vector<prose::Sentence> texts;
  for (std::size_t i = 0; i < lines.size(); ++i)
    for (std::size_t begin = lines[i].find('"'); begin != std::string::npos;) {
      const std::size_t end = lines[i].find('"', begin + 1);
      if (end == std::string::npos) break;
      texts.push_back({i + 1, 1, lines[i].substr(begin + 1, end - begin - 1)});
      begin = lines[i].find('"', end + 1);
    }
  return texts;
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
    CHECK(without_subject(page, sentences) == 0);
    CHECK(prose::mean_words(sentences) <= mean_max);
  }
}

TEST_CASE("no sentence in the comments of a public header has more than 25 words") {
  for (const std::string& header : pages::public_headers()) {
    const std::vector<prose::Sentence> sentences = prose::of_header(pages::lines_of(header));
    INFO(header);
    CHECK_FALSE(sentences.empty());
    CHECK(too_long(header, sentences) == 0);
    CHECK(without_subject(header, sentences) == 0);
    CHECK(prose::mean_words(sentences) <= mean_max);
  }
}

TEST_CASE("no text of a law begins with a relative clause or makes a program speak") {
  for (const std::string& source : pages::under("src/conformance", ".cpp"))
    CHECK(without_subject(source, texts_of_source(pages::lines_of(source))) == 0);
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

TEST_CASE("the check of subjects finds a relative clause, and a program that speaks") {
  CHECK(hides_subject("Who is a member keeps the role."));
  CHECK(hides_subject("What the store returns is compared."));
  CHECK(hides_subject("The store says `stale`, and the caller retries."));
  CHECK_FALSE(hides_subject("The store returns an answer to the account who asked."));
  CHECK_FALSE(hides_subject("Essays are not read."));
  CHECK(hides_subject(texts_of_source(lines("test.expect(is, \"\", \"who was added is no actor\");")).at(1).text));
  CHECK_FALSE(hides_subject(prose::of_page(lines("The name `says xx` is code.")).at(0).text));
}

TEST_CASE("the mean of a page counts each sentence once") {
  CHECK(prose::mean_words(prose::of_page(lines("One two. Three four five six."))) == 3);
}

}
