#include "studio/teaching.h"

#include <optional>
#include <system_error>
#include <utility>

namespace lilt::studio {

namespace fs = std::filesystem;

Teaching::Teaching(const fs::path& folder, Models& models, std::size_t threads, fs::path program)
    : models_(models),
      collections_(folder / "collections"),
      lessons_({.folder = folder / "lessons",
                .program = std::move(program),
                .threads = threads,
                .is_taken = [&models](const std::string& name) {
                  return models.find(name).has_value();
                }}) {}

void Teaching::look_after() {
  lessons_.look_after();
  const std::lock_guard lock(mutex_);
  std::map<std::string, Version> now;
  for (const LessonFolder& lesson : lessons_.all()) {
    const std::optional<fs::path> model = lesson.model();
    std::error_code none;
    if (!model) continue;
    const fs::file_time_type time = fs::last_write_time(*model, none);
    if (!none) now[lesson.id()] = {*model, time};
  }
  for (const auto& [name, version] : known_) {
    if (!now.contains(name)) models_.remove(name);
  }
  for (const auto& [name, version] : now) {
    const auto known = known_.find(name);
    if (known == known_.end() || known->second != version) models_.add(name, version.first);
  }
  known_ = std::move(now);
}

}  // namespace lilt::studio
