#include "abc/title.h"

#include <algorithm>
#include <array>
#include <string>

namespace lilt::abc {
namespace {

// Words by which a dance is known, in R: or in a title; the kinds are counted from 2.
constexpr std::array<std::string_view, kDanceKinds - 2> kDanceWords = {
    "slip jig",   "slipjig", "hop jig", "slide",  "jig",   "hornpipe",
    "strathspey", "reel",    "polka",   "waltz",  "march", "schottische",
    "barndance",  "mazurka", "minuet",  "polska", "fling", "air",
    "quickstep",  "rant",    "clog",    "galop",
};

std::string small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

// Whether the word stands in the text, plural or not, and not within another word.
bool has_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos;
       at = text.find(word, at + 1)) {
    std::size_t end = at + word.size();
    if (end < text.size() && text[end] == 's') ++end;
    const bool begins = at == 0 || !is_letter(text[at - 1]);
    if (begins && (end == text.size() || !is_letter(text[end]))) return true;
  }
  return false;
}

std::uint8_t kind_among_words(std::string_view text) {
  const std::string small = small_letters(text);
  for (std::size_t i = 0; i < kDanceWords.size(); ++i) {
    if (has_word(small, kDanceWords[i])) return static_cast<std::uint8_t>(2 + i);
  }
  return 0;
}

// Characters of numbers, file names and remarks.
constexpr std::string_view kUnusual = "_0123456789()[]{}/\\:;|<>=+*#@\"";

// The words for jigs and the like come first.
constexpr std::uint8_t kLastJig = 6;

}  // namespace

bool is_title(std::string_view text) {
  std::size_t letters = 0, most = 0;
  for (const char c : text) {
    if (kUnusual.find(c) != std::string_view::npos) return false;
    const bool is_letter =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 128;
    letters = is_letter ? letters + 1 : 0;
    most = std::max(most, letters);
  }
  return most >= 3;
}

std::uint8_t dance_kind(std::string_view rhythm) {
  if (rhythm.empty()) return 0;
  return std::max<std::uint8_t>(1, kind_among_words(rhythm));
}

std::uint8_t dance_in_title(std::string_view title) { return kind_among_words(title); }

bool may_be_called(std::uint8_t dance, std::uint8_t named) {
  if (named == 0 || named == dance) return true;
  return dance >= 2 && dance <= kLastJig && named == kLastJig;
}

}  // namespace lilt::abc
