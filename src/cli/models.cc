#include "cli/models.h"

#include <cstdlib>
#include <vector>

#include "base/environment_error.h"
#include "train/checkpoint.h"

namespace lilt::cli {

namespace fs = std::filesystem;

// Beside the sources, for ./lilt; else where `cmake --install` puts it, seen from the program.
std::optional<fs::path> shipped_model() {
  const fs::path name = fs::path("models") / "folk.safetensors";
  const char* home = std::getenv("LILT_HOME");
  std::error_code none;
  const fs::path program = fs::read_symlink("/proc/self/exe", none);
  for (const fs::path& folder : {fs::path(home != nullptr ? home : "."),
                                 program.parent_path().parent_path() / "share" / "lilt"}) {
    if (fs::exists(folder / name, none)) return folder / name;
  }
  return std::nullopt;
}

fs::path find_model(const std::string& named, const fs::path& folder) {
  if (!named.empty()) return named;
  for (const char* name : {train::kBestModel, train::kLastCheckpoint}) {
    const fs::path own = folder / "model" / name;
    if (fs::exists(own)) return own.lexically_normal();
  }
  if (const std::optional<fs::path> shipped = shipped_model()) return *shipped;
  throw EnvironmentError((folder / "model").lexically_normal().string(),
                         "no model here; train one with: lilt train, or name one with --model");
}

bool is_own_model(const fs::path& model, const fs::path& folder) {
  return model.parent_path() == (folder / "model").lexically_normal();
}

std::string default_tunes() {
  std::vector<fs::path> homes = {"."};
  if (const char* home = std::getenv("LILT_HOME")) homes.emplace_back(home);
  for (const char* name : {"data/input.txt", "data/lilt.abc"}) {
    for (const fs::path& home : homes) {
      const fs::path path = (home / name).lexically_normal();
      if (fs::exists(path)) return path.string();
    }
  }
  throw EnvironmentError("data/input.txt",
                         "no text to learn from; name a file: lilt train tunes.abc");
}

}  // namespace lilt::cli
