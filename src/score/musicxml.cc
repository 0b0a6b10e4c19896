#include "score/musicxml.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <numeric>
#include <string_view>
#include <utility>
#include <vector>

#include "abc/chord_symbol.h"
#include "score/instrument.h"
#include "score/measures.h"
#include "score/source.h"
#include "score/xml.h"

namespace lilt::score {
namespace {

using abc::Element;
using abc::ElementKind;
using abc::kWholeNote;
using abc::Ticks;

constexpr Ticks kQuarter = kWholeNote / 4;

constexpr std::array<std::string_view, 12> kTypes = {"breve",  "whole", "half",  "quarter",
                                                     "eighth", "16th",  "32nd",  "64th",
                                                     "128th",  "256th", "512th", "1024th"};
constexpr std::array<std::string_view, 5> kBeamParts = {"begin", "continue", "end", "forward hook",
                                                        "backward hook"};
constexpr std::array<std::string_view, 7> kModes = {"major",    "minor",  "mixolydian", "dorian",
                                                    "phrygian", "lydian", "locrian"};
// From two flats up.
constexpr std::array<std::string_view, 5> kAccidentals = {"flat-flat", "flat", "natural", "sharp",
                                                          "double-sharp"};

// The kinds of MusicXML for what stands behind the root of a chord symbol.
constexpr std::array<std::pair<std::string_view, std::string_view>, 27> kChordKinds = {{
    {"", "major"},
    {"m", "minor"},
    {"7", "dominant"},
    {"m7", "minor-seventh"},
    {"m7b5", "half-diminished"},
    {"maj7", "major-seventh"},
    {"M7", "major-seventh"},
    {"6", "major-sixth"},
    {"m6", "minor-sixth"},
    {"aug", "augmented"},
    {"+", "augmented"},
    {"aug7", "augmented-seventh"},
    {"dim", "diminished"},
    {"dim7", "diminished-seventh"},
    {"9", "dominant-ninth"},
    {"m9", "minor-ninth"},
    {"maj9", "major-ninth"},
    {"M9", "major-ninth"},
    {"11", "dominant-11th"},
    {"sus", "suspended-fourth"},
    {"sus4", "suspended-fourth"},
    {"sus2", "suspended-second"},
    {"sus9", "suspended-second"},
    {"7sus4", "suspended-fourth"},
    {"7sus2", "suspended-second"},
    {"7sus9", "suspended-second"},
    {"5", "power"},
}};

enum class MarkGroup : std::uint8_t { kOrnament, kTechnical, kArticulation, kFermata, kDirection };

struct Mark {
  std::string_view abc;
  MarkGroup group;
  std::string_view xml;  // the element
};

constexpr std::array kMarks = {
    Mark{".", MarkGroup::kArticulation, "staccato"},
    Mark{"!staccato!", MarkGroup::kArticulation, "staccato"},
    Mark{"L", MarkGroup::kArticulation, "accent"},
    Mark{"!accent!", MarkGroup::kArticulation, "accent"},
    Mark{"!>!", MarkGroup::kArticulation, "accent"},
    Mark{"!emphasis!", MarkGroup::kArticulation, "accent"},
    Mark{"!tenuto!", MarkGroup::kArticulation, "tenuto"},
    Mark{"!breath!", MarkGroup::kArticulation, "breath-mark"},
    Mark{"~", MarkGroup::kOrnament, "turn"},
    Mark{"!roll!", MarkGroup::kOrnament, "turn"},
    Mark{"!turn!", MarkGroup::kOrnament, "turn"},
    Mark{"T", MarkGroup::kOrnament, "trill-mark"},
    Mark{"!trill!", MarkGroup::kOrnament, "trill-mark"},
    Mark{"M", MarkGroup::kOrnament, "mordent"},
    Mark{"!lowermordent!", MarkGroup::kOrnament, "mordent"},
    Mark{"!mordent!", MarkGroup::kOrnament, "mordent"},
    Mark{"P", MarkGroup::kOrnament, "inverted-mordent"},
    Mark{"!uppermordent!", MarkGroup::kOrnament, "inverted-mordent"},
    Mark{"!pralltriller!", MarkGroup::kOrnament, "inverted-mordent"},
    Mark{"u", MarkGroup::kTechnical, "up-bow"},
    Mark{"!upbow!", MarkGroup::kTechnical, "up-bow"},
    Mark{"v", MarkGroup::kTechnical, "down-bow"},
    Mark{"!downbow!", MarkGroup::kTechnical, "down-bow"},
    Mark{"H", MarkGroup::kFermata, "fermata"},
    Mark{"!fermata!", MarkGroup::kFermata, "fermata"},
    Mark{"S", MarkGroup::kDirection, "segno"},
    Mark{"!segno!", MarkGroup::kDirection, "segno"},
    Mark{"O", MarkGroup::kDirection, "coda"},
    Mark{"!coda!", MarkGroup::kDirection, "coda"},
};

// The words that stand for themselves.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWords = {
    {{"!D.S.!", "D.S."}, {"!D.C.!", "D.C."}, {"!fine!", "Fine"}}};

std::string attribute(std::string_view name, std::string_view value) {
  return std::string(name) + "=\"" + xml_text(value) + "\"";
}

std::string ending_numbers(std::int32_t ending) {
  std::string numbers;
  for (int n = 1; n <= 31; ++n) {
    if ((ending >> (n - 1) & 1) == 0) continue;
    numbers.append(numbers.empty() ? "" : ",").append(std::to_string(n));
  }
  return numbers;
}

std::string plain_number(double number) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.6g", number);
  return text.data();
}

