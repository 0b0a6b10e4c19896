#include "score/render.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "abc/transpose.h"
#include "abc/tune.h"
#include "base/environment_error.h"
#include "score/selection.h"

namespace lilt::score {
namespace {

class Rendering {
 public:
  Rendering(const RenderRequest& asked, Publisher& publisher, Listener listener)
      : asked_(asked), publisher_(publisher), listener_(std::move(listener)) {}

  void take(const ChosenTune& chosen) {
    if (publisher_.destination().is_book() && listener_.go_on && !listener_.go_on()) {
      throw EnvironmentError("interrupted", "no file was written");
    }
    const abc::Tune tune = prepared(chosen);
    if (const Status status = publisher_.add(tune); !status) {
      leave_out(chosen.label + ": " + status.error().message + "; left out");
    }
  }

  Result<std::size_t> finish() {
    if (const Status status = publisher_.finish(); !status) return status.error();
    return left_out_;
  }

 private:
  // The tune as it is wanted. What is wrong with it is told.
  abc::Tune prepared(const ChosenTune& chosen) {
    abc::Reading reading = abc::read_tune(chosen.text);
    const auto errors = std::count_if(
        reading.problems.begin(), reading.problems.end(),
        [](const auto& problem) { return severity(problem.code) == abc::Severity::kError; });
    if (errors > 0 && listener_.warning) {
      listener_.warning(chosen.label + ": " +
                        (errors == 1 ? "a mistake" : std::to_string(errors) + " mistakes") +
                        " in its notation, rendered as well as " +
                        (errors == 1 ? "it allows" : "they allow") + "; see lilt check");
    }
    abc::Tune& tune = reading.tune;
    if (asked_.semitones != 0) abc::transpose(tune, asked_.semitones);
    if (!asked_.chords) {
      for (abc::Voice& voice : tune.voices) {
        for (abc::Element& element : voice.elements) element.chord_symbols.clear();
      }
    }
    return std::move(tune);
  }

  void leave_out(const std::string& text) {
    ++left_out_;
    if (listener_.failure) listener_.failure(text);
  }

  const RenderRequest& asked_;
  Publisher& publisher_;
  Listener listener_;
  std::size_t left_out_ = 0;
};

}  // namespace

Result<std::size_t> render(const RenderRequest& asked, Listener listener) {
  const Result<Selection> selection = Selection::of(asked.numbers, asked.positions);
  if (!selection) return selection.error();
  const auto publisher = Publisher::open(asked.publication, listener);
  if (!publisher) return publisher.error();
  const Result<std::vector<ChosenTune>> tunes = choose_tunes(asked.file, *selection);
  if (!tunes) return tunes.error();
  if (const Status status = (*publisher)->expect(tunes->size()); !status) return status.error();
  Rendering rendering(asked, **publisher, std::move(listener));
  for (const ChosenTune& chosen : *tunes) rendering.take(chosen);
  return rendering.finish();
}

}  // namespace lilt::score
