#include "nn/product.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/product.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

#include "nn/pair_tiles.h"

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
// So few rows of A read a panel from the second-level cache whether it is cut into blocks or not.
constexpr std::size_t kFewRows = 2 * kTileRows;
// Rows of A that stay in the second-level cache while all panels pass by.
constexpr std::size_t kRowBlock = 128;
constexpr std::size_t kPairRowBlock = 64;
template <class Left>
constexpr std::size_t kInner = std::is_same_v<Left, Pair> ? pairs_of(kInnerBlock) : kInnerBlock;

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

// The same of pairs, as vdpbf16ps does it: pair by pair the product of the seconds, then that of
// the firsts.
template <std::size_t R, std::size_t V>
void multiply_pair_tile(const Pair* HWY_RESTRICT a, std::size_t row_stride, std::size_t step,
                        const Pair* HWY_RESTRICT panel, std::size_t inner, float* HWY_RESTRICT c,
                        std::size_t c_stride, bool add) {
  const F32 d;
  const hn::RebindToUnsigned<F32> du;
  const auto seconds = hn::Set(du, 0xFFFF0000);
  Vector sum[R][V];
  HWY_UNROLL(8)
  for (std::size_t r = 0; r < R; ++r) {
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) {
      sum[r][v] = hn::Zero(d);
      if (!add) continue;
      const Vector earlier = hn::LoadU(d, c + r * c_stride + v * kLanes);
      const auto is_least = hn::Lt(hn::Abs(earlier), hn::Set(d, kLeastSum));
      sum[r][v] = hn::IfThenZeroElse(is_least, earlier);
    }
  }
  for (std::size_t k = 0; k < inner; ++k) {
    Vector b[V];
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) {
      b[v] = hn::BitCast(d, hn::And(hn::Load(du, panel + v * kLanes), seconds));
    }
    HWY_UNROLL(8)
    for (std::size_t r = 0; r < R; ++r) {
      const Vector left = hn::BitCast(d, hn::Set(du, a[r * row_stride] & 0xFFFF0000));
      HWY_UNROLL(8)
      for (std::size_t v = 0; v < V; ++v) sum[r][v] = hn::MulAdd(left, b[v], sum[r][v]);
    }
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < V; ++v) {
      b[v] = hn::BitCast(d, hn::ShiftLeft<16>(hn::Load(du, panel + v * kLanes)));
    }
    HWY_UNROLL(8)
    for (std::size_t r = 0; r < R; ++r) {
      const Vector left = hn::BitCast(d, hn::Set(du, a[r * row_stride] << 16));
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

// Left is float or Pair.
template <class Left>
using Tile = void (*)(const Left*, std::size_t, std::size_t, const Left*, std::size_t, float*,
                      std::size_t, bool);
// tiles[v − 1][r − 1] multiplies r rows by v vectors.
template <class Left>
using Tiles = std::array<std::array<Tile<Left>, kTileRows>, kPanelVectors>;

template <std::size_t V, std::size_t... R>
constexpr std::array<Tile<float>, kTileRows> tiles_of_width(std::index_sequence<R...>) {
  return {&multiply_tile<R + 1, V>...};
}
template <std::size_t V, std::size_t... R>
constexpr std::array<Tile<Pair>, kTileRows> pair_tiles_of_width(std::index_sequence<R...>) {
  return {&multiply_pair_tile<R + 1, V>...};
}
using TileRowCounts = std::make_index_sequence<kTileRows>;
constexpr Tiles<float> kTiles = {tiles_of_width<1>(TileRowCounts()),
                                 tiles_of_width<2>(TileRowCounts()),
                                 tiles_of_width<3>(TileRowCounts())};
constexpr Tiles<Pair> kPairTiles = {pair_tiles_of_width<1>(TileRowCounts()),
                                    pair_tiles_of_width<2>(TileRowCounts()),
                                    pair_tiles_of_width<3>(TileRowCounts())};

const Tiles<float>& tiles_for(float) { return kTiles; }
const Tiles<Pair>& tiles_for(Pair) {
#if HWY_TARGET <= HWY_AVX3 && HWY_ARCH_X86
  if (const PairTiles* by_instruction = pair_tiles()) return *by_instruction;
#endif
  return kPairTiles;
}

// A tile whose columns do not fill whole vectors goes through a buffer, so that nothing beyond C
// is touched.
template <class Left>
void multiply_edge_tile(Tile<Left> tile, const Left* a, std::size_t row_stride, std::size_t step,
                        const Left* panel, std::size_t inner, float* c, std::size_t c_stride,
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

// A block of a panel: its rows (pairs of them) and its columns.
template <class Left>
struct PanelBlock {
  const Left* data;
  std::size_t inner, columns;
};

// Where a row is, and how to get from the last of a group to the first of the next.
template <class T>
struct Place {
  T* row;
  std::size_t stride, jump;
};

template <class T>
Place<T> place_of(const Rows<T>& rows, std::size_t row, std::size_t column) {
  T* first = rows.data + row / rows.group * rows.group_stride + row % rows.group * rows.row_stride;
  return {first + column, rows.row_stride, rows.group_stride - rows.group * rows.row_stride};
}

// So many rows of C += or = A · the block, where `in_group` rows of C's group of rows lie before. A
// tile never crosses from one group into the next.
template <class Left>
void multiply_rows(Place<const Left> a, std::size_t step, const PanelBlock<Left>& block,
                   Place<float> c, std::size_t in_group, std::size_t group, std::size_t rows,
                   bool add) {
  const std::size_t vectors = (block.columns + kLanes - 1) / kLanes;
  const bool whole = block.columns == vectors * kLanes;
  const auto& tiles = tiles_for(Left())[vectors - 1];
  while (rows > 0) {
    const std::size_t count = std::min({kTileRows, rows, group - in_group});
    const Tile<Left> tile = tiles[count - 1];
    if (whole) {
      tile(a.row, a.stride, step, block.data, block.inner, c.row, c.stride, add);
    } else {
      multiply_edge_tile(tile, a.row, a.stride, step, block.data, block.inner, c.row, c.stride,
                         count, block.columns, add);
    }
    rows -= count;
    in_group += count;
    a.row += count * a.stride;
    c.row += count * c.stride;
    if (in_group == group) {
      in_group = 0;
      a.row += a.jump;
      c.row += c.jump;
    }
  }
}

template <class Left>
void MultiplyPanel(const Rows<const Left>& a, std::size_t rows, const Left* panel,
                   std::size_t inner, std::size_t columns, const Rows<float>& c, Store store) {
  const std::size_t width = (columns + kLanes - 1) / kLanes * kLanes;
  for (std::size_t k0 = 0; k0 < inner || k0 == 0; k0 += kInner<Left>) {
    multiply_rows<Left>(place_of(a, 0, k0 * a.step), a.step,
                        {panel + k0 * width, std::min(kInner<Left>, inner - k0), columns},
                        place_of(c, 0, 0), 0, c.group, rows, store == Store::kAdd || k0 > 0);
  }
}

void MultiplyPanelSingle(const Rows<const float>& a, std::size_t rows, const float* panel,
                         std::size_t inner, std::size_t columns, const Rows<float>& c,
                         Store store) {
  MultiplyPanel(a, rows, panel, inner, columns, c, store);
}

void MultiplyPanelPairs(const Rows<const Pair>& a, std::size_t rows, const Pair* panel,
                        std::size_t inner, std::size_t columns, const Rows<float>& c, Store store) {
  MultiplyPanel(a, rows, panel, inner, columns, c, store);
}

// Calls use(block, column) for rows k0 … of all panels, at most so many.
template <class Left, class Use>
void for_panels(const PackedMatrix& b, const Left* panels, std::size_t b_inner, std::size_t k0,
                std::size_t most, Use&& use) {
  for (std::size_t p = 0; p < b.panels(); ++p) {
    const std::size_t column = p * kPanelWidth;
    const std::size_t columns = std::min(kPanelWidth, b.columns() - column);
    const std::size_t width = (columns + kLanes - 1) / kLanes * kLanes;
    use(PanelBlock<Left>{panels + column * b_inner + k0 * width, std::min(most, b_inner - k0),
                         columns},
        column);
  }
}

void MultiplySingle(const Rows<const float>& a, std::size_t rows, const PackedMatrix& b,
                    const Rows<float>& c, Store store) {
  for (std::size_t first = 0; first < rows; first += kRowBlock) {
    const std::size_t count = std::min(kRowBlock, rows - first);
    const std::size_t most = count <= kFewRows ? std::max(b.inner(), kInnerBlock) : kInnerBlock;
    for (std::size_t k0 = 0; k0 < b.inner() || k0 == 0; k0 += most) {
      const auto use = [&](const PanelBlock<float>& block, std::size_t column) HWY_ATTR {
        multiply_rows<float>(place_of(a, first, k0 * a.step), a.step, block,
                             place_of(c, first, column), first % c.group, c.group, count,
                             store == Store::kAdd || k0 > 0);
      };
      for_panels<float>(b, b.panel(0), b.inner(), k0, most, use);
    }
  }
}

// The same of pairs, of A's rows rounded block by block.
void MultiplyPairs(const Rows<const float>& a, std::size_t rows, const PackedMatrix& b,
                   const Rows<float>& c, Store store) {
  HWY_ALIGN Pair left[kPairRowBlock * kInner<Pair>];
  const std::size_t pairs = pairs_of(b.inner());
  for (std::size_t first = 0; first < rows; first += kPairRowBlock) {
    const std::size_t count = std::min(kPairRowBlock, rows - first);
    for (std::size_t k0 = 0; k0 < pairs || k0 == 0; k0 += kInner<Pair>) {
      const std::size_t numbers = std::min(2 * kInner<Pair>, b.inner() - 2 * k0);
      for (std::size_t r = 0; r < count; ++r) {
        const Place<const float> row = place_of(a, first + r, 2 * k0);
        pair_neighbours(row.row, numbers, left + r * kInner<Pair>);
      }
      const auto use = [&](const PanelBlock<Pair>& block, std::size_t column) HWY_ATTR {
        multiply_rows<Pair>({left, kInner<Pair>, 0}, 1, block, place_of(c, first, column),
                            first % c.group, c.group, count, store == Store::kAdd || k0 > 0);
      };
      for_panels<Pair>(b, b.pair_panel(0), pairs, k0, kInner<Pair>, use);
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

// to[k · stride + j] = rows[j][k] for j = 0 … 3 and k = 0 … count − 1.
template <class T>
void transpose_four(const T* const* rows, std::size_t count, T* to, std::size_t stride) {
  std::size_t k = 0;
#if HWY_TARGET != HWY_SCALAR
  const hn::Full128<T> d;
  const hn::RepartitionToWide<decltype(d)> two;
  for (; k + 4 <= count; k += 4) {
    const auto r0 = hn::LoadU(d, rows[0] + k), r1 = hn::LoadU(d, rows[1] + k);
    const auto r2 = hn::LoadU(d, rows[2] + k), r3 = hn::LoadU(d, rows[3] + k);
    const auto low01 = hn::BitCast(two, hn::InterleaveLower(d, r0, r1));
    const auto low23 = hn::BitCast(two, hn::InterleaveLower(d, r2, r3));
    const auto high01 = hn::BitCast(two, hn::InterleaveUpper(d, r0, r1));
    const auto high23 = hn::BitCast(two, hn::InterleaveUpper(d, r2, r3));
    T* out = to + k * stride;
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(two, low01, low23)), d, out);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(two, low01, low23)), d, out + stride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveLower(two, high01, high23)), d, out + 2 * stride);
    hn::StoreU(hn::BitCast(d, hn::InterleaveUpper(two, high01, high23)), d, out + 3 * stride);
  }
#endif
  for (; k < count; ++k) {
    for (std::size_t j = 0; j < 4; ++j) to[k * stride + j] = rows[j][k];
  }
}

