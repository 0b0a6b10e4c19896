// What a person sees while tunes become files, and the options that say which.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>

#include "base/error.h"
#include "cli/command.h"
#include "cli/console.h"
#include "score/publisher.h"

namespace lilt::cli {

class PublishingView {
 public:
  // Prints the paths of files, with progress and warnings on standard error; Ctrl-C stops the work.
  [[nodiscard]] score::Listener listener();
  // Takes the progress away, and tells how many warnings were not shown.
  void finish();

 private:
  void show(const score::Progress& progress);
  void warn(const std::string& text);

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::size_t warnings_ = 0;
  StatusLine status_;
};

// Adds --instrument, --tempo and --format with what is said of their defaults.
void add_publication_options(CLI::App* command, score::Publication& publication,
                             const std::string& usual_formats);

}  // namespace lilt::cli