// The least number of units that a quarter note can have so that all lengths are whole.
long long divisions_of(const std::vector<std::vector<Measure>>& parts) {
  long long divisions = 1;
  for (const std::vector<Measure>& part : parts) {
    for (const Measure& measure : part) {
      for (const std::vector<Event>& layer : measure.layers) {
        for (const Event& event : layer) {
          divisions = std::lcm(divisions, Rational(event.time, kQuarter).denominator());
        }
      }
    }
  }
  return divisions;
}

class PartWriter {
 public:
  PartWriter(XmlWriter& xml, const abc::Tune& tune, const MusicXmlOptions& options,
             long long divisions)
      : xml_(xml), tune_(tune), options_(options), divisions_(divisions) {}

  void write(const std::vector<Measure>& measures, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      const bool exists = i < measures.size();
      const Measure empty{.bar = tune_.metre.bar()};
      const Measure& measure = exists ? measures[i] : empty;
      xml_.open("measure", number_of(measure, i == 0));
      const bool opens_ending = measure.ending != 0;
      if (measure.starts_repeat || opens_ending) write_left_line(measure);
      if (i == 0) write_first_attributes();
      for (std::size_t layer = 0; layer < measure.layers.size(); ++layer) {
        write_layer(measure.layers[layer], static_cast<int>(layer) + 1);
      }
      if (measure.time == 0) write_empty_bar(measure);
      write_right_line(measure, i + 1 >= measures.size());
      xml_.close();
    }
  }

 private:
  std::string number_of(const Measure& measure, bool first) {
    if (!measure.is_pickup) return attribute("number", std::to_string(++numbered_));
    const std::string name = first ? "0" : "X" + std::to_string(++unnumbered_);
    return attribute("number", name) + " implicit=\"yes\"";
  }

  long long units(Ticks time) const {
    const Rational quarters(time, kQuarter);
    return quarters.numerator() * (divisions_ / quarters.denominator());
  }

  void write_first_attributes() {
    xml_.open("attributes");
    xml_.leaf("divisions", divisions_);
    write_key(tune_.key);
    write_metre(tune_.metre);
    xml_.open("clef");
    xml_.leaf("sign", "G");
    xml_.leaf("line", "2");
    xml_.close();
    if (tune_.shift != 0) {
      xml_.open("transpose");
      xml_.leaf("chromatic", tune_.shift);
      xml_.close();
    }
    xml_.close();
    write_tempo(options_.tempo, options_.shows_tempo);
  }

  // A signature that no mode has is written step by step.
  void write_key(const abc::Key& key) {
    xml_.open("key");
    const auto usual =
        key.is_regular() ? abc::make_key(key.step, key.alter, key.mode) : std::optional<abc::Key>();
    if (usual && usual->alters == key.alters) {
      xml_.leaf("fifths", key.fifths());
      xml_.leaf("mode", kModes[static_cast<std::size_t>(key.mode)]);
    } else if (std::all_of(key.alters.begin(), key.alters.end(), [](int a) { return a == 0; })) {
      xml_.leaf("fifths", 0);
    } else {
      for (std::size_t step = 0; step < key.alters.size(); ++step) {
        if (key.alters[step] == 0) continue;
        xml_.leaf("key-step", abc::kLetters.substr(step, 1));
        xml_.leaf("key-alter", key.alters[step]);
      }
    }
    xml_.close();
  }

  void write_metre(const abc::Metre& metre) {
    const std::string_view symbol = metre.sign == abc::MetreSign::kCommon ? "common"
                                    : metre.sign == abc::MetreSign::kCut  ? "cut"
                                                                          : "";
    xml_.open("time", symbol.empty() ? "" : attribute("symbol", symbol));
    if (metre.is_free()) {
      xml_.empty("senza-misura");
    } else {
      xml_.leaf("beats", metre.beats);
      xml_.leaf("beat-type", metre.beat_unit);
    }
    xml_.close();
  }

  void write_tempo(const Tempo& tempo, bool shown) {
    const std::string sound = attribute("tempo", plain_number(tempo.quarters()));
    const HeadShape beat = head_shape(tempo.beat);
    if (!shown || !beat.exists) {
      xml_.empty("sound", sound);
      return;
    }
    xml_.open("direction", "placement=\"above\"");
    xml_.open("direction-type");
    xml_.open("metronome");
    xml_.leaf("beat-unit", kTypes[beat.halvings + 1]);
    for (int dot = 0; dot < beat.dots; ++dot) xml_.empty("beat-unit-dot");
    xml_.leaf("per-minute", plain_number(tempo.per_minute));
    xml_.close();
    xml_.close();
    xml_.empty("sound", sound);
    xml_.close();
  }

  void write_left_line(const Measure& measure) {
    xml_.open("barline", "location=\"left\"");
    if (measure.starts_repeat) xml_.leaf("bar-style", "heavy-light");
    if (measure.ending != 0) write_ending(measure.ending, "start");
    if (measure.starts_repeat) xml_.empty("repeat", "direction=\"forward\"");
    xml_.close();
  }

  void write_right_line(const Measure& measure, bool last) {
    const std::string_view style = measure.ends_repeat || measure.is_final || last ? "light-heavy"
                                   : measure.is_double                             ? "light-light"
                                   : measure.is_dotted                             ? "dotted"
                                   : !measure.has_line                             ? "none"
                                                                                   : "";
    if (style.empty() && measure.ending_closed == 0) return;
    xml_.open("barline", "location=\"right\"");
    if (!style.empty()) xml_.leaf("bar-style", style);
    if (measure.ending_closed != 0) {
      write_ending(measure.ending_closed,
                   measure.ends_repeat || !style.empty() ? "stop" : "discontinue");
    }
    if (measure.ends_repeat) xml_.empty("repeat", "direction=\"backward\"");
    xml_.close();
  }

  void write_ending(std::int32_t ending, std::string_view type) {
    xml_.empty("ending",
               attribute("number", ending_numbers(ending)) + " " + attribute("type", type));
  }

  void write_layer(const std::vector<Event>& layer, int voice) {
    if (voice > 1) write_backup();
    layer_time_ = 0;
    for (const Event& event : layer) {
      if (!event.takes_time()) {
        write_field(*event.element);
        continue;
      }
      if (event.is_first) write_before(event);
      write_event(event, voice);
      layer_time_ += event.time;
    }
  }

  // Back to the beginning of the measure, for the next layer.
  void write_backup() {
    if (layer_time_ == 0) return;
    xml_.open("backup");
    xml_.leaf("duration", units(layer_time_));
    xml_.close();
  }

  void write_empty_bar(const Measure& measure) {
    xml_.open("note");
    xml_.empty("rest", "measure=\"yes\"");
    xml_.leaf("duration", std::max<long long>(1, units(measure.bar)));
    xml_.leaf("voice", "1");
    xml_.close();
  }

  void write_field(const Element& field) {
    if (field.field == U'K') {
      if (const auto key = abc::parse_key(field.text).key) {
        xml_.open("attributes");
        write_key(*key);
        xml_.close();
      }
    } else if (field.field == U'M') {
      if (const auto metre = abc::parse_metre(field.text)) {
        xml_.open("attributes");
        write_metre(*metre);
        xml_.close();
      }
    } else if (field.field == U'Q') {
      if (const auto tempo = parse_tempo(field.text, tune_)) write_tempo(*tempo, true);
    } else if (field.field == U'P') {
      write_direction("above", "rehearsal", safe_text(field.text, 40));
    }
  }

  void write_direction(std::string_view placement, std::string_view element,
                       const std::string& text) {
    if (text.empty() && element != "segno" && element != "coda") return;
    xml_.open("direction", attribute("placement", placement));
    xml_.open("direction-type");
    if (text.empty()) {
      xml_.empty(element);
    } else {
      xml_.leaf(element, text);
    }
    xml_.close();
    xml_.close();
  }

  // What stands before a note: chord symbols, annotations, grace notes.
  void write_before(const Event& event) {
    const Element& element = *event.element;
    for (std::size_t i = 0; i < element.chord_symbols.size(); ++i) {
      const Ticks offset =
          element.time * static_cast<Ticks>(i) / static_cast<Ticks>(element.chord_symbols.size());
      write_chord_symbol(element.chord_symbols[i], offset);
    }
    for (const std::string& mark : element.marks) write_direction_mark(mark);
    for (const abc::Head& grace : element.graces) write_grace(grace, element.graces.size() > 1);
  }

  void write_chord_symbol(const std::string& text, Ticks offset) {
    const auto symbol = abc::parse_chord_symbol(text);
    if (!symbol) return write_direction("above", "words", text);
    xml_.open("harmony");
    xml_.open("root");
    xml_.leaf("root-step", abc::kLetters.substr(static_cast<std::size_t>(symbol->root_step), 1));
    if (symbol->root_alter != 0) xml_.leaf("root-alter", symbol->root_alter);
    xml_.close();
    const auto kind = std::find_if(kChordKinds.begin(), kChordKinds.end(), [&](const auto& known) {
      return known.first == symbol->quality;
    });
    xml_.leaf("kind", kind == kChordKinds.end() ? "other" : kind->second,
              attribute("text", symbol->quality));
    if (symbol->bass_step >= 0) {
      xml_.open("bass");
      xml_.leaf("bass-step", abc::kLetters.substr(static_cast<std::size_t>(symbol->bass_step), 1));
      if (symbol->bass_alter != 0) xml_.leaf("bass-alter", symbol->bass_alter);
      xml_.close();
    }
    if (const long long where = offset * divisions_ / kQuarter; where > 0) {
      xml_.leaf("offset", where);
    }
    xml_.close();
  }

  void write_direction_mark(const std::string& mark) {
    for (const auto& [abc_name, text] : kWords) {
      if (mark == abc_name) write_direction("above", "words", std::string(text));
    }
    for (const Mark& known : kMarks) {
      if (mark == known.abc && known.group == MarkGroup::kDirection) {
        write_direction("above", known.xml, "");
      }
    }
    if (mark.size() > 3 && mark[0] == '"') {
      write_direction(mark[1] == '_' ? "below" : "above", "words", mark.substr(2, mark.size() - 3));
    }
  }

  void write_grace(const abc::Head& grace, bool several) {
    xml_.open("note");
    xml_.empty("grace", several ? "" : "slash=\"yes\"");
    write_pitch(grace.pitch);
    xml_.leaf("voice", "1");
    xml_.leaf("type", several ? "16th" : "eighth");
    write_accidental(grace);
    xml_.close();
  }

  void write_pitch(const abc::Pitch& pitch) {
    xml_.open("pitch");
    xml_.leaf("step", abc::kLetters.substr(static_cast<std::size_t>(pitch.step), 1));
    if (pitch.alter != 0) xml_.leaf("alter", pitch.alter);
    xml_.leaf("octave", std::clamp(pitch.octave + 4, 0, 9));
    xml_.close();
  }

  void write_accidental(const abc::Head& head) {
    if (head.accidental == abc::kNoAccidental || head.pitch.alter < -2 || head.pitch.alter > 2) {
      return;
    }
    xml_.leaf("accidental", kAccidentals[static_cast<std::size_t>(head.pitch.alter + 2)]);
  }

  void write_event(const Event& event, int voice) {
    const Element& element = *event.element;
    if (element.heads.empty()) {
      write_rest(event, voice);
      return;
    }
    for (std::size_t h = 0; h < element.heads.size(); ++h) write_head(event, h, voice);
  }

  void write_rest(const Event& event, int voice) {
    xml_.open("note", event.element->invisible ? "print-object=\"no\"" : "");
    xml_.empty("rest", event.whole_bar ? "measure=\"yes\"" : "");
    xml_.leaf("duration", units(event.time));
    xml_.leaf("voice", voice);
    if (!event.whole_bar) write_shape(event, nullptr);
    write_notations(event, 0);
    xml_.close();
  }

  void write_head(const Event& event, std::size_t h, int voice) {
    const abc::Head& head = event.element->heads[h];
    xml_.open("note");
    if (h > 0) xml_.empty("chord");
    write_pitch(head.pitch);
    xml_.leaf("duration", units(event.time));
    if (event.tied_from[h]) xml_.empty("tie", "type=\"stop\"");
    if (event.tied_to[h]) xml_.empty("tie", "type=\"start\"");
    xml_.leaf("voice", voice);
    write_shape(event, &head);
    for (std::size_t i = 0; h == 0 && i < event.beams.size(); ++i) {
      xml_.leaf("beam", kBeamParts[static_cast<std::size_t>(event.beams[i])],
                attribute("number", std::to_string(i + 1)));
    }
    write_notations(event, h);
    xml_.close();
  }

  void write_shape(const Event& event, const abc::Head* head) {
    const HeadShape shape = head_shape(event.nominal);
    if (shape.exists) {
      xml_.leaf("type", kTypes[shape.halvings + 1]);
      for (int dot = 0; dot < shape.dots; ++dot) xml_.empty("dot");
    }
    if (head != nullptr && event.is_first) write_accidental(*head);
    if (event.p == event.q) return;
    xml_.open("time-modification");
    xml_.leaf("actual-notes", event.p);
    xml_.leaf("normal-notes", event.q);
    xml_.close();
  }

  void write_notations(const Event& event, std::size_t h) {
    const bool tied_from = h < event.tied_from.size() && event.tied_from[h];
    const bool tied_to = h < event.tied_to.size() && event.tied_to[h];
    const bool main = h == 0;  // of a chord one note carries what all have
    const std::vector<Mark> marks =
        main && event.is_first ? marks_of(*event.element) : std::vector<Mark>();
    const bool joins = main && (!event.slur_starts.empty() || !event.slur_stops.empty() ||
                                event.tuplet_starts || event.tuplet_stops);
    if (!tied_from && !tied_to && !joins && marks.empty()) return;
    xml_.open("notations");
    if (tied_from) xml_.empty("tied", "type=\"stop\"");
    if (tied_to) xml_.empty("tied", "type=\"start\"");
    if (main) {
      for (const int number : event.slur_stops) write_slur(number, "stop");
      for (const int number : event.slur_starts) write_slur(number, "start");
      if (event.tuplet_starts) xml_.empty("tuplet", "type=\"start\"");
      if (event.tuplet_stops) xml_.empty("tuplet", "type=\"stop\"");
    }
    write_marks(marks, MarkGroup::kOrnament, "ornaments");
    write_marks(marks, MarkGroup::kTechnical, "technical");
    write_marks(marks, MarkGroup::kArticulation, "articulations");
    write_marks(marks, MarkGroup::kFermata, "");
    xml_.close();
  }

  void write_slur(int number, std::string_view type) {
    xml_.empty("slur", attribute("type", type) + " " + attribute("number", std::to_string(number)));
  }

  static std::vector<Mark> marks_of(const Element& element) {
    std::vector<Mark> marks;
    for (const std::string& text : element.marks) {
      for (const Mark& known : kMarks) {
        if (text == known.abc && known.group != MarkGroup::kDirection) marks.push_back(known);
      }
    }
    return marks;
  }

  // The marks of a group, within its element if it has one.
  void write_marks(const std::vector<Mark>& marks, MarkGroup group, std::string_view element) {
    bool open = false;
    for (const Mark& mark : marks) {
      if (mark.group != group) continue;
      if (!open && !element.empty()) xml_.open(element);
      open = true;
      xml_.empty(mark.xml);
    }
    if (open && !element.empty()) xml_.close();
  }

  XmlWriter& xml_;
  const abc::Tune& tune_;
  const MusicXmlOptions& options_;
  long long divisions_;
  int numbered_ = 0, unnumbered_ = 0;
  Ticks layer_time_ = 0;
};

