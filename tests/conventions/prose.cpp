// Splits pages and comments into sentences. It proves nothing by itself.
#include "prose.hpp"

#include <cctype>
#include <string_view>

namespace prose {

namespace {

bool is_word(std::string_view token) {
  for (const char c : token)
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || (static_cast<unsigned char>(c) & 0x80) != 0) return true;
  return false;
}

/// Lines that belong together, such as a paragraph or an item of a list. A sentence never goes beyond its block.
class Block {
 public:
  void add(std::size_t line, std::string_view text) {
    if (!text_.empty()) text_ += ' ';
    starts_.push_back({text_.size(), line});
    text_ += text;
  }

  /// Hands its sentences on, and is empty afterwards.
  void move_to(std::vector<Sentence>& sentences) {
    hide_code();
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = sentence_end(begin);
      const std::string text = pages::trimmed(std::string_view(text_).substr(begin, end - begin));
      if (const std::size_t words = count_words(text); words > 0) sentences.push_back({line_at(begin), words, text});
      begin = end;
    }
    text_.clear();
    starts_.clear();
  }

 private:
  struct Start {
    std::size_t offset, line;
  };

  /// Replaces the inside of `code` and the target of a link by characters that end no sentence and count as no word.
  void hide_code() {
    for (std::size_t i = 0; i < text_.size(); ++i) {
      if (text_[i] == '`') {
        std::size_t fence = i;
        while (fence < text_.size() && text_[fence] == '`') ++fence;
        const std::size_t close = text_.find(text_.substr(i, fence - i), fence);
        if (close == std::string::npos) continue;
        for (std::size_t j = fence; j < close; ++j) text_[j] = 'x';
        i = close + (fence - i) - 1;
      } else if (text_.compare(i, 2, "](") == 0) {
        const std::size_t close = text_.find(')', i);
        if (close == std::string::npos) continue;
        for (std::size_t j = i + 2; j < close; ++j) text_[j] = '-';
      }
    }
  }

  static bool begins_sentence(char c) {
    return std::isupper(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("`*_([\"").find(c) != std::string_view::npos;
  }

  std::size_t sentence_end(std::size_t begin) const {
    for (std::size_t i = begin; i < text_.size(); ++i) {
      if (std::string_view(".!?").find(text_[i]) == std::string_view::npos) continue;
      std::size_t next = i + 1;
      while (next < text_.size() && std::string_view("\"')*`").find(text_[next]) != std::string_view::npos) ++next;
      if (next == text_.size() || text_[next] != ' ') continue;
      while (next < text_.size() && text_[next] == ' ') ++next;
      if (next < text_.size() && begins_sentence(text_[next])) return next;
    }
    return text_.size();
  }

  static std::size_t count_words(std::string_view text) {
    std::size_t words = 0;
    for (std::size_t begin = 0; begin < text.size();) {
      const std::size_t end = std::min(text.find(' ', begin), text.size());
      words += is_word(text.substr(begin, end - begin)) ? 1 : 0;
      begin = end + 1;
    }
    return words;
  }

  std::size_t line_at(std::size_t offset) const {
    std::size_t line = 0;
    for (const Start& start : starts_)
      if (start.offset <= offset) line = start.line;
    return line;
  }

  std::string text_;
  std::vector<Start> starts_;
};

/// The size of the mark that begins an item of a list; 0 if the line begins none.
std::size_t mark_size(std::string_view line) {
  if (line.starts_with("- ") || line.starts_with("* ")) return 2;
  std::size_t digits = 0;
  while (digits < line.size() && std::isdigit(static_cast<unsigned char>(line[digits])) != 0) ++digits;
  return digits > 0 && line.substr(digits).starts_with(". ") ? digits + 2 : 0;
}

/// The position of a comment in a line of C++, outside of text in quotes.
std::size_t comment_in(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    if (line[i] == '\\')
      ++i;
    else if (line[i] == '"')
      quoted = !quoted;
    else if (!quoted && line.substr(i).starts_with("//"))
      return i;
  }
  return std::string_view::npos;
}

}  // namespace

std::vector<Sentence> of_page(const pages::Lines& page) {
  std::vector<Sentence> sentences;
  Block block;
  pages::Fences fences;
  bool comment = false;
  for (std::size_t i = 0; i < page.size(); ++i) {
    const bool code = fences.in_code(page[i]);
    std::string line = pages::trimmed(page[i]);
    if (!code && line.starts_with('>')) line = pages::trimmed(std::string_view(line).substr(1));  // a quotation
    if (!code && line.starts_with("<!--")) comment = true;
    const bool left_out = code || comment || line.empty() || line[0] == '|' || line[0] == '#';
    if (comment && line.ends_with("-->")) comment = false;
    const std::size_t mark = mark_size(line);
    if (left_out || mark > 0) block.move_to(sentences);
    if (!left_out) block.add(i + 1, line.substr(mark > 0 && line.size() > mark ? mark : 0));
  }
  block.move_to(sentences);
  return sentences;
}

std::vector<Sentence> of_header(const pages::Lines& header) {
  std::vector<Sentence> sentences;
  Block block;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::size_t at = comment_in(header[i]);
    if (at == std::string_view::npos) {
      block.move_to(sentences);
      continue;
    }
    std::string_view text = std::string_view(header[i]).substr(at);
    const bool behind_code = !pages::trimmed(std::string_view(header[i]).substr(0, at)).empty();
    text.remove_prefix(text.starts_with("///<") ? 4 : text.starts_with("///") ? 3 : 2);
    const std::string line = pages::trimmed(text);
    const std::size_t mark = mark_size(line);
    if (behind_code || mark > 0 || line.empty()) block.move_to(sentences);
    if (text.starts_with("   "))
      block.move_to(sentences);  // code
    else
      block.add(i + 1, line.substr(mark));
  }
  block.move_to(sentences);
  return sentences;
}

double mean_words(const std::vector<Sentence>& sentences) {
  std::size_t words = 0;
  for (const Sentence& sentence : sentences) words += sentence.words;
  return sentences.empty() ? 0 : static_cast<double>(words) / static_cast<double>(sentences.size());
}

}  // namespace prose
