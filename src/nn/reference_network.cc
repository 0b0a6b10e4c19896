#include "nn/reference_network.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "base/random.h"

namespace lilt::nn {
namespace {

double gate(double x, GateActivation activation) {
  if (activation == GateActivation::kSigmoid) return 1 / (1 + std::exp(-x));
  return std::clamp(0.2 * x + 0.5, 0.0, 1.0);
}

double gate_slope(double y, GateActivation activation) {
  if (activation == GateActivation::kSigmoid) return y * (1 - y);
  return y > 0 && y < 1 ? 0.2 : 0;
}

// The factor by which dropout multiplies unit j of row r: the definition in pointwise.h.
double dropout_factor(const Dropout& dropout, float rate, std::size_t layer, std::size_t row,
                      std::size_t j, std::size_t hidden) {
  if (rate == 0) return 1;
  const std::size_t block = row * ((hidden + 3) / 4) + j / 4;
  const std::uint32_t word = random_block(dropout.seed, RandomStream::kDropout + layer,
                                          dropout.update, static_cast<std::uint32_t>(block))[j % 4];
  const bool dropped = word < std::floor(static_cast<double>(rate) * 0x1p32);
  return dropped ? 0 : 1 / (1 - static_cast<double>(rate));
}

}  // namespace

ReferenceNetwork::ReferenceNetwork(const ModelConfig& config, std::size_t steps, std::size_t batch)
    : config_(config), layout_(parameter_layout(config)), steps_(steps), batch_(batch) {
  const std::size_t rows = steps * batch;
  weights.resize(layout_.count);
  gradients.resize(layout_.count);
  for (std::size_t l = 0; l < config.hidden.size(); ++l) {
    const std::size_t h = config.hidden[l];
    hidden.emplace_back(batch * h);
    cell.emplace_back(batch * h);
    input_.emplace_back(rows * config.input_width(l));
    gates_.emplace_back(rows * config.gates() * h);
    normal_.emplace_back(rows * config.gates() * h);
    deviation_.emplace_back(rows * config.gates());
    c_.emplace_back(rows * h);
    h_.emplace_back(rows * h);
    for (auto* of_layers : {&mask_, &h_prev_, &c_prev_, &h_factor_, &c_factor_}) {
      of_layers->emplace_back(rows * h);
    }
  }
  input_.emplace_back(rows * config.hidden.back());
  logits.resize(rows * config.vocabulary);
  nats.resize(rows);
}

// Calls use(parameters of the embedding row, its width, its column in the input).
template <class Use>
void ReferenceNetwork::for_embeddings(const WindowInputs& inputs, std::size_t r, Use&& use) const {
  std::size_t column = 0;
  const auto one = [&](Token token, std::size_t parameters, std::size_t width) {
    if (token != kUnknownToken) use(parameters + token * width, width, column);
    column += width;
  };
  one(inputs.characters[r], layout_.embedding, config_.embedding);
  if (inputs.features.empty()) return;
  for (std::size_t k = 0; k < config_.features.size(); ++k) {
    one(inputs.features[k * steps_ * batch_ + r], layout_.features[k], config_.features[k].width);
  }
}

// The state that a step goes on from: nothing where a tune starts, the hidden state with dropout.
void ReferenceNetwork::read_previous(std::size_t l, std::size_t r, const WindowInputs& inputs,
                                     const Dropout& dropout) {
  constexpr std::size_t kRecurrent = 128;
  const std::size_t h = config_.hidden[l], n = r % batch_;
  const bool first = r < batch_;
  const bool starts = !inputs.starts.empty() && inputs.starts[r] != 0;
  // Without dropout of the outputs there is none of the hidden state either: nothing is learnt.
  const float rate = dropout.rate > 0 ? config_.recurrent_dropout : 0;
  for (std::size_t j = 0; j < h; ++j) {
    const double before_h = first ? hidden[l][n * h + j] : h_[l][(r - batch_) * h + j];
    const double before_c = first ? cell[l][n * h + j] : c_[l][(r - batch_) * h + j];
    c_factor_[l][r * h + j] = starts ? 0 : 1;
    h_factor_[l][r * h + j] = starts ? 0 : dropout_factor(dropout, rate, l + kRecurrent, n, j, h);
    h_prev_[l][r * h + j] = before_h * h_factor_[l][r * h + j];
    c_prev_[l][r * h + j] = before_c * c_factor_[l][r * h + j];
  }
}

void ReferenceNetwork::forward(const WindowInputs& inputs, const Dropout& dropout) {
  const std::size_t rows = steps_ * batch_;
  std::ranges::fill(input_[0], 0.0);
  for (std::size_t r = 0; r < rows; ++r) {
    for_embeddings(inputs, r, [&](std::size_t parameters, std::size_t width, std::size_t column) {
      for (std::size_t e = 0; e < width; ++e) {
        input_[0][r * config_.input_width(0) + column + e] = weights[parameters + e];
      }
    });
  }
  for (std::size_t l = 0; l < config_.hidden.size(); ++l) {
    const std::size_t width = config_.input_width(l), h = config_.hidden[l];
    const std::size_t columns = config_.gates() * h;
    const double* input = weights.data() + layout_.layers[l].input;
    const double* recurrent = weights.data() + layout_.layers[l].recurrent;
    const double* bias = weights.data() + layout_.layers[l].bias;
    for (std::size_t r = 0; r < rows; ++r) {
      read_previous(l, r, inputs, dropout);
      const double* x = input_[l].data() + r * width;
      const double* h_prev = &h_prev_[l][r * h];
      const double* c_prev = &c_prev_[l][r * h];
      std::vector<double> z(columns);
      for (std::size_t g = 0; g < columns; ++g) {
        for (std::size_t k = 0; k < width; ++k) z[g] += x[k] * input[k * columns + g];
        for (std::size_t k = 0; k < h; ++k) z[g] += h_prev[k] * recurrent[k * columns + g];
      }
      if (config_.layer_normalisation) normalise(l, r, z);
      for (std::size_t g = 0; g < columns; ++g) z[g] += bias[g];
      for (std::size_t j = 0; j < h; ++j) {
        double* gates = gates_[l].data() + r * columns;
        const std::size_t f = columns - 3 * h + j, g = f + h, o = g + h;
        gates[f] = gate(z[f], config_.gate_activation);
        gates[g] = std::tanh(z[g]);
        gates[o] = gate(z[o], config_.gate_activation);
        if (!config_.coupled_gates) gates[j] = gate(z[j], config_.gate_activation);
        const double i = config_.coupled_gates ? 1 - gates[f] : gates[j];
        c_[l][r * h + j] = gates[f] * c_prev[j] + i * gates[g];
        h_[l][r * h + j] = gates[o] * std::tanh(c_[l][r * h + j]);
        mask_[l][r * h + j] = dropout_factor(dropout, dropout.rate, l, r, j, h);
        input_[l + 1][r * h + j] = h_[l][r * h + j] * mask_[l][r * h + j];
        if (config_.residual) input_[l + 1][r * h + j] += l > 0 ? x[j] : skipped(x, j);
      }
    }
  }
  const std::size_t h = config_.hidden.back(), v = config_.vocabulary;
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < v; ++j) {
      double sum = weights[layout_.dense_bias + j];
      for (std::size_t k = 0; k < h; ++k) {
        sum += input_.back()[r * h + k] * weights[layout_.dense_weight + k * v + j];
      }
      logits[r * v + j] = sum;
    }
  }
}

