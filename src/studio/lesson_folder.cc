#include "studio/lesson_folder.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <type_traits>

#include "abc/book.h"
#include "base/file.h"
#include "model/field_json.h"
#include "train/checkpoint.h"
#include "train/log.h"
#include "train/progress_file.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kMostMessages = 1 << 16;  // bytes of the end of them that are looked at
constexpr std::size_t kMostPoints = 500;        // of a curve

// A file that a training may be writing to, or the next one emptying: it cannot be mapped into
// memory. "" where there is none.
std::string read_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A small file of ours; null where it is not there or not whole.
Json read_json(const fs::path& path) {
  Json json = Json::parse(read_text(path), nullptr, false);
  return json.is_object() ? json : Json();
}

void write_json(const fs::path& path, const Json& json) {
  write_file_atomically(path, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

// A member of such a file, which somebody may have changed.
template <class T>
T member(const Json& json, const char* name, T otherwise = {}) {
  const auto found = json.find(name);
  if (found == json.end()) return otherwise;
  if constexpr (std::is_same_v<T, bool>) {
    return found->is_boolean() ? found->template get<T>() : otherwise;
  } else if constexpr (std::is_integral_v<T>) {
    return found->is_number_integer() ? found->template get<T>() : otherwise;
  } else {
    return found->is_string() ? found->template get<T>() : otherwise;
  }
}

// When it was written; long ago where it is not there.
fs::file_time_type time_of(const fs::path& path) {
  std::error_code none;
  const fs::file_time_type time = fs::last_write_time(path, none);
  return none ? fs::file_time_type::min() : time;
}

std::vector<train::LogRow> log_rows(const fs::path& out) {
  const Result<std::vector<train::LogRow>> rows =
      train::read_log(read_text(train::log_file(out)), "log");
  return rows ? *rows : std::vector<train::LogRow>{};
}

// The tunes that were composed after an epoch.
std::vector<std::string> samples_of(const fs::path& out, std::uint64_t epoch) {
  std::vector<std::string> tunes;
  abc::BookReader book([&](const abc::BookTune& tune) { tunes.push_back(tune.text); });
  book.feed(read_text(out / "logs" / "samples" / ("epoch-" + std::to_string(epoch) + ".abc")));
  book.finish();
  return tunes;
}

// With the share of the one under way.
double epochs_done(const train::ProgressRow& r) {
  return static_cast<double>(r.epoch) - 1 +
         static_cast<double>(r.window) / static_cast<double>(std::max<std::uint64_t>(1, r.windows));
}

// The curve of the epochs after `after`: where there are many points, every so manyth and the last.
Json points_of(const std::vector<train::ProgressRow>& rows, std::uint64_t after) {
  const auto first = std::find_if(rows.begin(), rows.end(),
                                  [&](const train::ProgressRow& r) { return r.epoch > after; });
  const std::size_t count = static_cast<std::size_t>(rows.end() - first);
  const std::size_t step = count / kMostPoints + 1;
  Json points = Json::array();
  for (std::size_t i = 0; i < count; ++i) {
    if (i % step != 0 && i + 1 < count) continue;
    const train::ProgressRow& r = first[static_cast<std::ptrdiff_t>(i)];
    points.push_back({{"epoch", epochs_done(r)}, {"loss", r.loss}, {"accuracy", r.accuracy}});
  }
  return points;
}

template <class T>
Json json_of_optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

}  // namespace

std::optional<LessonRecord> LessonFolder::record() const {
  const Json json = read_json(path_ / "lesson.json");
  if (!json.is_object() || !json.contains("request")) return std::nullopt;
  LessonRecord record;
  Result<LessonRequest> request = fields_from_json<LessonRequest>(json["request"]);
  if (!request) return std::nullopt;
  record.request = *std::move(request);
  record.created = member<std::int64_t>(json, "created");
  record.from = member<std::string>(json, "from");
  record.learnt = member<std::size_t>(json, "learnt");
  record.held_out = member<std::size_t>(json, "held_out");
  record.left_out = member<std::size_t>(json, "left_out");
  return record;
}

void LessonFolder::write(const LessonRecord& record) const {
  write_json(path_ / "lesson.json", {{"request", fields_to_json<Json>(record.request)},
                                     {"created", record.created},
                                     {"from", record.from},
                                     {"learnt", record.learnt},
                                     {"held_out", record.held_out},
                                     {"left_out", record.left_out}});
}

std::optional<LessonProcess> LessonFolder::process(const char* which) const {
  const fs::path path = path_ / (std::string(which) + ".json");
  const Json json = read_json(path);
  if (!json.is_object()) return std::nullopt;
  return LessonProcess{.id = {.number = member<std::int64_t>(json, "number"),
                              .start = member<std::uint64_t>(json, "start"),
                              .boot = member<std::string>(json, "boot")},
                       .is_stopping = member<bool>(json, "stopping"),
                       .since = time_of(path)};
}

void LessonFolder::write(const char* which, const LessonProcess& process) const {
  write_json(path_ / (std::string(which) + ".json"), {{"number", process.id.number},
                                                      {"start", process.id.start},
                                                      {"boot", process.id.boot},
                                                      {"stopping", process.is_stopping}});
}

void LessonFolder::forget(const char* which) const {
  std::error_code ignored;
  fs::remove(path_ / (std::string(which) + ".json"), ignored);
}

LessonState LessonFolder::state() const {
  const std::optional<LessonProcess> process = this->process("process");
  if (process && is_running(process->id)) {
    if (process->is_stopping) return LessonState::kStopping;
    return time_of(train::progress_file(path_)) < process->since ? LessonState::kStarting
                                                                 : LessonState::kLearning;
  }
  // `lilt train` prints the model's path at its end, and nothing else.
  if (!read_text(path_ / "output.txt").empty()) return LessonState::kDone;
  return last_words().starts_with("lilt: ") ? LessonState::kFailed : LessonState::kStopped;
}

std::string LessonFolder::message() const {
  const LessonState state = this->state();
  if (state == LessonState::kFailed) return last_words().substr(6);
  const std::optional<LessonProcess> process = this->process("process");
  const bool was_asked = process && process->is_stopping;  // before there was anything to save
  if (state != LessonState::kStopped || was_asked) return "";
  if (last_words().starts_with("Stopped in epoch")) return "";
  return "It ended without being asked to; what it had saved is there.";
}

std::string LessonFolder::last_words() const {
  std::string text = read_text(path_ / "messages.txt");
  if (text.size() > kMostMessages) text.erase(0, text.size() - kMostMessages);
  text.erase(text.find_last_not_of(" \r\n") + 1);
  const std::size_t line = text.rfind('\n');
  return line == std::string::npos ? text : text.substr(line + 1);
}

std::vector<fs::path> LessonFolder::learnt_files() const {
  std::vector<fs::path> files;
  const std::optional<LessonRecord> record = this->record();
  if (!record) return files;
  for (const std::string& name : record->request.collections) {
    files.push_back(path_ / "data" / (name + ".abc"));
  }
  return files;
}

std::optional<fs::path> LessonFolder::held_out_file() const {
  std::error_code none;
  const fs::path file = path_ / "held-out.abc";
  return fs::exists(file, none) ? std::optional(file) : std::nullopt;
}

std::optional<fs::path> LessonFolder::trained_model() const {
  if (log_rows(path_).empty()) return std::nullopt;
  std::error_code none;
  for (const char* name : {train::kBestModel, train::kLastCheckpoint}) {
    const fs::path model = path_ / "model" / name;
    if (fs::exists(model, none)) return model;
  }
  return std::nullopt;
}

std::optional<fs::path> LessonFolder::model() const {
  const std::optional<fs::path> trained = trained_model();
  if (!trained || needs_export()) return trained;
  return path_ / "model.safetensors";
}

bool LessonFolder::needs_export() const {
  const std::optional<fs::path> trained = trained_model();
  return trained && time_of(path_ / "model.safetensors") < time_of(*trained);
}

Json LessonFolder::tell(std::uint64_t after, bool brief) const {
  Json json = {{"id", id()}, {"state", name_of(state())}, {"message", message()}};
  add_record(json);
  json["has_model"] = trained_model().has_value();
  add_progress(json, after, brief);
  if (!brief) add_epochs(json, after);
  return json;
}

void LessonFolder::add_record(Json& json) const {
  const std::optional<LessonRecord> record = this->record();
  if (!record) return;
  json["name"] = record->request.name;
  json["collections"] = record->request.collections;
  json["preset"] = name_of(record->request.preset);
  json["from"] = record->request.from;
  json["created"] = record->created;
  json["tunes"] = {
      {"learnt", record->learnt}, {"held_out", record->held_out}, {"left_out", record->left_out}};
}

void LessonFolder::add_progress(Json& json, std::uint64_t after, bool brief) const {
  const std::vector<train::ProgressRow> rows =
      train::read_progress(read_text(train::progress_file(path_)));
  if (!rows.empty()) {
    const train::ProgressRow& r = rows.back();
    json["epoch"] = r.epoch;
    json["of"] = r.epochs;
    json["progress"] = epochs_done(r) / static_cast<double>(std::max<std::uint64_t>(1, r.epochs));
    json["loss"] = r.loss;
    json["accuracy"] = r.accuracy;
    json["characters_per_second"] = r.characters_per_second;
    json["seconds_left"] = r.seconds_left;
  }
  if (!brief) json["points"] = points_of(rows, after);
}

void LessonFolder::add_epochs(Json& json, std::uint64_t after) const {
  Json epochs = Json::array(), samples = Json::array();
  std::optional<train::LogRow> best;
  for (const train::LogRow& row : log_rows(path_)) {
    if (row.bits_per_character && (!best || *row.bits_per_character < *best->bits_per_character)) {
      best = row;
    }
    if (row.epoch <= after) continue;
    epochs.push_back({{"epoch", row.epoch},
                      {"loss", row.loss},
                      {"bits_per_character", json_of_optional(row.bits_per_character)},
                      {"bits_per_note", json_of_optional(row.bits_per_note)},
                      {"learning_rate", json_of_optional(row.learning_rate)}});
    for (const std::string& tune : samples_of(path_, row.epoch)) {
      samples.push_back({{"epoch", row.epoch}, {"abc", tune}});
    }
  }
  json["epochs"] = std::move(epochs);
  json["best_epoch"] = best ? Json(best->epoch) : Json();
  json["samples"] = std::move(samples);
}

}  // namespace lilt::studio
