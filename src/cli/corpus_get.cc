// lilt corpus get: fetches a known collection.

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "corpus/collections.h"
#include "corpus/fetch.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct GetCommand {
  std::string name;
  std::string output;
  std::string from;
  bool no_check = false;
};

std::string kilobytes(std::uint64_t bytes) {
  return fmt::format("{} kB", grouped((bytes + 500) / 1000));
}

int list_collections() {
  fmt::print("{:<14}{:>8}{:>10}  {}\n", "name", "tunes", "size", "what, and its terms");
  for (const corpus::Collection& c : corpus::collections()) {
    fmt::print("{:<14}{:>8}{:>10}  {}\n{:34}{}\n{:34}{}, version {}\n", c.name, grouped(c.tunes),
               kilobytes(c.bytes()), c.title, "", c.terms, "", c.page, c.version.substr(0, 7));
  }
  return kSuccess;
}

int run_get(const GetCommand& c) {
  if (c.name.empty()) return list_collections();
  const corpus::Collection* collection = corpus::find_collection(c.name);
  if (collection == nullptr) {
    return report(
        {ErrorCode::kOption, fmt::format("expected a known collection, found \"{}\"; lilt "
                                         "corpus get without a name lists them",
                                         c.name)});
  }
  const fs::path output = c.output.empty() ? c.name + ".abc" : c.output;
  tell(fmt::format("{}\n{} tunes, {}, version {}\nTerms: {} ({})", collection->title,
                   grouped(collection->tunes), kilobytes(collection->bytes()),
                   collection->version.substr(0, 7), collection->terms, collection->page));

  catch_interrupts();
  StatusLine status;
  const auto total = static_cast<double>(collection->bytes());
  const corpus::FetchProgress progress = [&](std::string_view file, std::uint64_t bytes) {
    const double share = static_cast<double>(bytes) / total;
    status.show(fmt::format("{} {:3.0f} %  {}", bar(share, 30), 100 * share, file));
    return !is_interrupted();
  };
  const Result<corpus::Fetched> fetched = corpus::fetch_collection(
      *collection, {.output = output, .from = c.from, .check = !c.no_check}, progress);
  status.clear();
  if (!fetched) return report(fetched.error());
  if (!fetched->complete) {
    tell("lilt: interrupted; the same command goes on from here");
    return kFailure;
  }
  const fs::path terms = corpus::write_terms(*collection, output);
  if (fetched->was_there) {
    tell(fmt::format("{} is complete already", output.string()));
  } else {
    tell(fmt::format("{} tunes{}; the terms are in {}", grouped(fetched->tunes),
                     fetched->reused > 0
                         ? fmt::format(", {} of them fetched before", kilobytes(fetched->reused))
                         : std::string(),
                     terms.string()));
  }
  fmt::print("{}\n", output.string());
  return kSuccess;
}

std::string known_names() {
  std::string names;
  for (const corpus::Collection& c : corpus::collections()) {
    names.append(names.empty() ? "" : ", ").append(c.name);
  }
  return names;
}

}  // namespace

void add_corpus_get(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<GetCommand>();
  CLI::App* command = corpus.add_subcommand("get", "Fetch a known collection");
  suggest(
      command->add_option("name", c->name, "The collection; without it, the known ones are listed"),
      known_names());
  command->add_option("-o,--output", c->output, "The file to write (default: NAME.abc)")
      ->type_name("FILE");
  command
      ->add_option("--from", c->from,
                   "A folder, or the URL of one, that has the files instead of where they are "
                   "published")
      ->type_name("DIR|URL");
  command->add_flag("--no-check", c->no_check,
                    "Take files that are not those of the version known here");
  command->footer(
      "What was fetched before an interruption is not fetched again. The terms are written beside\n"
      "the tunes. Examples:\n"
      "  lilt corpus get\n"
      "  lilt corpus get nottingham\n"
      "  lilt corpus get nottingham --from ~/nottingham-dataset -o tunes.abc");
  registrar(command, [c] { return run_get(*c); });
}

}  // namespace lilt::cli
