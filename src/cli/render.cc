// lilt render: tunes as sheet music, MIDI, recordings.

#include "score/render.h"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "cli/command.h"
#include "cli/corpus_files.h"
#include "cli/field_options.h"
#include "cli/publishing.h"
#include "score/instrument.h"
#include "score/kind.h"

namespace lilt::cli {
namespace {

int run_render(const score::RenderRequest& asked) {
  if (Status s = check_output({asked.file}, asked.publication.output); !s) return report(s.error());
  PublishingView view;
  const Result<std::size_t> left_out = score::render(asked, view.listener());
  view.finish();
  if (!left_out) return report(left_out.error());
  return *left_out > 0 ? kFailure : kSuccess;
}

void add_choosing(CLI::App* command, score::RenderRequest& asked) {
  CLI::Option* numbers =
      command
          ->add_option("--tune", asked.numbers, "Only the tunes with these X: numbers: 3 or 2,5-8")
          ->type_name("NUMBERS");
  command->add_option("--index", asked.positions, "Only these tunes, counted from 1 in the file")
      ->type_name("NUMBERS")
      ->excludes(numbers);
}

}  // namespace

void add_render(CLI::App& app, const Registrar& registrar) {
  auto asked = std::make_shared<score::RenderRequest>();
  score::Publication& publication = asked->publication;
  CLI::App* command =
      app.add_subcommand("render", "Make sheet music, MIDI or a recording of tunes");
  command->add_option("file", asked->file, "Tunes in ABC notation; - is standard input")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("-o,--output", publication.output,
                   "The file to write, its kind by its ending; a folder (DIR/) gets a file for\n"
                   "each tune; - is standard output")
      ->required()
      ->type_name("OUT");
  add_choosing(command, *asked);
  add_publication_options(command, publication, "needed for a folder and for -");
  command->add_flag(
      "--no-chords", [&chords = asked->chords](std::int64_t) { chords = false; },
      "Leave out chord symbols and accompaniment");
  add_field(command, kTransposition, asked->semitones);
  suggest(add_field(command, {.name = "paper", .help = "a4 or letter", .value = "PAPER"},
                    publication.paper),
          "a4 or letter");
  command
      ->add_option("--soundfont", publication.sound_font,
                   "The SoundFont to play with (default: the best one installed)")
      ->type_name("FILE");
  command->footer(
      "Kinds: " + score::endings() +
      ".\n"
      "pdf and abc take all tunes into one file, pdf as a book with contents; of the other kinds\n"
      "each tune becomes a file, OUT-1.svg and so on. Prints the names of the files.\n" +
      wrapped("Instruments: " + score::usual_instruments()) +
      ".\n"
      "Examples:\n"
      "  lilt render tune.abc -o tune.pdf\n"
      "  lilt render tunes.abc --tune 12 -o tune.mp3 --instrument fiddle --tempo 110\n"
      "  lilt render tunes.abc -o tunes/ --format svg,mid\n"
      "  lilt compose | lilt render - -o new.wav");
  registrar(command, [asked] { return run_render(*asked); });
}

}  // namespace lilt::cli