void ReferenceNetwork::normalise(std::size_t l, std::size_t r, std::vector<double>& z) {
  const std::size_t h = config_.hidden[l];
  assert(h > 0);
  const double* gain = weights.data() + layout_.layers[l].gain;
  for (std::size_t first = 0; first < z.size(); first += h) {
    double mean = 0, variance = 0;
    for (std::size_t j = 0; j < h; ++j) mean += z[first + j] / static_cast<double>(h);
    for (std::size_t j = 0; j < h; ++j) {
      variance += (z[first + j] - mean) * (z[first + j] - mean) / static_cast<double>(h);
    }
    const double deviation = std::sqrt(variance + static_cast<double>(kNormalisationEpsilon));
    deviation_[l][r * config_.gates() + first / h] = deviation;
    for (std::size_t j = first; j < first + h; ++j) {
      normal_[l][r * z.size() + j] = (z[j] - mean) / deviation;
      z[j] = gain[j] * normal_[l][r * z.size() + j];
    }
  }
}

void ReferenceNetwork::normalise_backward(std::size_t l, std::size_t r, std::vector<double>& dz) {
  const std::size_t h = config_.hidden[l];
  const std::size_t gain = layout_.layers[l].gain;
  const double* normal = normal_[l].data() + r * dz.size();
  for (std::size_t first = 0; first < dz.size(); first += h) {
    double mean = 0, along = 0;
    for (std::size_t j = first; j < first + h; ++j) {
      gradients[gain + j] += dz[j] * normal[j];
      dz[j] *= weights[gain + j];
      mean += dz[j] / static_cast<double>(h);
      along += dz[j] * normal[j] / static_cast<double>(h);
    }
    for (std::size_t j = first; j < first + h; ++j) {
      dz[j] = (dz[j] - mean - normal[j] * along) / deviation_[l][r * config_.gates() + first / h];
    }
  }
}

