#include "nn/product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/product.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace lilt::nn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using F32 = hn::ScalableTag<float>;
using Vector = hn::Vec<F32>;

constexpr std::size_t kLanes = hn::MaxLanes(F32());
constexpr std::size_t kPanelVectors = 3;
// Accumulators, panel vectors and one broadcast fill the registers: 32 of them or 16.
constexpr std::size_t kTileRows = HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86 ? 8 : 4;
constexpr std::size_t kPanelWidth = kPanelVectors * kLanes;
// A block of a panel takes at most 24 KB.
constexpr std::size_t kInnerBlock = 6144 / kPanelWidth;
// Rows of A that stay in the second-level cache while all panels pass by.
constexpr std::size_t kRowBlock = 128;

// C [R, V·lanes] += A [R, inner] · panel block, the tile of C in registers throughout.
template <std::size_t R, std::size_t V>
void multiply_tile(const float* HWY_RESTRICT a, std::size_t row_stride, std::size_t step,
                   const float* HWY_RESTRICT panel, std::size_t inner, float* HWY_RESTRICT c,
                   std::size_t c_stride, bool add) {
  const F32 d;
  Vector sum[R][V];
  HWY_UNROLL(8)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) {
      sum[r][v] = add ? hn::LoadU(d, c + r * c_stride + v * kLanes) : hn::Zero(d);
    }
  }
  for (std::size_t k = 0; k < inner; ++k) {
    Vector b[V];
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) b[v] = hn::Load(d, panel + v * kLanes);
    HWY_UNROLL(8)
    for (std::size_t r = 0; r < R; ++r) {
      const Vector left = hn::Set(d, a[r * row_stride]);
      HWY_UNROLL(8)
      for (std::size_t v = 0; v < V; ++v) sum[r][v] = hn::MulAdd(left, b[v], sum[r][v]);
    }
    panel += V * kLanes;
    a += step;
  }
  HWY_UNROLL(8)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) hn::StoreU(sum[r][v], d, c + r * c_stride + v * kLanes);
  }
}

using Tile = void (*)(const float*, std::size_t, std::size_t, const float*, std::size_t, float*,
                      std::size_t, bool);

// kTiles[r − 1][v − 1] multiplies r rows by v vectors.
template <std::size_t V, std::size_t... R>
constexpr std::array<Tile, kTileRows> tiles_of_width(std::index_sequence<R...>) {
  return {&multiply_tile<R + 1, V>...};
}
template <std::size_t V>
constexpr std::array<Tile, kTileRows> tiles_of_width() {
  return tiles_of_width<V>(std::make_index_sequence<kTileRows>());
}
constexpr std::array<std::array<Tile, kTileRows>, kPanelVectors> kTiles = {
    tiles_of_width<1>(), tiles_of_width<2>(), tiles_of_width<3>()};

// A tile whose columns do not fill whole vectors goes through a buffer, so that nothing beyond C
// is touched.
void multiply_edge_tile(Tile tile, const float* a, std::size_t row_stride, std::size_t step,
                        const float* panel, std::size_t inner, float* c, std::size_t c_stride,
                        std::size_t rows, std::size_t columns, bool add) {
  HWY_ALIGN float full[kTileRows * kPanelWidth] = {};
  for (std::size_t r = 0; add && r < rows; ++r) {
    std::copy_n(c + r * c_stride, columns, full + r * kPanelWidth);
  }
  tile(a, row_stride, step, panel, inner, full, kPanelWidth, add);
  for (std::size_t r = 0; r < rows; ++r) {
    std::copy_n(full + r * kPanelWidth, columns, c + r * c_stride);
  }
}

// Rows begin … end − 1 of C += or = A[…, k0 … k0 + inner − 1] · panel block. A tile never crosses
// from one group of rows into the next; A and C are grouped alike.
void multiply_rows(const Rows<const float>& a, std::size_t k0, std::size_t begin, std::size_t end,
                   const float* panel, std::size_t inner, std::size_t columns, const Rows<float>& c,
                   bool add) {
  const std::size_t vectors = (columns + kLanes - 1) / kLanes;
  const bool whole = columns == vectors * kLanes;
  std::size_t in_group = begin % a.group;
  const float* a_group = a.data + begin / a.group * a.group_stride + k0 * a.step;
  float* c_group = c.data + begin / c.group * c.group_stride;
  for (std::size_t r = begin; r < end;) {
    const std::size_t rows = std::min({kTileRows, end - r, a.group - in_group});
    const Tile tile = kTiles[vectors - 1][rows - 1];
    const float* left = a_group + in_group * a.row_stride;
    float* out = c_group + in_group * c.row_stride;
    if (whole) {
      tile(left, a.row_stride, a.step, panel, inner, out, c.row_stride, add);
    } else {
      multiply_edge_tile(tile, left, a.row_stride, a.step, panel, inner, out, c.row_stride, rows,
                         columns, add);
    }
    r += rows;
    in_group += rows;
    if (in_group == a.group) {
      in_group = 0;
      a_group += a.group_stride;
      c_group += c.group_stride;
    }
  }
}

