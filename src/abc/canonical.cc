#include "abc/canonical.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "abc/beams.h"
#include "abc/performance.h"
#include "abc/transpose.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kHeaderOrder = "TCOAGDBFHNSZR";
constexpr std::string_view kMusicHeader = "TR";
constexpr Ticks kGrid = kWholeNote / 1024;  // of the lengths that note heads tell
constexpr int kMostBarsOfALine = 10;
constexpr int kBarsOfALine = 4;

// What stands between two bars, put together from everything the writer put there.
struct Boundary {
  bool has_bar = false;
  bool ends_repeat = false;
  bool starts_repeat = false;
  bool is_double = false;
  bool is_within_bar = false;  // of the bar line
  bool is_joint = false;       // one bar line that ends a repeat and starts one
  bool line_break = false;
  std::int32_t ending = 0;
  std::vector<const Element*> early;   // fields before the bar line
  std::vector<const Element*> fields;  // behind it, or without one
};

// A note or rest, or a boundary.
struct Item {
  const Element* music = nullptr;
  Boundary boundary;
};

// A change of metre before a bar line counts for the bar that ends.
void move_metre_before(Boundary& b) {
  const auto first = std::stable_partition(b.fields.begin(), b.fields.end(),
                                           [](const Element* e) { return e->field != U'M'; });
  b.early.assign(first, b.fields.end());
  b.fields.erase(first, b.fields.end());
}

// Whether a field changes anything; if so, notes it.
bool changes(const Element& field, Key& key, Metre& metre) {
  if (field.field == U'K') {
    const KeyField parsed = parse_key(field.text);
    return parsed.key && std::exchange(key, *parsed.key) != *parsed.key;
  }
  if (field.field == U'M') {
    const auto parsed = parse_metre(field.text);
    return parsed && std::exchange(metre, *parsed) != *parsed;
  }
  return false;  // the unit note length is one and the same
}

// The ending that the music behind an item is in.
std::int32_t ending_behind(const Item& item, std::int32_t ending) {
  const Boundary& b = item.boundary;
  return b.ending != 0 ? b.ending : b.starts_repeat ? 0 : ending;
}

// A further bar line with no music before it. `ending` is that of the music before the boundary.
void add_bar(Boundary& b, const BarLine& bar, std::int32_t ending) {
  if (bar.is_soft()) b.ending = 0;  // an ending without music
  if (bar.ends_repeat && bar.starts_repeat && !b.ends_repeat) b.is_joint = true;
  b.has_bar = true;
  if (bar.ends_repeat && b.starts_repeat) {
    b.starts_repeat = false;  // a repeat of nothing
    b.is_double = true;
    // Behind a second ending :: went back no more.
    if (b.is_joint && ending > 1 && (ending & 1) == 0) b.ends_repeat = false;
  } else {
    b.ends_repeat |= bar.ends_repeat;
  }
  b.starts_repeat |= bar.starts_repeat;
  b.is_double |= bar.is_double;
  b.is_within_bar = bar.is_within_bar;
}

std::vector<Item> to_items(const std::vector<Element>& elements, Key key, Metre metre) {
  std::vector<Item> items;
  bool line_break = false;  // that waits for a bar line
  const auto boundary = [&]() -> Boundary& {
    if (items.empty() || items.back().music != nullptr) items.emplace_back();
    return items.back().boundary;
  };
  bool overlay = false;  // another voice of the bar, which is left out
  std::int32_t ending = 0;
  bool has_music = false;
  for (const Element& element : elements) {
    if (element.kind == ElementKind::kOverlay) overlay = true;
    if (element.kind == ElementKind::kBar) overlay = false;
    if (overlay) continue;
    switch (element.kind) {
      case ElementKind::kNote:
      case ElementKind::kRest:
      case ElementKind::kBarsRest:
        if (!items.empty()) ending = ending_behind(items.back(), ending);
        items.push_back({&element, {}});
        has_music = true;
        break;
      case ElementKind::kBar: {
        if (element.bar.is_dotted && element.bar.is_within_bar) break;
        Boundary& b = boundary();
        if (!b.has_bar && items.size() > 1) move_metre_before(b);
        add_bar(b, element.bar, ending);
        break;
      }
      case ElementKind::kEnding:
        boundary().ending |= element.ending;
        break;
      case ElementKind::kLineEnd:
        line_break = has_music;  // lines before the first note are none
        break;
      case ElementKind::kField:
        if (changes(element, key, metre)) boundary().fields.push_back(&element);
        break;
      case ElementKind::kComment:
      case ElementKind::kOverlay:
        break;
    }
    if (line_break && !items.empty() && items.back().music == nullptr &&
        items.back().boundary.has_bar) {
      items.back().boundary.line_break = true;
      line_break = false;
    }
  }
  return items;
}

