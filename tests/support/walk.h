// Random tunes: characters drawn evenly from the set that may come next.
#pragma once

#include <string>
#include <vector>

#include "abc/next_characters.h"
#include "base/random.h"

namespace lilt::support {

// One of the set's ASCII characters, each as likely; 0 if there is none.
inline char32_t random_character(const abc::CharacterSet& set, Random& random) {
  std::vector<char32_t> characters;
  for (char32_t c = 0; c < 128; ++c) {
    if (set.contains(c)) characters.push_back(c);
  }
  return characters.empty() ? 0 : characters[random.below(characters.size())];
}

// A tune that meets the requirements, with a number of its own; "" if the set was empty before the
// tune ended. Tunes of which no length is asked are brought to their end.
inline std::string random_tune(const abc::Requirements& requirements, const abc::Alphabet& alphabet,
                               Random& random, int number = 1) {
  constexpr std::size_t kLong = 400, kTooLong = 20000;
  abc::Requirements wanted = requirements;
  abc::Cursor cursor;
  std::string tune = "X:" + std::to_string(number) + "\n";
  for (const char c : tune) cursor.push(static_cast<unsigned char>(c));
  while (cursor.part() != abc::Part::kEnded && tune.size() < kTooLong) {
    if (wanted.bars == 0 && tune.size() > kLong) wanted.ends_here = true;
    const abc::CharacterSet set = next_characters(cursor, wanted, alphabet);
    if (set.empty()) return "";
    // Titles are not what matters: most of them are short.
    const bool end_text = cursor.part() == abc::Part::kHeader && set.contains(U'\n');
    const char32_t c = end_text && random.below(3) == 0 ? U'\n' : random_character(set, random);
    tune += static_cast<char>(c);
    cursor.push(c);
  }
  return cursor.part() == abc::Part::kEnded ? tune : "";
}

}  // namespace lilt::support
