// Training runs, epoch by epoch.

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "errors.h"
#include "model/field_json.h"
#include "model/untrusted_json.h"
#include "parts.h"
#include "train/going_on.h"
#include "train/trainer.h"
#include "waiting.h"

namespace lilt::python {
namespace {

namespace nb = nanobind;
using train::EpochRecord;

// What a run is told.
struct Lesson {
  std::string options;  // JSON: those that were given
  std::string preset;
  std::string out;
  bool resume = false;
  std::size_t threads = 1;
};

// How far a run is.
struct State {
  std::uint64_t epoch = 0, epochs = 0;
  double done = 0;  // share of the epoch
  double loss = 0, accuracy = 0;
  double characters_per_second = 0, seconds_left = 0;
};

struct GivenOptions {
  train::Options options;
  std::set<std::string> names;
};

GivenOptions given_options(const std::string& text) {
  const nlohmann::json json = parse_untrusted_json(text);
  if (json.is_discarded()) {
    throw BadInput({ErrorCode::kOption, "expected options as JSON, found other text"});
  }
  GivenOptions given{value_of(fields_from_json<train::Options>(json)), {}};
  for (const auto& [name, value] : json.items()) given.names.insert(name);
  return given;
}

train::Preset preset_of(const std::string& name) {
  if (const auto preset = value_named<train::Preset>(name)) return *preset;
  throw BadInput({ErrorCode::kOption,
                  "expected " + alternatives<train::Preset>() + ", found " + name,
                  {.field = "preset"}});
}

class Training : public train::Observer {
 public:
  // What is wrong with the options is thrown here; the run begins with the first next().
  explicit Training(const Lesson& lesson)
      : settings_{.out = lesson.out,
                  .threads = lesson.threads,
                  .resume = lesson.resume,
                  .program = "lilt " LILT_VERSION " (Python)"} {
    const GivenOptions given = given_options(lesson.options);
    const train::Preset preset = preset_of(lesson.preset);
    const nb::gil_scoped_release release;
    options_ =
        lesson.resume
            ? value_of(train::resumed(value_of(train::resumable_options(settings_.out, *this)),
                                      given.options, given.names))
            : value_of(train::started(preset, given.options, given.names));
    require(train::validate(options_));
  }
  ~Training() override { stop(); }

  // Waits for the next epoch; nothing where there are no more.
  std::optional<EpochRecord> next() {
    begin();
    std::optional<EpochRecord> epoch = next_of(epochs_, [this] { stop(); });
    if (!epoch) stop();
    return epoch;
  }

  // Ends the run, if it is under way, with a checkpoint to go on from.
  void stop() {
    const nb::gil_scoped_release release;
    is_stopped_ = true;
    is_over_ = true;
    const std::lock_guard lock(thread_mutex_);
    if (thread_.joinable()) thread_.join();
  }

  [[nodiscard]] State state() const {
    const std::lock_guard lock(mutex_);
    return state_;
  }
  // How it ended, once it has.
  [[nodiscard]] std::optional<train::RunSummary> summary() const {
    const std::lock_guard lock(mutex_);
    return summary_;
  }
  // What it had to say since it was last asked.
  [[nodiscard]] std::vector<std::string> messages() {
    const std::lock_guard lock(mutex_);
    return std::exchange(messages_, {});
  }

  void on_update(const train::UpdateReport& report) override {
    const std::lock_guard lock(mutex_);
    state_ = {.epoch = report.epoch,
              .epochs = report.epochs,
              .done = static_cast<double>(report.window) / static_cast<double>(report.windows),
              .loss = report.loss,
              .accuracy = report.accuracy,
              .characters_per_second = report.characters_per_second,
              .seconds_left = report.seconds_left};
  }
  void on_epoch(const EpochRecord& record) override { epochs_.put(record); }
  void on_message(const std::string& message) override {
    const std::lock_guard lock(mutex_);
    messages_.push_back(message);
  }
  bool stop_requested() override { return is_stopped_; }