// An ending that begins within a bar has no bar line: |1 would end the bar.
void drop_bars_before_endings(std::vector<Item>& items) {
  for (Item& item : items) {
    Boundary& b = item.boundary;
    if (!b.is_within_bar || b.ending == 0 || b.ends_repeat || b.starts_repeat) continue;
    b.has_bar = b.is_double = b.line_break = false;
  }
}

// A bar line :: that closes a second ending goes back no more, unlike :| and |: one after the other
// (performance.h): the one stays on its line, and the others stand on two.
void keep_repeats_apart(std::vector<Item>& items) {
  std::int32_t ending = 0;
  for (Item& item : items) {
    Boundary& b = item.boundary;
    if (ending != 0 && b.ends_repeat && b.starts_repeat) b.line_break = !b.is_joint;
    ending = ending_behind(item, ending);
  }
}

// A repeat that starts behind the pickup stays on its line.
void join_pickup(std::vector<Item>& items) {
  const auto music = std::find_if(items.begin(), items.end(),
                                  [](const Item& item) { return item.music != nullptr; });
  const auto bar = std::find_if(music, items.end(), [](const Item& item) {
    return item.music == nullptr && item.boundary.has_bar;
  });
  if (bar != items.end() && bar->boundary.starts_repeat && !bar->boundary.ends_repeat) {
    bar->boundary.line_break = false;
  }
}

// A line may not begin with a letter and a colon, as "E:|": it would look like a field.
void join_lone_notes(std::vector<Item>& items, Ticks unit) {
  for (std::size_t i = 0; i + 2 < items.size(); ++i) {
    Boundary& b = items[i].boundary;
    if (items[i].music != nullptr || b.starts_repeat || b.ending != 0) continue;
    const Element* note = items[i + 1].music;
    if (note == nullptr || items[i + 2].music != nullptr) continue;
    if (note->time == unit && items[i + 2].boundary.ends_repeat) b.line_break = false;
  }
}

void mend_line_breaks(std::vector<Item>& items, Ticks unit) {
  keep_repeats_apart(items);
  join_pickup(items);
  join_lone_notes(items, unit);
}

bool ends_section(const Boundary& b) { return b.ends_repeat || b.starts_repeat || b.is_double; }

// Breaks lines anew where the writer's are too long to read, or always.
void break_lines(std::vector<Item>& items, bool always) {
  int bars = 0, longest = 0;
  for (const Item& item : items) {
    if (item.music != nullptr || !item.boundary.has_bar) continue;
    bars = item.boundary.line_break ? 0 : bars + 1;
    longest = std::max(longest, bars + 1);
  }
  if (longest <= kMostBarsOfALine && !always) return;
  bars = 0;
  bool music = false;
  Ticks length = 0, longest_bar = 0;
  for (const Item& item : items) {
    length = item.music != nullptr ? length + item.music->time : 0;
    longest_bar = std::max(longest_bar, length);
  }
  length = 0;
  for (Item& item : items) {
    if (item.music != nullptr) {
      music = true;
      length += item.music->time;
      continue;
    }
    Boundary& b = item.boundary;
    if (!b.has_bar || !music) continue;
    if (2 * length > longest_bar) ++bars;  // a pickup is no bar of its own
    length = 0;
    // Endings stay on the line of what they end.
    const bool section = ends_section(b) && bars > 1 && b.ending == 0;
    b.line_break = b.ending == 0 && (section || bars >= kBarsOfALine);
    if (b.line_break) bars = 0;
  }
}

