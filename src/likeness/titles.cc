#include "likeness/titles.h"

#include "base/text.h"

namespace lilt::likeness {
namespace {

char32_t to_lower(char32_t c) {
  if (c >= U'A' && c <= U'Z') return c + 32;
  if (c >= 0xC0 && c <= 0xDE && c != 0xD7) return c + 32;  // Latin-1
  if (c >= 0x391 && c <= 0x3A9) return c + 32;             // Greek
  if (c >= 0x410 && c <= 0x42F) return c + 32;             // Cyrillic
  return c;
}

bool is_letter_or_digit(char32_t c) {
  return (c >= U'a' && c <= U'z') || (c >= U'0' && c <= U'9') ||
         (c >= 0xC0 && !(c >= 0x2000 && c <= 0x206F));  // the latter: general punctuation
}

bool is_apostrophe(char32_t c) { return c == U'\'' || c == U'`' || c == 0x2019 || c == 0x2018; }

// "O'Carolan" stays one word; other punctuation parts words.
std::string words_of(std::string_view title, bool with_punctuation) {
  std::string words;
  bool parted = false;
  while (!title.empty()) {
    const Utf8Step step = decode_utf8(title);
    title.remove_prefix(step.bytes == 0 ? 1 : step.bytes);
    const char32_t c = to_lower(step.code_point);
    if (step.bytes == 0 || (!with_punctuation && is_apostrophe(c))) continue;
    const bool is_kept = with_punctuation ? c > U' ' : is_letter_or_digit(c);
    if (is_kept && parted && !words.empty()) words += ' ';
    if (is_kept) append_utf8(words, c);
    parted = !is_kept;
  }
  return words;
}

bool is_article(std::string_view word) { return word == "the" || word == "a" || word == "an"; }

std::string without_articles(std::string_view words) {
  std::string kept;
  while (!words.empty()) {
    const std::size_t end = words.find(' ');
    const std::string_view word = words.substr(0, end);
    words.remove_prefix(end == std::string_view::npos ? words.size() : end + 1);
    if (is_article(word)) continue;
    if (!kept.empty()) kept += ' ';
    kept += word;
  }
  return kept;
}

}  // namespace

std::string normalised_title(std::string_view title) {
  std::string normalised = without_articles(words_of(title, false));
  return normalised.empty() ? words_of(title, true) : normalised;
}

}  // namespace lilt::likeness
