#include "compose/wishes.h"

#include <string_view>
#include <utility>

#include "abc/key.h"
#include "abc/metre.h"
#include "abc/playability.h"
#include "base/names.h"
#include "base/text.h"
#include "compose/opening.h"
#include "compose/range.h"
#include "compose/rhythm.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr std::string_view kUsualUnit = "1/8";

Result<abc::Key> parse_wished_key(const std::string& text) {
  const abc::KeyField field = abc::parse_key(text);
  if (field.understood && field.key && field.key->has_tonic && field.octave == 0 &&
      text.find('=') == std::string::npos) {  // a clef would be dropped
    const auto key = abc::make_key(field.key->step, field.key->alter, field.key->mode);
    if (key && *key == *field.key) return *key;
  }
  return wrong("key",
               "expected one such as D, Am or Gdor, with at most seven sharps or flats, found " +
                   quote(text));
}

Result<abc::Metre> parse_wished_metre(const Wishes& wishes, const abc::Alphabet& alphabet) {
  const std::optional<abc::Metre> metre = abc::parse_metre(wishes.metre);
  if (!metre || !is_field_text("X:1\nT:a\nM:", metre->to_string(), alphabet)) {
    return wrong("meter",
                 "expected C, C|, 2/4 … 7/4, 2/2, 3/2, 3/8, 5/8, 6/8, 7/8, 9/8 or 12/8, found " +
                     quote(wishes.metre));
  }
  if (Status s = check_metre_of(wishes.rhythm, *metre); !s) return s.error();
  const std::string before = "X:1\nT:a\nR:" + wishes.rhythm + "\nM:";
  if (!wishes.rhythm.empty() && !is_field_text(before, metre->to_string(), alphabet)) {
    return wrong("meter", "expected C, 2/4 or 4/4, those of a hornpipe, found " + wishes.metre);
  }
  return *metre;
}

Status check_text(const char* field, std::string_view before, const std::string& text,
                  const abc::Alphabet& alphabet) {
  constexpr std::size_t kLongest = 100;
  if (text.empty()) return success();
  const Result<std::vector<char32_t>> characters = to_code_points(text);
  if (characters && characters->size() <= kLongest && is_field_text(before, text, alphabet)) {
    return success();
  }
  return wrong(field,
               "expected one line, without % \\ $ and with no more than 100 characters, all of "
               "which the model knows, found " +
                   quote(text));
}

Status require_fields(const Wishes& wishes, const abc::Alphabet& alphabet,
                      abc::Requirements& requirements) {
  if (Status s = check_text("title", "X:1\nT:", wishes.title, alphabet); !s) return s.error();
  if (Status s = check_text("rhythm", "X:1\nT:a\nR:", wishes.rhythm, alphabet); !s)
    return s.error();
  requirements.rhythm = wishes.rhythm;
  if (!wishes.key.empty()) {
    const Result<abc::Key> key = parse_wished_key(wishes.key);
    if (!key) return key.error();
    requirements.key = *key;
  }
  if (wishes.metre.empty()) {
    requirements.metre = usual_metre(wishes.rhythm);
  } else {
    const Result<abc::Metre> metre = parse_wished_metre(wishes, alphabet);
    if (!metre) return metre.error();
    requirements.metre = *metre;
  }
  const std::string unit = wishes.unit.empty() ? std::string(kUsualUnit) : wishes.unit;
  requirements.unit = abc::parse_unit(unit);
  if (!is_field_text("X:1\nT:a\nM:4/4\nL:", unit, alphabet)) {
    return wrong("unit", "expected 1/2, 1/4, 1/8 or 1/16, found " + quote(unit));
  }
  return success();
}

// Chords to write over.
Status require_progression(const Wishes& wishes, const abc::Alphabet& alphabet, WishedTune& tune) {
  if (value_named<abc::ChordSymbols>(wishes.chords)) return success();
  const abc::Requirements& r = tune.requirements;
  Result<Progression> progression =
      parse_progression(wishes.chords, r.metre.value_or(abc::Metre{4, 4}), alphabet);
  if (!progression) return progression.error();
  if (!r.key || !r.metre) {
    return wrong("chords", std::string("expected a `key` and a `meter` with chords to write over, "
                                       "found no ") +
                               (r.key ? "metre" : "key"));
  }
  if (!wishes.start.empty())
    return wrong("start", "expected it or chords to write over, found both");
  tune.progression = *std::move(progression);
  return success();
}

Status require_form(const Wishes& wishes, WishedTune& tune) {
  if (Status s = check_bars(wishes.bars); !s) return s.error();
  tune.requirements.bars = wishes.bars.value_or(0);
  if (wishes.form.empty()) return success();
  Result<Form> form = parse_form(wishes.form, tune.requirements.bars);
  if (!form) return form.error();
  tune.requirements.form = std::move(form->sections);
  tune.same_as = std::move(form->same_as);
  tune.outline = std::move(form->outline);
  if (!tune.outline.is_empty()) {
    tune.requirements.bars = static_cast<int>(tune.outline.bars.size());
  }
  return success();
}

Status require_silence_where_nothing_accompanies(abc::Requirements& requirements) {
  if (!requirements.metre || abc::has_accompaniment(*requirements.metre)) return success();
  if (requirements.chord_symbols == abc::ChordSymbols::kSome) {
    return wrong("chords", "expected off in the `meter` " + requirements.metre->to_string() +
                               ", in which programs know no accompaniment, found on");
  }
  requirements.chord_symbols = abc::ChordSymbols::kNone;
  return success();
}

}  // namespace

Status check_bars(std::optional<int> bars) {
  if (!bars || (*bars >= 1 && *bars <= kMostBarsAsked)) return success();
  return wrong("bars", "expected 1 to " + std::to_string(kMostBarsAsked) + ", found " +
                           std::to_string(*bars));
}

Status require_sounds(const Wishes& wishes, const abc::Alphabet& alphabet,
                      abc::Requirements& requirements) {
  if (!wishes.range.empty()) {
    const Result<abc::PitchRange> range = parse_range(wishes.range);
    if (!range) return range.error();
    requirements.range = *range;
  }
  // What is none of the words is a progression.
  requirements.chord_symbols =
      value_named<abc::ChordSymbols>(wishes.chords).value_or(abc::ChordSymbols::kSome);
  if (requirements.chord_symbols == abc::ChordSymbols::kSome &&
      !alphabet.characters().contains(U'"')) {
    return wrong("chords", "expected a model that can write chord symbols, found one without '\"'");
  }
  return success();
}

Result<WishedTune> require(const Wishes& wishes, const abc::Alphabet& alphabet) {
  WishedTune tune;
  abc::Requirements& requirements = tune.requirements;
  requirements.complete_bars = true;
  if (Status s = require_fields(wishes, alphabet, requirements); !s) return s.error();
  if (Status s = require_sounds(wishes, alphabet, requirements); !s) return s.error();
  requirements.bars_before_chord_symbol = bars_before_chord_symbol(wishes.start, requirements);
  if (Status s = require_progression(wishes, alphabet, tune); !s) return s.error();
  if (Status s = require_form(wishes, tune); !s) return s.error();
  if (Status s = require_silence_where_nothing_accompanies(requirements); !s) {
    return s.error();
  }
  if (const std::string meant = meant_rhythm(wishes.rhythm); !meant.empty()) {
    tune.remarks.push_back("no rhythm of the name " + quote(wishes.rhythm) +
                           " is known to Lilt; did you mean " + meant + "?");
  }
  return tune;
}

}  // namespace lilt::compose