// The lengths of note heads, dotted twice at most, that make up a length; itself where it is no
// multiple of 1/1024.
std::vector<Ticks> one_note_lengths(Ticks length) {
  if (length % kGrid != 0 || length / kGrid > 64 * 1024) return {length};
  std::vector<Ticks> lengths;
  Ticks rest = length / kGrid;
  while (rest > 0) {
    Ticks best = 1;
    for (Ticks n = 1; n <= rest; n *= 2) {
      for (const Ticks dotted : {n, n / 2 * 3, n / 4 * 7}) {
        if (dotted <= rest) best = std::max(best, dotted);
      }
    }
    lengths.push_back(best * kGrid);
    rest -= best;
  }
  return lengths;
}

std::string ending_text(std::int32_t ending) {
  std::string text;
  for (int n = 1; n <= 31; ++n) {
    if ((ending >> (n - 1) & 1) == 0) continue;
    if (!text.empty()) text += ',';
    text += std::to_string(n);
  }
  return text;
}

class VoiceWriter {
 public:
  VoiceWriter(const Tune& tune, const CanonicalOptions& options)
      : options_(options),
        unit_(options.unit),
        metre_(tune.metre),
        key_(tune.key),
        alters_(tune.key.alters) {}

  // Behind this much text.
  CanonicalWriting write(const Voice& voice, std::size_t behind) {
    behind_ = behind;
    std::string text = write_text(voice);
    return {std::move(text), std::move(copied_)};
  }

 private:
  static constexpr int kNotPaired = 0;

