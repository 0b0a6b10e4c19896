#include "abc/performance.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

namespace lilt::abc {
namespace {

constexpr Ticks kOrnament = kWholeNote / 32;  // the notes that ornaments add
constexpr std::size_t kMostParts = 500;       // of an order such as "(((A9)9)9)9"

// "A2(BC)3" → "AABCBCBC"; what is not understood is left out.
std::string expand_order(std::string_view order) {
  std::string parts;
  std::vector<std::size_t> open;
  std::size_t unit = 0;  // where what a number would repeat begins
  for (std::size_t i = 0; i < order.size() && parts.size() < kMostParts; ++i) {
    const char c = order[i];
    if (c >= 'A' && c <= 'Z') {
      unit = parts.size();
      parts += c;
    } else if (c == '(') {
      open.push_back(parts.size());
    } else if (c == ')' && !open.empty()) {
      unit = open.back();
      open.pop_back();
    } else if (c >= '1' && c <= '9') {
      const std::string repeated = parts.substr(unit);
      for (char n = '1'; n < c && parts.size() < kMostParts; ++n) parts += repeated;
    }
  }
  return parts;
}

bool is_part_label(const Element& element) {
  return element.kind == ElementKind::kField && element.field == U'P';
}

using Sequence = std::vector<std::size_t>;  // of elements, in playing order but for repeats

Sequence sequence_of(const Voice& voice, const std::string& order) {
  const std::vector<Element>& elements = voice.elements;
  const auto is_label = [&](std::size_t i) { return is_part_label(elements[i]); };
  Sequence sequence;
  const std::string parts = expand_order(order);
  std::size_t first_label = 0;
  while (first_label < elements.size() && !is_label(first_label)) ++first_label;
  if (parts.empty() || first_label == elements.size()) {
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if (!is_label(i)) sequence.push_back(i);
    }
    return sequence;
  }
  for (std::size_t i = 0; i < first_label; ++i) sequence.push_back(i);
  for (const char part : parts) {
    for (std::size_t label = first_label; label < elements.size(); ++label) {
      if (!is_label(label) || elements[label].text.empty() || elements[label].text[0] != part) {
        continue;
      }
      for (std::size_t i = label; i < elements.size() && (i == label || !is_label(i)); ++i) {
        sequence.push_back(i);
      }
      break;
    }
  }
  return sequence;
}

// Where repeats have to be put so that each has a beginning: element numbers of bar lines, and
// whether one belongs before everything.
struct MissingStarts {
  std::vector<std::size_t> bars;
  bool at_start = false;
};

// As abc2midi finds them: the first repeat of a tune that has no |: before it goes back to the very
// beginning, a later one to the last :| or double bar line. After endings nothing is put right.
MissingStarts find_missing_starts(const std::vector<Element>& elements, bool after_endings) {
  MissingStarts missing;
  std::optional<std::size_t> reference;  // the bar line that a repeat would go back to
  for (const Element& element : elements) {
    if (element.kind != ElementKind::kBar ||
        !(element.bar.ends_repeat || element.bar.starts_repeat)) {
      continue;
    }
    missing.at_start = element.bar.ends_repeat;
    break;
  }
  bool open = missing.at_start;
  bool has_endings = false;
  const auto place = [&] {
    if (reference) {
      missing.bars.push_back(*reference);
    } else {
      missing.at_start = true;
    }
    open = true;
  };
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const Element& element = elements[i];
    if (element.kind == ElementKind::kEnding) {
      if (!has_endings && !open && (element.ending & 1) != 0) place();
      has_endings = true;
    }
    if (element.kind != ElementKind::kBar) continue;
    const BarLine& bar = element.bar;
    if (bar.ends_repeat) {
      if (!open && !has_endings) place();
      open = false;
      reference = i;
    } else if (bar.is_soft() && !bar.starts_repeat) {
      reference = i;
      if (after_endings && !open) has_endings = false;
    }
    if (bar.starts_repeat) {
      open = true;
      if (after_endings) has_endings = false;
    }
  }
  return missing;
}

