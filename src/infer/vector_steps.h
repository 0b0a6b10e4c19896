// Elementwise steps of the network, in a fixed order and without contraction, so that every CPU
// computes the same bits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "infer/float_matrix.h"

namespace lilt::infer {

// The rows that each of several sums is made of.
struct RowLists {
  RowLists(std::size_t lists, std::size_t most_rows)
      : most(most_rows), counts(lists), rows(lists * most_rows) {}

  void clear() { std::fill(counts.begin(), counts.end(), 0); }
  void add(std::size_t list, const float* row) { rows[list * most + counts[list]++] = row; }

  std::size_t most;  // rows of a list
  std::vector<std::size_t> counts;
  std::vector<const float*> rows;
};

// sums [lists, columns]: of each of the first so many lists, first + its rows in turn. Some columns
// of all lists come before the next ones: rows that lists have in common are near then.
void add_rows(const float* first, const RowLists& of, std::size_t lists, std::size_t columns,
              float* sums);

// y [rows, columns] = x [rows, inner] · weights [inner, columns], row-major and dense: the product
// of float_matrix.h, but with the same bits everywhere.
void fold(const float* x, std::size_t rows, const FloatMatrix& weights, float* y);

// Rounds x [count] to whole numbers from −largest to largest, in units of the returned scale, which
// makes its greatest magnitude `largest`, and adds `zero`: results from 0 to 255. Of infinite
// numbers, or what is none, something in that range comes.
float round_to_bytes(const float* x, std::size_t count, int largest, int zero, std::uint8_t* bytes);

}  // namespace lilt::infer
