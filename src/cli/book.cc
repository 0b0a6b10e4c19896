// lilt book: the tune book from the command line.

#include "studio/book.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/corpus_files.h"
#include "cli/field_options.h"
#include "cli/interrupt.h"
#include "cli/publishing.h"
#include "studio/book_export.h"
#include "studio/book_import.h"
#include "studio/book_json.h"

namespace lilt::cli {
namespace {

using Clock = std::chrono::steady_clock;
using studio::Access;
using studio::Book;

struct BookCommand {
  std::string book;  // "": the usual one
  studio::BookQuery query;
  std::vector<std::string> words;  // of search
  std::vector<std::string> files;
  std::vector<std::string> tags;  // of tunes that are added
  std::string output;
  score::Publication publication;
  bool json = false;
};

Result<Book> open_book(const BookCommand& c, Access access) {
  return Book::open(c.book.empty() ? studio::usual_book() : std::filesystem::path(c.book), access);
}

// --- list and search

// "   12  The Kesh  (G, 6/8, jig)  ***  #session #slow"
void print_tune(const studio::KeptTune& tune) {
  const std::string title = tune.title.empty() ? "(no title)" : tune.title;
  const std::string rhythm = tune.rhythm.empty() ? "" : ", " + tune.rhythm;
  std::string line = fmt::format("{:5}  {}  ({}, {}{})", tune.id, escaped(title), escaped(tune.key),
                                 escaped(tune.metre), escaped(rhythm));
  if (tune.content.stars > 0) line += "  " + std::string(tune.content.stars, '*');
  for (const std::string& tag : tune.content.tags) {
    line += (&tag == tune.content.tags.data() ? "  #" : " #") + escaped(tag);
  }
  fmt::print("{}\n", line);
}

int run_list(const BookCommand& c) {
  Result<Book> book = open_book(c, Access::kRead);
  if (!book) return report(book.error());
  const Result<studio::BookPage> page = book->search(c.query);
  if (!page) return report(page.error());
  if (c.json) {
    print_json(studio::to_json(*page));
    return kSuccess;
  }
  for (const studio::KeptTune& tune : page->tunes) print_tune(tune);
  if (page->has_mistakes) tell("No tune has this melody note by note; these nearly do");
  if (page->total > page->tunes.size()) {
    tell(fmt::format("{} of {}; --offset and --limit show others", grouped(page->tunes.size()),
                     counted(page->total, "tune")));
  }
  if (page->total == 0) tell("No tune");
  return kSuccess;
}

int run_search(BookCommand c) {
  for (const std::string& word : c.words) c.query.words += " " + word;
  return run_list(c);
}

// --- add

class Adder {
 public:
  Adder(Book& book, const BookCommand& command) : book_(book), command_(command) {}

  Status add(const std::string& file) {
    studio::BookImport importing(book_, command_.tags,
                                 {[&](const studio::RefusedTune& tune) { refuse(file, tune); },
                                  [this](std::int64_t id) {
                                    if (!command_.json) fmt::print("{}\n", id);
                                    added_.push_back(id);
                                  }});
    Status status = success();
    read_blocks(file == "-" ? "" : file, [&](std::string_view block) {
      if (status && !is_interrupted()) status = importing.feed(block);
      show();
    });
    if (!status) return status;
    const Result<studio::ImportFigures> figures = importing.finish();
    if (!figures) {
      Error error = figures.error();
      error.place.source = file == "-" ? "standard input" : file;
      return error;
    }
    known_ += figures->known;
    refused_ += figures->refused;
    return success();
  }

  int finish() {
    status_.clear();
    if (command_.json) {
      print_json({{"added", added_}, {"known", known_}, {"refused", refusals_}});
    }
    std::string text = counted(added_.size(), "tune") + " added";
    if (known_ > 0) text += fmt::format(", {} were in the book", grouped(known_));
    if (refused_ > 0) text += fmt::format(", {} with mistakes left out", grouped(refused_));
    tell(text);
    return refused_ > 0 || is_interrupted() ? kFailure : kSuccess;
  }

 private:
  void refuse(const std::string& file, const studio::RefusedTune& tune) {
    status_.clear();
    const studio::Mistake& first = tune.mistakes.front();
    const std::string more =
        tune.errors == 1 ? "" : fmt::format(", and {} more", grouped(tune.errors - 1));
    complain(fmt::format("{}:{}:{}: {}: {} [{}]{}", file, first.line, first.column,
                         tune.title.empty() ? "(no title)" : tune.title, first.message, first.code,
                         more));
    if (!command_.json) return;
    nlohmann::ordered_json json = {{"file", file}};
    json.update(studio::to_json(tune));
    refusals_.push_back(std::move(json));
  }