void MultiplyPanel(const Rows<const float>& a, std::size_t rows, const float* panel,
                   std::size_t inner, std::size_t columns, const Rows<float>& c, Store store) {
  const std::size_t width = (columns + kLanes - 1) / kLanes * kLanes;
  for (std::size_t k0 = 0; k0 < inner || k0 == 0; k0 += kInnerBlock) {
    multiply_rows(a, k0, 0, rows, panel + k0 * width, std::min(kInnerBlock, inner - k0), columns, c,
                  store == Store::kAdd || k0 > 0);
  }
}

void Multiply(const Rows<const float>& a, std::size_t rows, const PackedMatrix& b,
              const Rows<float>& c, Store store) {
  for (std::size_t first = 0; first < rows; first += kRowBlock) {
    const std::size_t last = std::min(rows, first + kRowBlock);
    for (std::size_t k0 = 0; k0 < b.inner() || k0 == 0; k0 += kInnerBlock) {
      const std::size_t inner = std::min(kInnerBlock, b.inner() - k0);
      for (std::size_t p = 0; p < b.panels(); ++p) {
        const std::size_t column = p * kPanelWidth;
        const std::size_t columns = std::min(kPanelWidth, b.columns() - column);
        const std::size_t width = (columns + kLanes - 1) / kLanes * kLanes;
        Rows<float> part = c;
        part.data += column;
        multiply_rows(a, k0, first, last, b.panel(p) + k0 * width, inner, columns, part,
                      store == Store::kAdd || k0 > 0);
      }
    }
  }
}

std::size_t PackColumns(const float* b, std::size_t row_stride, std::size_t inner,
                        std::size_t columns, float* panel) {
  const F32 d;
  const std::size_t width = (columns + kLanes - 1) / kLanes * kLanes;
  for (std::size_t k = 0; k < inner; ++k, b += row_stride, panel += width) {
    std::size_t j = 0;
    for (; j + kLanes <= columns; j += kLanes) hn::Store(hn::LoadU(d, b + j), d, panel + j);
    for (; j < width; ++j) panel[j] = j < columns ? b[j] : 0.0F;
  }
  return width;
}

std::size_t PanelWidth() { return kPanelWidth; }
std::size_t TileRows() { return kTileRows; }
std::size_t InnerBlock() { return kInnerBlock; }
std::size_t Lanes() { return kLanes; }

}  // namespace lilt::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::nn {

HWY_EXPORT(MultiplyPanel);
HWY_EXPORT(Multiply);
HWY_EXPORT(PackColumns);
HWY_EXPORT(PanelWidth);
HWY_EXPORT(TileRows);
HWY_EXPORT(InnerBlock);
HWY_EXPORT(Lanes);

namespace {

std::size_t lanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }
std::size_t padded(std::size_t columns) { return (columns + lanes() - 1) / lanes() * lanes(); }

}  // namespace

std::size_t panel_width() { return HWY_DYNAMIC_DISPATCH(PanelWidth)(); }
std::size_t tile_rows() { return HWY_DYNAMIC_DISPATCH(TileRows)(); }
std::size_t inner_block() { return HWY_DYNAMIC_DISPATCH(InnerBlock)(); }

PackedMatrix::PackedMatrix(std::size_t inner, std::size_t columns)
    : inner_(inner),
      columns_(columns),
      panels_((columns + panel_width() - 1) / panel_width()),
      data_(inner * padded(columns)) {}

const float* PackedMatrix::panel(std::size_t p) const {
  return data_.data() + p * panel_width() * inner_;
}

float* PackedMatrix::panel_data(std::size_t p) { return data_.data() + p * panel_width() * inner_; }

void PackedMatrix::pack_panel(std::size_t p, const float* b) {
  const std::size_t column = p * panel_width();
  pack_columns(b + column, columns_, inner_, std::min(panel_width(), columns_ - column),
               panel_data(p));
}

void PackedMatrix::pack_panel_transposed(std::size_t p, const float* b) {
  constexpr std::size_t kBlock = 16;  // rows of the panel written while they are in the cache
  const std::size_t column = p * panel_width();
  const std::size_t columns = std::min(panel_width(), columns_ - column);
  const std::size_t width = padded(columns);
  float* panel = panel_data(p);
  for (std::size_t k0 = 0; k0 < inner_; k0 += kBlock) {
    const std::size_t k1 = std::min(inner_, k0 + kBlock);
    for (std::size_t j = 0; j < columns; ++j) {
      const float* from = b + (column + j) * inner_;
      for (std::size_t k = k0; k < k1; ++k) panel[k * width + j] = from[k];
    }
  }
}

std::size_t pack_columns(const float* b, std::size_t row_stride, std::size_t inner,
                         std::size_t columns, float* panel) {
  return HWY_DYNAMIC_DISPATCH(PackColumns)(b, row_stride, inner, columns, panel);
}

void multiply_panel(Rows<const float> a, std::size_t rows, const float* panel, std::size_t inner,
                    std::size_t columns, Rows<float> c, Store store) {
  HWY_DYNAMIC_DISPATCH(MultiplyPanel)(a, rows, panel, inner, columns, c, store);
}

void multiply(Rows<const float> a, std::size_t rows, const PackedMatrix& b, Rows<float> c,
              Store store) {
  HWY_DYNAMIC_DISPATCH(Multiply)(a, rows, b, c, store);
}

}  // namespace lilt::nn
#endif  // HWY_ONCE
