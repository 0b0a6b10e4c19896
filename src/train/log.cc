#include "train/log.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <string>
#include <utility>

#include "base/environment_error.h"
#include "base/file.h"

namespace lilt::train {
namespace {

constexpr const char* kHeader =
    "epoch,loss,acc,valid_bits_per_character,valid_body_bits_per_character,valid_bits_per_note,"
    "learning_rate,updates,characters_per_second,seconds\n";

std::string validation_columns(const std::optional<corpus::Figures>& figures) {
  if (!figures) return ",,";
  return fmt::format("{:.6f},{:.6f},{:.6f}", figures->bits_per_character(),
                     figures->body_bits_per_character(), figures->bits_per_note());
}

// The lines of epochs 1 … kept of an earlier log.
std::string kept_lines(const std::filesystem::path& path, std::uint64_t kept) {
  std::string lines;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::uint64_t epoch = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), epoch);
    if (error == std::errc() && *end == ',' && epoch >= 1 && epoch <= kept) lines += line + "\n";
  }
  return lines;
}

}  // namespace

Log::Log(std::filesystem::path path, std::uint64_t kept) : path_(std::move(path)) {
  const std::string text = kHeader + kept_lines(path_, kept);
  write_file_atomically(path_, text);
}

void Log::append(const EpochRecord& r) {
  std::ofstream file(path_, std::ios::app);
  file << fmt::format("{},{:.6f},{:.6f},{},{:.6g},{},{:.0f},{:.2f}\n", r.epoch, r.loss, r.accuracy,
                      validation_columns(r.validation), r.learning_rate, r.updates,
                      r.characters_per_second, r.seconds);
  file.flush();
  if (!file) {
    throw EnvironmentError(path_.string(),
                           std::string("the log cannot be written: ") + std::strerror(errno));
  }
}

}  // namespace lilt::train
