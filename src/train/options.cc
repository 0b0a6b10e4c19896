#include "train/options.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "corpus/learning_text.h"
#include "model/field_json.h"

namespace lilt::train {
namespace {

using Json = nlohmann::json;

// The records of runs and checkpoints have hyphens where fields have underscores.
Json renamed(const Json& json, char from, char to) {
  Json copy = Json::object();
  for (const auto& [key, value] : json.items()) {
    std::string name = key;
    std::replace(name.begin(), name.end(), from, to);
    copy[name] = value;
  }
  return copy;
}

std::string counted(std::size_t number, const char* what) {
  return std::to_string(number) + " " + what + (number == 1 ? "" : "s");
}

Status check_combinations(const Options& o) {
  const bool is_validated = !o.valid_file.empty() || o.valid_share > 0;
  const bool needs_canonical = !o.features.empty() || o.keys != corpus::Keys::kOriginal ||
                               !o.weights.empty() || o.focus != 0;
  const std::string batch = std::to_string(o.batch);
  struct Rule {
    bool holds;
    const char* expected;
    std::string found;
  };
  const Rule rules[] = {
      {!o.files.empty(), "at least one file to learn from", "none"},
      {o.batch * o.window <= std::size_t{1} << 22, "`batch` times `window` of at most 4194304",
       batch + " times " + std::to_string(o.window)},
      {o.batch % o.leaves == 0, "`leaves` by which `batch` can be divided",
       std::to_string(o.leaves) + " for a `batch` of " + batch},
      {o.model.text.canonical || !needs_canonical,
       "`canonical` beside `features`, `keys`, `weights` or `focus`", "text as it is written"},
      {!(o.model.text.canonical && o.shuffle), "no `shuffle` beside `canonical`, which shuffles",
       "both"},
      {o.weights.size() <= o.files.size(), "`weights` of at most as many as there are files",
       counted(o.weights.size(), "weight") + " for " + counted(o.files.size(), "file")},
      {o.valid_file.empty() || o.valid_share == 0, "`valid` or `valid_share`, not both",
       o.valid_file + " and " + value_text(o.valid_share)},
      {o.patience == 0 || is_validated, "`valid` or `valid_share` beside `patience`", "neither"},
  };
  for (const auto& [holds, expected, found] : rules) {
    if (holds) continue;
    return Error{ErrorCode::kOption, std::string("expected ") + expected + ", found " + found};
  }
  return success();
}

bool may_change(std::string_view name) {
  constexpr std::array<std::string_view, 5> kMayChange = {"files", "valid", "epochs", "save_every",
                                                          "patience"};
  return std::find(kMayChange.begin(), kMayChange.end(), name) != kMayChange.end();
}

}  // namespace

std::string to_json(const Options& options) {
  return renamed(fields_to_json(options), '_', '-')
      .dump(-1, ' ', false, Json::error_handler_t::replace);  // file names may be no UTF-8
}

Result<Options> options_from_json(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return Error{ErrorCode::kFormat, "expected the options of a run as JSON"};
  Result<Options> options = fields_from_json<Options>(renamed(json, '-', '_'));
  if (options) return options;
  return Error{ErrorCode::kFormat, "the options of the run: " + options.error().to_string()};
}

Status validate(const Options& o) {
  if (Status s = check_fields(o); !s) return s;
  ModelConfig model = o.model;
  model.vocabulary = 1;  // not known yet
  if (Status s = validate(model); !s) return s;
  const auto features = corpus::feature_tables(o.features);
  if (!features) return features.error();
  return check_combinations(o);
}

Options with_given(Options base, const Options& given, const std::set<std::string>& names) {
  visit_both(base, given, [&](const Field& field, auto& value, const auto& wanted) {
    if (names.contains(std::string(field.name))) value = wanted;
  });
  if (names.contains("epochs") && !names.contains("characters")) base.characters = 0;
  return base;
}

Result<Options> resumed(Options stored, const Options& given, const std::set<std::string>& names) {
  std::set<std::string> changed;
  Status status = success();
  visit_both(stored, given, [&](const Field& field, const auto& kept, const auto& wanted) {
    const std::string name(field.name);
    if (!status || !names.contains(name)) return;
    if (may_change(name)) {
      changed.insert(name);
    } else if (kept != wanted) {
      status = Error{ErrorCode::kOption, "`" + name + "` was " + value_text(kept) +
                                             " when this run started, found " + value_text(wanted) +
                                             "; leave it out to resume, or start a new run "
                                             "without `resume`"};
    }
  });
  if (!status) return status.error();
  return with_given(std::move(stored), given, changed);
}

}  // namespace lilt::train
