#include "studio/lessons.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "base/environment_error.h"
#include "corpus/split.h"
#include "score/file_name.h"
#include "train/speed.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTraining = "process";
constexpr std::size_t kMostLessons = 200;

Error wrong(const char* field, std::string message) {
  return {ErrorCode::kOption,
          std::move(message),
          {.source = {}, .byte = {}, .line = {}, .field = field}};
}

std::int64_t now() {
  return std::chrono::duration_cast<std::chrono::seconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

bool runs(const LessonFolder& lesson, const char* which) {
  const std::optional<LessonProcess> process = lesson.process(which);
  return process && is_running(process->id);
}

// Ends a process of a lesson, if it runs, and waits until it is gone.
void end(const LessonFolder& lesson, const char* which) {
  const std::optional<LessonProcess> process = lesson.process(which);
  if (!process) return;
  send_signal(process->id, SIGKILL);
  while (is_running(process->id)) std::this_thread::sleep_for(std::chrono::milliseconds(5));
}

// When a file was written; long ago where it is not there.
fs::file_time_type time_of(const fs::path& path) {
  std::error_code none;
  const fs::file_time_type time = fs::last_write_time(path, none);
  return none ? fs::file_time_type::min() : time;
}

// What makes the model to compose with of a trained one: a process of that name, missing when what
// it reads is newer than what it writes. Each reads what those before it write, too.
struct Step {
  const char* name;
  fs::path reads, writes;
  std::vector<std::string> arguments;
};

std::vector<Step> steps_of(const LessonFolder& lesson, std::size_t drafts_wanted) {
  const std::optional<fs::path> trained = lesson.trained_model();
  const std::vector<fs::path> learnt = lesson.learnt_files();
  if (!trained || learnt.empty()) return {};
  const fs::path model = lesson.path() / "model.safetensors", drafts = lesson.path() / "drafts.abc";
  std::vector<std::string> known = {"export", trained->string(), "--half",
                                    "-o",     model.string(),    "--known"};
  for (const fs::path& file : learnt) known.push_back(file.string());
  std::vector<std::string> with_critic = known;
  with_critic.insert(with_critic.end(), {"--critic", drafts.string()});
  return {{"export", *trained, model, known},
          {"drafts",
           *trained,
           drafts,
           {"compose", "--model", model.string(), "--like", learnt.front().string(), "-n",
            std::to_string(drafts_wanted), "--best-of", "1", "--seed", "1", "--threads", "1", "-o",
            drafts.string()}},
          {"critic", drafts, model, with_critic}};
}

bool is_missing(const Step& step) { return time_of(step.writes) < time_of(step.reads); }

// Whether it was tried with what it reads now. What ended because the machine did is tried again.
bool has_failed(const LessonFolder& lesson, const Step& step) {
  const std::optional<LessonProcess> tried = lesson.process(step.name);
  return tried && is_of_this_boot(tried->id) && tried->since >= time_of(step.reads);
}

// Those that are ended have not failed: they are due again.
void end_steps(const LessonFolder& lesson) {
  for (const char* step : {"export", "drafts", "critic"}) {
    end(lesson, step);
    lesson.forget(step);
  }
}

// The files of the collections, which must be there.
Result<std::vector<std::string>> files_of(const LessonRequest& request,
                                          const Collections& collections) {
  std::vector<std::string> files;
  for (const std::string& name : request.collections) {
    const std::optional<fs::path> file = collections.file(name);
    if (!file) return wrong("collections", "expected collections that there are, found " + name);
    files.push_back(file->string());
  }
  return files;
}

// Copies the tunes into the lesson's folder.
Result<LessonRecord> take_tunes(const LessonFolder& lesson, const LessonRequest& request,
                                const std::vector<std::string>& files) {
  const Result<corpus::HoldOutFigures> figures = corpus::hold_out_files(
      files, {.folder = lesson.path() / "data", .held_out = lesson.path() / "held-out.abc"}, {});
  if (!figures) return wrong("collections", figures.error().message);
  return LessonRecord{.request = request,
                      .created = now(),
                      .from = {},
                      .learnt = figures->kept,
                      .held_out = figures->held_out,
                      .left_out = figures->left_out};
}

// Paths as they are within the lesson's folder, which may be moved.
LessonFiles files_within(const LessonFolder& lesson, const fs::path& from) {
  LessonFiles files{.learnt = {}, .held_out = {}, .from = from};
  for (const fs::path& file : lesson.learnt_files()) {
    files.learnt.push_back(fs::path("data") / file.filename());
  }
  if (lesson.held_out_file()) files.held_out = lesson.held_out_file()->filename();
  return files;
}

}  // namespace

// A program that works in another folder is told paths of it.
Lessons::Lessons(LessonsSetting setting) : setting_(std::move(setting)) {
  setting_.folder = fs::absolute(setting_.folder);
}

