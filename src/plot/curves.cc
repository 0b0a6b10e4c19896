#include "plot/curves.h"

#include <fmt/format.h>

#include <algorithm>
#include <numbers>
#include <numeric>
#include <optional>

#include "base/text.h"
#include "plot/axis.h"
#include "plot/panel.h"

namespace lilt::plot {
namespace {

constexpr double kWidth = 800, kHeight = 600;
constexpr double kLeft = 74, kRight = kWidth - 24, kBottom = kHeight - 60;  // of the panels
constexpr double kBetweenPanels = 24;

// Okabe and Ito's palette for the colour-blind, without the yellow, which is lost on white.
constexpr Color kBlue{0, 0.447, 0.698}, kVermilion{0.835, 0.369, 0}, kGreen{0, 0.62, 0.451},
    kPurple{0.8, 0.475, 0.655}, kOrange{0.902, 0.624, 0}, kSky{0.337, 0.706, 0.914};
constexpr Color kFaint{0.8, 0.8, 0.8};
constexpr Color kRunColors[kMostRuns] = {kBlue, kVermilion, kGreen, kPurple, kOrange, kSky, kInk};

// What is drawn of an epoch, if it is there.
using Figure = std::optional<double> (*)(const Epoch&);

std::optional<double> training(const Epoch& epoch) { return epoch.loss / std::numbers::ln2; }
std::optional<double> validation(const Epoch& epoch) { return epoch.bits_per_character; }
std::optional<double> per_note(const Epoch& epoch) { return epoch.bits_per_note; }
std::optional<double> rate(const Epoch& epoch) { return epoch.learning_rate; }

bool has(const LoggedRun& run, Figure figure) {
  return std::ranges::any_of(run.epochs,
                             [&](const Epoch& epoch) { return figure(epoch).has_value(); });
}

bool any_has(std::span<const LoggedRun> runs, Figure figure) {
  return std::ranges::any_of(runs, [&](const LoggedRun& run) { return has(run, figure); });
}

bool is_coloured(std::size_t run) { return run < kMostRuns; }
Color color_of(std::size_t run) { return is_coloured(run) ? kRunColors[run] : kFaint; }

// Of one run the curves differ in colour; of several, each has its own as far as there are colours,
// and training is dashed.
class Strokes {
 public:
  explicit Strokes(std::span<const LoggedRun> runs)
      : single_(runs.size() == 1), validated_(any_has(runs, plot::validation)) {}

  [[nodiscard]] Stroke training(std::size_t run) const {
    return single_ ? Stroke{kBlue, 1.8} : Stroke{color_of(run), 1.4, validated_};
  }
  [[nodiscard]] Stroke validation(std::size_t run) const { return of(run, kVermilion); }
  [[nodiscard]] Stroke per_note(std::size_t run) const { return of(run, kGreen); }
  [[nodiscard]] Stroke rate(std::size_t run) const { return of(run, kQuiet); }

 private:
  [[nodiscard]] Stroke of(std::size_t run, const Color& alone) const {
    return {single_ ? alone : color_of(run), is_coloured(run) ? 1.8 : 1};
  }

