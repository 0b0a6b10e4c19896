#include "compose/plan.h"

#include <algorithm>
#include <utility>

#include "abc/playability.h"
#include "abc/transpose.h"
#include "compose/in_c.h"
#include "compose/opening.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr std::string_view kLetters = "ABCDEFGabcdefg", kMarks = "',";  // of notes

// The music: the opening, behind which not everything may come, and then sections that are new or
// come again.
void plan_music(const std::string& start, const abc::CharacterSet& not_behind,
                const WishedTune& tune, std::vector<Segment>& segments) {
  if (!start.empty()) segments.push_back(Given{start});
  const std::size_t behind = segments.size();
  for (std::size_t i = 0; i < tune.same_as.size(); ++i) {
    if (!tune.same_as[i]) continue;
    segments.push_back(Free{.until = Free::Until::kSection,
                            .section = i,
                            .in_repeat = tune.requirements.form[i].repeated});
    segments.push_back(Copy{*tune.same_as[i]});
  }
  segments.push_back(Free{});
  std::get<Free>(segments[behind]).not_first = not_behind;
}

// The fields are those behind title and rhythm; none: they are free.
void plan_header(const Wishes& wishes, const std::string& fields, std::vector<Segment>& segments) {
  segments.push_back(Given{"X:1\nT:"});
  if (wishes.title.empty()) {
    segments.push_back(Free{.until = Free::Until::kLineEnd});
  } else {
    segments.push_back(Given{wishes.title + "\n"});
  }
  // Longer and of more characters than the cursor remembers of a field.
  if (!wishes.rhythm.empty()) segments.push_back(Given{"R:" + wishes.rhythm + "\n"});
  if (fields.empty()) {
    segments.push_back(Free{.until = Free::Until::kHeaderEnd});
  } else {
    segments.push_back(Given{fields});
  }
}

// Chord symbols from the beginning, or none, as the outline says.
void require_chords(const abc::Outline& outline, abc::Requirements& requirements) {
  if (requirements.chord_symbols != abc::ChordSymbols::kAny || outline.chords == 0) return;
  const bool some = outline.chords == 2 && abc::has_accompaniment(*outline.metre);
  requirements.chord_symbols = some ? abc::ChordSymbols::kSome : abc::ChordSymbols::kNone;
}

// Hardly lower and higher than the outline, if that is an octave: above what a fiddle has in its
// first position only where that is planned.
void require_range(const abc::Outline& outline, int semitones, abc::Requirements& requirements) {
  constexpr int kOctave = 12, kBeyond = 2, kHighB = 83;
  if (outline.lowest == 0 || outline.highest == 0) return;
  const int planned = outline.highest + abc::kBelowHighest;
  const int lowest =
      std::max(requirements.range.lowest, outline.lowest + abc::kBelowLowest - kBeyond);
  const int highest = std::min(requirements.range.highest,
                               std::max(planned, std::min(planned + kBeyond, kHighB + semitones)));
  if (highest - lowest >= kOctave) requirements.range = {lowest, highest};
}

abc::Header header_of(const abc::Metre& metre, const abc::Key& key, abc::Ticks unit) {
  abc::Header header{{{'X', "1"}, {'T', "a"}}};
  header.add('M', metre.to_string());
  header.add('L', "1/" + std::to_string(abc::kWholeNote / unit));
  header.add('K', key.to_string());
  return header;
}

// The header before an opening, as the model writes it.
std::string header_in_c(const abc::Metre& metre, const abc::Key& key) {
  return header_of(metre, key_in_c(key), kModelUnit).text();
}

// An opening as it is shown and as the model writes it.
void sound_start(std::string start, const abc::Metre& metre, int semitones, Sounding& sounding) {
  const std::string header = header_of(metre, sounding.key, sounding.unit).text();
  sounding.start = std::move(start);
  sounding.start_in_c = moved_music(header + sounding.start, header.size(), semitones,
                                    header_in_c(metre, sounding.key));
}

// The same in a tune. What it shows no repeat of may yet be repeated.
void plan_start(const std::string& start, const Sketch& sketch, int semitones, Sounding& sounding) {
  if (start.empty()) return;
  const bool opens = sketch.outline.sections[0].repeated && start.find(':') == std::string::npos;
  sound_start(opens ? "|:" + start : start, *sketch.outline.metre, semitones, sounding);
}

// What would change the last note of the opening where the model writes it otherwise than where it
// is shown: B with a ' behind it is no d with one.
abc::CharacterSet not_behind_start(const Sounding& sounding) {
  constexpr std::string_view kOpen = "(|[";
  const std::string &shown = sounding.start, &in_c = sounding.start_in_c;
  if (shown.empty() || kOpen.find(shown.back()) != kOpen.npos) return {};
  if (sounding.unit != kModelUnit) return abc::CharacterSet("',/0123456789");
  const auto is_low = [&](const std::string& start) {
    const std::size_t letter = start.find_last_of(kLetters);
    return letter != start.npos && start[letter] <= 'G';
  };
  return is_low(shown) == is_low(in_c) ? abc::CharacterSet() : abc::CharacterSet(kMarks);
}

