// lilt corpus split: tunes to learn from, to validate on and to test with.

#include <fmt/format.h>

#include <array>
#include <deque>
#include <filesystem>
#include <memory>

#include "base/text.h"
#include "cli/console.h"
#include "cli/corpus.h"
#include "cli/corpus_files.h"
#include "corpus/split.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::array kParts = {"train.abc", "valid.abc", "test.abc"};

struct SplitCommand {
  std::vector<std::string> files;
  std::vector<double> shares = {0.8, 0.1, 0.1};
  fs::path output = ".";
  std::uint64_t seed = 1;
};

void print_summary(const SplitCommand& c, const corpus::Families& families,
                   const std::vector<std::uint8_t>& parts) {
  std::array<std::size_t, kParts.size()> tunes{}, groups{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    ++tunes[parts[i]];
    groups[parts[i]] += families.family(i) == i ? 1 : 0;
  }
  fmt::print("{:>9}{:>10}{:>9}  {}\n", "tunes", "families", "share", "file");
  for (std::size_t p = 0; p < c.shares.size(); ++p) {
    fmt::print("{:>9}{:>10}{:>8.2f}%  {}\n", grouped(tunes[p]), grouped(groups[p]),
               100 * static_cast<double>(tunes[p]) / static_cast<double>(parts.size()),
               (c.output / kParts[p]).lexically_normal().string());
  }
}

int run_split(const SplitCommand& c) {
  if (Status s = require_files(c.files); !s) return report(s.error());
  if (c.shares.size() < 2 || c.shares.size() > kParts.size()) {
    return report({ErrorCode::kOption,
                   fmt::format("--shares: expected 2 or 3 shares such as 0.8,0.1,0.1, found {}",
                               c.shares.size())});
  }
  for (std::size_t p = 0; p < c.shares.size(); ++p) {
    for (const std::string& file : c.files) {
      std::error_code ignored;
      if (fs::equivalent(file, c.output / kParts[p], ignored)) {
        return report({ErrorCode::kOption, fmt::format("{} would be replaced by a part of it; name "
                                                       "another folder with -o",
                                                       file)});
      }
    }
  }

  const Result<corpus::Families> families =
      find_families(c.files, [](const corpus::TuneText&, const abc::Reading&) {});
  if (!families) return report(families.error());
  const Result<std::vector<std::uint8_t>> parts =
      corpus::split_families(*families, c.shares, c.seed);
  if (!parts) return report(parts.error());

  std::deque<TuneOutput> outputs;
  for (std::size_t p = 0; p < c.shares.size(); ++p) {
    outputs.emplace_back((c.output / kParts[p]).string());
  }
  std::size_t number = 0;
  const auto write = [&](const corpus::TuneText& tune) {
    if (number < parts->size()) outputs[(*parts)[number]].write(tune.text);
    ++number;
  };
  if (Status s = for_each_tune(c.files, "Writing", write); !s) return report(s.error());
  if (number != parts->size()) return report(files_changed());
  for (TuneOutput& output : outputs) output.commit();
  print_summary(c, *families, *parts);
  return kSuccess;
}

}  // namespace

void add_corpus_split(CLI::App& corpus, const Registrar& registrar) {
  auto c = std::make_shared<SplitCommand>();
  CLI::App* command = corpus.add_subcommand(
      "split", "Share out tunes to learn from, to validate on and to test with, by family");
  add_files_option(command, c->files);
  command
      ->add_option("--shares", c->shares, "Shares of train.abc, valid.abc and, if three, test.abc")
      ->delimiter(',')
      ->capture_default_str()
      ->type_name("X,X[,X]");
  command->add_option("-o,--output", c->output, "The folder to write to")
      ->capture_default_str()
      ->type_name("DIR");
  command->add_option("--seed", c->seed, "Another seed, another split")->capture_default_str();
  command->footer(
      "Tunes of one family, which share a long run of notes in whatever keys, stay together: what\n"
      "is measured on the held-out tunes would be too good otherwise. The same files, shares and\n"
      "seed give the same split. Example:\n"
      "  lilt corpus split nottingham.abc --shares 0.8,0.1,0.1 -o data --seed 1");
  registrar(command, [c] { return run_split(*c); });
}

}  // namespace lilt::cli
