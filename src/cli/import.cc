// lilt import: a network that was learnt with another program.

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "base/file.h"
#include "base/text.h"
#include "cli/command.h"
#include "cli/console.h"
#include "cli/field_options.h"
#include "exchange/keras_import.h"

namespace lilt::cli {
namespace {

struct ImportCommand {
  std::string weights;
  std::string vocabulary;
  std::filesystem::path out;
  exchange::KerasOptions keras;
};

// Neither of the files that are read meanwhile may be written.
Status check(const ImportCommand& c) {
  for (const std::string& read : {c.weights, c.vocabulary}) {
    for (const std::filesystem::path& written : {c.out, partial_path(c.out)}) {
      std::error_code none;  // a file that is not there is not that one
      if (std::filesystem::equivalent(read, written, none)) {
        return Error{ErrorCode::kOption,
                     "expected another file than " + read + " as -o, found " + written.string()};
      }
    }
  }
  return success();
}

std::string provenance(const ImportCommand& c, const std::string& version) {
  nlohmann::json json = {{"file", std::filesystem::path(c.weights).filename().string()}};
  if (!version.empty()) json["keras"] = version;
  constexpr auto kReplace = nlohmann::json::error_handler_t::replace;
  return nlohmann::json{{"imported", json}}.dump(-1, ' ', false, kReplace);
}

int run_import(const ImportCommand& c) {
  if (Status s = check(c); !s) return report(s.error());
  const FileBytes file(c.weights), characters(c.vocabulary);
  Result<exchange::ImportedNetwork> network =
      exchange::import_keras(file.bytes(), characters.text(), c.keras);
  if (!network) {
    const Error& error = network.error();
    const bool is_of_characters = error.place.source == exchange::kCharactersSource;
    return report(error, is_of_characters ? c.vocabulary : c.weights);
  }
  ModelContents& model = network->model;
  model.provenance = provenance(c, network->version);
  const ModelImage image({model.config, model.vocabulary, model.provenance, model.weights});
  write_file_atomically(c.out, image.chunks());
  tell(fmt::format("A network{} with {} characters, embedding {}, LSTM layers of {}, gates of {}",
                   network->version.empty() ? "" : " of Keras " + escaped(network->version),
                   model.vocabulary.size(), model.config.embedding,
                   fmt::join(model.config.hidden, ", "), name_of(model.config.gate_activation)));
  fmt::print("{}\n", c.out.string());
  return kSuccess;
}

}  // namespace

void add_import(CLI::App& app, const Registrar& registrar) {
  auto c = std::make_shared<ImportCommand>();
  CLI::App* command = app.add_subcommand("import", "Read a network that Keras learnt");
  command->add_option("weights", c->weights, "Its file: .h5, .weights.h5 or .keras")
      ->required()
      ->type_name("FILE");
  command
      ->add_option("--vocabulary", c->vocabulary,
                   "The text that it learnt, or JSON with the number of each character")
      ->required()
      ->type_name("FILE");
  command->add_option("-o,--out", c->out, "The model file to write")->required()->type_name("OUT");
  add_fields(command, c->keras);
  command->footer(
      "Reads what Keras 1, 2 and 3 write of the classic network: an embedding, LSTM layers with\n"
      "dropout, a dense layer, softmax; any number of layers and widths. Prints the name of the\n"
      "file. hard_sigmoid is that of Keras 1 and 2, hard_sigmoid_3 that of Keras 3.\n"
      "Examples:\n"
      "  lilt import weights.100.h5 --vocabulary input.txt --gate-activation hard_sigmoid -o "
      "mine.safetensors\n"
      "  lilt import network.keras --vocabulary char_to_idx.json -o mine.safetensors");
  registrar(command, [c] { return run_import(*c); });
}

}  // namespace lilt::cli
