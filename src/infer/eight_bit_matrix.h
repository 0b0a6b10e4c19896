// Matrix products of composing in 8 bits: sums of whole numbers, so that every instruction set
// computes the same bits.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/aligned_vector.h"

namespace lilt::infer {

// Weights [inner, columns] as whole numbers from −127 to 127, each column with a scale of its own.
//
// They lie in panels of kPanel columns, and within a panel in groups of kGroup rows, as the kernel
// reads them: [columns / kPanel][inner / kGroup][kPanel][kGroup], filled up with zeros.
class EightBitMatrix {
 public:
  static constexpr std::size_t kPanel = 32, kGroup = 4;
  // Of so many rows: an even number.
  static constexpr std::size_t groups_of(std::size_t inner) {
    return (inner + 2 * kGroup - 1) / (2 * kGroup) * 2;
  }

  // Of weights that are no larger than weights.h allows. A column whose numbers are too small for a
  // scale becomes nothing.
  EightBitMatrix(const float* weights, std::size_t inner, std::size_t columns);

  [[nodiscard]] std::size_t inner() const { return inner_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t groups() const { return groups_of(inner_); }
  [[nodiscard]] std::size_t panels() const { return (columns_ + kPanel - 1) / kPanel; }
  [[nodiscard]] const std::int8_t* panel(std::size_t p) const {
    return packed_.data() + p * groups() * kPanel * kGroup;
  }
  // What 1 stands for in that column.
  [[nodiscard]] const float* scales() const { return scales_.data(); }
  // What a vector of nothing but kZero comes to in that column.
  [[nodiscard]] const std::int32_t* offsets() const { return offsets_.data(); }

 private:
  std::size_t inner_ = 0, columns_ = 0;
  AlignedVector<std::int8_t> packed_;
  AlignedVector<float> scales_;
  AlignedVector<std::int32_t> offsets_;
};

// Vectors [rows, inner] as whole numbers from −31 to 31, each with a scale of its own: x86
// multiplies unsigned by signed bytes and adds products in 16 bits, of which so small ones leave
// room for four. They are kept as 1 … 63, kZero standing for 0. That they are so coarse costs less
// than 0.1 % in bits per note (docs/decisions/eight-bits.md).
class EightBitRows {
 public:
  static constexpr int kZero = 32;

  // Room for vectors of `most_inner` numbers.
  EightBitRows(std::size_t most_rows, std::size_t most_inner);

  // Rounds x [rows, inner], row-major and dense, for which there has to be room. Infinite numbers
  // and what is none become anything.
  void round(const float* x, std::size_t rows, std::size_t inner);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  [[nodiscard]] const std::uint8_t* row(std::size_t r) const {
    return values_.data() + r * stride_;
  }
  [[nodiscard]] const float* scales() const { return scales_.data(); }  // of each row

 private:
  std::size_t rows_ = 0, stride_ = 0;
  AlignedVector<std::uint8_t> values_;  // to whole groups; what fills them up meets weights of 0
  AlignedVector<float> scales_;
};

// y [rows, columns] += x [rows, inner] · weights [inner, columns], dense and row-major.
void multiply_add(const EightBitRows& x, const EightBitMatrix& weights, float* y);

}  // namespace lilt::infer
