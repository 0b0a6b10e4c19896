#include "manual/command.h"

#include <gtest/gtest.h>

namespace lilt::manual {
namespace {

Command program() {
  Command compose{.name = "compose",
                  .summary = "Compose tunes",
                  .text = "Each is new.\n.Dots too. Examples:\n  lilt compose -n 2\n  it's C:\\"};
  compose.options = {{.names = {"-o", "--output"},
                      .help = "A file\n(default: none)",
                      .group = "Options",
                      .value = "OUT"},
                     {.names = {"--rhythm"},
                      .help = "A dance, [such] as a: jig",
                      .group = "Music",
                      .value = "NAME",
                      .suggestions = {"jig", "slip jig", "C|", "AA'"}},
                     {.names = {"--also"},
                      .help = "More − of it",
                      .group = "Music",
                      .value = "LIST",
                      .suggestions = {"a", "b"},
                      .is_list = true},
                     {.names = {"--json"}, .help = "Print JSON", .group = "Options"}};
  compose.arguments = {{.names = {"file"}, .help = "A tune", .value = "FILE", .takes_many = true}};
  Command get{.name = "corpus get", .summary = "Fetch: one"};
  Command corpus{.name = "corpus", .summary = "Collections"};
  corpus.commands = {get};
  Command all{.summary = "Lilt composes."};
  all.commands = {compose, corpus};
  return all;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

TEST(Manual, KnowsWhatCompletesAValue) {
  EXPECT_EQ(completion_of({.value = "FILE"}), Completion::kFiles);
  EXPECT_EQ(completion_of({.value = "DIR"}), Completion::kFolders);
  EXPECT_EQ(completion_of({.value = "N"}), Completion::kNothing);
  EXPECT_EQ(completion_of({.value = "FILE", .suggestions = {"a"}}), Completion::kWords);
}

TEST(Manual, ShortensHelp) {
  EXPECT_EQ(brief({.help = "A file\n(default: none)"}), "A file");
  EXPECT_EQ(brief({.help = "D4 (C4 (say)), or so (default: a (b))"}), "D4 (C4 (say)), or so");
  EXPECT_EQ(brief({.help = "D4 (C4), or so"}), "D4 (C4), or so");
  EXPECT_EQ(brief({.help = "(all)"}), "(all)");
  EXPECT_EQ(brief({.help = ":)"}), ":)");
}

TEST(Manual, HasAPageForEachCommand) {
  const Command all = program();
  std::vector<std::string> names;
  for (const Command* command : all_of(all)) names.push_back(page_name(*command));
  EXPECT_EQ(joined(names, " "), "lilt lilt-compose lilt-corpus lilt-corpus-get");
}

TEST(Manual, WritesPages) {
  const std::string page = man_page(program().commands[0], "0.1.0", "2026-01-31");
  EXPECT_TRUE(has(page, ".TH LILT\\-COMPOSE 1 2026-01-31 \"Lilt 0.1.0\" \"Lilt\"\n"));
  EXPECT_TRUE(has(page, "lilt\\-compose \\- Compose tunes\n"));
  EXPECT_TRUE(has(page, "[\\fIfile\\fR \\&...]\n"));
  EXPECT_TRUE(has(page, ".SH DESCRIPTION\nEach is new.\n\\&.Dots too.\n.SH"));
  EXPECT_TRUE(has(page, ".SH EXAMPLES\n.nf\nlilt compose \\-n 2\nit\\(aqs C:\\e\n.fi\n"));
  EXPECT_TRUE(
      has(page, ".TP\n\\fB\\-o\\fR, \\fB\\-\\-output\\fR \\fIOUT\\fR\nA file\n(default: none)\n"));
  EXPECT_TRUE(has(page, "More \\[u2212] of it"));
  EXPECT_LT(page.find("\\-json"), page.find(".SS Music"));
}

TEST(Manual, WritesScripts) {
  const std::string bash = bash_completion(program());
  EXPECT_TRUE(has(bash, "':compose' | ':corpus' | 'corpus:get') at="));
  EXPECT_TRUE(
      has(bash, "'compose:--rhythm') _lilt_offer \"$cur\" '' 'jig' 'slip jig' 'C|' 'AA'\\''' ;;"));
  EXPECT_TRUE(has(bash, "'compose:--also') _lilt_offer_list 'a' 'b' ;;"));
  const std::string zsh = zsh_completion(program());
  EXPECT_TRUE(has(zsh, "'--rhythm[A dance, \\[such\\] as a: jig]:NAME:(jig slip\\ jig C\\|"));
  EXPECT_TRUE(has(zsh, "'get:Fetch\\: one'"));
  const std::string fish = fish_completion(program());
  EXPECT_TRUE(has(fish, "-n '__lilt_at compose' -l rhythm -x -a '\\'jig\\' \\'slip jig\\'"));
  EXPECT_TRUE(has(fish, "-n '__lilt_ends_at corpus' -a get -d 'Fetch: one'"));
}

}  // namespace
}  // namespace lilt::manual
