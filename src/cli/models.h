// Which files a command works with when none is named.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace lilt::cli {

// The model that was named, or the best or newest of a person's own training in that folder, or the
// one that comes with Lilt. Throws EnvironmentError when there is none.
[[nodiscard]] std::filesystem::path find_model(const std::string& named,
                                               const std::filesystem::path& folder);

// The one that comes with Lilt.
[[nodiscard]] std::optional<std::filesystem::path> shipped_model();

// Whether it is of a person's own training in that folder.
[[nodiscard]] bool is_own_model(const std::filesystem::path& model,
                                const std::filesystem::path& folder);

// The text to learn: the user's own data/input.txt, or the tunes that come with Lilt. Throws
// EnvironmentError when neither is there.
[[nodiscard]] std::string default_tunes();

}  // namespace lilt::cli
