// What the commands that read files of tunes have in common.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/field.h"
#include "base/file.h"
#include "base/result.h"
#include "cli/command.h"
#include "corpus/reading.h"

namespace lilt::cli {

// Shows progress after the first second, and stops at Ctrl-C, which from now on ends no program.
[[nodiscard]] corpus::Watch watch_on_console();

// --transpose
inline constexpr Field kTransposition = {.name = "transpose",
                                         .help = "Semitones by which all is moved up or down",
                                         .least = -24,
                                         .most = 24};

// The files of a folder, *.abc in the order of their names, or the file itself. Of parts of many
// tunes all have to be there.
[[nodiscard]] Result<std::vector<std::string>> files_in(const std::string& name);

// Adds the files to read.
void add_files_option(CLI::App* command, std::vector<std::string>& files);

// Tunes with one empty line between them: to standard output, or to a file that takes its place
// when all is written.
class TuneOutput {
 public:
  explicit TuneOutput(const std::string& path);  // "" or "-": standard output
  TuneOutput(const TuneOutput&) = delete;
  TuneOutput& operator=(const TuneOutput&) = delete;
  ~TuneOutput() = default;

  [[nodiscard]] const corpus::TuneSink& sink() const { return sink_; }
  void commit();

 private:
  void write(std::string_view text);

  std::optional<FileWriter> file_;
  corpus::TuneSink sink_;
};

// Refuses to write over a file that is read.
[[nodiscard]] Status check_output(const std::vector<std::string>& files, const std::string& output);

}  // namespace lilt::cli