  void show() {
    if (Clock::now() - start_ < std::chrono::seconds(1)) return;
    status_.show(fmt::format("Adding  {}", counted(added_.size(), "tune")));
  }

  Book& book_;
  const BookCommand& command_;
  StatusLine status_;
  Clock::time_point start_ = Clock::now();
  std::vector<std::int64_t> added_;
  nlohmann::ordered_json refusals_ = nlohmann::ordered_json::array();
  std::size_t known_ = 0, refused_ = 0;
};

int run_add(const BookCommand& c) {
  Result<Book> book = open_book(c, Access::kWrite);
  if (!book) return report(book.error());
  catch_interrupts();
  Adder adder(*book, c);
  for (const std::string& file : c.files) {
    if (is_interrupted()) break;
    if (Status status = adder.add(file); !status) return report(status.error());
  }
  return adder.finish();
}

// --- export

Error wrong(std::string_view field, const std::string& message) {
  return {ErrorCode::kOption, message, {.field = std::string(field)}};
}

Result<std::vector<score::Kind>> kinds_of(const std::vector<std::string>& formats) {
  std::vector<score::Kind> kinds;
  for (const std::string& format : formats) {
    const std::optional<score::Kind> kind = score::find_kind(format);
    if (!kind) return wrong("format", "expected " + score::endings() + ", found " + format);
    kinds.push_back(*kind);
  }
  return kinds;
}

// What -o and --format ask for.
Result<studio::BookExport> wanted_export(const BookCommand& c) {
  const Result<score::RenderOptions> rendering = render_options(c.publication);
  if (!rendering) return rendering.error();
  Result<std::vector<score::Kind>> kinds = kinds_of(c.publication.formats);
  if (!kinds) return kinds.error();
  studio::BookExport wanted{.rendering = *rendering};
  const std::string ending = std::filesystem::path(c.output).extension().string();
  const auto format = value_named<studio::BookFormat>(
      c.output == "-" ? "abc" : std::string_view(ending).substr(ending.empty() ? 0 : 1));
  if (!format) {
    return wrong("output",
                 "expected a file that ends with .abc, .pdf or .zip, or -, found " + c.output);
  }
  wanted.format = *format;
  if (wanted.format != studio::BookFormat::kZip && !kinds->empty()) {
    return wrong("format", "expected a .zip file as -o with it, found " + c.output);
  }
  wanted.kinds = kinds->empty() ? std::vector{score::Kind::kMp3} : *std::move(kinds);
  return wanted;
}

int run_export(const BookCommand& c) {
  const Result<studio::BookExport> wanted = wanted_export(c);
  if (!wanted) return report(wanted.error());
  Result<Book> book = open_book(c, Access::kRead);
  if (!book) return report(book.error());
  if (Status s = check_output({book->path().string()}, c.output); !s) return report(s.error());
  catch_interrupts();
  std::optional<FileWriter> file;
  StatusLine status;
  bool is_whole = true;
  const studio::ExportListener listener{
      .write =
          [&](std::string_view bytes) {
            if (c.output == "-") return print_bytes(bytes);
            if (!file) file.emplace(c.output);
            file->write(bytes);
          },
      .left_out =
          [&](const std::string& text) {
            is_whole = false;
            status.clear();
            complain(text);
          },
      .progress =
          [&](std::size_t done, std::size_t all) {
            status.show(fmt::format("Writing  {} of {}", grouped(done), grouped(all)));
          },
      .go_on = [] { return !is_interrupted(); }};
  const Result<std::size_t> tunes = export_book(*book, c.query, *wanted, listener);
  status.clear();
  if (!tunes) return report(tunes.error(), c.output == "-" ? "" : c.output);
  if (file) {
    file->commit();
    fmt::print("{}\n", escaped(std::filesystem::path(c.output).lexically_normal().string()));
  }
  return is_whole ? kSuccess : kFailure;
}

// --- The command line

void add_book_option(CLI::App* command, BookCommand& c) {
  command
      ->add_option("--book", c.book,
                   "The tune book (default: lilt/tunes.db under XDG_DATA_HOME,\n"
                   "or ~/.local/share/lilt/tunes.db)")
      ->type_name("FILE");
}

std::shared_ptr<BookCommand> new_command(CLI::App* command) {
  auto c = std::make_shared<BookCommand>();
  add_book_option(command, *c);
  return c;
}

void add_list(CLI::App& book, const Registrar& registrar) {
  CLI::App* command = book.add_subcommand("list", "List tunes, the newest first");
  const auto c = new_command(command);
  add_fields(command, c->query);
  command->add_flag("--json", c->json, "Print JSON: each tune with all that is known of it");
  command->footer(
      "Examples:\n"
      "  lilt book list --stars 4 --sort title\n"
      "  lilt book list --tag session --json");
  registrar(command, [c] { return run_list(*c); });
}

void add_search(CLI::App& book, const Registrar& registrar) {
  CLI::App* command = book.add_subcommand("search", "Search tunes by words and by melody");
  const auto c = new_command(command);
  command->add_option("words", c->words, "Words, or how they begin; all must be there")
      ->type_name("WORD");
  add_fields(command, c->query, {{"words", ""}});
  command->add_flag("--json", c->json, "Print JSON: each tune with all that is known of it");
  command->footer(
      "A melody is found in any key, whatever the lengths of its notes; notes that are repeated\n"
      "count once. Where no tune has it, those that nearly do are shown.\n"
      "Examples:\n"
      "  lilt book search kesh jig\n"
      "  lilt book search --melody 'G A B d e d'\n"
      "  lilt book search reel --melody '+2 +2 +3' --stars 3");
  registrar(command, [c] { return run_search(*c); });
}

void add_add(CLI::App& book, const Registrar& registrar) {
  CLI::App* command = book.add_subcommand("add", "Add the tunes of files, each once");
  const auto c = new_command(command);
  add_files_option(command, c->files);
  command->add_option("--tag", c->tags, "A tag for each of them; may be given several times")
      ->type_name("TAG")
      ->allow_extra_args(false);
  command->add_flag("--json", c->json,
                    "Print JSON: the numbers of the tunes added, and what was left out");
  command->footer(
      "Prints the numbers that the tunes have in the book. Tunes with mistakes are left out, and\n"
      "told; those that the book has word for word are not added again.\n"
      "Examples:\n"
      "  lilt book add tunes.abc --tag session\n"
      "  lilt compose -n 5 --key D | lilt book add -");
  registrar(command, [c] { return run_add(*c); });
}

void add_export_of_book(CLI::App& book, const Registrar& registrar) {
  CLI::App* command =
      book.add_subcommand("export", "Write tunes to one file: ABC, a PDF with contents, or a zip");
  const auto c = new_command(command);
  command
      ->add_option(
          "-o,--output", c->output,
          "The file to write, by its ending: .abc, .pdf, or .zip with files of each tune;\n"
          "- is ABC on standard output")
      ->required()
      ->type_name("OUT");
  add_publication_options(command, c->publication, "");
  command->get_option("--format")
      ->description("Which files of each tune a zip has, as endings (default: mp3)");
  suggest(add_field(command, {.name = "paper", .help = "a4 or letter", .value = "PAPER"},
                    c->publication.paper),
          "a4 or letter");
  c->query.sort = studio::BookOrder::kTitle;
  add_fields(command, c->query, {{"offset", ""}, {"limit", ""}});
  command->footer("Kinds of files in a zip: " + score::endings() +
                  ".\n"
                  "Examples:\n"
                  "  lilt book export -o tunes.abc\n"
                  "  lilt book export -o session.pdf --tag session\n"
                  "  lilt book export -o tunes.zip --format mp3,mid,musicxml --stars 4\n"
                  "  lilt book export -o - --tunes 3,7 | lilt render - -o set.svg");
  registrar(command, [c] { return run_export(*c); });
}

}  // namespace

void add_book(CLI::App& app, const Registrar& registrar) {
  CLI::App* book = app.add_subcommand("book", "The tune book: list, add, search and export tunes");
  book->require_subcommand(1);
  add_list(*book, registrar);
  add_add(*book, registrar);
  add_search(*book, registrar);
  add_export_of_book(*book, registrar);
  book->footer(
      "The book is the one that lilt studio keeps; both may have it open at once.\n"
      "Examples:\n"
      "  lilt compose -n 5 | lilt book add - --tag new\n"
      "  lilt book search kesh\n"
      "  lilt book export -o tunes.pdf");
}

}  // namespace lilt::cli
