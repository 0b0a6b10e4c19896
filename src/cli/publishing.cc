#include "cli/publishing.h"

#include <fmt/format.h>

#include "base/text.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "score/instrument.h"
#include "score/kind.h"
#include "score/tempo.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBeforeProgress{1};
constexpr std::size_t kMostWarnings = 10;

}  // namespace

score::Listener PublishingView::listener() {
  score::Listener listener;
  listener.begins = catch_interrupts;
  listener.written = [this](const std::filesystem::path& path) {
    status_.clear();
    fmt::print("{}\n", escaped(path.lexically_normal().string()));
  };
  listener.output = print_bytes;
  listener.warning = [this](const std::string& text) {
    if (++warnings_ <= kMostWarnings) warn(text);
  };
  listener.failure = [this](const std::string& text) { warn(text); };
  listener.progress = [this](const score::Progress& progress) { show(progress); };
  listener.go_on = [] { return !is_interrupted(); };
  return listener;
}

void PublishingView::finish() {
  status_.clear();
  if (warnings_ <= kMostWarnings) return;
  tell(fmt::format("lilt: {} more such warnings", grouped(warnings_ - kMostWarnings)));
}

void PublishingView::show(const score::Progress& progress) {
  if (Clock::now() - start_ < kBeforeProgress) return;
  const double elapsed = std::chrono::duration<double>(Clock::now() - start_).count();
  std::string what = "Writing";
  if (progress.is_book) {
    what += progress.all == 1 ? " a tune" : fmt::format(" {} tunes", grouped(progress.all));
  } else if (progress.all > 1) {
    const double share = static_cast<double>(progress.done) / static_cast<double>(progress.all);
    status_.show(fmt::format("{}  {} {} of {}, {}", what, bar(share, 30), grouped(progress.done),
                             grouped(progress.all), duration(elapsed)));
    return;
  }
  status_.show(fmt::format("{}  {}", what, duration(elapsed)));
}

void PublishingView::warn(const std::string& text) {
  status_.clear();
  complain(text);
}

void add_publication_options(CLI::App* command, score::Publication& publication,
                             const std::string& usual_formats) {
  suggest(command
              ->add_option("--format", publication.formats,
                           "What a folder gets, as endings (" + usual_formats + ")")
              ->delimiter(',')
              ->type_name("LIST"),
          score::endings());
  suggest(command
              ->add_option("--instrument", publication.instrument,
                           "Who plays: fiddle, whistle …, a name of General MIDI or its number")
              ->capture_default_str()
              ->type_name("NAME"),
          score::usual_instruments());
  add_field(command,
            {.name = "tempo",
             .help = "Beats a minute (default: the tune's Q: field, else usual for its rhythm)",
             .value = "BEATS",
             .least = score::kSlowest,
             .most = score::kFastest},
            publication.tempo);
}

}  // namespace lilt::cli
