// What the commands under `lilt corpus` that read files of tunes have in common.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "abc/tune.h"
#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"
#include "corpus/fingerprint.h"
#include "corpus/tune_stream.h"

namespace lilt::cli {

// Calls use() for each tune of the files, with progress under the name `what`. One tune is in
// memory. Throws EnvironmentError when interrupted.
Status for_each_tune(const std::vector<std::string>& paths, const std::string& what,
                     const std::function<void(const corpus::TuneText&)>& use);

// Reads the files twice and tells their families. `also` is called for each tune the second time.
[[nodiscard]] Result<corpus::Families> find_families(
    const std::vector<std::string>& paths,
    const std::function<void(const corpus::TuneText&, const abc::Reading&)>& also);

// An error if a file cannot be read twice.
[[nodiscard]] Status require_files(const std::vector<std::string>& paths);

// What to say when a second reading finds other tunes.
[[nodiscard]] Error files_changed();

// Adds the files to read.
void add_files_option(CLI::App* command, std::vector<std::string>& files);

// Tunes with one empty line between them: to standard output, or to a file that takes its place
// when all is written.
class TuneOutput {
 public:
  explicit TuneOutput(const std::string& path);  // "" or "-": standard output
  void write(const std::string& tune);           // which ends with a newline
  void commit();

 private:
  std::optional<FileWriter> file_;
  bool first_ = true;
};

}  // namespace lilt::cli
