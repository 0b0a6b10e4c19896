// lilt sample: raw characters from a checkpoint.

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <optional>
#include <random>

#include "base/environment_error.h"
#include "base/file.h"
#include "base/random.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "cli/models.h"
#include "compose/reader.h"
#include "compose/sampling.h"
#include "corpus/learning_text.h"
#include "infer/weights.h"
#include "model/model_file.h"
#include "train/checkpoint.h"

namespace lilt::cli {
namespace {

namespace fs = std::filesystem;

struct SampleCommand {
  std::optional<std::uint64_t> epoch;
  std::string model;
  fs::path out = ".";
  std::string seed_text;
  std::string dialect;
  std::size_t length = 512;
  compose::SamplingOptions sampling;
  std::optional<std::uint64_t> random_seed;
};

fs::path model_of(const SampleCommand& c) {
  if (c.epoch && c.model.empty()) return c.out / "model" / train::epoch_checkpoint_name(*c.epoch);
  return find_model(c.model, c.out);
}

// As it is; but a terminal does not get to obey what a stranger's vocabulary says.
void write_character(char32_t character) {
  static const bool kIsShown = ::isatty(STDOUT_FILENO) != 0;
  std::string bytes;
  append_utf8(bytes, character);
  if (kIsShown) bytes = escaped(bytes, "\n\t");
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) != bytes.size() ||
      std::fflush(stdout) != 0) {
    throw EnvironmentError("standard output",
                           std::string("cannot be written: ") + std::strerror(errno));
  }
}

std::uint64_t fresh_seed() { return std::random_device{}(); }

int run_sample(const SampleCommand& c) {
  const fs::path path = model_of(c).lexically_normal();
  const FileBytes file(path);
  const Result<ModelView> model = view_model(file.bytes(), path.string());
  if (!model) return report(model.error());
  const Vocabulary& vocabulary = model->vocabulary;
  const Result<std::vector<Token>> primer = vocabulary.encode(c.seed_text);
  if (!primer) return report(primer.error(), "--seed");
  const std::uint64_t seed = c.random_seed.value_or(fresh_seed());
  const Result<std::uint8_t> dialect = find_dialect(model->config.text, c.dialect);
  if (!dialect) return report(dialect.error());
  tell(fmt::format("Model {}, random seed {}", escaped(path.string()), seed));

  const Result<infer::Weights> weights = infer::Weights::of(*model, infer::Precision::kSingle);
  if (!weights) return report(weights.error(), path.string());
  Result<compose::Reader> reader = compose::Reader::of(*weights, vocabulary, *dialect);
  if (!reader) return report(reader.error());
  compose::Sampler sampler(c.sampling, vocabulary.size());
  Random random(seed, RandomStream::kSample);

  std::span<const float> logits = reader->start();
  for (const Token token : *primer) {
    write_character(vocabulary.character(token));
    logits = reader->read(token);
  }
  for (std::size_t i = 0; i < c.length; ++i) {
    const Token token = sampler.draw(logits, random.uniform());
    write_character(vocabulary.character(token));
    if (i + 1 < c.length) logits = reader->read(token);
  }
  if (::isatty(STDOUT_FILENO) == 1) write_character(U'\n');
  return kSuccess;
}

}  // namespace

void add_sample(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<SampleCommand>();
  CLI::App* command = app.add_subcommand("sample", "Draw characters from a trained model");
  CLI::Option* epoch =
      add_field(command,
                {.name = "epoch",
                 .help = "Epoch of the checkpoint (default: the best, the newest, Lilt's own)"},
                c->epoch, "epoch");
  command->add_option("--model", c->model, "A model file instead")
      ->type_name("FILE")
      ->excludes(epoch);
  command->add_option("--out", c->out, "Folder that holds model/, as given to train")
      ->capture_default_str()
      ->type_name("DIR");
  command->add_option("--seed", c->seed_text, "Text to begin with")->type_name("TEXT");
  command->add_option("--dialect", c->dialect, "The collection to sound like (default: its first)")
      ->type_name("NAME");
  add_field(command, {.name = "len", .help = "Characters to draw"}, c->length);
  add_fields(command, c->sampling);
  add_field(command, {.name = "random_seed", .help = "Draw the same characters again"},
            c->random_seed);
  command->footer(
      "Prints the text of --seed and then the characters drawn.\n"
      "Examples:\n"
      "  lilt sample 100\n"
      "  lilt sample --seed $'X:1\\nT:' --len 400 --temperature 0.8 --random-seed 7\n"
      "  lilt sample --model models/mine.safetensors > tune.abc");
  registrar(command, [c] { return run_sample(*c); });
}

}  // namespace lilt::cli