 private:
  // Begins the run, unless it is under way or over.
  void begin() {
    const nb::gil_scoped_release release;
    const std::lock_guard lock(thread_mutex_);
    if (is_over_) {
      epochs_.finish();  // it may never have begun
    } else if (!thread_.joinable()) {
      thread_ = std::thread([this] { work(); });
    }
  }

  void work() {
    try {
      train::RunSummary summary = value_of(train::train(options_, settings_, *this));
      {
        const std::lock_guard lock(mutex_);
        summary_ = std::move(summary);
      }
      epochs_.finish();
    } catch (...) {
      epochs_.finish(std::current_exception());
    }
  }

  train::RunSettings settings_;
  train::Options options_;
  std::atomic<bool> is_stopped_{false}, is_over_{false};
  mutable std::mutex mutex_;
  State state_;
  std::optional<train::RunSummary> summary_;
  std::vector<std::string> messages_;
  Feed<EpochRecord> epochs_{SIZE_MAX};
  std::mutex thread_mutex_;  // several of Python's threads may begin and stop
  std::thread thread_;
};

std::string name_of_ending(train::Ending ending) {
  switch (ending) {
    case train::Ending::kFinished:
      return "finished";
    case train::Ending::kEarlyStopped:
      return "stopped early";
    case train::Ending::kInterrupted:
      return "interrupted";
  }
  return "";
}

// A figure of the validation, where there was one.
template <double (corpus::Figures::*kFigure)() const>
std::optional<double> validated(const EpochRecord& record) {
  if (!record.validation) return std::nullopt;
  return ((*record.validation).*kFigure)();
}

}  // namespace

void add_training(nb::module_& m) {
  nb::class_<Lesson>(m, "Lesson")
      .def(nb::init<std::string, std::string, std::string, bool, std::size_t>(), nb::arg("options"),
           nb::arg("preset"), nb::arg("out"), nb::arg("resume"), nb::arg("threads"));
  nb::class_<State>(m, "State")
      .def_ro("epoch", &State::epoch)
      .def_ro("epochs", &State::epochs)
      .def_ro("done", &State::done)
      .def_ro("loss", &State::loss)
      .def_ro("accuracy", &State::accuracy)
      .def_ro("characters_per_second", &State::characters_per_second)
      .def_ro("seconds_left", &State::seconds_left);
  nb::class_<EpochRecord>(m, "Epoch")
      .def_ro("epoch", &EpochRecord::epoch)
      .def_ro("loss", &EpochRecord::loss)
      .def_ro("accuracy", &EpochRecord::accuracy)
      .def_prop_ro("bits_per_character", &validated<&corpus::Figures::bits_per_character>)
      .def_prop_ro("bits_per_note", &validated<&corpus::Figures::bits_per_note>)
      .def_ro("learning_rate", &EpochRecord::learning_rate)
      .def_ro("updates", &EpochRecord::updates)
      .def_ro("characters_per_second", &EpochRecord::characters_per_second)
      .def_ro("seconds", &EpochRecord::seconds)
      .def_ro("is_best", &EpochRecord::best);
  nb::class_<train::RunSummary>(m, "Summary")
      .def_prop_ro("ending", [](const train::RunSummary& s) { return name_of_ending(s.ending); })
      .def_prop_ro("model", [](const train::RunSummary& s) { return s.model.string(); })
      .def_prop_ro("checkpoint", [](const train::RunSummary& s) { return s.checkpoint.string(); });
  nb::class_<Training>(m, "Training")
      .def(nb::init<const Lesson&>(), nb::arg("lesson"))
      .def("next", &Training::next)
      .def("stop", &Training::stop)
      .def("messages", &Training::messages)
      .def_prop_ro("state", &Training::state)
      .def_prop_ro("summary", &Training::summary);
}

}  // namespace lilt::python
