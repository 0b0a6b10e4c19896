// The commands under `lilt corpus`.
#pragma once

#include "cli/command.h"

namespace lilt::cli {

void add_corpus_get(CLI::App& corpus, const Registrar& registrar);
void add_corpus_clean(CLI::App& corpus, const Registrar& registrar);
void add_corpus_dedupe(CLI::App& corpus, const Registrar& registrar);
void add_corpus_split(CLI::App& corpus, const Registrar& registrar);
void add_corpus_describe(CLI::App& corpus, const Registrar& registrar);

}  // namespace lilt::cli
