#include "cli/models.h"

#include <cstdlib>

namespace lilt::cli {

namespace fs = std::filesystem;

std::optional<fs::path> shipped_model() {
  const char* home = std::getenv("LILT_HOME");
  const fs::path path = fs::path(home != nullptr ? home : ".") / "models" / "folk.safetensors";
  return fs::exists(path) ? std::optional(path) : std::nullopt;
}

}  // namespace lilt::cli
