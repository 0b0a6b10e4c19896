#include "corpus/description.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace lilt::corpus {
namespace {

constexpr std::size_t kMostValues = 10000;
constexpr std::size_t kLongestValue = 100;  // bytes

}  // namespace

void Tally::add(const std::string& value) {
  if (const auto found = counts_.find(value); found != counts_.end()) {
    ++found->second;
  } else if (counts_.size() < kMostValues && value.size() <= kLongestValue) {
    counts_.emplace(value, 1);
  } else {
    ++beyond_;
  }
}

std::vector<std::pair<std::string, std::uint64_t>> Tally::sorted() const {
  std::vector<std::pair<std::string, std::uint64_t>> list(counts_.begin(), counts_.end());
  std::stable_sort(list.begin(), list.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  if (beyond_ > 0) list.emplace_back("…", beyond_);
  return list;
}

std::uint64_t Distribution::median() const {
  std::uint64_t before = 0;
  for (const auto& [value, count] : counts_) {
    before += count;
    if (2 * before >= count_) return value;
  }
  return 0;
}

std::string rhythm_of(const abc::Tune& tune) {
  std::string rhythm;
  for (const char c : tune.field(U'R')) {
    if (c == ' ' || c == '\t') {
      if (!rhythm.empty() && rhythm.back() != ' ') rhythm += ' ';
    } else {
      rhythm += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    }
  }
  return rhythm;
}

namespace {

// The degree of the tune's last note above the tonic in force there; "" where there is none. Where
// most tunes of a collection do not end on the tonic, its keys are not what they say.
std::string last_note_of(const abc::Tune& tune) {
  constexpr std::array<const char*, 12> kDegrees = {
      "tonic",   "minor second", "second",      "minor third", "third",         "fourth",
      "tritone", "fifth",        "minor sixth", "sixth",       "minor seventh", "seventh"};
  if (tune.voices.empty()) return "";
  abc::Key key = tune.key;
  std::string degree;
  for (const abc::Element& element : tune.voices[0].elements) {
    if (element.kind == abc::ElementKind::kField && element.field == U'K') {
      key = abc::parse_key(element.text).key.value_or(key);
    }
    if (element.heads.empty() || !key.has_tonic) continue;
    const int above = element.heads.back().pitch.midi() - abc::kSemitones[key.step] - key.alter;
    degree = kDegrees[static_cast<std::size_t>((above % 12 + 12) % 12)];
  }
  return degree;
}

}  // namespace

void Description::add(const TuneText& text, const abc::Reading& reading) {
  const abc::Tune& tune = reading.tune;
  ++tunes;
  correct += reading.is_correct() ? 1 : 0;
  latin1 += text.was_latin1 ? 1 : 0;
  several_voices += tune.voices.size() > 1 ? 1 : 0;
  keys.add(tune.key.has_tonic ? tune.key.to_string() : "none");
  metres.add(tune.metre.to_string());
  rhythms.add(rhythm_of(tune));
  if (const std::string last = last_note_of(tune); !last.empty()) last_notes.add(last);

  std::set<std::string_view> names;
  for (const abc::Problem& problem : reading.problems) names.insert(name(problem.code));
  for (const std::string_view problem : names) problems.add(std::string(problem));

  std::uint64_t size = 0;
  for (std::string_view rest = text.text; !rest.empty(); ++size) {
    const Utf8Step step = decode_utf8(rest);
    alphabet.insert(step.code_point);
    rest.remove_prefix(std::max<std::size_t>(step.bytes, 1));
  }
  characters.add(size);

  std::uint64_t sounding = 0, written_bars = 0;
  bool chord_symbols = false;
  for (const abc::Voice& voice : tune.voices) {
    for (const abc::Element& element : voice.elements) {
      sounding += element.heads.empty() ? 0 : 1;
      chord_symbols |= !element.chord_symbols.empty();
    }
    written_bars = std::max<std::uint64_t>(written_bars, voice.bars().size());
  }
  notes.add(sounding);
  bars.add(written_bars);
  with_chord_symbols += chord_symbols ? 1 : 0;
}

Result<Description> describe_files(const std::vector<std::string>& paths, const Watch& watch) {
  Description description;
  const auto look = [](const TuneText& tune) { return abc::read_tune(tune.text); };
  const auto add = [&](const TuneText& tune, const abc::Reading& reading) {
    description.add(tune, reading);
  };
  if (Status s = map_tunes(paths, "Describing", watch, look, add); !s) return s.error();
  return description;
}

}  // namespace lilt::corpus
