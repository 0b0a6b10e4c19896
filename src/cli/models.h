// Which model a command works with when none is named.
#pragma once

#include <filesystem>
#include <optional>

namespace lilt::cli {

// The one that comes with Lilt, if it is there.
[[nodiscard]] std::optional<std::filesystem::path> shipped_model();

}  // namespace lilt::cli