// Unit j of what goes past the first layer.
double ReferenceNetwork::skipped(const double* x, std::size_t j) const {
  double sum = 0;
  for (std::size_t k = 0; k < config_.input_width(0); ++k) {
    sum += x[k] * weights[layout_.skip + k * config_.hidden[0] + j];
  }
  return sum;
}

void ReferenceNetwork::backward_residual(std::size_t l, const std::vector<double>& d_output,
                                         std::vector<double>& d_input) {
  if (l > 0) {
    for (std::size_t i = 0; i < d_input.size(); ++i) d_input[i] += d_output[i];
    return;
  }
  const std::size_t width = config_.input_width(0), h = config_.hidden[0];
  for (std::size_t r = 0; r < steps_ * batch_; ++r) {
    for (std::size_t k = 0; k < width; ++k) {
      for (std::size_t j = 0; j < h; ++j) {
        const double d = d_output[r * h + j];
        gradients[layout_.skip + k * h + j] += input_[0][r * width + k] * d;
        d_input[r * width + k] += d * weights[layout_.skip + k * h + j];
      }
    }
  }
}

double ReferenceNetwork::cross_entropies(std::span<const Token> targets) {
  const std::size_t v = config_.vocabulary;
  double total = 0;
  for (std::size_t r = 0; r < nats.size(); ++r) {
    const std::span<const double> row = std::span(logits).subspan(r * v, v);
    const double largest = *std::ranges::max_element(row);
    double sum = 0;
    for (const double logit : row) sum += std::exp(logit - largest);
    nats[r] = std::log(sum) + largest - row[targets[r]];
    total += nats[r];
  }
  return total / static_cast<double>(nats.size());
}

double ReferenceNetwork::loss(const WindowInputs& inputs, std::span<const Token> targets,
                              const Dropout& dropout) {
  forward(inputs, dropout);
  return cross_entropies(targets);
}

double ReferenceNetwork::learn(const WindowInputs& inputs, std::span<const Token> targets,
                               const Dropout& dropout) {
  const double mean = loss(inputs, targets, dropout);
  backward(inputs, targets);
  for (std::size_t l = 0; l < config_.hidden.size(); ++l) {
    const auto last = static_cast<std::ptrdiff_t>(batch_ * config_.hidden[l]);
    hidden[l].assign(h_[l].end() - last, h_[l].end());
    cell[l].assign(c_[l].end() - last, c_[l].end());
  }
  return mean;
}

