// Matrix products near the machine's limit, for matrices whose right-hand side is used often.
//
// The right-hand matrix B [K, N] is packed once into panels: panel p holds columns
// p·width … as one run of memory, K rows of at most `width` floats, filled up with zeros to whole
// vectors. The kernel keeps a tile of C in registers and reads a panel from front to back
// (Goto and van de Geijn, "Anatomy of high-performance matrix multiplication", 2008).
//
// Every element of C is summed over k in the same order whatever the sizes of A, the tile or the
// number of threads, so that results do not depend on how the work was cut up.
//
// With Precision::kBf16 both factors are rounded to bfloat16 and multiplied in pairs (nn/pairs.h):
// of each pair of k the product of the second is added to the sum, which is rounded, then that of
// the first. That is what the instruction vdpbf16ps does; other CPUs come to the same bits.
#pragma once

#include <cstddef>

#include "nn/buffer.h"
#include "nn/pairs.h"
#include "nn/precision.h"

namespace lilt::nn {

// Rows of a matrix that may lie in groups: row r starts at
// data + (r / group)·group_stride + (r % group)·row_stride, its element k at + k·step.
// A group is, for instance, one time step's rows of one thread's share of the batch.
template <class T>
struct Rows {
  T* data = nullptr;
  std::size_t row_stride = 0;
  std::size_t group = static_cast<std::size_t>(-1);
  std::size_t group_stride = 0;
  std::size_t step = 1;
};

// Columns in a full panel, and rows in a full tile, on this CPU.
[[nodiscard]] std::size_t panel_width();
[[nodiscard]] std::size_t tile_rows();
// Rows of B that stay in the nearest caches while the rows of A pass by; sums are carried over such
// blocks. In bf16 it counts, on every CPU alike, where sums below kLeastSum become 0.
inline constexpr std::size_t kInnerBlock = 256;

class PackedMatrix {
 public:
  PackedMatrix() = default;
  PackedMatrix(std::size_t inner, std::size_t columns,
               Precision precision = Precision::kSingle);  // K, N

  [[nodiscard]] Precision precision() const { return precision_; }
  [[nodiscard]] std::size_t inner() const { return inner_; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t panels() const { return panels_; }
  [[nodiscard]] const float* panel(std::size_t p) const;      // in single precision
  [[nodiscard]] const Pair* pair_panel(std::size_t p) const;  // in bf16

  // Fill one panel from b [K, N], or from b [N, K] transposed. Panels may be filled in parallel.
  void pack_panel(std::size_t p, const float* b);
  void pack_panel_transposed(std::size_t p, const float* b);

 private:
  std::size_t inner_ = 0, columns_ = 0, panels_ = 0;
  Precision precision_ = Precision::kSingle;
  Buffer floats_;         // in single precision
  BufferOf<Pair> pairs_;  // in bf16
};

// Copies `columns` (at most panel_width()) columns of b into `panel`, `inner` rows with
// `row_stride` floats from one to the next. Returns floats in a row of the panel.
std::size_t pack_columns(const float* b, std::size_t row_stride, std::size_t inner,
                         std::size_t columns, float* panel);

enum class Store { kReplace, kAdd };

// C [rows, columns] = or += A [rows, inner] · panel, for one panel of at most panel_width()
// columns.
void multiply_panel(Rows<const float> a, std::size_t rows, const float* panel, std::size_t inner,
                    std::size_t columns, Rows<float> c, Store store);
// The same in bf16, of A [rows, pairs_of(K)] and a panel as pair_rows() makes it.
void multiply_panel(Rows<const Pair> a, std::size_t rows, const Pair* panel, std::size_t pairs,
                    std::size_t columns, Rows<float> c, Store store);

// C [rows, N] = or += A [rows, K] · B [K, N]. The rows of A and C are grouped alike.
void multiply(Rows<const float> a, std::size_t rows, const PackedMatrix& b, Rows<float> c,
              Store store);

}  // namespace lilt::nn
