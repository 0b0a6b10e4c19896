#include "corpus/repertoire.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <numeric>

#include "abc/header.h"
#include "abc/transpose.h"
#include "corpus/learning_text.h"
#include "corpus/reading.h"

namespace lilt::corpus {
namespace {

// From the open G string of a fiddle to the E three octaves above middle C.
constexpr int kLowest = 55, kHighest = 88;
constexpr int kLeastShift = -6, kShifts = 12;
// What any key gets beside how usual it is.
constexpr double kAnyKey = 0.15;

int modulo12(int value) { return (value % 12 + 12) % 12; }

// Whether there was a note; its range.
bool measure(const abc::Tune& tune, LearningTune& learning) {
  int lowest = 127, highest = 0;
  for (const abc::Element& element : tune.voices[0].elements) {
    for (const abc::Head& head : element.heads) {
      lowest = std::min(lowest, head.pitch.midi());
      highest = std::max(highest, head.pitch.midi());
    }
  }
  learning.lowest = static_cast<std::uint8_t>(std::clamp(lowest, 0, 127));
  learning.highest = static_cast<std::uint8_t>(std::clamp(highest, 0, 127));
  const abc::Key key = abc::usual_key(tune.key);
  learning.tonic = static_cast<std::uint8_t>(modulo12(abc::kSemitones[key.step] + key.alter));
  learning.mode = key.mode;
  learning.told_tonic = abc::told_tonic(tune.key);
  return lowest <= highest;
}

// Whether the key or the metre changes within the music.
bool has_changes(const std::string& text) {
  const std::string_view music = abc::part_tune(text).music;
  for (const std::string_view field : {"K:", "M:"}) {
    if (music.find(field) != std::string_view::npos) return true;
  }
  return false;
}

bool can_be_planned(const abc::Outline& outline) {
  constexpr std::size_t kMostBars = 128;
  constexpr int kLeastBars = 4;  // of a section
  std::size_t bars = 0;
  for (const abc::OutlineSection& section : outline.sections) {
    if (section.bars < (section.is_later_ending ? 1 : kLeastBars)) return false;
    bars += static_cast<std::size_t>(section.bars);
  }
  return bars > 0 && bars == outline.bars.size() && bars <= kMostBars && outline.metre &&
         !outline.metre->is_free();
}

}  // namespace

namespace {

// Nothing without a note.
std::optional<LearningTune> learning_tune(const std::string& text, const TextConfig& form) {
  const abc::Reading reading = abc::read_tune(text);
  LearningTune tune;
  if (reading.tune.voices.empty() || !measure(reading.tune, tune)) return std::nullopt;
  tune.text = learning_text(reading.tune, form);
  return tune;
}

// What is stored of a tune before its text.
struct Facts {
  std::uint64_t size = 0;  // of the text
  std::uint8_t tonic = 0, told_tonic = 0, mode = 0, lowest = 0, highest = 0, unused[3] = {};
};

}  // namespace

void Repertoire::add(const LearningTune& tune) {
  const Facts facts{.size = tune.text.size(),
                    .tonic = tune.tonic,
                    .told_tonic = tune.told_tonic,
                    .mode = static_cast<std::uint8_t>(tune.mode),
                    .lowest = tune.lowest,
                    .highest = tune.highest};
  places_.push_back(store_.append(std::as_bytes(std::span(&facts, 1))));
  store_.append(std::as_bytes(std::span(tune.text)));
  bytes_ += tune.text.size();
  ++count_of(tune);
}

LearningTune Repertoire::take_last() {
  LearningTune tune = this->tune(size() - 1);
  places_.pop_back();
  bytes_ -= tune.text.size();
  --count_of(tune);
  return tune;
}

LearningTune Repertoire::tune(std::size_t i) const {
  Facts facts;
  store_.read(places_[i], std::as_writable_bytes(std::span(&facts, 1)));
  LearningTune tune{.text = std::string(facts.size, '\0'),
                    .tonic = facts.tonic,
                    .told_tonic = facts.told_tonic,
                    .mode = static_cast<abc::Mode>(facts.mode),
                    .lowest = facts.lowest,
                    .highest = facts.highest};
  store_.read(places_[i] + sizeof facts, std::as_writable_bytes(std::span(tune.text)));
  return tune;
}

Result<Repertoire> read_repertoire(const std::string& path, const TextConfig& form,
                                   std::size_t most_held,
                                   const std::function<void(LearningTune&)>& change) {
  Repertoire repertoire(std::filesystem::path(path).stem().string(), most_held);
  const auto learn = [&](const TuneText& text) { return learning_tune(text.text, form); };
  const auto add = [&](const TuneText&, std::optional<LearningTune>& tune) {
    if (!tune) return;
    if (change) change(*tune);
    repertoire.add(*tune);
  };
  if (Status s = map_tunes({path}, "Reading", {}, learn, add); !s) return s.error();
  if (repertoire.size() > 0) return repertoire;
  return Error{ErrorCode::kCorpus,
               "expected tunes in ABC notation, found none with a note",
               {.source = path, .byte = {}, .line = {}}};
}

std::optional<abc::KnownOutline> known_outline(const LearningTune& tune, std::uint8_t dialect) {
  if (has_changes(tune.text) || !abc::read_tune(tune.text).is_correct()) return std::nullopt;
  abc::Outline outline = abc::outline_of(tune.text, tune.told_tonic);
  if (!can_be_planned(outline)) return std::nullopt;
  return abc::KnownOutline{dialect, tune.mode, std::move(outline)};
}

void KnownOutlines::add(const LearningTune& tune) {
  const std::uint64_t number = tunes_++;
  if (number % step_ != 0) return;
  const std::optional<abc::KnownOutline> known = known_outline(tune, dialect_);
  if (!known) return;
  lines_.push_back({number, abc::outlines_text(std::span(&*known, 1))});
  while (lines_.size() > most_) {
    step_ *= 2;
    std::erase_if(lines_, [&](const Line& line) { return line.tune % step_ != 0; });
  }
}

std::string KnownOutlines::text() const {
  std::string text;
  for (const Line& line : lines_) text += line.text;
  return text;
}

std::string text_in_key(const LearningTune& tune, int semitones) {
  if (semitones == 0) return tune.text;
  abc::Tune moved = abc::read_tune(tune.text).tune;
  abc::transpose(moved, semitones);
  return learning_text(moved);
}

void KeyChooser::count(const Repertoire& repertoire) {
  const Repertoire::Tonics& tonics = repertoire.tonics();
  for (std::size_t mode = 0; mode < tonics.size(); ++mode) {
    for (std::size_t tonic = 0; tonic < tonics[mode].size(); ++tonic) {
      counts_[mode][tonic] += tonics[mode][tonic];
    }
  }
}

int KeyChooser::choose(const LearningTune& tune, Random random) const {
  if (keys_ == Keys::kOriginal || keys_ == Keys::kC) return 0;
  const auto& counts = counts_[static_cast<std::size_t>(tune.mode)];
  const double total = std::max(1.0, std::accumulate(counts.begin(), counts.end(), 0.0));
  std::array<double, kShifts> chances{};
  for (int i = 0; i < kShifts; ++i) {
    const int shift = kLeastShift + i;
    const bool playable = tune.lowest + shift >= std::min<int>(kLowest, tune.lowest) &&
                          tune.highest + shift <= std::max<int>(kHighest, tune.highest);
    if (!playable) continue;
    const double usual = counts[static_cast<std::size_t>(modulo12(tune.tonic + shift))] / total;
    chances[static_cast<std::size_t>(i)] =
        keys_ == Keys::kAll ? 1 : (1 - kAnyKey) * usual + kAnyKey / kShifts;
  }
  double draw = random.uniform() * std::accumulate(chances.begin(), chances.end(), 0.0);
  for (int i = 0; i < kShifts; ++i) {
    draw -= chances[static_cast<std::size_t>(i)];
    if (draw < 0) return kLeastShift + i;
  }
  return 0;
}

}  // namespace lilt::corpus
