// Plans that start from a given tune.

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/stretches.h"
#include "base/names.h"
#include "base/text.h"
#include "compose/accompaniment.h"
#include "compose/given_tune.h"
#include "compose/in_c.h"
#include "compose/plan.h"
#include "compose/plan_given.h"
#include "compose/walk.h"
#include "compose/wrong.h"

namespace lilt::compose {
namespace {

constexpr int kMoreBars = 8;  // of a tune that goes on

Status check_keeps_fields(const Wishes& w) {
  const std::pair<const char*, const std::string*> fields[] = {
      {"key", &w.key},     {"meter", &w.metre}, {"unit", &w.unit}, {"rhythm", &w.rhythm},
      {"title", &w.title}, {"start", &w.start}, {"form", &w.form}};
  for (const auto& [field, wish] : fields) {
    if (wish->empty()) continue;
    return wrong(field, std::string("expected nothing where a tune is given, which keeps its ") +
                            (std::string_view(field) == "start" ? "beginning" : field) +
                            ", found " + quote(*wish));
  }
  return success();
}

// Of bars that are written anew it is open what they return to.
void forget_bars(const BarSpan& bars, abc::Outline& outline) {
  for (int bar = bars.first; bar <= bars.last; ++bar) {
    if (static_cast<std::size_t>(bar) <= outline.bars.size()) {
      outline.bars[static_cast<std::size_t>(bar - 1)] = {};
    }
  }
}

}  // namespace

Result<GivenPlan> plan_for(const std::string& text, const Wishes& wishes,
                           const abc::Alphabet& alphabet, const TextConfig& form) {
  Result<GivenTune> tune = read_given_tune(text, alphabet, form);
  if (!tune) return tune.error();
  if (Status s = check_keeps_fields(wishes); !s) return s.error();
  if (!value_named<abc::ChordSymbols>(wishes.chords)) {
    return wrong("chords",
                 "expected on, off or any where a tune is given, found " + quote(wishes.chords));
  }
  abc::Requirements requirements;
  if (Status s = require_sounds(wishes, alphabet, requirements); !s) return s.error();
  requirements.complete_bars = true;
  if (form.in_c) move_into_c(tune->key, requirements);
  return GivenPlan{*std::move(tune), std::move(requirements)};
}

void tell_of(const GivenTune& tune, Plan& plan) {
  plan.sounding = Sounding{tune.key};
  plan.outline = abc::outline_of(tune.header + tune.music, abc::told_tonic(tune.key));
}

void read_on(std::string_view text, std::size_t to, abc::Cursor& cursor) {
  while (cursor.offset() < to) cursor.push(decode_utf8(text.substr(cursor.offset())).code_point);
}

Result<Plan> plan_continuation(const std::string& tune, const Wishes& wishes,
                               const abc::Alphabet& alphabet, const TextConfig& form) {
  Result<GivenPlan> given = plan_for(tune, wishes, alphabet, form);
  if (!given) return given.error();
  if (Status s = check_bars(wishes.bars); !s) return s.error();

  const std::string music = with_open_end(given->tune);
  const abc::Cursor end = after(given->tune.header + music);
  if (wishes.bars && *wishes.bars <= end.bars()) {
    return wrong("bars", "expected more than the " + std::to_string(end.bars()) +
                             " that the tune has, found " + std::to_string(*wishes.bars));
  }
  given->requirements.bars = wishes.bars.value_or(end.bars() + kMoreBars);
  if (!is_field_text("X:1\nT:a\nM:", end.metre().to_string(), {}) ||
      is_dead_end(end, given->requirements, alphabet)) {
    return wrong_tune(
        "expected a tune in the ABC that Lilt writes (docs/dialect.md), which could go on; found "
        "another");
  }
  Plan plan{.kind = Continuation{given->tune.source, count_timed(given->tune.header + music)},
            .requirements = std::move(given->requirements),
            .segments = {Given{given->tune.header + music}, Free{}}};
  if (form.in_c) {
    tell_of(given->tune, plan);
    // Its end is open: the form is not known.
    plan.outline->sections.clear();
    plan.outline->bars.clear();
  }
  return plan;
}

namespace {

int count_bars(const std::vector<abc::Stretch>& stretches) {
  int count = 0;
  for (const abc::Stretch& stretch : stretches) count = std::max(count, stretch.bar);
  return count;
}

Status check_span(const BarSpan& bars, const std::string& tune) {
  const int count = count_bars(abc::find_stretches(tune));
  if (count == 0) return wrong_tune("expected a tune with a full bar, found none");
  if (bars.first >= 1 && bars.last >= bars.first && bars.last <= count) return success();
  return wrong("rewrite", "expected bars within 1-" + std::to_string(count) +
                              ", such as 5-8, found " + std::to_string(bars.first) + "-" +
                              std::to_string(bars.last));
}

// Plans free music in the place of a stretch of `text`, before which the cursor stands. Where a
// line ends within it in the person's text, a note does, too.
Status plan_free(const Splice::Place& place, std::string_view text, const abc::Alphabet& alphabet,
                 abc::Cursor cursor, Plan& plan) {
  for (const abc::Stretch& part : place.source) {
    const bool is_first = &part == &place.source.front();
    if (!is_first) {
      while (cursor.settled().filled() < part.begin) read_on(text, cursor.offset() + 1, cursor);
      cursor.push(U' ');
      plan.segments.push_back(Given{" "});
    }
    abc::Requirements requirements = plan.requirements;
    requirements.music_until = part.end;
    if (is_dead_end(cursor, requirements, alphabet)) {
      return wrong_tune("bar " + std::to_string(part.bar) +
                        ": expected music that Lilt could write (docs/dialect.md), found other");
    }
    plan.segments.push_back(Free{.until = Free::Until::kFilled, .filled = part.end});
  }
  return success();
}

// The plan's segments: the music of these bars is free, all else is given.
Status plan_segments(const Splice& splice, const std::string& text, const abc::Alphabet& alphabet,
                     Plan& plan) {
  abc::Cursor cursor;
  std::size_t done = 0, next = 0;
  for (const abc::Stretch& stretch : abc::find_stretches(text)) {
    if (!splice.bars.contains(stretch.bar)) continue;
    const abc::Extent& place = stretch.place;
    read_on(text, place.begin, cursor);
    plan.segments.push_back(Given{text.substr(done, place.begin - done)});
    if (Status s = plan_free(splice.places[next++], text, alphabet, cursor, plan); !s) return s;
    done = place.end;
  }
  plan.segments.push_back(Given{text.substr(done)});
  return success();
}

}  // namespace

Result<Plan> plan_rewriting(const std::string& tune, const BarSpan& bars, const Wishes& wishes,
                            const abc::Alphabet& alphabet, const TextConfig& form) {
  Result<GivenPlan> given = plan_for(tune, wishes, alphabet, form);
  if (!given) return given.error();
  if (wishes.bars) return wrong("bars", "expected it or `rewrite`, found both");
  const std::string original = given->tune.header + given->tune.music;
  if (Status s = check_span(bars, original); !s) return s.error();
  const std::string sounding =
      form.in_c ? as_it_sounds(original, Sounding{given->tune.key}) : original;
  const Result<Splice> splice = plan_splice(given->tune.source, sounding, bars);
  if (!splice) return splice.error();

  const GivenTune cut = unbound(given->tune, bars, form);
  Plan plan{.kind = Rewriting{*splice, original}, .requirements = given->requirements};
  if (Status s = plan_segments(*splice, cut.header + cut.music, alphabet, plan); !s) {
    return s.error();
  }
  if (form.in_c) {
    tell_of(given->tune, plan);
    forget_bars(bars, *plan.outline);
  }
  if (has_lyrics(*splice)) {
    plan.remarks.push_back("the lyrics under " + name_of(bars) +
                           " stay as they are; there may be more notes now, or fewer");
  }
  return plan;
}

Result<Plan> plan_harmonising(const std::string& tune, const Wishes& wishes,
                              const abc::Alphabet& alphabet, const TextConfig& form) {
  // Chord symbols that nobody understands may go, too.
  const std::string bare = without_chord_symbols(first_tune(tune));
  Result<GivenPlan> given = plan_for(bare, wishes, alphabet, form);
  if (!given) return given.error();
  if (wishes.bars) return wrong("bars", "expected it or `harmonise`, found both");
  if (wishes.chords == "off") {
    return wrong("chords", "expected on or any with `harmonise`, found off");
  }
  if (!alphabet.characters().contains(U'"')) {
    return wrong("harmonise",
                 "expected a model that can write chord symbols, found one without '\"'");
  }
  const GivenTune& read = given->tune;
  Harmonising kind{.source = read.source,
                   .tune = read.header + read.music,
                   .key = form.in_c ? key_in_c(read.key) : read.key,
                   .places = {}};
  kind.places = chord_places(kind.tune);
  if (kind.places.empty()) return wrong_tune("expected a tune with a full bar, found none");
  if (count_timed(kind.source) != count_timed(kind.tune)) {
    return wrong_tune("expected a tune whose notes Lilt writes as they are, found another");
  }
  Plan plan{.kind = std::move(kind), .requirements = std::move(given->requirements)};
  if (form.in_c) {
    tell_of(read, plan);
    plan.outline->chords = 2;
    plan.outline->chord_rate = 0;
  }
  return plan;
}

}  // namespace lilt::compose
