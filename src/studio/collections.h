// Collections of tunes that a person has brought for Lilt to learn.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace lilt::studio {

// Bytes of a collection, and how many there may be.
inline constexpr std::size_t kLargestCollection = std::size_t{32} << 20;
inline constexpr std::size_t kMostCollections = 200;

struct TuneFile {
  std::string name, text;  // text as UTF-8
};

// Each is FOLDER/NAME.abc, with what it is like in NAME.json beside it. All functions throw
// EnvironmentError; what two programs do at once, they do one after the other or are told that the
// name is taken.
class Collections {
 public:
  explicit Collections(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Makes a collection of files, under a name that is safe as that of a file. Gives what it is
  // like: "name", "bytes", all that `lilt corpus describe --json` tells, "different" (tunes, each
  // melody once) and "families" of them. Refuses what has no tune, is too large, or a name that is
  // taken.
  [[nodiscard]] Result<nlohmann::ordered_json> add(const std::string& name,
                                                   const std::vector<TuneFile>& files);

  // What each is like, but for the alphabets, by their names.
  [[nodiscard]] nlohmann::ordered_json list() const;
  // What one is like; nothing where there is none of that name.
  [[nodiscard]] std::optional<nlohmann::ordered_json> find(std::string_view name) const;
  // Its file, likewise.
  [[nodiscard]] std::optional<std::filesystem::path> file(std::string_view name) const;
  bool remove(std::string_view name);

 private:
  [[nodiscard]] std::vector<std::string> names() const;

  std::filesystem::path folder_;
};

}  // namespace lilt::studio
