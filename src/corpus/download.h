// One file over HTTP.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace lilt::corpus {

// Appends what is missing of `url` to `part`, which an earlier try may have begun; a server that
// cannot do that sends all of it again. Stops behind `most` bytes. `progress` is called with the
// bytes that are there; false stops. Returns false when stopped.
//
// Throws EnvironmentError when the address cannot be reached or does not have the file: what is
// there by then stays.
[[nodiscard]] bool download(const std::string& url, const std::filesystem::path& part,
                            std::uint64_t most, const std::function<bool(std::uint64_t)>& progress);

}  // namespace lilt::corpus