void ReferenceNetwork::backward(const WindowInputs& inputs, std::span<const Token> targets) {
  std::ranges::fill(gradients, 0.0);
  const std::size_t rows = steps_ * batch_, v = config_.vocabulary, h = config_.hidden.back();
  std::vector<double> d_output(rows * h);
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t j = 0; j < v; ++j) {
      const double p = std::exp(logits[r * v + j] - logits[r * v + targets[r]] - nats[r]);
      const double d = (p - (j == targets[r] ? 1 : 0)) / static_cast<double>(rows);
      gradients[layout_.dense_bias + j] += d;
      for (std::size_t k = 0; k < h; ++k) {
        gradients[layout_.dense_weight + k * v + j] += input_.back()[r * h + k] * d;
        d_output[r * h + k] += d * weights[layout_.dense_weight + k * v + j];
      }
    }
  }
  for (std::size_t l = config_.hidden.size(); l-- > 0;) {
    std::vector<double> d_input(rows * config_.input_width(l));
    backward_layer(l, d_output, d_input);
    if (config_.residual) backward_residual(l, d_output, d_input);
    d_output = std::move(d_input);
  }
  for (std::size_t r = 0; r < rows; ++r) {
    for_embeddings(inputs, r, [&](std::size_t parameters, std::size_t width, std::size_t column) {
      for (std::size_t e = 0; e < width; ++e) {
        gradients[parameters + e] += d_output[r * config_.input_width(0) + column + e];
      }
    });
  }
}

void ReferenceNetwork::backward_layer(std::size_t l, std::vector<double>& d_output,
                                      std::vector<double>& d_input) {
  const std::size_t width = config_.input_width(l), h = config_.hidden[l];
  const std::size_t columns = config_.gates() * h;
  const LayerOffsets& at = layout_.layers[l];
  std::vector<double> d_hidden(batch_ * h), d_cell(batch_ * h);  // from the step after
  for (std::size_t r = steps_ * batch_; r-- > 0;) {
    const std::size_t n = r % batch_;
    const double* gates = gates_[l].data() + r * columns;
    const double* h_prev = &h_prev_[l][r * h];
    const double* c_prev = &c_prev_[l][r * h];
    std::vector<double> dz(columns);
    for (std::size_t j = 0; j < h; ++j) {
      const std::size_t at_f = columns - 3 * h + j, at_g = at_f + h, at_o = at_g + h;
      const double f = gates[at_f], g = gates[at_g], o = gates[at_o];
      const double i = config_.coupled_gates ? 1 - f : gates[j];
      const double tanh_c = std::tanh(c_[l][r * h + j]);
      const double dh = d_output[r * h + j] * mask_[l][r * h + j] + d_hidden[n * h + j];
      const double dc = d_cell[n * h + j] + dh * o * (1 - tanh_c * tanh_c);
      if (!config_.coupled_gates) dz[j] = dc * g * gate_slope(i, config_.gate_activation);
      const double by_forget = config_.coupled_gates ? c_prev[j] - g : c_prev[j];
      dz[at_f] = dc * by_forget * gate_slope(f, config_.gate_activation);
      dz[at_g] = dc * i * (1 - g * g);
      dz[at_o] = dh * tanh_c * gate_slope(o, config_.gate_activation);
      d_cell[n * h + j] = dc * f * c_factor_[l][r * h + j];
    }
    for (std::size_t j = 0; j < h; ++j) d_hidden[n * h + j] = 0;
    for (std::size_t k = 0; k < columns; ++k) gradients[at.bias + k] += dz[k];
    if (config_.layer_normalisation) normalise_backward(l, r, dz);
    for (std::size_t k = 0; k < columns; ++k) {
      for (std::size_t j = 0; j < width; ++j) {
        gradients[at.input + j * columns + k] += input_[l][r * width + j] * dz[k];
        d_input[r * width + j] += dz[k] * weights[at.input + j * columns + k];
      }
      for (std::size_t j = 0; j < h; ++j) {
        gradients[at.recurrent + j * columns + k] += h_prev[j] * dz[k];
        d_hidden[n * h + j] +=
            dz[k] * weights[at.recurrent + j * columns + k] * h_factor_[l][r * h + j];
      }
    }
  }
}

}  // namespace lilt::nn
