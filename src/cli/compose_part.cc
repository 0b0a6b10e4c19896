#include "cli/compose_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kRecord = "parts.json";

std::string name_of(std::size_t part, std::size_t of) {
  return fmt::format("tunes-{:0{}}-of-{}.abc", part, std::to_string(of).size(), of);
}

// --- What the parts of a folder are parts of

Json record_of(const WholeRequest& whole, std::size_t parts) {
  compose::Request request = whole.request;
  request.report = false;  // changes no tune
  Json record = {{"parts", parts}, {"model_sha256", whole.model}};
  if (!whole.like.empty()) record["like_sha256"] = whole.like;
  record["request"] = Json::parse(compose::to_json(request));
  return record;
}

Result<Json> read_record(const fs::path& path) {
  Json record = Json::parse(FileBytes(path).text(), nullptr, false);
  if (record.is_object() && record.contains("request") && record.contains("parts") &&
      record["parts"].is_number_unsigned()) {
    // Of another version it may lack a field.
    const Result<compose::Request> request = compose::request_from_json(record["request"].dump());
    if (!request) return request.error();
    record["request"] = Json::parse(compose::to_json(*request));
    return record;
  }
  return Error{ErrorCode::kFormat,
               "expected a record of parts, found other text",
               {.source = path.string()}};
}

Error differs(const fs::path& folder, const std::string& what, const Json& before,
              const Json& now) {
  const auto text = [](const Json& value) {
    if (value.is_null()) return std::string("nothing");
    return shortened(escaped(value.is_string() ? value.get<std::string>() : value.dump()), 80);
  };
  return {ErrorCode::kOption, what + " was " + text(before) + " for the parts in " +
                                  folder.string() + ", found " + text(now) +
                                  "; choose another folder"};
}

Status check_same(const fs::path& folder, const Json& before, const Json& now) {
  const auto member = [](const Json& json, const std::string& name) {
    return json.contains(name) ? json[name] : Json();
  };
  const std::pair<const char*, const char*> files[] = {{"parts", "N of `shard`"},
                                                       {"model_sha256", "the model"},
                                                       {"like_sha256", "the file of `like`"}};
  for (const auto& [name, what] : files) {
    if (member(before, name) != member(now, name)) {
      return differs(folder, what, member(before, name), member(now, name));
    }
  }
  Json names = before["request"];  // where a field is not set, it is left out
  names.update(now["request"]);
  for (const auto& [name, value] : names.items()) {
    const Json was = member(before["request"], name), is = member(now["request"], name);
    if (was != is) return differs(folder, "`" + name + "`", was, is);
  }
  return success();
}

// --- What is there of a part

struct Written {
  std::size_t tunes = 0;
  std::uint64_t bytes = 0;
};

// The tunes with which a file begins that are whole and have the numbers from `first` on. What
// stands behind them, such as half a tune, counts for nothing.
Written whole_tunes(const fs::path& path, std::size_t first) {
  Written written;
  std::string rest;
  bool is_over = false;
  read_blocks(path, [&](std::string_view block) {
    if (is_over) return;
    rest += block;
    std::size_t begin = 0;
    for (std::size_t end; !is_over && (end = rest.find("\n\n", begin)) != std::string::npos;) {
      const std::string_view tune = std::string_view(rest).substr(begin, end + 2 - begin);
      is_over = !tune.starts_with(fmt::format("X:{}\n", first + written.tunes)) ||
                tune.find('\0') != std::string_view::npos;  // of blocks that were never written
      if (is_over) return;
      ++written.tunes;
      written.bytes += tune.size();
      begin = end + 2;
    }
    rest.erase(0, begin);
    is_over = rest.size() > compose::kLongestGiven;
  });
  return written;
}

}  // namespace

Result<TunePart> TunePart::find(const fs::path& folder, const Shard& shard,
                                const WholeRequest& whole) {
  const compose::Request& asked = whole.request;
  if (asked.number < shard.of) {
    return Error{ErrorCode::kOption,
                 fmt::format("expected at most as many parts as tunes, {}, "
                             "found {}",
                             asked.number, shard.of),
                 {.field = "shard"}};
  }
  const Json record = record_of(whole, shard.of);
  write_file_once(folder / kRecord, record.dump(1) + "\n");
  const Result<Json> before = read_record(folder / kRecord);
  if (!before) return before.error();
  if (Status s = check_same(folder, *before, record); !s) return s.error();

  TunePart part(folder / name_of(shard.part, shard.of), shard);
  const Stretch stretch = stretch_of(shard, {asked.first, asked.number});
  part.first_ = static_cast<std::size_t>(stretch.first);
  part.tunes_ = static_cast<std::size_t>(stretch.count);
  part.last_of_all_ = asked.first + (asked.number - 1);
  part.is_whole_ = fs::exists(part.path_);
  // Of a tune that is given, the person's own text may hold empty lines, and begin in any way.
  const fs::path begun = partial_path(part.path_);
  if (!part.is_whole_ && asked.given.tune.empty() && fs::exists(begun)) {
    const Written written = whole_tunes(begun, part.first_);
    if (written.tunes <= part.tunes_) {
      part.written_ = written.tunes;
      part.bytes_ = written.bytes;
    }
  }
  return part;
}

compose::Request TunePart::rest(const compose::Request& whole) const {
  compose::Request request = whole;
  request.first = first_ + written_;
  request.number = tunes_ - written_;
  return request;
}

ResumedWriter TunePart::open() const { return ResumedWriter(path_, bytes_); }

std::string_view TunePart::text_of(const compose::Piece& piece) const {
  std::string_view text = piece.text;
  if (piece.number == last_of_all_) text.remove_suffix(1);  // the empty line is between tunes
  return text;
}

std::size_t TunePart::whole_parts() const {
  const std::string ending = fmt::format("-of-{}.abc", shard_.of);
  std::size_t count = 0;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_.parent_path())) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("tunes-") && name.ends_with(ending)) ++count;
  }
  return count;
}

Result<std::vector<fs::path>> parts_in(const fs::path& folder) {
  std::vector<fs::path> parts;
  if (!fs::exists(folder / kRecord)) return parts;
  const Result<Json> record = read_record(folder / kRecord);
  if (!record) return record.error();
  const auto of = (*record)["parts"].get<std::size_t>();
  std::size_t missing = 0, first_missing = 0;
  for (std::size_t part = 1; part <= std::min(of, kMostShards); ++part) {
    parts.push_back(folder / name_of(part, of));
    if (fs::exists(parts.back())) continue;
    if (++missing == 1) first_missing = part;
  }
  if (missing == 0) return parts;
  return Error{ErrorCode::kCorpus,
               fmt::format("expected {} parts, found {}; the first that is not there is --shard "
                           "{}/{}",
                           grouped(of), grouped(of - missing), first_missing, of),
               {.source = folder.string()}};
}

}  // namespace lilt::cli