  std::string write_text(const Voice& voice) {
    std::vector<Item> items = to_items(voice.elements, key_, metre_);
    const bool silent = std::none_of(items.begin(), items.end(),
                                     [](const Item& item) { return item.music != nullptr; });
    if (silent) return "|]\n";
    // Before and after: lines that are joined may be too long, and broken ones have to be joined.
    drop_bars_before_endings(items);
    mend_line_breaks(items, unit_);
    break_lines(items, options_.regular);
    mend_line_breaks(items, unit_);
    std::size_t music_end = items.size();
    while (music_end > 0 && items[music_end - 1].music == nullptr) --music_end;
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i >= music_end) {
        write_end(items[i].boundary);
        return std::move(text_);
      }
      if (items[i].music != nullptr) {
        write_music(items, i);
      } else {
        write_boundary(items[i].boundary);
      }
    }
    write_end({});
    return std::move(text_);
  }

  void write_end(Boundary b) {
    if (!b.has_bar) move_metre_before(b);
    if (!text_.empty()) write_fields(b.early, true);
    text_ += b.ends_repeat ? ":|\n" : "|]\n";
  }

  void write_boundary(const Boundary& b) {
    write_fields(b.early, true);
    if (b.has_bar) {
      alters_ = key_.alters;
      crossed_bar_ = true;
    }
    const bool at_start = text_.empty();
    const bool own_line = (b.line_break || !b.has_bar) && !at_start && text_.back() == '\n';
    if (at_start || own_line) {
      write_line_start(b);
      return;
    }
    if (!b.has_bar) {
      // Endings and changes within a bar.
      if (b.ending != 0) text_ += "[" + ending_text(b.ending);
      write_fields(b.fields, true);
      return;
    }
    if (b.line_break) {
      // Before |: on the next line a section ends, perhaps within a bar.
      text_ += b.ends_repeat ? ":|\n" : b.is_double || b.starts_repeat ? "||\n" : "|\n";
      write_line_start(b);
      return;
    }
    if (b.ends_repeat && b.starts_repeat) {
      text_ += "::";
    } else if (b.starts_repeat) {
      text_ += "|:";
    } else if (b.ends_repeat) {
      text_ += ":|";
    } else {
      text_ += b.is_double && b.ending == 0 ? "||" : "|";
    }
    if (b.ending != 0) text_ += (b.starts_repeat ? "[" : "") + ending_text(b.ending);
    write_fields(b.fields, true);
  }

  // Changes have lines of their own; a second ending comes right behind the repeat, before them.
  void write_line_start(const Boundary& b) {
    const bool ending_first = b.ending > 1 && (b.ending & 1) == 0 && !b.starts_repeat;
    if (ending_first) text_ += "[" + ending_text(b.ending);
    write_fields(b.fields, ending_first);
    if (b.starts_repeat) text_ += "|:";
    if (b.ending != 0 && !ending_first) text_ += "[" + ending_text(b.ending);
  }

  void write_fields(const std::vector<const Element*>& fields, bool is_inline) {
    for (const Element* field : fields) {
      std::string text;
      if (field->field == U'K') {
        const KeyField parsed = parse_key(field->text);
        if (!parsed.key || *parsed.key == key_) continue;
        key_ = *parsed.key;
        alters_ = key_.alters;
        text = "K:" + key_.to_string();
      } else if (field->field == U'M') {
        const auto metre = parse_metre(field->text);
        if (!metre || *metre == metre_) continue;
        metre_ = *metre;
        text = "M:" + metre->to_string();
      } else {
        continue;  // the unit note length is one and the same
      }
      text_ += is_inline ? "[" + text + "]" : text + "\n";
    }
  }

  void write_music(const std::vector<Item>& items, std::size_t i) {
    const Element& element = *items[i].music;
    const Element* next = i + 1 < items.size() ? items[i + 1].music : nullptr;
    write_prefix(element);
    Ticks length = element.time;
    if (tuplet_left_ > 0) {
      length = length * tuplet_.p / tuplet_.q;
      --tuplet_left_;
    }
    if (second_of_pair_) length = unit_;
    std::vector<Ticks> parts = note_lengths(element, length);
    const int paired = second_of_pair_ ? kNotPaired : pair(element, parts, next);
    if (paired != kNotPaired) parts.back() = unit_;
    const std::size_t begin = behind_ + text_.size();
    write_core(element, parts);
    copied_.push_back(
        {{static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(behind_ + text_.size())},
         element.place});
    second_of_pair_ = paired != kNotPaired;
    if (second_of_pair_) text_ += paired > 0 ? '>' : '<';
    for (int n = 0; n < element.slurs_close; ++n) text_ += ')';
    if (element.space_after && next != nullptr) text_ += ' ';
    crossed_bar_ = false;
    last_ = &element;
  }

  // What one note head cannot tell is written as tied notes.
  static std::vector<Ticks> note_lengths(const Element& element, Ticks length) {
    if (element.in_tuplet) return {length};
    return one_note_lengths(length);
  }

  // > or < between notes of 3/2 and 1/2 units on one beam; the first may be the last of tied ones.
  int pair(const Element& a, const std::vector<Ticks>& parts, const Element* b) const {
    const auto plain = [](const Element& e) {
      return e.kind == ElementKind::kNote && e.tuplet.p == 0 && !e.in_tuplet && same_length(e);
    };
    if (b == nullptr || !plain(a) || !plain(*b) || a.space_after || a.slurs_close > 0) return 0;
    const bool tied =
        std::any_of(a.heads.begin(), a.heads.end(), [](const Head& h) { return h.tied; });
    if (tied || !b->graces.empty()) return 0;
    if (2 * parts.back() == 3 * unit_ && 2 * b->time == unit_) {
      // The dialect wants grace notes to take less than the note as it is written.
      Ticks graces = 0;
      for (const Head& grace : a.graces) graces += grace.length / 4;
      return parts.size() > 1 || graces < unit_ ? 1 : 0;
    }
    if (2 * parts.back() == unit_ && 2 * b->time == 3 * unit_) return -1;
    return 0;
  }

  static bool same_length(const Element& e) {
    return std::all_of(e.heads.begin(), e.heads.end(),
                       [&](const Head& h) { return h.length == e.heads[0].length; });
  }

  void write_prefix(const Element& element) {
    for (std::size_t i = 0; i < element.chord_symbols.size(); ++i) {
      const auto& symbols = element.chord_symbols;
      if (i > 0 && options_.regular) break;
      if (i > 0 && symbols[i] == symbols[i - 1]) continue;
      if (!symbols[i].empty()) text_ += "\"" + symbols[i] + "\"";
    }
    if (options_.keep_marks) {
      for (const std::string& mark : element.marks) text_ += mark;
    }
    if (element.tuplet.p != 0) write_tuplet(element.tuplet);
    for (int n = 0; n < element.slurs_open; ++n) text_ += '(';
    if (!element.graces.empty() && element.kind != ElementKind::kRest) {
      text_ += '{';
      for (const Head& grace : element.graces) {
        write_head(grace, false);
        text_ += length_text(grace.length, unit_) == "" ? "" : length_text(grace.length, unit_);
      }
      text_ += '}';
    }
  }

  void write_tuplet(const Tuplet& tuplet) {
    tuplet_ = tuplet;
    tuplet_left_ = tuplet.r;
    text_ += "(" + std::to_string(tuplet.p);
    const bool usual_time = metre_.tuplet_time(tuplet.p) == tuplet.q;
    if (usual_time && tuplet.r == tuplet.p) return;
    text_ += ":" + std::to_string(tuplet.q) + ":" + std::to_string(tuplet.r);
  }

  void write_core(const Element& element, const std::vector<Ticks>& parts) {
    if (element.kind == ElementKind::kBarsRest) {
      text_ += element.invisible ? 'X' : 'Z';
      if (element.count > 1) text_ += std::to_string(element.count);
      return;
    }
    for (std::size_t i = 0; i < parts.size(); ++i) {
      write_core_of(element, parts[i], i + 1 < parts.size());
    }
  }

  void write_core_of(const Element& element, Ticks length, bool goes_on) {
    if (element.kind == ElementKind::kRest) {
      text_ += element.invisible ? 'x' : 'z';
      text_ += length_text(length, unit_);
      return;
    }
    const bool tied = goes_on || std::all_of(element.heads.begin(), element.heads.end(),
                                             [](const Head& h) { return h.tied; });
    if (element.heads.size() == 1) {
      write_head(element.heads[0], true);
    } else {
      write_chord(element, tied);
    }
    text_ += length_text(length, unit_);
    if (tied) text_ += '-';
  }

  void write_chord(const Element& element, bool tied) {
    std::vector<Head> heads = element.heads;
    std::stable_sort(heads.begin(), heads.end(), [](const Head& a, const Head& b) {
      return a.pitch.position() < b.pitch.position();
    });
    const Ticks first = heads[0].length;  // gives the chord's own
    // Lengths that differ are told as parts of the chord's own, where those are usual fractions.
    const auto part = [&](const Head& head) { return Rational(head.length, first) * unit_; };
    const bool differ =
        !same_length(element) && std::all_of(heads.begin(), heads.end(), [&](const Head& head) {
          return part(head).denominator() == 1 && part(head).numerator() % kGrid == 0;
        });
    text_ += '[';
    for (const Head& head : heads) {
      write_head(head, true);
      if (differ) text_ += length_text(part(head).numerator(), unit_);
      if (head.tied && !tied) text_ += '-';
    }
    text_ += ']';
  }

  void write_head(const Head& head, bool can_be_tied) {
    const Pitch& pitch = head.pitch;
    int in_force = alters_[pitch.step];
    // A tie carries its accidental over the bar line.
    if (can_be_tied && crossed_bar_ && last_ != nullptr) {
      for (const Head& before : last_->heads) {
        if (before.tied && before.pitch.position() == pitch.position()) {
          in_force = before.pitch.alter;
        }
      }
    }
    if (in_force != pitch.alter) {
      constexpr std::array<std::string_view, 5> kAccidentals = {"__", "_", "=", "^", "^^"};
      text_ += kAccidentals[std::clamp<int>(pitch.alter, -2, 2) + 2];
      alters_[pitch.step] = pitch.alter;
    }
    const char letter = kLetters[pitch.step];
    text_ += pitch.octave > 0 ? static_cast<char>(letter + 32) : letter;
    if (pitch.octave > 1) text_.append(static_cast<std::size_t>(pitch.octave - 1), '\'');
    if (pitch.octave < 0) text_.append(static_cast<std::size_t>(-pitch.octave), ',');
  }

  CanonicalOptions options_;
  Ticks unit_;
  std::string text_;
  std::vector<Copied> copied_;
  std::size_t behind_ = 0;
  Metre metre_;
  Key key_;
  std::array<std::int8_t, 7> alters_;
  Tuplet tuplet_;
  int tuplet_left_ = 0;
  bool second_of_pair_ = false;
  bool crossed_bar_ = false;
  const Element* last_ = nullptr;
};