// What each head becomes once ties are joined.
struct Joined {
  Ticks extra = 0;      // time of the notes tied to it
  bool silent = false;  // it continues the note before
};

bool ends_ending(const Element& element) {
  return (element.kind == ElementKind::kBar && element.bar.is_soft()) ||
         element.kind == ElementKind::kEnding || is_part_label(element);
}

// Goes through a sequence of elements as its repeats and endings say.
class Walker {
 public:
  Walker(const std::vector<Element>& elements, const Sequence& sequence)
      : elements_(elements), sequence_(sequence) {}

  std::vector<Turn> walk() {
    // Every step back makes `pass_` larger, and it has a limit; the bound is for broken forms.
    const std::size_t most = 16 * sequence_.size() + 64;
    for (std::size_t steps = 0; at_ < sequence_.size() && steps < most; ++at_, ++steps) {
      const Element& element = elements_[sequence_[at_]];
      turns_.push_back({sequence_[at_], time_, element.takes_time() ? element.time : 0});
      time_ += turns_.back().time;
      if (element.kind == ElementKind::kOverlay) time_ = bar_start_;
      if (element.kind == ElementKind::kBar) pass_bar(element.bar);
      if (element.kind == ElementKind::kEnding && (open_ || pass_ > 1)) pass_ending(element.ending);
    }
    return std::move(turns_);
  }

 private:
  void start_repeat() {
    open_ = true;
    start_ = at_;
    pass_ = 1;
    passes_ = 2;
  }

  void pass_bar(const BarLine& bar) {
    bar_start_ = time_;
    if (bar.ends_repeat && (pass_ == 1 ? open_ : pass_ < passes_ && !bar.starts_repeat)) {
      ++pass_;
      open_ = false;
      at_ = start_;
      return;
    }
    if (bar.starts_repeat) start_repeat();
  }

  void pass_ending(std::int32_t ending) {
    if ((ending >> (pass_ - 1) & 1) != 0) {
      if (passes_ < 4) passes_ = pass_ + 1;
      return;
    }
    // On to the end of this ending.
    do {
      ++at_;
    } while (at_ < sequence_.size() && !ends_ending(elements_[sequence_[at_]]));
    --at_;
    // The bar line itself is passed over in silence when it is a :| of another time.
    if (at_ + 1 < sequence_.size() && elements_[sequence_[at_ + 1]].kind == ElementKind::kBar) {
      ++at_;
      if (elements_[sequence_[at_]].bar.starts_repeat) start_repeat();
    }
  }

  const std::vector<Element>& elements_;
  const Sequence& sequence_;
  std::vector<Turn> turns_;
  std::size_t at_ = 0;
  std::size_t start_ = 0;  // where a repeat goes back to
  int pass_ = 1, passes_ = 2;
  bool open_ = false;
  Ticks time_ = 0;
  Ticks bar_start_ = 0;  // where another voice of the bar begins
};

bool has_mark(const Element& element, std::initializer_list<std::string_view> names) {
  return std::any_of(element.marks.begin(), element.marks.end(), [&](const std::string& mark) {
    return std::find(names.begin(), names.end(), mark) != names.end();
  });
}

// The pitch that many steps away in a key.
int neighbour(const Pitch& pitch, const Key& key, int steps) {
  const int position = pitch.position() + steps;
  const int step = (position % 7 + 7) % 7;
  const Pitch near{static_cast<std::int8_t>(step), static_cast<std::int8_t>((position - step) / 7),
                   key.alters[static_cast<std::size_t>(step)]};
  return near.midi();
}

// What is added to a note of a tuplet is shorter, as the note is.
Ticks as_in_tuplet(const Element& element, Ticks time) {
  if (!element.in_tuplet || element.written == 0) return time;
  const Ticks common = std::gcd(element.time, element.written);
  return time * (element.time / common) / (element.written / common);
}

Ticks time_of(const Head& grace, const Element& element) {
  return as_in_tuplet(element, grace.length / 4);
}

