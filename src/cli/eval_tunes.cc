#include "cli/eval_tunes.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "eval/comparison_report.h"
#include "eval/report.h"

namespace lilt::cli {
int run_eval_tunes(const EvalTunesCommand& c) {
  for (const auto* files : {&c.files.composed, &c.files.against, &c.files.held_out}) {
    if (Status s = check_output(*files, c.report); !s) return report(s.error());
  }
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