void write_head(XmlWriter& xml, const abc::Tune& tune, const MusicXmlOptions& options) {
  xml.open("work");
  xml.leaf("work-title", title_of(tune));
  xml.close();
  xml.open("identification");
  for (const abc::Field& field : tune.header) {
    if (field.letter == U'C') xml.leaf("creator", field.text, "type=\"composer\"");
  }
  xml.open("encoding");
  xml.leaf("software", "Lilt");
  xml.close();
  xml.close();
  xml.open("part-list");
  for (std::size_t i = 0; i < tune.voices.size(); ++i) {
    const std::string id = "P" + std::to_string(i + 1);
    const std::string instrument = attribute("id", id + "-I1");
    xml.open("score-part", attribute("id", id));
    xml.leaf("part-name", instrument_name(options.instrument), "print-object=\"no\"");
    xml.open("score-instrument", instrument);
    xml.leaf("instrument-name", instrument_name(options.instrument));
    xml.close();
    xml.open("midi-instrument", instrument);
    // Channel 10 is for drums.
    xml.leaf("midi-channel", static_cast<long long>(i % 9 + 1));
    xml.leaf("midi-program", options.instrument + 1);
    xml.close();
    xml.close();
  }
  xml.close();
}

}  // namespace

Result<std::string> make_musicxml(const abc::Tune& tune, const MusicXmlOptions& options) {
  if (const Status status = check_source(tune); !status) return status.error();
  abc::Tune safe = made_safe(tune);
  std::vector<std::vector<Measure>> parts;
  std::size_t most = 0;
  for (abc::Voice& voice : safe.voices) {
    parts.push_back(to_measures(voice, safe.metre, safe.field(U'P')));
    most = std::max(most, parts.back().size());
  }
  XmlWriter xml;
  xml.line("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
  xml.line(
      "<!DOCTYPE score-partwise PUBLIC \"-//Recordare//DTD MusicXML 4.0 Partwise//EN\" "
      "\"http://www.musicxml.org/dtds/partwise.dtd\">");
  xml.open("score-partwise", "version=\"4.0\"");
  write_head(xml, safe, options);
  const long long divisions = divisions_of(parts);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    xml.open("part", attribute("id", "P" + std::to_string(i + 1)));
    PartWriter(xml, safe, options, divisions).write(parts[i], most);
    xml.close();
  }
  xml.close();
  return std::move(xml).take();
}

}  // namespace lilt::score
