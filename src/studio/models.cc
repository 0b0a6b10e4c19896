#include "studio/models.h"

#include "base/file.h"
#include "base/nearest.h"

namespace lilt::studio {

namespace {

constexpr std::size_t kMostOpen = 4;  // models in memory

}  // namespace

void Models::add(const std::string& name, const std::filesystem::path& file) {
  const std::lock_guard lock(mutex_);
  if (first_.empty()) first_ = name;
  entries_[name] = {.file = file};
}

void Models::remove(const std::string& name) {
  const std::lock_guard lock(mutex_);
  entries_.erase(name);
}

std::vector<std::string> Models::names() const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> names;
  if (entries_.count(first_) > 0) names.push_back(first_);
  for (const auto& [name, entry] : entries_) {
    if (name != first_) names.push_back(name);
  }
  return names;
}

std::string Models::usual() const {
  const std::lock_guard lock(mutex_);
  return first_;
}

std::optional<std::filesystem::path> Models::find(const std::string& name) const {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name);
  if (found == entries_.end()) return std::nullopt;
  return found->second.file;
}

Result<std::shared_ptr<Composer>> Models::composer(const std::string& name) {
  const std::vector<std::string> known = names();
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(name.empty() ? first_ : name);
  if (found == entries_.end()) {
    return Error{
        ErrorCode::kOption, "no such model" + did_you_mean(name, known), {.field = "model"}};
  }
  Entry& entry = found->second;
  entry.used = ++uses_;
  if (!entry.composer) {
    Result<compose::Model> model = compose::Model::open(Bytes::of(FileBytes(entry.file)));
    if (!model) return model.error();
    entry.composer =
        std::make_shared<Composer>(*std::move(model), ComposerOptions{.threads = threads_});
    forget_oldest();
  }
  return entry.composer;
}

void Models::forget_oldest() {
  std::size_t open = 0;
  Entry* oldest = nullptr;
  for (auto& [name, entry] : entries_) {
    if (!entry.composer) continue;
    ++open;
    if (entry.composer->busy() > 0) continue;
    if (oldest == nullptr || entry.used < oldest->used) oldest = &entry;
  }
  if (open > kMostOpen && oldest != nullptr) oldest->composer = nullptr;
}

}  // namespace lilt::studio
