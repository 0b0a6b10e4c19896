#include "likeness/title_words.h"

#include <algorithm>
#include <array>

#include "abc/title.h"
#include "base/text.h"
#include "likeness/titles.h"

namespace lilt::likeness {
namespace {

// What may stand behind a word: the next one, or none.
constexpr std::string_view kBehindWords = " -,\n";

bool is_capital(char32_t c) { return c >= U'A' && c <= U'Z'; }
bool is_small(char32_t c) { return c >= U'a' && c <= U'z'; }

bool is_of_word(char32_t c) {
  return is_small(c) || is_capital(c) || c == U'\'' || c == U'.' || c == U'&' || c >= 0xC0;
}

// Not shouted, and not joined of two.
bool is_usual(const std::u32string& word) {
  for (std::size_t i = 2; i < word.size(); ++i) {
    if (is_capital(word[i]) && (is_small(word[i - 1]) || is_capital(word[i - 1]))) return false;
  }
  return true;
}

template <class Use>
void for_each_word(std::string_view title, Use&& use) {
  std::u32string word;
  while (!title.empty()) {
    const Utf8Step step = decode_utf8(title);
    title.remove_prefix(std::max<std::size_t>(1, step.bytes));
    const char32_t c = step.bytes == 0 ? U' ' : step.code_point;
    if (is_of_word(c)) {
      word += c;
    } else if (!word.empty()) {
      use(word);
      word.clear();
    }
  }
  if (!word.empty()) use(word);
}

// The word that the title ends with, as far as it is written.
std::u32string last_word(std::string_view title) {
  std::u32string last;
  for_each_word(title, [&](const std::u32string& word) { last = word; });
  const bool is_over = title.empty() || kBehindWords.find(title.back()) != std::string_view::npos;
  return is_over ? std::u32string() : last;
}

}  // namespace

TitleWords::TitleWords(std::span<const std::string> titles) {
  for (const std::string& lines : titles) {
    for (std::string_view rest = lines; !rest.empty();) {
      const std::string_view title = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), title.size() + 1));
      if (!abc::is_title(title)) continue;
      for_each_word(title, [&](const std::u32string& word) {
        if (is_usual(word)) words_.push_back(word);
      });
    }
  }
  std::sort(words_.begin(), words_.end());
  words_.erase(std::unique(words_.begin(), words_.end()), words_.end());
}

abc::CharacterSet TitleWords::next(std::string_view title) const {
  if (title.ends_with(',')) return abc::CharacterSet(" ");
  const std::u32string begun = last_word(title);
  abc::CharacterSet set;
  auto word = std::lower_bound(words_.begin(), words_.end(), begun);
  if (!begun.empty() && word != words_.end() && *word == begun)
    set = abc::CharacterSet(kBehindWords);
  while (word != words_.end() && word->starts_with(begun)) {
    if (word->size() == begun.size()) {
      ++word;
      continue;
    }
    const char32_t c = (*word)[begun.size()];
    if (!title.empty() || !is_small(c)) set.add(c);
    // On to the first word with another letter there.
    std::u32string beyond = begun;
    beyond += c + 1;
    word = std::lower_bound(word, words_.end(), beyond);
  }
  return set;
}

bool TitleWords::is_whole(std::string_view title) const {
  constexpr std::array<std::string_view, 13> kLeadsOn = {
      "and", "of", "to", "in", "for", "on", "with", "my", "de", "from", "the", "a", "an"};
  if (!abc::is_title(title) || !next(title).contains(U'\n')) return false;
  // An article is left only where there is no other word: "Mill, The" ends with its mill.
  const std::string normalised = normalised_title(title);
  const std::string_view last = std::string_view(normalised).substr(normalised.rfind(' ') + 1);
  return std::find(kLeadsOn.begin(), kLeadsOn.end(), last) == kLeadsOn.end();
}

}  // namespace lilt::likeness
