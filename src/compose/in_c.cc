#include "compose/in_c.h"

#include <algorithm>
#include <span>

#include "abc/canonical.h"
#include "abc/header.h"
#include "abc/transpose.h"
#include "abc/tune.h"
#include "compose/copyist.h"

namespace lilt::compose {

abc::Key key_in_c(const abc::Key& key) {
  return abc::make_key(0, 0, key.mode).value_or(abc::Key{});
}

int move_into_c(const abc::Key& key, abc::Requirements& requirements) {
  const int semitones = abc::semitones_to(key, key_in_c(key));
  requirements.range.lowest += semitones;
  requirements.range.highest += semitones;
  return semitones;
}

int write_in_c(const abc::Key& key, abc::Requirements& requirements) {
  requirements.key = key_in_c(key);
  requirements.unit = kModelUnit;
  return move_into_c(key, requirements);
}

std::string moved_music(std::string_view text, std::size_t from, int semitones,
                        std::string_view behind) {
  Copyist copyist;
  copyist.keep(behind);
  std::size_t done = from;
  for (const Word& word : words_of(text)) {
    // The end of the text ends its line too.
    const std::size_t end = std::min<std::size_t>(word.lexeme.end, text.size());
    if (end <= done) continue;
    // What goes on with a note before, such as its length, stays as it is.
    if (word.lexeme.begin < from) {
      copyist.keep(text.substr(done, end - done));
    } else {
      copyist.copy(std::span(&word, 1), semitones);
    }
    done = end;
  }
  copyist.keep(text.substr(done));  // what is not complete
  return copyist.text().substr(behind.size());
}

std::string as_it_sounds(std::string_view text, const Sounding& sounding) {
  abc::Tune tune = abc::read_tune(text).tune;
  const int semitones = abc::semitones_to(sounding.key, tune.key);
  abc::transpose_into(tune, sounding.key, -semitones);
  std::string shown =
      abc::canonical_text(tune, {.regular = true, .respelt = false, .unit = sounding.unit}) + "\n";
  if (sounding.start.empty()) return shown;
  // The opening stays as it is, and what follows as it was written.
  const abc::PartedTune written = abc::part_tune(text);
  const std::string header = abc::part_tune(shown).header.text();
  const std::size_t from = written.header.text().size() + sounding.start_in_c.size();
  const std::string opening = header + sounding.start;
  return opening + moved_music(text, from, -semitones, opening);
}

}  // namespace lilt::compose
