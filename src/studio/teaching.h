// What a person teaches Lilt: collections, lessons, and the models that come of them.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "studio/collections.h"
#include "studio/lessons.h"
#include "studio/models.h"

namespace lilt::studio {

// In FOLDER/collections and FOLDER/lessons. May be used by several threads. Throws
// EnvironmentError.
class Teaching {
 public:
  // `models`, which gets those of the lessons under their ids, has to outlive it; those that it has
  // already keep their names. `program` is lilt.
  Teaching(const std::filesystem::path& folder, Models& models, std::size_t threads,
           std::filesystem::path program = this_program());

  [[nodiscard]] Collections& collections() { return collections_; }
  [[nodiscard]] Lessons& lessons() { return lessons_; }

  // Goes on where lessons have ended, and lets `models` have theirs as they are now. To be called
  // whenever somebody looks.
  void look_after();

 private:
  using Version = std::pair<std::filesystem::path, std::filesystem::file_time_type>;

  Models& models_;
  Collections collections_;
  Lessons lessons_;
  std::mutex mutex_;
  std::map<std::string, Version> known_;  // the models of lessons that `models` has
};

}  // namespace lilt::studio
