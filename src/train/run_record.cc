#include "train/run_record.h"

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/sha256.h"

namespace lilt::train {
namespace {

using Json = nlohmann::ordered_json;

Json describe(const std::string& path) {
  Sha256 digest;
  std::uint64_t bytes = 0;
  read_blocks(path, [&](std::string_view block) {
    digest.update(block);
    bytes += block.size();
  });
  return {{"file", path}, {"bytes", bytes}, {"sha256", digest.finish()}};
}

// The list of starts of an earlier record; empty if there is none that can be read.
Json earlier_starts(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) return Json::array();
  const Json record = Json::parse(FileBytes(path).text(), nullptr, false);
  if (!record.is_object()) return Json::array();
  const Json starts = record.value("starts", Json());
  return starts.is_array() ? starts : Json::array();
}

}  // namespace

std::filesystem::path run_record_file(const std::filesystem::path& out) {
  return out / "logs" / "run.json";
}

void record_start(const std::filesystem::path& out, const Options& options,
                  const std::string& program, std::uint64_t updates) {
  const std::filesystem::path path = run_record_file(out);
  Json data = Json::array();
  for (const std::string& file : options.files) data.push_back(describe(file));
  Json starts = updates > 0 ? earlier_starts(path) : Json::array();
  starts.push_back({{"program", program}, {"updates", updates}});
  Json record = {{"seed", options.seed},
                 {"options", Json::parse(to_json(options))},
                 {"data", std::move(data)},
                 {"starts", std::move(starts)}};
  // One that goes on needs it no more.
  if (!options.from.empty() && std::filesystem::exists(options.from)) {
    record["from"] = describe(options.from);
  }
  if (!options.valid_file.empty()) record["validation"] = describe(options.valid_file);
  write_file_atomically(path, record.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

}  // namespace lilt::train
