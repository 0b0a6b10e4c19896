#include "compose/in_c.h"

#include "abc/canonical.h"
#include "abc/header.h"
#include "abc/transpose.h"
#include "abc/tune.h"

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
  const std::string rest(written.music.substr(sounding.start_in_c.size()));
  return header + sounding.start +
         abc::transposed_music(written.header.text() + sounding.start_in_c, rest, -semitones,
                               sounding.key, header + sounding.start);
}

}  // namespace lilt::compose
