#include "score/drawing.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "score/source.h"
#include "score/tempo.h"

namespace lilt::score {
namespace {

constexpr std::chrono::seconds kLimit{20};
constexpr double kNarrow = 560;  // pixels: lines of the writer would be squeezed
constexpr double kMargin = 4;    // around what has no bar line beside it

std::string centimetres(double pixels) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.2fcm", pixels / 96 * 2.54);
  return text.data();
}

std::string format_of(const DrawingOptions& options) {
  return "%%pagewidth " + centimetres(options.width) +
         "\n%%leftmargin 0.3cm\n%%rightmargin 0.3cm\n%%topmargin 0.2cm\n%%botmargin 0.2cm\n";
}

// --- Places

// Where in the tune's text a byte of the source stood.
class SourceMap {
 public:
  SourceMap(const std::string& source, std::vector<abc::Copied> copied)
      : copied_(std::move(copied)) {
    lines_.push_back(0);
    for (std::size_t i = 0; i < source.size(); ++i) {
      if (source[i] == '\n') lines_.push_back(i + 1);
    }
  }

  [[nodiscard]] std::optional<abc::Extent> find(const Reference& reference) const {
    if (reference.line == 0 || reference.line > lines_.size()) return std::nullopt;
    const std::size_t at = lines_[reference.line - 1] + reference.byte;
    const auto behind = std::upper_bound(
        copied_.begin(), copied_.end(), at,
        [](std::size_t byte, const abc::Copied& copied) { return byte < copied.to.begin; });
    if (behind == copied_.begin() || at >= (behind - 1)->to.end) return std::nullopt;
    return (behind - 1)->from;
  }

 private:
  std::vector<abc::Copied> copied_;
  std::vector<std::size_t> lines_;  // where each begins
};

// --- Bars

// Stretches of one number beside each other are one bar.
std::vector<DrawnBar> bars_of(const std::vector<abc::Stretch>& stretches) {
  std::vector<DrawnBar> bars;
  for (const abc::Stretch& stretch : stretches) {
    const bool goes_on = !bars.empty() && bars.back().number == stretch.bar && stretch.begin > 0;
    if (!goes_on) bars.push_back({stretch.bar, stretch.place, {}});
    bars.back().place.end = stretch.place.end;
  }
  return bars;
}

// A line of music, as its bar lines show where it is.
struct Staff {
  double y = 0, height = 0;
  std::vector<double> bar_lines;  // their middles
  double begin = 0;               // behind clef, key and metre
};

double middle(const Box& box) { return box.x + box.width / 2; }

class Staves {
 public:
  explicit Staves(const std::vector<Reference>& references) {
    for (const Reference& r : references) {
      if (r.kind != 'B') continue;
      Staff& staff = staves_[{std::lround(10 * r.box.y), std::lround(10 * r.box.height)}];
      staff.y = r.box.y;
      staff.height = r.box.height;
      staff.bar_lines.push_back(middle(r.box));
    }
    for (auto& [place, staff] : staves_) std::sort(staff.bar_lines.begin(), staff.bar_lines.end());
    for (const Reference& r : references) {
      if (r.kind == 'c' || r.kind == 'K' || r.kind == 'M') put_before_music(r.box);
    }
  }

  // The nearest one.
  [[nodiscard]] const Staff* find(const Box& box) const {
    const double y = box.y + box.height / 2;
    const Staff* nearest = nullptr;
    double least = std::numeric_limits<double>::max();
    for (const auto& [place, staff] : staves_) {
      const double distance = std::abs(staff.y + staff.height / 2 - y);
      if (distance < least) least = distance, nearest = &staff;
    }
    return nearest;
  }

 private:
  void put_before_music(const Box& box) {
    const Staff* found = find(box);
    if (found == nullptr) return;
    for (auto& [place, staff] : staves_) {
      const bool is_first = staff.bar_lines.empty() || middle(box) < staff.bar_lines.front();
      if (&staff == found && is_first) staff.begin = std::max(staff.begin, box.x + box.width);
    }
  }