  bool single_, validated_;
};

void add_curve(Panel& panel, const LoggedRun& run, Figure figure, const Stroke& stroke) {
  Curve curve{.points = {}, .stroke = stroke};
  for (const Epoch& epoch : run.epochs) {
    if (const auto value = figure(epoch)) {
      curve.points.push_back({static_cast<double>(epoch.number), *value});
    }
  }
  if (!curve.points.empty()) panel.curves.push_back(std::move(curve));
}

// A panel without the curve of a run has no ring for it.
void add_mark(Panel& panel, const LoggedRun& run, Figure figure, const Color& color) {
  const Epoch& best = best_epoch(run);
  panel.marks.push_back({static_cast<double>(best.number), figure(best), color});
}

// "best epoch 16: 1.407 bits per character, 4.40 bits per note"
std::string best_text(const LoggedRun& run) {
  const Epoch& best = best_epoch(run);
  std::string text = fmt::format("{} {}: {:.3f} bits per character",
                                 best.bits_per_character ? "best epoch" : "lowest loss, epoch",
                                 best.number, best.bits_per_character.value_or(*training(best)));
  if (best.bits_per_note) text += fmt::format(", {:.2f} bits per note", *best.bits_per_note);
  return text;
}

std::vector<Panel> make_panels(std::span<const LoggedRun> runs) {
  const Strokes strokes(runs);
  Panel characters{.label = "bits per character", .share = 3};
  Panel notes{.label = "bits per note", .share = 1.5};
  Panel rates{.label = "learning rate", .from_zero = true, .share = 1};
  const std::size_t first = runs.size() > kMostRuns ? kMostRuns : 0;
  for (std::size_t k = 0; k < runs.size(); ++k) {
    const std::size_t i = (first + k) % runs.size();  // the grey ones lie behind the others
    const LoggedRun& run = runs[i];
    const bool validated = has(run, validation);
    if (is_coloured(i) || !validated) add_curve(characters, run, training, strokes.training(i));
    add_curve(characters, run, validation, strokes.validation(i));
    add_curve(notes, run, per_note, strokes.per_note(i));
    add_curve(rates, run, rate, strokes.rate(i));
    if (!is_coloured(i)) continue;
    const Color color = (validated ? strokes.validation(i) : strokes.training(i)).color;
    add_mark(characters, run, validated ? validation : training, color);
    add_mark(notes, run, per_note, strokes.per_note(i).color);
    add_mark(
        rates, run, [](const Epoch&) { return std::optional<double>(); }, color);
  }
  if (runs.size() == 1) characters.remark = best_text(runs[0]);
  std::vector<Panel> panels = {std::move(characters)};
  if (!notes.curves.empty()) panels.push_back(std::move(notes));
  if (!rates.curves.empty()) panels.push_back(std::move(rates));
  return panels;
}

struct LegendEntry {
  Stroke stroke;
  std::string text;
};

std::vector<LegendEntry> legend_of_one(const LoggedRun& run) {
  const Strokes strokes({&run, 1});
  std::vector<LegendEntry> legend = {{strokes.training(0), "training loss, in bits"}};
  if (has(run, validation)) legend.push_back({strokes.validation(0), "validation"});
  if (has(run, per_note)) legend.push_back({strokes.per_note(0), "validation, per note"});
  return legend;
}

std::vector<LegendEntry> legend_of(std::span<const LoggedRun> runs) {
  if (runs.size() == 1) return legend_of_one(runs[0]);
  const Strokes strokes(runs);
  std::vector<LegendEntry> legend;
  for (std::size_t i = 0; i < std::min(runs.size(), kMostRuns); ++i) {
    const Epoch& best = best_epoch(runs[i]);
    const bool validated = best.bits_per_character.has_value();
    legend.push_back(
        {validated ? strokes.validation(i) : strokes.training(i),
         fmt::format("{} ({} {:.3f} at epoch {})", runs[i].name, validated ? "best" : "lowest loss",
                     best.bits_per_character.value_or(*training(best)), best.number)});
  }
  if (runs.size() > kMostRuns) {
    legend.push_back(
        {strokes.validation(kMostRuns), fmt::format("{} more", grouped(runs.size() - kMostRuns))});
  }
  return legend;
}

// Entries in a row, or else in columns, the first baseline at `top`; the height that they take.
double draw_legend(Canvas& canvas, const std::vector<LegendEntry>& legend, double top) {
  constexpr double kLine = 24, kGap = 7, kBetween = 24, kRow = 17,
                   kRoom = kRight - kLeft + kBetween;
  const TextStyle style{.color = kInk};
  std::vector<double> widths;
  widths.reserve(legend.size());
  for (const LegendEntry& entry : legend) {
    widths.push_back(kLine + kGap + canvas.text_width(entry.text, style) + kBetween);
  }
  if (std::accumulate(widths.begin(), widths.end(), 0.0) > kRoom) {
    std::ranges::fill(widths, *std::ranges::max_element(widths));
  }
  double x = kLeft, y = top;
  for (std::size_t i = 0; i < legend.size(); ++i) {
    if (x > kLeft && x + widths[i] > kLeft + kRoom) {
      x = kLeft;
      y += kRow;
    }
    const Point ends[] = {{x, y - 4}, {x + kLine, y - 4}};
    canvas.line(ends, legend[i].stroke);
    canvas.text({x + kLine + kGap, y}, legend[i].text, style);
    x += widths[i];
  }
  return y + kRow - top;
}

Axis epochs_of(std::span<const LoggedRun> runs) {
  std::uint64_t first = runs[0].epochs.front().number, last = runs[0].epochs.back().number;
  for (const LoggedRun& run : runs) {
    first = std::min(first, run.epochs.front().number);
    last = std::max(last, run.epochs.back().number);
  }
  return epoch_axis(first, last, 10);
}

// One under the other from `top` to kBottom.
void draw_panels(Canvas& canvas, std::span<const Panel> panels, const Axis& epochs, double top) {
  double shares = 0;
  for (const Panel& panel : panels) shares += panel.share;
  const double height = kBottom - top - kBetweenPanels * static_cast<double>(panels.size() - 1);
  Box box{.left = kLeft, .top = top, .right = kRight, .bottom = top};
  for (const Panel& panel : panels) {
    box.bottom = box.top + height * panel.share / shares;
    draw_panel(canvas, panel, epochs, box);
    box.top = box.bottom + kBetweenPanels;
  }
  draw_epochs(canvas, epochs, box);
}

// What the axes have no room to say.
std::string caption(std::span<const LoggedRun> runs) {
  const bool dashed = runs.size() > 1 && any_has(runs, validation);
  return std::string(dashed ? "Solid: validation; dashed: training. " : "") +
         "Training loss is mean cross-entropy with dropout on, in bits (nats ÷ ln 2).";
}

}  // namespace

const Epoch& best_epoch(const LoggedRun& run) {
  const Figure figure = has(run, validation) ? validation : training;
  const Epoch* best = nullptr;
  for (const Epoch& epoch : run.epochs) {
    if (figure(epoch) && (best == nullptr || *figure(epoch) < *figure(*best))) best = &epoch;
  }
  return *best;
}

std::string summary(const LoggedRun& run) {
  return fmt::format("{}: {} epoch{}; {}", run.name, grouped(run.epochs.size()),
                     run.epochs.size() == 1 ? "" : "s", best_text(run));
}

std::string draw_curves(std::span<const LoggedRun> runs, const std::string& title,
                        ImageFormat format) {
  constexpr double kTitle = 30, kLegend = 54;
  Canvas canvas(format, kWidth, kHeight);
  canvas.text({kLeft, kTitle}, title, {.size = 15, .color = kInk, .bold = true});
  const double legend = draw_legend(canvas, legend_of(runs), kLegend);
  draw_panels(canvas, make_panels(runs), epochs_of(runs), kLegend + legend);
  canvas.text({kLeft, kHeight - 9}, caption(runs), {.size = 9.5, .color = kQuiet});

  std::string description;
  for (const LoggedRun& run : runs) description += summary(run) + "\n";
  return canvas.finish(title, description + caption(runs));
}

}  // namespace lilt::plot
