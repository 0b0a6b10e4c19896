#include "nn/input_tables.h"

#include <algorithm>
#include <array>

namespace lilt::nn {

InputTables::InputTables(const ModelConfig& config, const WindowShape& window, std::size_t columns)
    : window_(window), columns_(columns) {
  const ParameterLayout layout = parameter_layout(config);
  std::size_t row = 0;
  const auto add = [&](std::size_t parameters, std::size_t values, std::size_t width) {
    tables_.push_back({FoldedInput(values, width, columns),
                       parameters,
                       row,
                       {},
                       std::vector<Token>(values),
                       Buffer(values * width),
                       Buffer(values * width)});
    tables_.back().used.reserve(values);
    row += width;
    values_ += values;
  };
  add(layout.embedding, config.vocabulary, config.embedding);
  for (std::size_t k = 0; k < config.features.size(); ++k) {
    add(layout.features[k], config.features[k].values, config.features[k].width);
  }
  rows_.resize(tables_.size() * window.rows());
  order_.resize(rows_.size());
}

namespace {

// Calls use(table, item of it) for the table that has this item, of items_of(table) each.
template <class Tables, class ItemsOf, class Use>
void with_table(Tables& tables, std::size_t item, ItemsOf&& items_of, Use&& use) {
  for (auto& table : tables) {
    const std::size_t items = items_of(table.folded);
    if (item < items) return use(table, item);
    item -= items;
  }
}

constexpr auto kPackItems = [](const FoldedInput& folded) { return folded.pack_items(); };
constexpr auto kFoldItems = [](const FoldedInput& folded) { return folded.fold_items(); };
constexpr auto kEmbeddingItems = [](const FoldedInput& folded) { return folded.embedding_items(); };

template <class Tables, class ItemsOf>
std::size_t sum_of(const Tables& tables, ItemsOf&& items_of) {
  std::size_t items = 0;
  for (const auto& table : tables) items += items_of(table.folded);
  return items;
}

}  // namespace

std::size_t InputTables::pack_items() const { return sum_of(tables_, kPackItems); }

void InputTables::pack(std::size_t item, const float* weights) {
  with_table(tables_, item, kPackItems, [&](Table& table, std::size_t panel) {
    table.folded.pack(panel, weights + table.first_row * columns_);
  });
}

// The values among the tokens, and the row of each token in a table of them.
void InputTables::collect(Table& table, std::span<const Token> tokens, std::span<Token> rows) {
  std::ranges::fill(table.places, kUnknownToken);
  for (const Token token : tokens) {
    if (token != kUnknownToken) table.places[token] = 0;
  }
  table.used.clear();
  for (std::size_t value = 0; value < table.places.size(); ++value) {
    if (table.places[value] == kUnknownToken) continue;
    table.places[value] = static_cast<Token>(table.used.size());
    table.used.push_back(static_cast<Token>(value));
  }
  for (std::size_t r = 0; r < tokens.size(); ++r) {
    rows[r] = tokens[r] == kUnknownToken ? kUnknownToken : table.places[tokens[r]];
  }
}

// For add_block(): the rows of each block by their rows in the table.
void InputTables::order_blocks(std::size_t item) {
  Table& table = tables_[item];
  const std::size_t rows = window_.rows(), end = (item + 1) * rows;
  for (std::size_t first = item * rows; first < end; first += kInnerBlock) {
    const std::size_t count = std::min(kInnerBlock, end - first);
    order_by_token(std::span(rows_).subspan(first, count),
                   std::span(table.places).first(table.used.size()),
                   std::span(order_).subspan(first, count));
  }
}

void InputTables::begin_window(const WindowInputs& inputs) {
  told_ = inputs.features.empty() ? 1 : tables_.size();
}

void InputTables::find_values(std::size_t item, const WindowInputs& inputs,
                              const float* parameters) {
  Table& table = tables_[item];
  table.used.clear();
  if (item >= told_) return;
  const std::size_t rows = window_.rows();
  collect(table, item == 0 ? inputs.characters : inputs.features.subspan((item - 1) * rows, rows),
          std::span(rows_).subspan(item * rows, rows));
  order_blocks(item);
  const std::size_t width = table.folded.embedding();
  for (std::size_t k = 0; k < table.used.size(); ++k) {
    std::copy_n(parameters + table.parameters + table.used[k] * width, width,
                table.embedding.data() + k * width);
  }
}

std::size_t InputTables::fold_items() const { return sum_of(tables_, kFoldItems); }

void InputTables::fold(std::size_t item) {
  with_table(tables_, item, kFoldItems, [](Table& table, std::size_t panel) {
    table.folded.fold(panel, table.embedding.data(), table.used.size());
  });
}

// The rows of the tables that row r is the sum of; how many.
std::size_t InputTables::rows_to_sum(std::size_t r, const float** rows) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < told_; ++i) {
    const Token row = rows_[i * window_.rows() + r];
    if (row != kUnknownToken) rows[count++] = tables_[i].folded.row(row);
  }
  return count;
}

