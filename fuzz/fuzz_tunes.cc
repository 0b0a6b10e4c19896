// Collections of tunes: decoding, finding the tunes, classifying their characters, dividing them.

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "corpus/characters.h"
#include "corpus/tunes.h"
#include "corpus/written_text.h"

namespace lilt::corpus {
namespace {

std::ptrdiff_t at(std::size_t i) { return static_cast<std::ptrdiff_t>(i); }

void require(bool condition) {
  if (!condition) std::abort();
}

// What is UTF-8 is written as the same bytes again.
void check_utf8(std::string_view text) {
  const auto code_points = to_code_points(text);
  if (!code_points) {
    require(code_points.error().place.byte < text.size());
    return;
  }
  std::string again;
  for (const char32_t c : *code_points) append_utf8(again, c);
  require(again == text);
}

// A file in memory, for what reads files.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view text) : descriptor_(::memfd_create("fuzz", 0)) {
    const auto written = ::write(descriptor_, text.data(), text.size());
    require(written == static_cast<ssize_t>(text.size()));
  }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;
  ~MemoryFile() { ::close(descriptor_); }

  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

// Reading tunes from a file and finding them in the encoded text come to the same.
void check_tunes(const std::string& path, const std::vector<Token>& tokens,
                 const std::vector<std::size_t>& starts, const Vocabulary& vocabulary) {
  const auto set = read_tunes({path}, vocabulary);
  require(set.ok() == !starts.empty());
  if (!set) return;
  require(set->tunes() == starts.size());
  require(set->kinds.size() == set->tokens.size());
  require(std::equal(set->tokens.begin(), set->tokens.end(), tokens.begin() + at(starts[0]),
                     tokens.end()));
  for (std::size_t i = 0; i < starts.size(); ++i) {
    require(set->starts[i] == starts[i] - starts[0]);
  }
}

std::vector<Token> all_of(const TokenText& text) {
  std::vector<Token> all(text.size());
  text.read(0, all);
  return all;
}

// Shuffling and dividing lose and invent nothing.
void check_division(const WrittenText& text, std::vector<Token> sorted) {
  ShuffledText shuffled_text(text.tokens, text.tune_starts);
  shuffled_text.shuffle(1, 2);
  std::vector<Token> shuffled(text.tokens.size());
  shuffled_text.read(0, shuffled);
  std::ranges::sort(sorted);
  std::ranges::sort(shuffled);
  require(shuffled == sorted);

  const auto split = hold_out(text.tokens, text.tune_starts, text.vocabulary, 0.3, 1);
  require(split.ok() == (text.tune_starts.size() >= 2));
  if (!split) return;
  std::vector<Token> parts = all_of(split->kept);
  parts.insert(parts.end(), split->held_out.tokens.begin(), split->held_out.tokens.end());
  std::ranges::sort(parts);
  require(parts == sorted);
  require(split->kept_starts.size() + split->held_out.tunes() == text.tune_starts.size());
  require(split->held_out.kinds.size() == split->held_out.tokens.size());
}

}  // namespace
}  // namespace lilt::corpus

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lilt::corpus;
  using lilt::Token;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_utf8(text);

  std::u32string characters;
  const lilt::Status status =
      for_each_character(text, "fuzz", [&](char32_t c) { characters.push_back(c); });
  require(classify(characters).size() == characters.size());

  const MemoryFile file(text);
  const auto written = read_written_text({file.path()});
  require(written.ok() == status.ok());
  if (!written) return 0;
  const std::vector<Token> tokens = all_of(written->tokens);
  require(tokens.size() == characters.size());
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    require(written->vocabulary.character(tokens[i]) == characters[i]);
  }
  check_tunes(file.path(), tokens, written->tune_starts, written->vocabulary);
  check_division(*written, tokens);
  return 0;
}
