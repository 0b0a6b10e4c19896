// What characters and features put into a layer: the sum of the rows of folded tables, one for the
// characters and one for each feature. Embeddings that stand beside each other, multiplied by one
// matrix of weights [C, columns], without the product.
#pragma once

#include <cstddef>
#include <cstdint>
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
  // Rows of all tables together, at most: what the scratch of a panel has room for.
  [[nodiscard]] std::size_t values() const { return values_; }

  // Packs the weights [C, columns], one panel of one table per item.
  [[nodiscard]] std::size_t pack_items() const;
  void pack(std::size_t item, const float* weights);

  // Before a window's forward. First begin_window(), then find_values(), one table per item, which
  // looks which values the window has: the tables are made of those alone, which are few. Then
  // fold(), one panel of one table per item. `parameters` are those of the network.
  void begin_window(const WindowInputs& inputs);
  [[nodiscard]] std::size_t value_items() const { return tables_.size(); }
  void find_values(std::size_t item, const WindowInputs& inputs, const float* parameters);
  [[nodiscard]] std::size_t fold_items() const;
  void fold(std::size_t item);

  // y [T, N, columns] = the sum of the rows, for a share of the streams.
  void forward(Share share, float* y) const;

  // Gradients for one panel of columns: add_block() for its blocks in order, into a scratch
  // [values(), panel_width()] that clear() has cleared, then finish_panel().
  void clear(std::span<float> scratch) const;
  void add_block(const GradientBlock& block, float* scratch) const;
  void finish_panel(const GradientBlock& last, const float* scratch, float* d_weights);

  // Gradients by the embeddings, once every panel is finished: one panel of one of them per item,
  // then all are added to the network's, which were zero before.
  [[nodiscard]] std::size_t embedding_items() const;
  void embedding_gradient(std::size_t item);
  void add_embedding_gradients(float* gradients) const;

 private:
  struct Table {
    FoldedInput folded;
    std::size_t parameters;      // where the embedding is among the network's
    std::size_t first_row;       // of the weights
    std::vector<Token> used;     // the values of the window, ascending
    std::vector<Token> places;   // of every value in `used`, or kUnknownToken
    Buffer embedding, gradient;  // of the values used, [values, E]
  };

  void collect(Table& table, std::span<const Token> tokens, std::span<Token> rows);
  void order_blocks(std::size_t item);
  std::size_t rows_to_sum(std::size_t r, const float** rows) const;

  WindowShape window_;
  std::size_t columns_;
  std::size_t values_ = 0;
  std::size_t told_ = 0;  // tables that the window has something for
  std::vector<Table> tables_;
  std::vector<Token> rows_;           // [tables, T, N]: rows of the tables, or kUnknownToken
  std::vector<std::uint16_t> order_;  // [tables, T, N]: of each block, by order_by_token()
};

}  // namespace lilt::nn