// The elements in the order of the parts, with the keys and metres that each part had where it
// stands. Nothing if there is no order, or one that leaves out some of the tune.
std::optional<Tune> with_parts_written_out(const Tune& tune) {
  const std::string order = tune.field(U'P');
  if (order.empty()) return {};
  Tune played = tune;
  for (Voice& voice : played.voices) {
    if (!plays_all_parts(voice, order)) return {};
    voice.elements = play_parts(voice, order);
  }
  return played;
}

// Changes of key and metre before the first note belong to the header.
void fold_first_fields(Tune& tune) {
  if (tune.voices.size() != 1) return;
  for (Element& element : tune.voices[0].elements) {
    if (element.takes_time()) return;
    if (element.kind != ElementKind::kField) continue;
    if (element.field == U'K') tune.key = parse_key(element.text).key.value_or(tune.key);
    if (element.field == U'M') tune.metre = parse_metre(element.text).value_or(tune.metre);
  }
}

// A header text without control characters and without the escapes and font changes of programs.
std::string plain_text(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '\\' || c == '$' || c == '%' || code == 127 || (code < 32 && c != '\t')) continue;
    plain += c == '\t' ? ' ' : c;
  }
  const std::size_t begin = plain.find_first_not_of(' ');
  if (begin == std::string::npos) return {};
  return plain.substr(begin, plain.find_last_not_of(' ') - begin + 1);
}

