#include "corpus/written_text.h"

#include <algorithm>
#include <utility>

#include "corpus/characters.h"
#include "model/config.h"

namespace lilt::corpus {
namespace {

// Puts characters behind one another, numbered as they first occur, and finds the tunes.
class Writer {
 public:
  explicit Writer(std::size_t most_held) : tokens_(most_held), numbers_(0x110000) {
    block_.reserve(kBlock);
  }

  void begin_file() { at_line_start_ = true; }

  void add(char32_t c) {
    if (before_is_x_ && c == U':') tune_starts_.push_back(position_ - 1);
    before_is_x_ = at_line_start_ && c == U'X';
    at_line_start_ = c == U'\n';
    ++position_;
    block_.push_back(number_of(c));
    if (block_.size() == kBlock) flush();
  }

  [[nodiscard]] std::size_t distinct() const { return characters_.size(); }

  WrittenText finish() {
    flush();
    WrittenText text{.tokens = std::move(tokens_),
                     .vocabulary = Vocabulary(characters_),
                     .tune_starts = std::move(tune_starts_)};
    std::vector<Token> names;
    for (const char32_t c : characters_) names.push_back(text.vocabulary.token(c));
    text.tokens.rename(names);
    return text;
  }

 private:
  static constexpr std::size_t kBlock = std::size_t{1} << 15;

  // Of more characters than there may be numbers mean nothing.
  Token number_of(char32_t c) {
    if (numbers_[c] == 0) {
      characters_.push_back(c);
      numbers_[c] = static_cast<Token>(std::min<std::size_t>(characters_.size(), kUnknownToken));
    }
    return static_cast<Token>(numbers_[c] - 1);
  }

  void flush() {
    tokens_.append(block_);
    block_.clear();
  }

  TokenText tokens_;
  std::vector<Token> numbers_;        // of code points, from 1
  std::vector<char32_t> characters_;  // as they are numbered
  std::vector<std::size_t> tune_starts_;
  std::vector<Token> block_;
  std::size_t position_ = 0;
  bool at_line_start_ = true, before_is_x_ = false;
};

}  // namespace

Result<WrittenText> read_written_text(const std::vector<std::string>& paths,
                                      std::size_t most_held) {
  Writer writer(most_held);
  for (const std::string& path : paths) {
    writer.begin_file();
    const Status status = read_characters(path, [&](char32_t c) { writer.add(c); });
    if (!status) return status.error();
  }
  if (writer.distinct() > kMaxWidth) {
    return Error{ErrorCode::kCorpus, "expected at most " + std::to_string(kMaxWidth) +
                                         " distinct characters, found " +
                                         std::to_string(writer.distinct())};
  }
  return writer.finish();
}

void use_vocabulary(const Vocabulary& vocabulary, WrittenText& text) {
  std::vector<Token> names;
  for (const char32_t c : text.vocabulary.characters()) names.push_back(vocabulary.token(c));
  text.tokens.rename(names);
  text.vocabulary = vocabulary;
}

}  // namespace lilt::corpus