class Player {
 public:
  Player(const Course& course, const PerformanceOptions& options)
      : elements_(course.elements), options_(options) {
    join_ties();
  }

  std::vector<Sound> play(const std::vector<Turn>& turns) {
    for (const Turn& turn : turns) {
      const Element& element = elements_[turn.element];
      if (element.takes_time()) sound(turn);
      if (options_.ornaments_in && element.kind == ElementKind::kField && element.field == U'K') {
        options_.ornaments_in = parse_key(element.text).key.value_or(*options_.ornaments_in);
      }
    }
    return std::move(sounds_);
  }

 private:
  void join_ties() {
    joined_.resize(elements_.size());
    for (std::size_t i = 0; i < elements_.size(); ++i) joined_[i].resize(elements_[i].heads.size());
    // Backwards, so that a chain of ties adds up.
    for (std::size_t i = elements_.size(); i-- > 0;) {
      for (std::size_t h = 0; h < elements_[i].heads.size(); ++h) {
        if (elements_[i].heads[h].tied) join(i, h);
      }
    }
  }

  void join(std::size_t i, std::size_t h) {
    std::size_t next = i + 1;
    while (next < elements_.size() && elements_[next].kind != ElementKind::kNote &&
           elements_[next].kind != ElementKind::kRest) {
      ++next;
    }
    if (next == elements_.size() || elements_[next].kind == ElementKind::kRest) return;
    const Element& target = elements_[next];
    for (std::size_t k = 0; k < target.heads.size(); ++k) {
      if (target.heads[k].pitch != elements_[i].heads[h].pitch || joined_[next][k].silent) continue;
      joined_[next][k].silent = true;
      joined_[i][h].extra = target.time + joined_[next][k].extra;
      return;
    }
  }

  void sound(const Turn& turn) {
    const Element& element = elements_[turn.element];
    Ticks grace_time = 0;
    if (options_.graces && !element.heads.empty()) grace_time = sound_graces(turn);
    const bool staccato = has_mark(element, {".", "!staccato!"});
    for (std::size_t h = 0; h < element.heads.size(); ++h) {
      const Joined& joined = joined_[turn.element][h];
      if (joined.silent) continue;
      Ticks length = turn.time - grace_time + joined.extra;
      if (options_.ornaments_in && element.heads.size() == 1 &&
          sound_ornament(element, turn.start + grace_time, length)) {
        continue;
      }
      if (staccato && joined.extra == 0) length /= 2;
      add(element, element.heads[h].pitch.midi(), turn.start + grace_time, length);
    }
  }

  void add(const Element& element, int pitch, Ticks start, Ticks length, bool is_grace = false) {
    sounds_.push_back({pitch, start, length, is_grace, element.place});
  }

  // Returns the time they take: none when the note is too short for them.
  Ticks sound_graces(const Turn& turn) {
    const Element& element = elements_[turn.element];
    Ticks total = 0;
    for (const Head& grace : element.graces) total += time_of(grace, element);
    if (total >= turn.time) return 0;
    Ticks at = turn.start;
    for (const Head& grace : element.graces) {
      const Ticks time = time_of(grace, element);
      add(element, grace.pitch.midi(), at, time, true);
      at += time;
    }
    return total;
  }

  // Whether there was one, and time for it.
  bool sound_ornament(const Element& element, Ticks start, Ticks length) {
    if (length <= kOrnament) return false;
    if (has_mark(element, {"T", "!trill!"})) {
      sound_trill(element, start, length);
    } else if (has_mark(element, {"~", "!roll!"})) {
      sound_roll(element, start, length);
    } else {
      return false;
    }
    return true;
  }

  void sound_trill(const Element& element, Ticks start, Ticks length) {
    const Pitch& pitch = element.heads[0].pitch;
    const int upper = neighbour(pitch, *options_.ornaments_in, 1);
    const Ticks count = length / kOrnament;
    for (Ticks i = 0; i < count; ++i) {
      const Ticks from = start + length * i / count, to = start + length * (i + 1) / count;
      add(element, i % 2 == 0 ? upper : pitch.midi(), from, to - from, i % 2 == 0);
    }
  }