void InputTables::forward(Share share, float* y) const {
  // Some columns of some characters at once: from one character of a stream to the next most rows
  // stay the same, and so many columns of them in the first-level cache.
  constexpr std::size_t kSteps = 8, kCached = 8192, kLeast = 64;
  const std::size_t most = std::max(kLeast, kCached / told_ / kLeast * kLeast);
  std::array<std::array<const float*, kMaxFeatures + 1>, kSteps> rows;
  std::array<std::size_t, kSteps> counts;
  for (std::size_t n = share.begin; n < share.end; ++n) {
    for (std::size_t t0 = 0; t0 < window_.steps; t0 += kSteps) {
      const std::size_t steps = std::min(kSteps, window_.steps - t0);
      const auto row_of = [&](std::size_t i) { return (t0 + i) * window_.batch + n; };
      for (std::size_t i = 0; i < steps; ++i) counts[i] = rows_to_sum(row_of(i), rows[i].data());
      for (std::size_t column = 0; column < columns_; column += most) {
        const std::size_t width = std::min(most, columns_ - column);
        for (std::size_t i = 0; i < steps; ++i) {
          sum_rows(rows[i].data(), counts[i], column, width, y + row_of(i) * columns_ + column);
        }
      }
    }
  }
}

void InputTables::clear(std::span<float> scratch) const {
  std::size_t rows = 0;
  for (const Table& table : tables_) rows += table.used.size();
  std::ranges::fill(scratch.first(rows * panel_width()), 0.0F);
}

void InputTables::add_block(const GradientBlock& block, float* scratch) const {
  std::array<ScatterTable, kMaxFeatures + 1> tables{};
  for (std::size_t i = 0; i < told_; ++i) {
    const std::size_t first = i * window_.rows() + block.first;
    tables[i] = {scratch, rows_.data() + first, order_.data() + first};
    scratch += tables_[i].used.size() * panel_width();
  }
  scatter_add_rows(block.panel, block.width, block.count, std::span(tables).first(told_));
}

void InputTables::finish_panel(const GradientBlock& last, const float* scratch, float* d_weights) {
  for (Table& table : tables_) {
    table.folded.finish_panel(last, scratch, table.embedding.data(), table.used.size(),
                              d_weights + table.first_row * columns_);
    scratch += table.used.size() * panel_width();
  }
}

std::size_t InputTables::embedding_items() const { return sum_of(tables_, kEmbeddingItems); }

void InputTables::embedding_gradient(std::size_t item) {
  with_table(tables_, item, kEmbeddingItems, [](Table& table, std::size_t panel) {
    table.folded.embedding_gradient(panel, table.used.size(), table.gradient.data());
  });
}

void InputTables::add_embedding_gradients(float* gradients) const {
  for (const Table& table : tables_) {
    const std::size_t width = table.folded.embedding();
    for (std::size_t k = 0; k < table.used.size(); ++k) {
      add_rows(table.gradient.data() + k * width, width, 1,
               gradients + table.parameters + table.used[k] * width);
    }
  }
}

}  // namespace lilt::nn
