// Networks of Keras, read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/field.h"
#include "base/result.h"
#include "exchange/keras_config.h"
#include "model/model_file.h"

namespace lilt::exchange {

struct KerasOptions {
  std::optional<KerasGates> gate_activation;  // where a file of weights alone does not tell it
};

template <FieldsOf<KerasOptions> Options, class Visit>
void visit_fields(Options& o, Visit&& visit) {
  visit(Field{.name = "gate_activation",
              .help = "What squashes the gates, where the file has weights alone"},
        o.gate_activation);
}

struct ImportedNetwork {
  ModelContents model;
  std::string version;  // of Keras, or nothing where the file does not tell it
};

// Reads .h5, .weights.h5 or .keras as Keras 1, 2 and 3 write them: an embedding, LSTM layers, a
// dense layer. `characters` is the file that read_character_order() reads. The error says what was
// expected and found; its place has the source "characters" where that file is wrong.
[[nodiscard]] Result<ImportedNetwork> import_keras(std::span<const std::byte> file,
                                                   std::string_view characters,
                                                   const KerasOptions& options);

inline constexpr const char* kCharactersSource = "characters";

}  // namespace lilt::exchange