  std::map<std::pair<long, long>, Staff> staves_;
};

// From the bar line before the notes to the one behind them.
Box box_of(const Staff& staff, double first, double last) {
  const auto behind = std::upper_bound(staff.bar_lines.begin(), staff.bar_lines.end(), first);
  double left = std::min(first, staff.begin > 0 ? staff.begin : first - kMargin);
  if (behind != staff.bar_lines.begin()) left = *(behind - 1);
  const auto end = std::upper_bound(staff.bar_lines.begin(), staff.bar_lines.end(), last);
  const double right = end == staff.bar_lines.end() ? last + kMargin : *end;
  return {left, staff.y, right - left, staff.height};
}

// What of a bar is on one line of music.
struct Span {
  const Staff* staff = nullptr;
  double first = 0, last = 0;
};

void add_boxes(const std::vector<DrawnNote>& notes, const Staves& staves,
               std::vector<DrawnBar>& bars) {
  std::map<std::size_t, std::vector<Span>> spans;
  for (const DrawnNote& note : notes) {
    const auto behind = std::upper_bound(
        bars.begin(), bars.end(), note.place.begin,
        [](std::uint32_t at, const DrawnBar& bar) { return at < bar.place.begin; });
    const Staff* staff = staves.find(note.box);
    if (behind == bars.begin() || staff == nullptr) continue;
    std::vector<Span>& of_bar = spans[static_cast<std::size_t>(behind - bars.begin()) - 1];
    if (of_bar.empty() || of_bar.back().staff != staff) {
      of_bar.push_back({staff, note.box.x, note.box.x + note.box.width});
    }
    of_bar.back().first = std::min(of_bar.back().first, note.box.x);
    of_bar.back().last = std::max(of_bar.back().last, note.box.x + note.box.width);
  }
  for (const auto& [bar, of_bar] : spans) {
    for (const Span& span : of_bar) {
      bars[bar].boxes.push_back(box_of(*span.staff, span.first, span.last));
    }
  }
}

std::string engrave(const Workshop& workshop, const std::string& source, bool is_narrow) {
  workshop.write("score.abc", source);
  std::error_code ignored;
  std::filesystem::remove(workshop.folder() / "score001.svg", ignored);
  std::vector<std::string> arguments = {"+F", "-S", "-q", "-A"};
  if (is_narrow) arguments.emplace_back("-c");
  arguments.insert(arguments.end(), {"-g", "score.abc", "-O", "score"});
  const Outcome outcome = workshop.run(kAbcm2ps, arguments, kLimit);
  // Its exit code tells of remarks, not of success.
  if (!std::filesystem::exists(workshop.folder() / "score001.svg")) fail(kAbcm2ps, outcome);
  return workshop.read("score001.svg");
}

}  // namespace

Result<Drawing> draw(const Workshop& workshop, const abc::Tune& tune,
                     const std::vector<abc::Stretch>& stretches, const DrawingOptions& options) {
  Result<abc::CanonicalWriting> writing = write_engraving_source(tune, 1, written_tempo(tune));
  if (!writing) return writing.error();
  const SourceMap map(writing->text, std::move(writing->copied));
  const std::string format = format_of(options);
  const auto more = static_cast<std::size_t>(std::count(format.begin(), format.end(), '\n'));
  const std::string file = engrave(workshop, format + writing->text, options.width < kNarrow);
  std::optional<PagePicture> picture = read_page_picture(file, options.prefix);
  if (!picture) fail(kAbcm2ps, {.messages = "its picture cannot be read"});

  Drawing drawing{.width = picture->width, .height = picture->height};
  drawing.svg = std::move(picture->svg);
  for (Reference reference : picture->references) {
    if (reference.kind != 'N' && reference.kind != 'R') continue;
    reference.line -= std::min(reference.line, more);
    if (const std::optional<abc::Extent> place = map.find(reference)) {
      drawing.notes.push_back({*place, reference.box});
    }
  }
  drawing.bars = bars_of(stretches);
  add_boxes(drawing.notes, Staves(picture->references), drawing.bars);
  return drawing;
}

}  // namespace lilt::score
