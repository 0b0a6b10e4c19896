// Teaching: trainings that a person has started, each in a process and a folder of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "studio/collections.h"
#include "studio/lesson_folder.h"
#include "studio/lesson_request.h"

namespace lilt::studio {

struct LessonsSetting {
  std::filesystem::path folder;                    // of all lessons
  std::filesystem::path program = this_program();  // lilt
  std::size_t threads = 1;                         // of a training
  int niceness = 10;                               // likewise
  std::size_t drafts = 200;  // tunes that a model composes for its critic to learn from
  // Names that models have which come of no lesson; a lesson's model is called by its id.
  std::function<bool(const std::string&)> is_taken = {};
};

// Nothing is remembered but what lies in the folders: trainings go on without this object, and are
// found again by another one. May be used by several threads. Throws EnvironmentError.
class Lessons {
 public:
  explicit Lessons(LessonsSetting setting);

  // Copies the tunes, holding some out to validate on, and starts to learn them; gives the lesson's
  // id. `from` is the model to go on from, for that preset. Refuses what cannot be, naming the
  // field, and a second lesson at once (field "beside").
  [[nodiscard]] Result<std::string> start(const LessonRequest& request,
                                          const Collections& collections,
                                          const std::filesystem::path& from);

  // By their ids.
  [[nodiscard]] std::vector<LessonFolder> all() const;
  [[nodiscard]] std::optional<LessonFolder> find(std::string_view id) const;

  // Asks the training to save and end; it has nothing to lose. Nothing happens where it does not
  // run.
  void stop(const LessonFolder& lesson);
  // Goes on where it stopped, from the beginning where nothing was saved; with `epochs`, up to so
  // many. Nothing happens where it runs. Errors as of start().
  [[nodiscard]] Status resume(const LessonFolder& lesson, std::optional<std::size_t> epochs,
                              bool beside);
  // Ends what runs, and deletes everything.
  void remove(const LessonFolder& lesson);

  // Of each lesson that has ended, starts the next step of making the model to compose with, unless
  // all have been done or tried: it gets to know its tunes, composes some like them, and gets a
  // critic that tells its own from real ones.
  void look_after();

  // Seconds that learning so many characters takes on this machine, nothing while it cannot be
  // told: measured when it is first asked for.
  [[nodiscard]] std::optional<double> seconds_for(LessonPreset preset, std::size_t characters);

 private:
  // Starts lilt in the lesson's folder, for its "process" or "export".
  void run(const LessonFolder& lesson, const char* which,
           const std::vector<std::string>& arguments) const;
  [[nodiscard]] std::optional<std::string> at_work() const;
  [[nodiscard]] Result<LessonFolder> new_folder(const std::string& name) const;

  LessonsSetting setting_;
  mutable std::mutex mutex_;  // one change at a time
  std::mutex measuring_;
  double speed_ = 0;  // of the full network, in characters a second; 0: not measured
};

}  // namespace lilt::studio
