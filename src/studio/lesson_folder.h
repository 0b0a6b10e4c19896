// A lesson as it lies on the disk: all that is known of it, whoever started it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/names.h"
#include "base/result.h"
#include "studio/lesson_request.h"
#include "studio/process.h"

namespace lilt::studio {

enum class LessonState : std::uint8_t {
  kStarting,  // reads its tunes
  kLearning,
  kStopping,  // was asked to stop, and saves
  kStopped,   // can be resumed
  kDone,
  kFailed,  // says why
};
constexpr auto names_of(LessonState) {
  return names<LessonState>("starting", "learning", "stopping", "stopped", "done", "failed");
}

// A process of a lesson, written down beside it.
struct LessonProcess {
  ProcessId id;
  bool is_stopping = false;
  std::filesystem::file_time_type since;
};

// What a lesson began with.
struct LessonRecord {
  LessonRequest request;
  std::int64_t created = 0;                            // seconds since 1970
  std::string from;                                    // the model that it went on from, or ""
  std::size_t learnt = 0, held_out = 0, left_out = 0;  // tunes
};

// The folder has lesson.json; data/NAME.abc and held-out.abc, the tunes; process.json, output.txt
// and messages.txt of the training; export.json, … of the steps that make the model; model/ and
// logs/, which the training writes; model.safetensors, the model to compose with.
class LessonFolder {
 public:
  explicit LessonFolder(std::filesystem::path path) : path_(std::move(path)) {}

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::string id() const { return path_.filename().string(); }

  [[nodiscard]] std::optional<LessonRecord> record() const;
  void write(const LessonRecord& record) const;

  // Of the training, "process", and of the steps that make the model to compose with.
  [[nodiscard]] std::optional<LessonProcess> process(const char* which) const;
  void write(const char* which, const LessonProcess& process) const;
  void forget(const char* which) const;

  [[nodiscard]] LessonState state() const;
  // Why it failed, or ended without being asked to; otherwise "".
  [[nodiscard]] std::string message() const;

  [[nodiscard]] std::vector<std::filesystem::path> learnt_files() const;
  [[nodiscard]] std::optional<std::filesystem::path> held_out_file() const;
  // The model as the training wrote it: the best, where it is validated, or the newest; nothing
  // before the first epoch has ended.
  [[nodiscard]] std::optional<std::filesystem::path> trained_model() const;
  // The one to compose with: of a lesson that does not run, with what it knows of its tunes, once
  // that is made.
  [[nodiscard]] std::optional<std::filesystem::path> model() const;
  // Whether the latter is older than the former, or not there.
  [[nodiscard]] bool needs_export() const;

  // Everything a page shows: how far it is, and of the epochs after `after` the figures, points of
  // their curves, and sample tunes. `brief`: without these.
  [[nodiscard]] nlohmann::ordered_json tell(std::uint64_t after, bool brief) const;

 private:
  [[nodiscard]] std::string last_words() const;
  void add_record(nlohmann::ordered_json& json) const;
  void add_progress(nlohmann::ordered_json& json, std::uint64_t after, bool brief) const;
  void add_epochs(nlohmann::ordered_json& json, std::uint64_t after) const;

  std::filesystem::path path_;
};

}  // namespace lilt::studio
