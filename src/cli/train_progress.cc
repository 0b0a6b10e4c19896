#include "cli/train_progress.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.h"
#include "cli/interrupt.h"

namespace lilt::cli {
namespace {

std::string epoch_line(const train::EpochRecord& r, std::uint64_t epochs) {
  std::string line = fmt::format("epoch {}/{}  loss {:.4f}  accuracy {:.2f} %", r.epoch, epochs,
                                 r.loss, 100 * r.accuracy);
  if (r.validation) {
    line += fmt::format("  validation {:.4f} bits per character, {:.3f} per note{}",
                        r.validation->bits_per_character(), r.validation->bits_per_note(),
                        r.best ? " (best so far)" : "");
  }
  return line + fmt::format("  {} characters/s  {}",
                            grouped(static_cast<std::size_t>(r.characters_per_second)),
                            duration(r.seconds));
}

}  // namespace

void TrainProgress::on_start(const train::RunStart& start) {
  epochs_ = start.options.epochs;
  status_.print(layer_table_text(start.model, start.options.batch, start.options.window));
  status_.print(fmt::format(
      "Learning {} characters, {} distinct, in {} updates an epoch{}.", grouped(start.characters),
      start.model.vocabulary, grouped(start.windows),
      start.validation_tunes > 0 ? fmt::format("; validating on {} tunes", start.validation_tunes)
                                 : ""));
  if (start.options.characters > 0) tell_length(start);
  if (start.progress.updates > 0) {
    status_.print(fmt::format("Resuming after epoch {}, update {}.", start.progress.epoch,
                              start.progress.updates));
  }
}

void TrainProgress::on_update(const train::UpdateReport& r) {
  const double share = static_cast<double>(r.window) / static_cast<double>(r.windows);
  const std::string epoch = fmt::format("epoch {}/{}", r.epoch, r.epochs);
  const std::string learnt = fmt::format("loss {:.4f}  acc {:.1f} %", r.loss, 100 * r.accuracy);
  const std::string left = duration(r.seconds_left) + " left";
  const std::string speed =
      fmt::format("{} char/s", grouped(static_cast<std::size_t>(r.characters_per_second)));
  // The bar has the room that is left, which is still some in a line of 80; a narrow one goes
  // without the speed.
  std::string figures = fmt::format("{}  {}  {}", learnt, speed, left);
  if (epoch.size() + figures.size() + 3 > columns()) figures = learnt + "  " + left;
  const std::size_t taken = epoch.size() + figures.size() + 3;
  const std::size_t room = columns() > taken ? columns() - taken : 0;
  status_.show(
      fmt::format("{} {}  {}", epoch, bar(share, std::min<std::size_t>(room, 40)), figures));
}

void TrainProgress::on_epoch(const train::EpochRecord& record) {
  status_.print(epoch_line(record, epochs_));
  samples_.write(
      record.epoch, [] { return !is_interrupted(); },
      [&](const std::string& message) { on_message(message); });
}

void TrainProgress::on_message(const std::string& message) {
  status_.clear();
  complain(message);
}

bool TrainProgress::stop_requested() { return is_interrupted(); }

bool SilentRank::stop_requested() { return is_interrupted(); }

// A run is as long as whole updates make it, or whole epochs.
void TrainProgress::tell_length(const train::RunStart& start) {
  const train::Options& o = start.options;
  const std::size_t learnt = o.epochs * start.windows * o.batch * o.window;
  status_.print(fmt::format("Asked to learn {} characters in all: {} in {} epoch{}.",
                            grouped(o.characters), grouped(learnt), o.epochs,
                            o.epochs == 1 ? "" : "s"));
}

}  // namespace lilt::cli
