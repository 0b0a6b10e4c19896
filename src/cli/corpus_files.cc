#include "cli/corpus_files.h"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/interrupt.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBeforeProgress{1};

std::string progress_text(const corpus::Progress& p) {
  if (p.total == 0 || p.bytes > p.total) {
    return fmt::format("{}  {} tunes", p.stage, grouped(p.tunes));
  }
  const double share = static_cast<double>(p.bytes) / static_cast<double>(p.total);
  return fmt::format("{}  {} {:3.0f} %", p.stage, bar(share, 30), 100 * share);
}

}  // namespace

corpus::Watch watch_on_console() {
  catch_interrupts();
  return [status = std::make_shared<StatusLine>(),
          start = Clock::now()](const corpus::Progress& progress) {
    if (Clock::now() - start >= kBeforeProgress) status->show(progress_text(progress));
    return !is_interrupted();
  };
}

void add_files_option(CLI::App* command, std::vector<std::string>& files) {
  command->add_option("files", files, "Tunes in ABC notation")->required()->type_name("FILE");
}

TuneOutput::TuneOutput(const std::string& path)
    : sink_(corpus::joined([this](std::string_view text) { write(text); })) {
  if (!path.empty() && path != "-") file_.emplace(path);
}

void TuneOutput::write(std::string_view text) {
  if (file_) {
    file_->write(text);
  } else {
    print_bytes(text);
  }
}

void TuneOutput::commit() {
  if (file_) file_->commit();
}

Status check_output(const std::vector<std::string>& files, const std::string& output) {
  for (const std::string& file : files) {
    std::error_code none;  // a file that is not there is not read
    if (!std::filesystem::equivalent(file, output, none)) continue;
    return Error{ErrorCode::kOption,
                 "expected another file than the tunes, found " + output,
                 {.field = "output"}};
  }
  return success();
}

}  // namespace lilt::cli