constexpr std::size_t kTransposed = 64;  // rows of a panel, written while they are in the cache

// Rows `row_of(j, k0, k1)`, what is at k0 … k1 − 1 of column j, become columns of the panel.
template <class T, class RowOf>
void transpose_panel(RowOf&& row_of, std::size_t inner, std::size_t columns, std::size_t width,
                     T* panel) {
  for (std::size_t k0 = 0; k0 < inner; k0 += kTransposed, panel += kTransposed * width) {
    const std::size_t k1 = std::min(inner, k0 + kTransposed);
    std::size_t j = 0;
    for (; j + 4 <= columns; j += 4) {
      const T* rows[4];
      for (std::size_t i = 0; i < 4; ++i) rows[i] = row_of(j + i, k0, k1);
      transpose_four(rows, k1 - k0, panel + j, width);
    }
    for (; j < columns; ++j) {
      const T* row = row_of(j, k0, k1);
      for (std::size_t k = k0; k < k1; ++k) panel[(k - k0) * width + j] = row[k - k0];
    }
  }
}

void TransposeColumns(const float* b, std::size_t inner, std::size_t columns, std::size_t width,
                      float* panel) {
  const auto row_of = [&](std::size_t j, std::size_t k, std::size_t /*end*/) {
    return b + j * inner + k;
  };
  transpose_panel<float>(row_of, inner, columns, width, panel);
}