  void sound_roll(const Element& element, Ticks start, Ticks length) {
    const Pitch& pitch = element.heads[0].pitch;
    const Key& key = *options_.ornaments_in;
    const Ticks eighth = kWholeNote / 8;
    const Ticks extra = as_in_tuplet(element, kOrnament);
    Ticks at = start;
    if (length == 3 * eighth) {
      add(element, pitch.midi(), at, eighth);
      add(element, neighbour(pitch, key, 1), at + eighth, extra, true);
      add(element, pitch.midi(), at + eighth + extra, eighth - extra);
      at += 2 * eighth;
    }
    const int steps = at == start ? 1 : -1;
    add(element, neighbour(pitch, key, steps), at, extra, true);
    add(element, pitch.midi(), at + extra, start + length - at - extra);
  }

  const std::vector<Element>& elements_;
  PerformanceOptions options_;
  std::vector<std::vector<Joined>> joined_;
  std::vector<Sound> sounds_;
};

bool sounds_before(const Sound& a, const Sound& b) {
  return a.start != b.start ? a.start < b.start : a.pitch < b.pitch;
}

}  // namespace

std::vector<Element> play_parts(const Voice& voice, const std::string& order) {
  std::vector<Element> elements;
  for (const std::size_t i : sequence_of(voice, order)) {
    const Element& element = voice.elements[i];
    if (!is_part_label(element)) elements.push_back(element);
  }
  return elements;
}

bool plays_all_parts(const Voice& voice, const std::string& order) {
  std::string missing = expand_order(order);
  if (missing.empty()) return true;
  for (const Element& element : voice.elements) {
    if (!is_part_label(element)) continue;
    if (element.text.empty() || missing.find(element.text[0]) == std::string::npos) return false;
    std::erase(missing, element.text[0]);
  }
  return true;
}

void write_out_repeats(Voice& voice, bool after_endings) {
  const MissingStarts missing = find_missing_starts(voice.elements, after_endings);
  for (const std::size_t i : missing.bars) voice.elements[i].bar.starts_repeat = true;
  if (!missing.at_start) return;
  Element start;
  start.kind = ElementKind::kBar;
  start.bar.starts_repeat = true;
  // Before the first note, but behind fields and line ends.
  const auto first =
      std::find_if(voice.elements.begin(), voice.elements.end(), [](const Element& e) {
        return e.takes_time() || e.kind == ElementKind::kBar || e.kind == ElementKind::kEnding;
      });
  if (first != voice.elements.end()) start.place = {first->place.begin, first->place.begin};
  voice.elements.insert(first, std::move(start));
}

Course course_of(const Voice& voice, const std::string& order) {
  Voice explicit_repeats = voice;
  write_out_repeats(explicit_repeats, false);
  const Sequence sequence = sequence_of(explicit_repeats, order);
  std::vector<Turn> turns = Walker(explicit_repeats.elements, sequence).walk();
  return {std::move(explicit_repeats.elements), std::move(turns)};
}

std::vector<Sound> perform(const Course& course, const PerformanceOptions& options) {
  std::vector<Sound> sounds = Player(course, options).play(course.turns);
  std::stable_sort(sounds.begin(), sounds.end(), sounds_before);
  return sounds;
}

std::vector<Sound> perform(const Voice& voice, const std::string& order,
                           const PerformanceOptions& options) {
  return perform(course_of(voice, order), options);
}

std::vector<Sound> perform(const Tune& tune, const PerformanceOptions& options) {
  std::vector<Sound> sounds;
  for (const Voice& voice : tune.voices) {
    const std::vector<Sound> more = perform(voice, tune.field(U'P'), options);
    sounds.insert(sounds.end(), more.begin(), more.end());
  }
  for (Sound& sound : sounds) sound.pitch += tune.shift;
  std::stable_sort(sounds.begin(), sounds.end(), sounds_before);
  return sounds;
}

}  // namespace lilt::abc
