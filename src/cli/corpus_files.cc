#include "cli/corpus_files.h"

#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/environment_error.h"
#include "base/text.h"
#include "cli/console.h"
#include "cli/interrupt.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::seconds kBeforeProgress{1};

}  // namespace

Status for_each_tune(const std::vector<std::string>& paths, const std::string& what,
                     const std::function<void(const corpus::TuneText&)>& use) {
  catch_interrupts();
  corpus::TuneStream stream(paths);
  const auto total = static_cast<double>(corpus::total_size(paths));
  const auto start = Clock::now();
  StatusLine status;
  corpus::TuneText tune;
  for (std::size_t count = 1;; ++count) {
    const Result<bool> more = stream.next(tune);
    if (!more) return more.error();
    if (!*more) return success();
    use(tune);
    if (is_interrupted()) throw EnvironmentError("interrupted", "no file was written");
    if (Clock::now() - start < kBeforeProgress) continue;
    const auto read = static_cast<double>(stream.bytes_read());
    status.show(total > 0 && read <= total ? fmt::format("{}  {} {:3.0f} %", what,
                                                         bar(read / total, 30), 100 * read / total)
                                           : fmt::format("{}  {} tunes", what, grouped(count)));
  }
}

Result<corpus::Families> find_families(
    const std::vector<std::string>& paths,
    const std::function<void(const corpus::TuneText&, const abc::Reading&)>& also) {
  corpus::SharedAnchors shared;
  std::size_t tunes = 0;
  const auto look = [&](const corpus::TuneText& tune) {
    ++tunes;
    shared.add(corpus::fingerprint(abc::read_tune(tune.text).tune));
  };
  if (Status s = for_each_tune(paths, "Looking", look); !s) return s.error();
  corpus::Families families;
  const auto compare = [&](const corpus::TuneText& tune) {
    const abc::Reading reading = abc::read_tune(tune.text);
    families.add(corpus::fingerprint(reading.tune), shared);
    also(tune, reading);
  };
  if (Status s = for_each_tune(paths, "Comparing", compare); !s) return s.error();
  if (families.tunes() != tunes) return files_changed();
  return families;
}

Error files_changed() {
  return {ErrorCode::kCorpus, "the files changed while they were read; try again"};
}

Status require_files(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    if (path == "-" || (std::filesystem::exists(path) && !std::filesystem::is_directory(path) &&
                        !std::filesystem::is_regular_file(path))) {
      return Error{ErrorCode::kOption, "expected files, which can be read twice, found " +
                                           (path == "-" ? std::string("standard input") : path)};
    }
  }
  return success();
}

void add_files_option(CLI::App* command, std::vector<std::string>& files) {
  command->add_option("files", files, "Tunes in ABC notation")->required()->type_name("FILE");
}

TuneOutput::TuneOutput(const std::string& path) {
  if (!path.empty() && path != "-") file_.emplace(path);
}

void TuneOutput::write(const std::string& tune) {
  const std::string text = first_ ? tune : "\n" + tune;
  first_ = false;
  if (file_) {
    file_->write(text);
  } else if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    throw EnvironmentError("standard output",
                           std::string("cannot be written: ") + std::strerror(errno));
  }
}

void TuneOutput::commit() {
  if (file_) file_->commit();
}

}  // namespace lilt::cli
