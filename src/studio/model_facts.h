// What model files are, for people who choose among them.
#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <string>

#include "base/result.h"

namespace lilt::studio {

// Remembers what it has told, as long as the files stay as they are. May be used by several
// threads.
class ModelFacts {
 public:
  // "parameters", "bytes", "dialects", "knows_tunes", and of its training "epoch",
  // "loss" (nats), "bits_per_character" (of held-out tunes) and "learnt_characters", null where it
  // does not tell, and "learnt_from", names of files. Throws EnvironmentError.
  [[nodiscard]] Result<nlohmann::ordered_json> of(const std::filesystem::path& file);

 private:
  struct Known {
    std::filesystem::file_time_type time;
    nlohmann::ordered_json facts;
  };

  std::mutex mutex_;
  std::map<std::filesystem::path, Known> known_;
};

// The bytes of a model to give away: without what only training needs, in half precision where
// that can hold the weights. Throws EnvironmentError.
[[nodiscard]] Result<std::string> model_to_give_away(const std::filesystem::path& file);

}  // namespace lilt::studio
