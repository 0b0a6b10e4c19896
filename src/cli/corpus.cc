// lilt corpus: collections of tunes.

#include "cli/corpus.h"

namespace lilt::cli {

void add_corpus(CLI::App& app, const Registrar& registrar) {
  CLI::App* corpus = app.add_subcommand("corpus", "Get, clean, split and describe collections");
  corpus->require_subcommand(1);
  add_corpus_get(*corpus, registrar);
  add_corpus_clean(*corpus, registrar);
  add_corpus_dedupe(*corpus, registrar);
  add_corpus_split(*corpus, registrar);
  add_corpus_describe(*corpus, registrar);
  corpus->footer(
      "Files are read tune by tune, so that they may have any size. Examples:\n"
      "  lilt corpus get nottingham\n"
      "  lilt corpus clean nottingham.abc | lilt corpus describe -\n"
      "  lilt corpus split nottingham.abc --shares 0.8,0.1,0.1 -o data");
}

}  // namespace lilt::cli