void TransposePairs(const float* b, std::size_t inner, std::size_t columns, std::size_t width,
                    Pair* panel) {
  Pair some[4][kTransposed];
  const auto row_of = [&](std::size_t j, std::size_t k, std::size_t end) {
    pair_neighbours(b + j * inner + 2 * k, std::min(2 * end, inner) - 2 * k, some[j % 4]);
    return some[j % 4];
  };
  transpose_panel<Pair>(row_of, pairs_of(inner), columns, width, panel);
}

std::size_t PanelWidth() { return kPanelWidth; }
std::size_t TileRows() { return kTileRows; }
std::size_t Lanes() { return kLanes; }

}  // namespace lilt::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::nn {

HWY_EXPORT(MultiplyPanelSingle);
HWY_EXPORT(MultiplyPanelPairs);
HWY_EXPORT(MultiplySingle);
HWY_EXPORT(MultiplyPairs);
HWY_EXPORT(PackColumns);
HWY_EXPORT(TransposeColumns);
HWY_EXPORT(TransposePairs);
HWY_EXPORT(PanelWidth);
HWY_EXPORT(TileRows);
HWY_EXPORT(Lanes);

namespace {

std::size_t lanes() { return HWY_DYNAMIC_DISPATCH(Lanes)(); }
std::size_t padded(std::size_t columns) { return (columns + lanes() - 1) / lanes() * lanes(); }

}  // namespace