// Whether something may come at the cursor and, where it is a note, behind that.
bool goes_on(const abc::Cursor& cursor, const abc::CharacterSet& not_first,
             const abc::Requirements& requirements, const abc::Alphabet& alphabet) {
  abc::CharacterSet set = next_characters(cursor, requirements, alphabet);
  set -= not_first;
  bool has_notes = false;
  for (const char letter : kLetters) {
    const auto c = static_cast<unsigned char>(letter);
    if (!set.contains(c)) continue;
    has_notes = true;
    abc::Cursor behind = cursor;
    behind.push(c);
    abc::CharacterSet next = next_characters(behind, requirements, alphabet);
    next -= abc::CharacterSet(kMarks);
    if (!next.empty()) return true;
  }
  return !has_notes && !set.empty();
}

}  // namespace

bool Plan::has_copies() const {
  return std::any_of(segments.begin(), segments.end(),
                     [](const Segment& s) { return std::holds_alternative<Copy>(s); });
}

bool Plan::has_free_title() const {
  return std::any_of(segments.begin(), segments.end(), [](const Segment& s) {
    const Free* const free = std::get_if<Free>(&s);
    return free != nullptr && free->until == Free::Until::kLineEnd;
  });
}

Result<NewTuneWishes> check_wishes(const Wishes& wishes, const abc::Alphabet& alphabet) {
  Result<Opening> opening = read_opening(wishes);
  if (!opening) return opening.error();
  const Wishes& all = opening->wishes;
  Result<WishedTune> tune = require(all, alphabet);
  if (!tune) return tune.error();
  if (Status s = check_start(all.start, *tune, alphabet); !s) return s.error();
  return NewTuneWishes{all, *std::move(tune), std::move(opening->kept)};
}

Status check_start_in_c(const NewTuneWishes& wishes, const abc::Alphabet& alphabet) {
  const std::string& start = wishes.all.start;
  if (start.empty()) return success();
  const abc::Requirements& shown = wishes.tune.requirements;
  Sounding sounding{*shown.key, shown.unit.value_or(kModelUnit)};
  abc::Requirements requirements = shown;
  sound_start(start, *shown.metre, write_in_c(sounding.key, requirements), sounding);
  const abc::Cursor cursor = after(header_in_c(*shown.metre, sounding.key) + sounding.start_in_c);
  if (goes_on(cursor, not_behind_start(sounding), requirements, alphabet)) return success();
  const std::string overfull = overfull_bar(start, shown);
  return wrong("start", !overfull.empty() ? overfull
                                          : "expected an opening that this model can go on from, "
                                            "which writes eighths; found " +
                                                quote(start));
}

Plan plan_new_tune(const NewTuneWishes& wishes) {
  Plan plan{.kind = NewTune{wishes.kept}};
  plan_header(wishes.all, "", plan.segments);
  plan_music(wishes.all.start, {}, wishes.tune, plan.segments);
  plan.requirements = wishes.tune.requirements;
  plan.progression = wishes.tune.progression;
  plan.remarks = wishes.tune.remarks;
  return plan;
}

Result<Plan> plan_new_tune(const Wishes& wishes, const abc::Alphabet& alphabet) {
  const Result<NewTuneWishes> checked = check_wishes(wishes, alphabet);
  if (!checked) return checked.error();
  return plan_new_tune(*checked);
}

Plan plan_new_tune(const NewTuneWishes& wishes, const Sketch& sketch) {
  Plan plan = plan_new_tune(wishes);
  abc::Requirements& requirements = plan.requirements;
  plan.sounding = Sounding{sketch.key, requirements.unit.value_or(kModelUnit)};
  plan.outline = sketch.outline;
  const int semitones = write_in_c(sketch.key, requirements);
  if (plan.progression) transpose(*plan.progression, semitones, *requirements.key);
  requirements.metre = sketch.outline.metre;
  if (requirements.form.empty()) {
    plan.keeps_to_outline = true;
    plan.copies_returns = !wishes.tune.outline.is_empty();
    requirements.bars = static_cast<int>(sketch.outline.bars.size());
  }
  require_chords(sketch.outline, requirements);
  if (wishes.all.start.empty()) require_range(sketch.outline, semitones, requirements);
  plan_start(wishes.all.start, sketch, semitones, *plan.sounding);
  plan.segments.clear();
  plan_header(
      wishes.all,
      "M:" + requirements.metre->to_string() + "\nL:1/8\nK:" + requirements.key->to_string() + "\n",
      plan.segments);
  plan_music(plan.sounding->start_in_c, not_behind_start(*plan.sounding), wishes.tune,
             plan.segments);
  return plan;
}

}  // namespace lilt::compose
