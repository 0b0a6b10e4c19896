#include "cli/eval_tunes.h"

#include <fmt/format.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "eval/comparison_report.h"
#include "eval/report.h"

namespace lilt::cli {
namespace {

// The page may take the place of no file that is read.
Status check_report(const EvalTunesCommand& c) {
  for (const auto* files : {&c.files.composed, &c.files.against, &c.files.held_out}) {
    for (const std::string& file : *files) {
      std::error_code none;  // a file that is not there is not read
      if (c.report.empty() || !std::filesystem::equivalent(file, c.report, none)) continue;
      return Error{ErrorCode::kOption,
                   "expected another file than the tunes as -o, found " + c.report};
    }
  }
  return success();
}

}  // namespace

int run_eval_tunes(const EvalTunesCommand& c) {
  if (Status s = check_report(c); !s) return report(s.error());
  const Result<eval::Comparison> comparison = eval::compare_files(c.files, watch_on_console());
  if (!comparison) return report(comparison.error());
  if (c.json) {
    print_json(eval::to_json(*comparison), true);
  } else {
    fmt::print("{}", eval::table_of(*comparison));
  }
  if (c.report.empty()) return kSuccess;
  write_file_atomically(c.report, eval::report_page(*comparison, c.files));
  tell("wrote " + escaped(c.report));
  return kSuccess;
}

}  // namespace lilt::cli
