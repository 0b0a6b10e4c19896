#include "nn/input_tables.h"

#include <array>

namespace lilt::nn {

InputTables::InputTables(const ModelConfig& config, const WindowShape& window, std::size_t columns)
    : window_(window), columns_(columns) {
  const ParameterLayout layout = parameter_layout(config);
  std::size_t row = 0;
  const auto add = [&](std::size_t parameters, std::size_t values, std::size_t width) {
    tables_.push_back({FoldedInput(values, width, columns), parameters, row});
    row += width;
    values_ += values;
  };
  add(layout.embedding, config.vocabulary, config.embedding);
  for (std::size_t k = 0; k < config.features.size(); ++k) {
    add(layout.features[k], config.features[k].values, config.features[k].width);
  }
}

std::size_t InputTables::pack_items() const {
  std::size_t items = 0;
  for (const Table& table : tables_) items += table.folded.pack_items();
  return items;
}

void InputTables::pack(std::size_t item, const float* parameters, const float* weights) {
  for (Table& table : tables_) {
    const std::size_t items = table.folded.pack_items();
    if (item < items) {
      return table.folded.pack(item, parameters + table.parameters,
                               weights + table.first_row * columns_);
    }
    item -= items;
  }
}

// The characters for table 0, then one feature each.
std::span<const Token> InputTables::tokens_of(const WindowInputs& inputs, std::size_t table) const {
  if (table == 0) return inputs.characters;
  return inputs.features.subspan((table - 1) * window_.rows(), window_.rows());
}

// The tables that the inputs have something for.
std::size_t InputTables::told(const WindowInputs& inputs) const {
  return inputs.features.empty() ? 1 : tables_.size();
}

void InputTables::forward(Share share, const WindowInputs& inputs, float* y) const {
  std::array<const float*, kMaxFeatures + 1> rows{};
  const std::size_t tables = told(inputs);
  // Along the streams: from one character to the next most rows stay the same, and in the cache.
  for (std::size_t n = share.begin; n < share.end; ++n) {
    for (std::size_t t = 0; t < window_.steps; ++t) {
      const std::size_t r = t * window_.batch + n;
      std::size_t count = 0;
      for (std::size_t i = 0; i < tables; ++i) {
        const float* row = tables_[i].folded.row(tokens_of(inputs, i)[r]);
        if (row != nullptr) rows[count++] = row;
      }
      sum_rows(rows.data(), count, columns_, y + r * columns_);
    }
  }
}

void InputTables::add_block(const GradientBlock& block, const WindowInputs& inputs,
                            float* scratch) const {
  std::array<ScatterTable, kMaxFeatures + 1> tables{};
  const std::size_t count = told(inputs);
  for (std::size_t i = 0; i < count; ++i) {
    tables[i] = {scratch, tokens_of(inputs, i).data() + block.first};
    scratch += tables_[i].folded.vocabulary() * panel_width();
  }
  scatter_add_rows(block.panel, block.width, block.count, std::span(tables).first(count));
}

void InputTables::finish_panel(const GradientBlock& last, const float* scratch,
                               const float* parameters, float* d_weights) {
  for (Table& table : tables_) {
    table.folded.finish_panel(last, scratch, parameters + table.parameters,
                              d_weights + table.first_row * columns_);
    scratch += table.folded.vocabulary() * panel_width();
  }
}

std::size_t InputTables::embedding_items() const {
  std::size_t items = 0;
  for (const Table& table : tables_) items += table.folded.embedding_items();
  return items;
}

void InputTables::embedding_gradient(std::size_t item, float* gradients, Store store) const {
  for (const Table& table : tables_) {
    const std::size_t items = table.folded.embedding_items();
    if (item < items) {
      return table.folded.embedding_gradient(item, gradients + table.parameters, store);
    }
    item -= items;
  }
}

}  // namespace lilt::nn
