#include "cli/corpus_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/compose_part.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;
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

Result<std::vector<std::string>> files_in(const std::string& name) {
  std::error_code none;
  if (!fs::is_directory(name, none)) return std::vector{name};
  Result<std::vector<fs::path>> files = parts_in(name);
  if (!files) return files.error();
  if (files->empty()) {
    for (fs::directory_iterator entry(name, none), end; !none && entry != end;
         entry.increment(none)) {
      if (entry->path().extension() == ".abc") files->push_back(entry->path());
    }
    std::sort(files->begin(), files->end());
  }
  if (!files->empty()) return std::vector<std::string>(files->begin(), files->end());
  return Error{ErrorCode::kOption, "expected a folder with files *.abc, found " + name};
}

void add_files_option(CLI::App* command, std::vector<std::string>& files) {
  const auto read = [&files](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const Result<std::vector<std::string>> found = files_in(name);
      if (!found) refuse("files", found.error());
      files.insert(files.end(), found->begin(), found->end());
    }
  };
  command
      ->add_option_function<std::vector<std::string>>(
          "files", read, "Tunes in ABC notation; of a folder its files *.abc, by name")
      ->required()
      ->type_name("FILE");
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
