#include "abc/performance.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace lilt::abc {
namespace {

constexpr std::size_t kMostParts = 500;  // of an order such as "(((A9)9)9)9"

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

class Player {
 public:
  Player(const Voice& voice, const PerformanceOptions& options)
      : elements_(voice.elements), options_(options) {
    join_ties();
  }

  std::vector<Sound> play(const Sequence& sequence) {
    std::size_t start = 0;  // where a repeat goes back to
    int pass = 1, passes = 2;
    bool open = false;
    // Every step back makes `pass` larger, and it has a limit; the bound is for broken forms.
    std::size_t steps = 0;
    const auto start_repeat = [&](std::size_t bar) {
      open = true;
      start = bar;
      pass = 1;
      passes = 2;
    };
    for (std::size_t i = 0; i < sequence.size() && steps < 16 * sequence.size() + 64;
         ++i, ++steps) {
      const Element& element = elements_[sequence[i]];
      if (element.takes_time()) sound(sequence[i]);
      if (element.kind == ElementKind::kOverlay) time_ = bar_start_;
      if (element.kind == ElementKind::kBar) {
        bar_start_ = time_;
        if (element.bar.ends_repeat &&
            (pass == 1 ? open : pass < passes && !element.bar.starts_repeat)) {
          ++pass;
          open = false;
          i = start;
          continue;
        }
        if (element.bar.starts_repeat) start_repeat(i);
      }
      if (element.kind == ElementKind::kEnding && (open || pass > 1)) {
        if ((element.ending >> (pass - 1) & 1) != 0) {
          if (passes < 4) passes = pass + 1;
        } else {
          // On to the end of this ending.
          do {
            ++i;
          } while (i < sequence.size() && !ends_ending(elements_[sequence[i]]));
          --i;
          // The bar line itself is passed over in silence when it is a :| of another time.
          if (i + 1 < sequence.size() && elements_[sequence[i + 1]].kind == ElementKind::kBar) {
            ++i;
            if (elements_[sequence[i]].bar.starts_repeat) start_repeat(i);
          }
        }
      }
    }
    return std::move(sounds_);
  }

 private:
  static bool is_staccato(const Element& element) {
    return std::any_of(element.marks.begin(), element.marks.end(),
                       [](const std::string& mark) { return mark == "." || mark == "!staccato!"; });
  }

  static bool ends_ending(const Element& element) {
    return (element.kind == ElementKind::kBar && element.bar.is_soft()) ||
           element.kind == ElementKind::kEnding || is_part_label(element);
  }

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

  void sound(std::size_t i) {
    const Element& element = elements_[i];
    Ticks grace_time = 0;
    if (options_.graces && !element.heads.empty()) grace_time = sound_graces(element);
    const bool staccato = is_staccato(element);
    for (std::size_t h = 0; h < element.heads.size(); ++h) {
      if (joined_[i][h].silent) continue;
      Ticks length = element.time - grace_time + joined_[i][h].extra;
      if (staccato && joined_[i][h].extra == 0) length /= 2;
      sounds_.push_back({element.heads[h].pitch.midi(), time_ + grace_time, length, false});
    }
    time_ += element.time;
  }

  // Returns the time they take: none when the note is too short for them.
  Ticks sound_graces(const Element& element) {
    Ticks total = 0;
    for (const Head& grace : element.graces) total += grace.length / 4;
    if (total >= element.time) return 0;
    Ticks at = time_;
    for (const Head& grace : element.graces) {
      sounds_.push_back({grace.pitch.midi(), at, grace.length / 4, true});
      at += grace.length / 4;
    }
    return total;
  }

  const std::vector<Element>& elements_;
  PerformanceOptions options_;
  std::vector<std::vector<Joined>> joined_;
  std::vector<Sound> sounds_;
  Ticks time_ = 0;
  Ticks bar_start_ = 0;  // where another voice of the bar begins
};

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

std::vector<Sound> perform(const Voice& voice, const std::string& order,
                           const PerformanceOptions& options) {
  Voice explicit_repeats = voice;
  write_out_repeats(explicit_repeats, false);
  std::vector<Sound> sounds =
      Player(explicit_repeats, options).play(sequence_of(explicit_repeats, order));
  std::stable_sort(sounds.begin(), sounds.end(), [](const Sound& a, const Sound& b) {
    return a.start != b.start ? a.start < b.start : a.pitch < b.pitch;
  });
  return sounds;
}

std::vector<Sound> perform(const Tune& tune, const PerformanceOptions& options) {
  std::vector<Sound> sounds;
  for (const Voice& voice : tune.voices) {
    const std::vector<Sound> more = perform(voice, tune.field(U'P'), options);
    sounds.insert(sounds.end(), more.begin(), more.end());
  }
  for (Sound& sound : sounds) sound.pitch += tune.shift;
  std::stable_sort(sounds.begin(), sounds.end(), [](const Sound& a, const Sound& b) {
    return a.start != b.start ? a.start < b.start : a.pitch < b.pitch;
  });
  return sounds;
}

}  // namespace lilt::abc