std::size_t panel_width() { return HWY_DYNAMIC_DISPATCH(PanelWidth)(); }
std::size_t tile_rows() { return HWY_DYNAMIC_DISPATCH(TileRows)(); }

PackedMatrix::PackedMatrix(std::size_t inner, std::size_t columns, Precision precision)
    : inner_(inner),
      columns_(columns),
      panels_((columns + panel_width() - 1) / panel_width()),
      precision_(precision),
      floats_(precision == Precision::kSingle ? inner * padded(columns) : 0),
      pairs_(precision == Precision::kBf16 ? pairs_of(inner) * padded(columns) : 0) {}

const float* PackedMatrix::panel(std::size_t p) const {
  return floats_.data() + p * panel_width() * inner_;
}

const Pair* PackedMatrix::pair_panel(std::size_t p) const {
  return pairs_.data() + p * panel_width() * pairs_of(inner_);
}

void PackedMatrix::pack_panel(std::size_t p, const float* b) {
  const std::size_t column = p * panel_width();
  const std::size_t columns = std::min(panel_width(), columns_ - column);
  if (precision_ == Precision::kSingle) {
    pack_columns(b + column, columns_, inner_, columns, floats_.data() + column * inner_);
  } else {
    pair_rows(b + column, columns_, inner_, columns, padded(columns),
              pairs_.data() + column * pairs_of(inner_));
  }
}

void PackedMatrix::pack_panel_transposed(std::size_t p, const float* b) {
  const std::size_t column = p * panel_width();
  const std::size_t columns = std::min(panel_width(), columns_ - column);
  const float* first = b + column * inner_;
  if (precision_ == Precision::kSingle) {
    HWY_DYNAMIC_DISPATCH(TransposeColumns)
    (first, inner_, columns, padded(columns), floats_.data() + column * inner_);
  } else {
    HWY_DYNAMIC_DISPATCH(TransposePairs)
    (first, inner_, columns, padded(columns), pairs_.data() + column * pairs_of(inner_));
  }
}

std::size_t pack_columns(const float* b, std::size_t row_stride, std::size_t inner,
                         std::size_t columns, float* panel) {
  return HWY_DYNAMIC_DISPATCH(PackColumns)(b, row_stride, inner, columns, panel);
}

void multiply_panel(Rows<const float> a, std::size_t rows, const float* panel, std::size_t inner,
                    std::size_t columns, Rows<float> c, Store store) {
  HWY_DYNAMIC_DISPATCH(MultiplyPanelSingle)(a, rows, panel, inner, columns, c, store);
}

void multiply_panel(Rows<const Pair> a, std::size_t rows, const Pair* panel, std::size_t pairs,
                    std::size_t columns, Rows<float> c, Store store) {
  HWY_DYNAMIC_DISPATCH(MultiplyPanelPairs)(a, rows, panel, pairs, columns, c, store);
}

void multiply(Rows<const float> a, std::size_t rows, const PackedMatrix& b, Rows<float> c,
              Store store) {
  if (b.precision() == Precision::kSingle) {
    HWY_DYNAMIC_DISPATCH(MultiplySingle)(a, rows, b, c, store);
  } else {
    HWY_DYNAMIC_DISPATCH(MultiplyPairs)(a, rows, b, c, store);
  }
}

}  // namespace lilt::nn
#endif  // HWY_ONCE
