#include "studio/collections.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "base/file.h"
#include "corpus/dedupe.h"
#include "corpus/description_report.h"
#include "score/file_name.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr std::size_t kLongestGivenName = 60;  // bytes
constexpr std::size_t kMostValues = 100;       // of a table

Error wrong(const char* field, std::string message) {
  return {ErrorCode::kOption,
          std::move(message),
          {.source = {}, .byte = {}, .line = {}, .field = field}};
}

// Of a table the most frequent values; all others together as "…".
void shorten(Json& table) {
  if (table.size() <= kMostValues) return;
  Json kept = Json::object();
  std::uint64_t others = 0;
  for (const auto& [value, count] : table.items()) {
    if (kept.size() < kMostValues && value != "…") {
      kept[value] = count;
    } else {
      others += count.get<std::uint64_t>();
    }
  }
  kept["…"] = others;
  table = std::move(kept);
}

Result<Json> describe(const fs::path& file) {
  corpus::Description description;
  const auto look = [&](const corpus::TuneText& text, const abc::Reading& reading) {
    description.add(text, reading);
  };
  const Result<corpus::Families> families = corpus::find_families({file.string()}, {}, look);
  if (!families) return families.error();
  Json json = corpus::to_json(description);
  for (const char* table : {"keys", "metres", "rhythms", "last_notes", "problems"}) {
    shorten(json[table]);
  }
  json["duplicates"] = families->tunes() - families->originals();
  json["families"] = families->families();
  return json;
}

// The files one after another, each tune on lines of its own.
std::string joined(const std::vector<TuneFile>& files) {
  std::string text;
  for (const TuneFile& file : files) text += file.text + "\n\n";
  return text;
}

Result<std::string> safe_name(const std::string& name) {
  if (name.empty() || name.size() > kLongestGivenName) {
    return wrong("name", "expected a name of 1 to 60 characters, found " +
                             (name.empty() ? std::string("none") : std::to_string(name.size())));
  }
  return score::safe_file_name(name);
}

Status check_size(const std::vector<TuneFile>& files) {
  std::size_t bytes = 0;
  for (const TuneFile& file : files) bytes += file.text.size();
  if (bytes <= kLargestCollection) return success();
  return wrong("files", "expected at most 32 MB of tunes, found more");
}

fs::path description_of(fs::path file) { return file.replace_extension(".json"); }

// Two are not made at once.
std::mutex& making() {
  static std::mutex mutex;
  return mutex;
}

}  // namespace

Result<Json> Collections::add(const std::string& given, const std::vector<TuneFile>& files) {
  const Result<std::string> name = safe_name(given);
  if (!name) return name.error();
  if (Status s = check_size(files); !s) return s.error();
  const std::lock_guard lock(making());
  if (file(*name)) return wrong("name", "expected a new name, found one that there is: " + *name);
  if (names().size() >= kMostCollections) {
    return wrong("name", "expected no more than 200 collections; delete one first");
  }
  const fs::path path = folder_ / (*name + ".abc"), made = folder_ / ".made.abc";
  write_file_atomically(made, joined(files));
  Result<Json> description = describe(made);
  if (!description) {
    fs::remove(made);
    return wrong("files", description.error().message);
  }
  Json json = {{"name", *name}, {"bytes", fs::file_size(made)}};
  json.update(*description);
  write_file_atomically(description_of(path),
                        json.dump(-1, ' ', false, Json::error_handler_t::replace));
  fs::rename(made, path);
  return json;
}

std::vector<std::string> Collections::names() const {
  std::vector<std::string> names;
  std::error_code none;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_, none)) {
    const fs::path& path = entry.path();
    const std::string stem = path.stem().string();
    if (path.extension() == ".abc" && !stem.starts_with('.')) names.push_back(stem);
  }
  std::sort(names.begin(), names.end());
  return names;
}

Json Collections::list() const {
  Json list = Json::array();
  for (const std::string& name : names()) {
    std::optional<Json> one = find(name);
    if (!one) continue;
    one->erase("alphabet");
    list.push_back(*std::move(one));
  }
  return list;
}

std::optional<Json> Collections::find(std::string_view name) const {
  const std::optional<fs::path> path = file(name);
  if (!path) return std::nullopt;
  std::error_code none;
  if (fs::exists(description_of(*path), none)) {
    Json json = Json::parse(FileBytes(description_of(*path)).text(), nullptr, false);
    if (json.is_object()) return json;
  }
  // A file that a person has put there.
  const Result<Json> description = describe(*path);
  Json json = {{"name", name}, {"bytes", fs::file_size(*path)}};
  if (description) json.update(*description);
  return json;
}

std::optional<fs::path> Collections::file(std::string_view name) const {
  if (score::safe_file_name(name) != name) return std::nullopt;
  const fs::path path = folder_ / (std::string(name) + ".abc");
  std::error_code none;
  if (!fs::is_regular_file(path, none)) return std::nullopt;
  return path;
}

bool Collections::remove(std::string_view name) {
  const std::optional<fs::path> path = file(name);
  if (!path) return false;
  fs::remove(description_of(*path));
  return fs::remove(*path);
}

}  // namespace lilt::studio