Result<std::string> Lessons::start(const LessonRequest& request, const Collections& collections,
                                   const fs::path& from) {
  if (Status s = validate(request); !s) return s.error();
  const Result<std::vector<std::string>> files = files_of(request, collections);
  if (!files) return files.error();
  const std::lock_guard lock(mutex_);
  if (const std::optional<std::string> other = at_work(); other && !request.beside) {
    return wrong("beside",
                 "expected one lesson at a time, found " + *other + " at work; stop it first");
  }
  const Result<LessonFolder> lesson = new_folder(request.name);
  if (!lesson) return lesson.error();
  const auto tidy_up = [&] {
    std::error_code ignored;
    fs::remove_all(lesson->path(), ignored);
  };
  try {
    Result<LessonRecord> record = take_tunes(*lesson, request, *files);
    if (!record) return tidy_up(), record.error();
    if (request.preset == LessonPreset::kFurther) record->from = fs::absolute(from).string();
    lesson->write(*record);
    run(*lesson, kTraining,
        training_arguments(request, files_within(*lesson, record->from), setting_.threads));
  } catch (...) {
    tidy_up();
    throw;
  }
  return lesson->id();
}

void Lessons::run(const LessonFolder& lesson, const char* which,
                  const std::vector<std::string>& arguments) const {
  const std::string prefix = which == std::string_view(kTraining) ? "" : std::string(which) + "-";
  launch({.program = setting_.program,
          .arguments = arguments,
          .folder = lesson.path(),
          .output = lesson.path() / (prefix + "output.txt"),
          .messages = lesson.path() / (prefix + "messages.txt"),
          .niceness = setting_.niceness},
         [&](const ProcessId& id) {
           lesson.write(which, {.id = id, .is_stopping = false, .since = {}});
         });
}

std::vector<LessonFolder> Lessons::all() const {
  std::vector<LessonFolder> lessons;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(setting_.folder, none)) {
    if (fs::exists(entry.path() / "lesson.json", none)) lessons.emplace_back(entry.path());
  }
  std::sort(lessons.begin(), lessons.end(),
            [](const auto& a, const auto& b) { return a.path() < b.path(); });
  return lessons;
}

std::optional<LessonFolder> Lessons::find(std::string_view id) const {
  if (score::safe_file_name(id) != id) return std::nullopt;
  const LessonFolder lesson(setting_.folder / id);
  std::error_code none;
  if (!fs::exists(lesson.path() / "lesson.json", none)) return std::nullopt;
  return lesson;
}

std::optional<std::string> Lessons::at_work() const {
  for (const LessonFolder& lesson : all()) {
    if (runs(lesson, kTraining)) return lesson.id();
  }
  return std::nullopt;
}

Result<LessonFolder> Lessons::new_folder(const std::string& name) const {
  fs::create_directories(setting_.folder);
  const std::string id = score::safe_file_name(name);
  for (std::size_t i = 1; i <= kMostLessons; ++i) {
    const std::string tried = i == 1 ? id : id + "-" + std::to_string(i);
    if (setting_.is_taken && setting_.is_taken(tried)) continue;
    if (fs::create_directory(setting_.folder / tried)) return LessonFolder(setting_.folder / tried);
  }
  return wrong("name", "expected a name that fewer lessons have; delete some first");
}

void Lessons::stop(const LessonFolder& lesson) {
  const std::lock_guard lock(mutex_);
  std::optional<LessonProcess> process = lesson.process(kTraining);
  if (!process || process->is_stopping || !is_running(process->id)) return;
  // Written down first: a second signal would end it without saving.
  process->is_stopping = true;
  lesson.write(kTraining, *process);
  send_signal(process->id, SIGINT);
}

Status Lessons::resume(const LessonFolder& lesson, std::optional<std::size_t> epochs, bool beside) {
  const std::lock_guard lock(mutex_);
  if (runs(lesson, kTraining)) return success();
  const std::optional<LessonRecord> record = lesson.record();
  if (!record) return wrong("", "expected a lesson that is whole");
  if (const std::optional<std::string> other = at_work(); other && !beside) {
    return wrong("beside",
                 "expected one lesson at a time, found " + *other + " at work; stop it first");
  }
  end_steps(lesson);
  if (fs::exists(lesson.path() / "model" / "last.safetensors")) {
    run(lesson, kTraining, resuming_arguments(record->request, epochs, setting_.threads));
  } else {
    LessonRequest request = record->request;
    if (epochs) request.epochs = epochs;
    run(lesson, kTraining,
        training_arguments(request, files_within(lesson, record->from), setting_.threads));
  }
  return success();
}

void Lessons::remove(const LessonFolder& lesson) {
  const std::lock_guard lock(mutex_);
  end(lesson, kTraining);
  end_steps(lesson);
  fs::remove_all(lesson.path());
}

void Lessons::look_after() {
  const std::lock_guard lock(mutex_);
  for (const LessonFolder& lesson : all()) {
    if (runs(lesson, kTraining)) continue;
    const std::vector<Step> steps = steps_of(lesson, setting_.drafts);
    const bool is_under_way = std::any_of(
        steps.begin(), steps.end(), [&](const Step& step) { return runs(lesson, step.name); });
    if (is_under_way) continue;
    const auto next = std::find_if(steps.begin(), steps.end(), is_missing);
    if (next != steps.end() && !has_failed(lesson, *next)) run(lesson, next->name, next->arguments);
  }
}

std::optional<double> Lessons::seconds_for(LessonPreset preset, std::size_t characters) {
  const std::lock_guard lock(measuring_);
  if (speed_ == 0) {
    if (at_work()) return std::nullopt;  // it would be measured too slow
    const train::Options full = train::speed_options(train::Preset::kFolk);
    speed_ = train::measure_speed(full, setting_.threads, 1).characters_per_second;
  }
  return static_cast<double>(characters) / (speed_ * speed_beside_full(preset));
}

}  // namespace lilt::studio
