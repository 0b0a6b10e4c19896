#include "cli/train_samples.h"

#include <fmt/format.h>

#include "base/environment_error.h"
#include "base/file.h"
#include "compose/session.h"
#include "train/checkpoint.h"

namespace lilt::cli {
namespace {

struct Texts : compose::Sink {
  std::string text;

  bool take(const compose::Piece& piece) override {
    text += piece.text;
    return true;
  }
};

// The tunes, as far as they were composed when `go_on` said no.
Result<std::string> compose_samples(const std::filesystem::path& model_file, std::size_t number,
                                    const std::function<bool()>& go_on) {
  const Result<compose::Model> model = compose::Model::open(Bytes::of(FileBytes(model_file)));
  if (!model) return model.error();
  Texts texts;
  compose::Session session(*model);
  const auto ticket = session.submit({.best_of = 1, .number = number}, texts);
  if (!ticket) return ticket.error();
  while (go_on() && session.step()) {
  }
  return std::move(texts.text);
}

}  // namespace

void TrainSamples::write(std::uint64_t epoch, const std::function<bool()>& go_on,
                         const std::function<void(const std::string&)>& report) {
  if (number_ == 0) return;
  const auto give_up = [&](const std::string& why) {
    number_ = 0;
    report("no sample tunes: " + why);
  };
  try {
    const Result<std::string> tunes =
        compose_samples(out_ / "model" / train::kLastCheckpoint, number_, go_on);
    if (!tunes) return give_up(tunes.error().to_string());
    write_file_atomically(out_ / "logs" / "samples" / fmt::format("epoch-{}.abc", epoch), *tunes);
  } catch (const EnvironmentError& e) {
    give_up(e.what());
  }
}

}  // namespace lilt::cli
