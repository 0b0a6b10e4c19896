// What characters and features put into a layer: the sum of the rows of folded tables, one for the
// characters and one for each feature. Embeddings that stand beside each other, multiplied by one
// matrix of weights [C, columns], without the product.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "model/config.h"
#include "nn/dense.h"
#include "nn/folded_input.h"
#include "nn/window.h"

namespace lilt::nn {

class InputTables {
 public:
  InputTables(const ModelConfig& config, const WindowShape& window, std::size_t columns);

  [[nodiscard]] std::size_t columns() const { return columns_; }
  // Rows of all tables together: what the scratch of a panel has room for.
  [[nodiscard]] std::size_t values() const { return values_; }

  // Packs the weights and makes the tables, one panel of one of them per item. `parameters` are
  // those of the network, `weights` [C, columns] among them.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* parameters, const float* weights);

  // y [T, N, columns] = the sum of the rows, for a share of the streams.
  void forward(Share share, const WindowInputs& inputs, float* y) const;

  // Gradients for one panel of columns: add_block() for its blocks in order, into a scratch
  // [values(), panel_width()] that was zero before, then finish_panel().
  void add_block(const GradientBlock& block, const WindowInputs& inputs, float* scratch) const;
  void finish_panel(const GradientBlock& last, const float* scratch, const float* parameters,
                    float* d_weights);

  // Gradients by the embeddings, once every panel is finished; one panel of one of them per item.
  [[nodiscard]] std::size_t embedding_items() const;
  void embedding_gradient(std::size_t item, float* gradients, Store store) const;

 private:
  struct Table {
    FoldedInput folded;
    std::size_t parameters;  // where the embedding is among the network's
    std::size_t first_row;   // of the weights
  };

  [[nodiscard]] std::span<const Token> tokens_of(const WindowInputs& inputs,
                                                 std::size_t table) const;
  [[nodiscard]] std::size_t told(const WindowInputs& inputs) const;

  WindowShape window_;
  std::size_t columns_;
  std::size_t values_ = 0;
  std::vector<Table> tables_;
};

}  // namespace lilt::nn
