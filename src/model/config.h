// The shape of a network, and what follows from it: its tensors and its layer table.
//
// Letters used for shapes everywhere: T time steps, N batch (streams), C input width, H hidden
// width, V vocabulary, E embedding width.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/field.h"
#include "base/result.h"

namespace lilt {

// What squashes the input, forget and output gates of an LSTM to 0 … 1.
enum class GateActivation : std::uint8_t {
  kSigmoid,      // 1 / (1 + e^-x)
  kHardSigmoid,  // max(0, min(1, 0.2 x + 0.5)), as weights of older frameworks expect
};
constexpr auto names_of(GateActivation) { return names<GateActivation>("sigmoid", "hard_sigmoid"); }

// Something else that the network is told with each character: a number below `values`, which an
// embedding of its own turns into a vector that stands beside the character's.
struct FeatureConfig {
  std::string name;
  std::size_t values = 0;
  std::size_t width = 0;

  bool operator==(const FeatureConfig&) const = default;
};

// What a network reads.
struct TextConfig {
  bool canonical = false;             // canonical text of tunes, or text as it was written
  std::vector<std::string> dialects;  // names of the collections that it was told apart
  // Canonical text with regular lines and beams, every tune on the tonic C; the network may be told
  // on which it sounds.
  bool in_c = false;

  bool operator==(const TextConfig&) const = default;
};

struct ModelConfig {
  std::size_t vocabulary = 0;                         // V
  std::size_t embedding = 512;                        // E
  std::vector<FeatureConfig> features;                // told besides the characters
  std::vector<std::size_t> hidden = {256, 256, 256};  // H of each LSTM layer
  float dropout = 0.2F;                               // share of outputs dropped after each layer
  float recurrent_dropout = 0;  // share of hidden units that each stream does without in a window
  bool residual = false;        // a layer's output is added to its input; all are as wide
  bool coupled_gates = false;   // the input gate is 1 − the forget gate
  bool layer_normalisation = false;  // of each gate's sum, before its bias
  GateActivation gate_activation = GateActivation::kSigmoid;
  TextConfig text = {};

  bool operator==(const ModelConfig&) const = default;

  // C of LSTM layer `layer`: the width of all embeddings together, then that of the layer below.
  [[nodiscard]] std::size_t input_width(std::size_t layer) const;

  // G: the gates that have weights, i, f, g, o, or, coupled, f, g, o.
  [[nodiscard]] std::size_t gates() const { return coupled_gates ? 3 : 4; }
};

inline constexpr std::size_t kMaxWidth = 16384;
inline constexpr std::size_t kMaxLayers = 64;
inline constexpr std::size_t kMaxFeatures = 64;
inline constexpr std::size_t kMaxDialects = 63;

// What can be chosen of a network's shape; vocabulary, features and text come with the tunes.
template <FieldsOf<ModelConfig> Config, class Visit>
void visit_fields(Config& c, Visit&& visit) {
  const char* group = "The network";
  visit(Field{.name = "embedding",
              .help = "Width of the embedding",
              .group = group,
              .least = 1,
              .most = kMaxWidth},
        c.embedding);
  visit(Field{.name = "hidden",
              .help = "Width of each LSTM layer",
              .group = group,
              .least = 1,
              .most = kMaxWidth},
        c.hidden);
  visit(Field{.name = "dropout",
              .help = "Share of outputs dropped after each layer",
              .group = group,
              .least = 0,
              .below = 1},
        c.dropout);
  visit(Field{.name = "recurrent_dropout",
              .help = "Share of hidden units that a stream goes on without, for a window",
              .group = group,
              .least = 0,
              .below = 1},
        c.recurrent_dropout);
  visit(Field{.name = "residual", .help = "Add each layer's output to its input", .group = group},
        c.residual);
  visit(Field{.name = "coupled_gates",
              .help = "Input gate 1 - forget gate: three gates instead of four",
              .group = group},
        c.coupled_gates);
  visit(
      Field{
          .name = "layer_normalisation", .help = "Normalise the sums of each gate", .group = group},
      c.layer_normalisation);
  visit(Field{.name = "gate_activation", .help = "What squashes the sums of gates", .group = group},
        c.gate_activation);
}

// Refuses what cannot be built: no layers, a width of 0, more than kMaxWidth or kMaxLayers, a
// dropout outside [0, 1).
[[nodiscard]] Status validate(const ModelConfig& config);

// The dialect of that name, counted from 1; the first for "", 0 for "any". One that the model does
// not know is an error.
inline constexpr const char* kAnyDialect = "any";
[[nodiscard]] Result<std::uint8_t> find_dialect(const TextConfig& text, const std::string& name);

// One trained tensor: its name in the model file, its shape, and where it starts (in floats) when
// all tensors lie one after another.
struct TensorSpec {
  std::string name;
  std::vector<std::size_t> shape;
  std::size_t offset = 0;
  // A matrix that composing multiplies by in 8 bits: of the first layer only the recurrent one, as
  // its input is looked up.
  bool is_in_eight_bits = false;

  [[nodiscard]] std::size_t size() const;
};

// All tensors in the order of the model file:
//   embedding [V, E]; feature.NAME [values, width] for each feature; with residual connections
//   skip [C, H], from what the first layer reads past it to what it hands on; for each layer l:
//   lstm.l.input [C, GH], lstm.l.recurrent [H, GH], lstm.l.bias [GH] and, with layer normalisation,
//   lstm.l.gain [GH]; dense.weight [H, V], dense.bias [V].
// The GH columns are the gates i, f, g, o one after another, or, coupled, f, g, o: then i = 1 − f.
// A row vector is multiplied from the left: z = x · input + h · recurrent + bias. With layer
// normalisation z = gain · n + bias, where n are the H sums of one gate less their mean, over the
// root of their variance plus kNormalisationEpsilon.
inline constexpr float kNormalisationEpsilon = 1e-5F;
[[nodiscard]] std::vector<TensorSpec> tensor_specs(const ModelConfig& config);

// Where the tensors of one network start, in floats, within the concatenation of tensor_specs().
struct LayerOffsets {
  std::size_t input = 0, recurrent = 0, bias = 0, gain = 0;
};
struct ParameterLayout {
  std::size_t embedding = 0;
  std::vector<std::size_t> features;
  std::size_t skip = 0;
  std::vector<LayerOffsets> layers;
  std::size_t dense_weight = 0, dense_bias = 0;
  std::size_t count = 0;  // of all parameters
};
[[nodiscard]] ParameterLayout parameter_layout(const ModelConfig& config);

// Weights of all matrix products for one character, the network unfolded (that is, with the
// embedding row multiplied by the first layer's input weights). Training costs 6 floating-point
// operations for each: 2 forward, 4 backward.
[[nodiscard]] std::size_t matrix_weights(const ModelConfig& config);

// One line of the layer table.
struct LayerRow {
  std::string layer;         // "lstm_2 (LSTM)"
  std::string output_shape;  // "(16, 64, 256)"
  std::size_t parameters = 0;
};

// The table shown before training. `steps` T and `batch` N are 0 when they are free.
[[nodiscard]] std::vector<LayerRow> layer_table(const ModelConfig& config, std::size_t batch,
                                                std::size_t steps);

// The same as text: one line a layer, then total, trainable and non-trainable parameters.
[[nodiscard]] std::string layer_table_text(const ModelConfig& config, std::size_t batch,
                                           std::size_t steps);

}  // namespace lilt
