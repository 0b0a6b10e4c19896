// What a run was made of, so that its figures can be traced: out/logs/run.json beside the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "train/options.h"

namespace lilt::train {

// Where the record of a run stands that was started with --out `out`.
[[nodiscard]] std::filesystem::path run_record_file(const std::filesystem::path& out);

// Writes the options, the seed and, of every file of tunes, size and SHA-256; and adds to the list
// of starts the program with its revision and the updates made before. Only a run that goes on
// (updates > 0) keeps the starts that are written there. Throws EnvironmentError.
void record_start(const std::filesystem::path& out, const Options& options,
                  const std::string& program, std::uint64_t updates);

}  // namespace lilt::train
