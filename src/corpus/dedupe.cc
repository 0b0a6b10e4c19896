#include "corpus/dedupe.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <optional>
#include <utility>

namespace lilt::corpus {
namespace {

// A pipe is gone when it has been read.
Status check_readable_twice(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (path == "-" || (std::filesystem::exists(path) && !std::filesystem::is_directory(path) &&
                        !std::filesystem::is_regular_file(path))) {
      return Error{ErrorCode::kOption, "expected files, which can be read twice, found " +
                                           (path == "-" ? std::string("standard input") : path)};
    }
  }
  return success();
}

// Of two tunes with the same melody the one that says more is kept: correct before not, then by
// chord symbols, then by fields.
std::uint32_t completeness(const abc::Reading& reading) {
  std::size_t chords = 0;
  for (const abc::Voice& voice : reading.tune.voices) {
    for (const abc::Element& element : voice.elements) chords += element.chord_symbols.size();
  }
  const auto fields = std::count_if(reading.tune.header.begin(), reading.tune.header.end(),
                                    [](const abc::Field& field) { return !field.text.empty(); });
  return (reading.is_correct() ? 1U << 31 : 0U) |
         static_cast<std::uint32_t>(std::min<std::size_t>(chords, 0x7FFF)) << 16 |
         static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(fields, 0xFFFF));
}

// What is remembered of the tunes, and which of them stand for the others.
class Choice {
 public:
  explicit Choice(bool by_family) : by_family_(by_family) {}

  void look_at(const TuneText& tune, const abc::Reading& reading) {
    places_.push_back({static_cast<std::uint32_t>(tune.file), static_cast<std::uint32_t>(tune.line),
                       completeness(reading)});
  }

  void choose(Families families) {
    families_ = std::move(families);
    chosen_.resize(places_.size());
    for (std::uint32_t i = 0; i < places_.size(); ++i) {
      std::uint32_t& best = chosen_[group(i)];
      if (group(i) == i || places_[i].completeness > places_[best].completeness) best = i;
    }
  }

  [[nodiscard]] std::size_t tunes() const { return places_.size(); }
  [[nodiscard]] const Families& families() const { return families_; }
  [[nodiscard]] bool is_at(std::size_t tune, std::uint64_t line) const {
    return tune < places_.size() && places_[tune].line == line;
  }
  [[nodiscard]] bool is_kept(std::size_t tune) const { return chosen_[group(tune)] == tune; }

  // The tune that stands for this one, or else for its family: itself where it stands for both.
  [[nodiscard]] std::size_t other(std::size_t tune) const {
    const std::size_t best = chosen_[group(tune)];
    return best != tune ? best : chosen_[group(families_.family(tune))];
  }

  [[nodiscard]] TunePlace place(std::size_t tune) const {
    return {places_[tune].file, places_[tune].line};
  }

 private:
  struct Place {
    std::uint32_t file, line, completeness;
  };

  // The number of the group's first tune.
  [[nodiscard]] std::size_t group(std::size_t tune) const {
    return by_family_ ? families_.family(tune) : families_.original(tune);
  }

  bool by_family_;
  std::deque<Place> places_;           // grows without being copied
  std::vector<std::uint32_t> chosen_;  // of each group
  Families families_;
};

// What there is to know of a tune beside others.
struct Compared {
  abc::Reading reading;
  Fingerprint fingerprint;
};

}  // namespace

Error files_changed() {
  return {ErrorCode::kCorpus, "the files changed while they were read; try again"};
}

Result<Families> find_families(
    const std::vector<std::string>& paths, const Watch& watch,
    const std::function<void(const TuneText&, const abc::Reading&)>& also) {
  if (Status s = check_readable_twice(paths); !s) return s.error();
  std::optional<SharedAnchors> shared(total_size(paths));
  std::size_t tunes = 0;
  const auto look = [](const TuneText& tune) { return anchors_of(abc::read_tune(tune.text).tune); };
  const auto note = [&](const TuneText&, std::vector<std::uint64_t>& anchors) {
    ++tunes;
    shared->add(std::move(anchors));
  };
  if (Status s = map_tunes(paths, "Looking", watch, look, note); !s) return s.error();
  Families families;
  const auto compare = [](const TuneText& tune) {
    Compared compared{abc::read_tune(tune.text), {}};
    compared.fingerprint = fingerprint(compared.reading.tune);
    return compared;
  };
  const auto add = [&](const TuneText& tune, const Compared& compared) {
    families.add(compared.fingerprint, *shared);
    if (also) also(tune, compared.reading);
  };
  if (Status s = map_tunes(paths, "Comparing", watch, compare, add); !s) return s.error();
  if (families.tunes() != tunes) return files_changed();
  shared.reset();
  families.find();
  return families;
}

Result<DedupeFigures> dedupe(const std::vector<std::string>& paths, const DedupeOptions& options,
                             const Watch& watch) {
  Choice choice(options.by_family);
  const auto look = [&](const TuneText& tune, const abc::Reading& reading) {
    choice.look_at(tune, reading);
  };
  Result<Families> families = find_families(paths, watch, look);
  if (!families) return families.error();
  choice.choose(*std::move(families));

  std::size_t number = 0, kept = 0;
  bool changed = false;
  const auto take = [&](const TuneText& tune) {
    const std::size_t i = number++;
    changed = changed || !choice.is_at(i, tune.line);
    if (changed) return;
    if (choice.is_kept(i)) {
      ++kept;
      if (options.keep) options.keep(tune.text);
    }
    const std::size_t other = choice.other(i);
    if (!options.relate || other == i) return;
    options.relate({.tune = choice.place(i),
                    .other = choice.place(other),
                    .title = abc::read_tune(tune.text).tune.field(U'T'),
                    .is_same = choice.families().original(i) == choice.families().original(other)});
  };
  if (Status s = for_each_tune(paths, "Writing", watch, take); !s) return s.error();
  if (changed || number != choice.tunes()) return files_changed();
  return DedupeFigures{.tunes = number,
                       .different = choice.families().originals(),
                       .families = choice.families().families(),
                       .kept = kept};
}

}  // namespace lilt::corpus