void write_header(const Tune& tune, const CanonicalOptions& options, std::string& text) {
  const std::string number = options.number > 0 ? std::to_string(options.number) : tune.field(U'X');
  text += "X:" + (number.empty() ? "1" : number) + "\n";
  for (const char letter : options.music_only ? kMusicHeader : kHeaderOrder) {
    for (const Field& field : tune.header) {
      const std::string plain = plain_text(field.text);
      if (field.letter == static_cast<unsigned char>(letter) && !plain.empty()) {
        text += std::string(1, letter) + ":" + plain + "\n";
      }
    }
  }
  text += "M:" + tune.metre.to_string() + "\nL:1/" + std::to_string(kWholeNote / options.unit) +
          "\nK:" + tune.key.to_string();
  if (tune.shift != 0) text += " transpose=" + std::to_string(tune.shift);
  text += "\n";
}

CanonicalWriting write_tune(Tune tune, const CanonicalOptions& options) {
  if (options.respelt) respell(tune);
  fold_first_fields(tune);
  CanonicalWriting writing;
  std::string& text = writing.text;
  write_header(tune, options, text);
  for (Voice& voice : tune.voices) {
    if (tune.voices.size() > 1) text += "V:" + voice.name + "\n";
    write_out_repeats(voice, true);
    if (options.regular) beam_by_metre(voice, tune.metre);
    CanonicalWriting voice_writing = VoiceWriter(tune, options).write(voice, text.size());
    text += voice_writing.text;
    writing.copied.insert(writing.copied.end(), voice_writing.copied.begin(),
                          voice_writing.copied.end());
  }
  return writing;
}

}  // namespace

std::string length_text(Ticks length, Ticks unit) {
  const Rational ratio(length, unit);
  std::string text;
  if (ratio.numerator() != 1) text = std::to_string(ratio.numerator());
  if (ratio.denominator() != 1) text += "/" + std::to_string(ratio.denominator());
  return text;
}

std::string canonical_text(const Tune& tune, const CanonicalOptions& options) {
  return write_canonically(tune, options).text;
}

CanonicalWriting write_canonically(const Tune& tune, const CanonicalOptions& options) {
  if (std::optional<Tune> played = with_parts_written_out(tune)) {
    CanonicalWriting writing = write_tune(*std::move(played), options);
    // Parts that are correct where they stand need not fit together in another order.
    if (read_tune(writing.text).is_correct()) return writing;
  }
  return write_tune(tune, options);
}

}  // namespace lilt::abc
