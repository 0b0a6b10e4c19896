// lilt corpus clean: the correct tunes of a collection, written in one way.

#include <fmt/format.h>

#include <memory>
#include <optional>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "cli/field_options.h"
#include "corpus/clean.h"

namespace lilt::cli {
namespace {

struct CleanCommand {
  std::vector<std::string> files;
  std::string output;
  corpus::CleanRun run;
  bool music_only = false;
  std::string key;
};

// The tonic that every tune gets, or nothing where none is asked for.
Result<std::optional<abc::Key>> wanted_key(const std::string& text) {
  if (text.empty()) return std::optional<abc::Key>();
  const abc::KeyField field = abc::parse_key(text);
  if (field.understood && field.key && field.key->has_tonic) return field.key;
  return Error{ErrorCode::kOption, "--key: expected a tonic such as D or Bb, found " + text};
}

int run_clean(CleanCommand& c) {
  const auto key = wanted_key(c.key);
  if (!key) return report(key.error());
  c.run.key = *key;
  if (c.music_only) c.run.text.fields = corpus::kMusicFields;
  if (Status s = check_output(c.files, c.output); !s) return report(s.error());
  TuneOutput output(c.output);
  const Result<corpus::CleanFigures> figures =
      corpus::clean_files(c.files, c.run, output.sink(), watch_on_console());
  if (!figures) return report(figures.error());
  output.commit();
  const auto mistakes = figures->mistakes.sorted();
  tell(fmt::format("{} tunes, {} written{}", grouped(figures->tunes), grouped(figures->written),
                   mistakes.empty()       ? ""
                   : c.run.keep_incorrect ? "; not correct:"
                                          : "; left out:"));
  for (const auto& [mistake, tunes] : mistakes) {
    tell(fmt::format("{:>9}  {}", grouped(tunes), mistake));
  }
  return kSuccess;
}

}  // namespace

void add_corpus_clean(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<CleanCommand>();
  CLI::App* command =
      corpus.add_subcommand("clean", "Write the correct tunes of a collection in one way");
  add_files_option(command, c->files);
  command->add_option("-o,--output", c->output, "The file to write (default: standard output)")
      ->type_name("FILE");
  command->add_flag("--keep-incorrect", c->run.keep_incorrect,
                    "Keep tunes with mistakes too, as they are written");
  CLI::Option* fields =
      command
          ->add_option("--fields", c->run.text.fields,
                       "Keep only these fields of the header, such as TR; X P M L K V always stay")
          ->type_name("LETTERS");
  command
      ->add_flag(
          "--music-only", c->music_only,
          fmt::format("Keep only fields that say something of the music: {}", corpus::kMusicFields))
      ->excludes(fields);
  command->add_option("--drop", c->run.text.drop, "Drop these fields, such as SNZ")
      ->type_name("LETTERS");
  command->add_flag("--marks", c->run.text.marks, "Keep decorations and annotations");
  CLI::Option* semitones = add_field(command, kTransposition, c->run.semitones);
  command->add_option("--key", c->key, "Move every tune to this tonic, keeping its mode")
      ->type_name("TONIC")
      ->excludes(semitones);
  command->add_flag("--renumber", c->run.renumber, "Number the tunes from 1");
  command->footer(
      "Tunes with mistakes are left out and counted by their first one. \"-\" is standard input.\n"
      "Example:\n"
      "  lilt corpus clean nottingham.abc --music-only --renumber -o clean.abc");
  registrar(command, [c] { return run_clean(*c); });
}

}  // namespace lilt::cli
