#include "nn/pointwise.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "nn/pointwise.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <utility>

HWY_BEFORE_NAMESPACE();
namespace lilt::nn::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Wide = hn::ScalableTag<float>;
using Single = hn::CappedTag<float, 1>;

// Calls body(tag, j) for whole vectors, then element by element for the rest.
template <class Body>
HWY_INLINE void for_vectors(std::size_t count, const Body& body) {
  const Wide wide;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t j = 0;
  for (; j + lanes <= count; j += lanes) body(wide, j);
  for (; j < count; ++j) body(Single(), j);
}

// e^x = s + s·p, with s a power of two and p = e^r − 1 for the remainder |r| ≤ ½ ln 2, by its
// Taylor polynomial. Keeping the two apart lets e^x − 1 = s·p + (s − 1) stay exact near 0. For
// training, as fast as this CPU can; infer/exponential-inl.h gives the same bits on every one.
template <class V>
struct Exponential {
  V s, p;
};

template <class D, class V = hn::Vec<D>>
HWY_INLINE Exponential<V> exponential(D d, V x) {
  // x stands second because x86 then passes a NaN on instead of hiding it.
  const auto clamped = hn::Min(hn::Set(d, 87.0F), hn::Max(hn::Set(d, -87.0F), x));
  const auto n = hn::Round(hn::Mul(clamped, hn::Set(d, 1.44269504F)));
  // ln 2 in two parts, the first with few enough bits that n·ln2 is exact.
  auto r = hn::NegMulAdd(n, hn::Set(d, 0.693359375F), clamped);
  r = hn::NegMulAdd(n, hn::Set(d, -2.12194440e-4F), r);
  auto q = hn::MulAdd(r, hn::Set(d, 1.0F / 5040), hn::Set(d, 1.0F / 720));
  q = hn::MulAdd(q, r, hn::Set(d, 1.0F / 120));
  q = hn::MulAdd(q, r, hn::Set(d, 1.0F / 24));
  q = hn::MulAdd(q, r, hn::Set(d, 1.0F / 6));
  q = hn::MulAdd(q, r, hn::Set(d, 0.5F));
  const auto p = hn::MulAdd(hn::Mul(r, r), q, r);
  const hn::RebindToSigned<D> di;
  const auto exponent = hn::Add(hn::ConvertTo(di, n), hn::Set(di, 127));
  return {hn::BitCast(d, hn::ShiftLeft<23>(exponent)), p};
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V exp_of(D d, V x) {
  const auto e = exponential(d, x);
  return hn::MulAdd(e.s, e.p, e.s);
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V sigmoid(D d, V x) {
  const auto one = hn::Set(d, 1.0F);
  return hn::Div(one, hn::Add(one, exp_of(d, hn::Neg(x))));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V hard_sigmoid(D d, V x) {
  const auto line = hn::MulAdd(x, hn::Set(d, 0.2F), hn::Set(d, 0.5F));
  return hn::Min(hn::Set(d, 1.0F), hn::Max(hn::Zero(d), line));
}

// tanh x = (e^2x − 1) / (e^2x + 1). Past ±15 the answer is ±1 to the last bit.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V tanh_of(D d, V x) {
  const auto bounded = hn::Min(hn::Set(d, 15.0F), hn::Max(hn::Set(d, -15.0F), x));
  const auto e = exponential(d, hn::Add(bounded, bounded));
  const auto minus_one = hn::MulAdd(e.s, e.p, hn::Sub(e.s, hn::Set(d, 1.0F)));
  return hn::Div(minus_one, hn::Add(minus_one, hn::Set(d, 2.0F)));
}

template <GateActivation kActivation, class D, class V = hn::Vec<D>>
HWY_INLINE V gate(D d, V x) {
  if constexpr (kActivation == GateActivation::kSigmoid) return sigmoid(d, x);
  return hard_sigmoid(d, x);
}

// The derivative of gate(x), from the gate's value y.
template <GateActivation kActivation, class D, class V = hn::Vec<D>>
HWY_INLINE V gate_slope(D d, V y) {
  const auto one = hn::Set(d, 1.0F);
  if constexpr (kActivation == GateActivation::kSigmoid) return hn::Mul(y, hn::Sub(one, y));
  const auto inside = hn::And(hn::Gt(y, hn::Zero(d)), hn::Lt(y, one));
  return hn::IfThenElseZero(inside, hn::Set(d, 0.2F));
}

template <GateActivation kActivation, bool kCoupled>
void forward_row(const LstmRowForward& row, std::size_t hidden) {
  constexpr std::size_t kForget = kCoupled ? 0 : 1;  // which of the gates it is
  for_vectors(hidden, [&](auto d, std::size_t j) HWY_ATTR {
    const auto input = [&](std::size_t g) HWY_ATTR {
      return hn::Add(hn::LoadU(d, row.gates + g * hidden + j),
                     hn::LoadU(d, row.bias + g * hidden + j));
    };
    const auto f = gate<kActivation>(d, input(kForget));
    const auto g = tanh_of(d, input(kForget + 1));
    const auto o = gate<kActivation>(d, input(kForget + 2));
    auto i = hn::Sub(hn::Set(d, 1.0F), f);
    if constexpr (!kCoupled) {
      i = gate<kActivation>(d, input(0));
      hn::StoreU(i, d, row.gates + j);
    }
    const auto c = hn::MulAdd(f, hn::LoadU(d, row.c_prev + j), hn::Mul(i, g));
    const auto tanh_c = tanh_of(d, c);
    hn::StoreU(f, d, row.gates + kForget * hidden + j);
    hn::StoreU(g, d, row.gates + (kForget + 1) * hidden + j);
    hn::StoreU(o, d, row.gates + (kForget + 2) * hidden + j);
    hn::StoreU(c, d, row.c + j);
    hn::StoreU(tanh_c, d, row.tanh_c + j);
    hn::StoreU(hn::Mul(o, tanh_c), d, row.h + j);
  });
}

template <GateActivation kActivation, bool kCoupled>
void backward_row(const LstmRowBackward& row, std::size_t hidden) {
  constexpr std::size_t kForget = kCoupled ? 0 : 1;
  for_vectors(hidden, [&](auto d, std::size_t j) HWY_ATTR {
    const auto one = hn::Set(d, 1.0F);
    const auto f = hn::LoadU(d, row.gates + kForget * hidden + j);
    const auto g = hn::LoadU(d, row.gates + (kForget + 1) * hidden + j);
    const auto o = hn::LoadU(d, row.gates + (kForget + 2) * hidden + j);
    const auto i = kCoupled ? hn::Sub(one, f) : hn::LoadU(d, row.gates + j);
    const auto tanh_c = hn::LoadU(d, row.tanh_c + j);
    auto dh = hn::LoadU(d, row.d_output + j);
    if (row.mask != nullptr) dh = hn::Mul(dh, hn::LoadU(d, row.mask + j));
    if (row.d_recurrent != nullptr) dh = hn::Add(dh, hn::LoadU(d, row.d_recurrent + j));
    const auto through_tanh = hn::Mul(hn::Mul(dh, o), hn::NegMulAdd(tanh_c, tanh_c, one));
    const auto dc = hn::Add(hn::LoadU(d, row.d_cell + j), through_tanh);
    auto by_forget = hn::LoadU(d, row.c_prev + j);
    if constexpr (kCoupled) {
      by_forget = hn::Sub(by_forget, g);
    } else {
      const auto di = hn::Mul(hn::Mul(dc, g), gate_slope<kActivation>(d, i));
      hn::StoreU(di, d, row.gates + j);
    }
    const auto df = hn::Mul(hn::Mul(dc, by_forget), gate_slope<kActivation>(d, f));
    const auto dg = hn::Mul(hn::Mul(dc, i), hn::NegMulAdd(g, g, one));
    const auto dout = hn::Mul(hn::Mul(dh, tanh_c), gate_slope<kActivation>(d, o));
    hn::StoreU(df, d, row.gates + kForget * hidden + j);
    hn::StoreU(dg, d, row.gates + (kForget + 1) * hidden + j);
    hn::StoreU(dout, d, row.gates + (kForget + 2) * hidden + j);
    hn::StoreU(hn::Mul(dc, f), d, row.d_cell + j);
  });
}

void LstmRowForwardAny(const LstmRowForward& row, const Cell& cell) {
  constexpr auto kSoft = GateActivation::kSigmoid, kHard = GateActivation::kHardSigmoid;
  const bool soft = cell.activation == kSoft;
  if (cell.coupled) {
    soft ? forward_row<kSoft, true>(row, cell.hidden) : forward_row<kHard, true>(row, cell.hidden);
  } else {
    soft ? forward_row<kSoft, false>(row, cell.hidden)
         : forward_row<kHard, false>(row, cell.hidden);
  }
}

void LstmRowBackwardAny(const LstmRowBackward& row, const Cell& cell) {
  constexpr auto kSoft = GateActivation::kSigmoid, kHard = GateActivation::kHardSigmoid;
  const bool soft = cell.activation == kSoft;
  if (cell.coupled) {
    soft ? backward_row<kSoft, true>(row, cell.hidden)
         : backward_row<kHard, true>(row, cell.hidden);
  } else {
    soft ? backward_row<kSoft, false>(row, cell.hidden)
         : backward_row<kHard, false>(row, cell.hidden);
  }
}

// Σ term(d, j) over j = 0 … count − 1.
template <class Term>
HWY_INLINE float sum_of(std::size_t count, const Term& term) {
  const Wide wide;
  auto sums = hn::Zero(wide);
  float rest = 0;
  for_vectors(count, [&](auto d, std::size_t j) HWY_ATTR {
    if constexpr (hn::MaxLanes(d) == 1) {
      rest += hn::GetLane(term(d, j));
    } else {
      sums = hn::Add(sums, term(d, j));
    }
  });
  return hn::GetLane(hn::SumOfLanes(wide, sums)) + rest;
}

template <class V>
struct TwoTerms {
  V first, second;
};

// Two such sums at once, of terms(d, j).
template <class Terms>
HWY_INLINE void sums_of(std::size_t count, const Terms& terms, float& first, float& second) {
  const Wide wide;
  auto firsts = hn::Zero(wide), seconds = hn::Zero(wide);
  float first_rest = 0, second_rest = 0;
  for_vectors(count, [&](auto d, std::size_t j) HWY_ATTR {
    const auto t = terms(d, j);
    if constexpr (hn::MaxLanes(d) == 1) {
      first_rest += hn::GetLane(t.first);
      second_rest += hn::GetLane(t.second);
    } else {
      firsts = hn::Add(firsts, t.first);
      seconds = hn::Add(seconds, t.second);
    }
  });
  first = hn::GetLane(hn::SumOfLanes(wide, firsts)) + first_rest;
  second = hn::GetLane(hn::SumOfLanes(wide, seconds)) + second_rest;
}

float NormaliseRow(float* z, const float* gain, std::size_t hidden, float* normal) {
  const auto count = static_cast<float>(hidden);
  const float mean =
      sum_of(hidden, [&](auto d, std::size_t j) HWY_ATTR { return hn::LoadU(d, z + j); }) / count;
  const auto from_mean = [&](auto d, std::size_t j)
                             HWY_ATTR { return hn::Sub(hn::LoadU(d, z + j), hn::Set(d, mean)); };
  const float variance = sum_of(hidden,
                                [&](auto d, std::size_t j) HWY_ATTR {
                                  const auto v = from_mean(d, j);
                                  return hn::Mul(v, v);
                                }) /
                         count;
  const float inverse = 1.0F / std::sqrt(variance + kNormalisationEpsilon);
  for_vectors(hidden, [&](auto d, std::size_t j) HWY_ATTR {
    const auto n = hn::Mul(from_mean(d, j), hn::Set(d, inverse));
    hn::StoreU(n, d, normal + j);
    hn::StoreU(hn::Mul(n, hn::LoadU(d, gain + j)), d, z + j);
  });
  return inverse;
}

// With n = normal and d = the gradient by n: that by z is (d − mean(d) − n · mean(d · n)) /
// deviation.
void NormaliseRowBackward(const float* normal, float inverse_deviation, const float* gain,
                          std::size_t hidden, float* d_z, float* d_gain) {
  const auto count = static_cast<float>(hidden);
  float sum = 0, sum_along = 0;
  sums_of(
      hidden,
      [&](auto d, std::size_t j) HWY_ATTR {
        const auto dy = hn::LoadU(d, d_z + j), n = hn::LoadU(d, normal + j);
        hn::StoreU(hn::MulAdd(dy, n, hn::LoadU(d, d_gain + j)), d, d_gain + j);
        const auto dn = hn::Mul(dy, hn::LoadU(d, gain + j));
        hn::StoreU(dn, d, d_z + j);
        return TwoTerms<decltype(dn)>{dn, hn::Mul(dn, n)};
      },
      sum, sum_along);
  const float mean = sum / count, along = sum_along / count;
  for_vectors(hidden, [&](auto d, std::size_t j) HWY_ATTR {
    const auto straight = hn::Sub(hn::LoadU(d, d_z + j), hn::Set(d, mean));
    const auto rest = hn::NegMulAdd(hn::LoadU(d, normal + j), hn::Set(d, along), straight);
    hn::StoreU(hn::Mul(rest, hn::Set(d, inverse_deviation)), d, d_z + j);
  });
}

using Words = hn::ScalableTag<std::uint32_t>;
using WordVector = hn::Vec<Words>;

struct WidePhilox {
  WordVector word[4];
};

struct HighLow {
  WordVector high, low;
};

HWY_INLINE HighLow multiply_words(WordVector a, WordVector b) {
  const Words d;
#if HWY_TARGET == HWY_SCALAR
  const std::uint64_t product = std::uint64_t{hn::GetLane(a)} * hn::GetLane(b);
  return {hn::Set(d, static_cast<std::uint32_t>(product >> 32)),
          hn::Set(d, static_cast<std::uint32_t>(product))};
#else
  const hn::RepartitionToWide<Words> d64;
  const auto even = hn::MulEven(a, b);
  const auto odd = hn::MulEven(hn::BitCast(d, hn::ShiftRight<32>(hn::BitCast(d64, a))), b);
  const auto high = hn::OddEven(hn::BitCast(d, odd), hn::BitCast(d, hn::ShiftRight<32>(even)));
  const auto low = hn::OddEven(hn::BitCast(d, hn::ShiftLeft<32>(odd)), hn::BitCast(d, even));
  return {high, low};
#endif
}

// philox() of base/random.h for as many counters at once as there are lanes: the first word of the
// counter counts up, the others are the same in all lanes.
HWY_INLINE WidePhilox wide_philox(std::uint32_t first_block, const Dropout& dropout) {
  const Words d;
  const auto stream = static_cast<std::uint32_t>(RandomStream::kDropout + dropout.layer);
  WidePhilox state = {{hn::Iota(d, first_block), hn::Set(d, stream),
                       hn::Set(d, static_cast<std::uint32_t>(dropout.update)),
                       hn::Set(d, static_cast<std::uint32_t>(dropout.update >> 32))}};
  auto key0 = static_cast<std::uint32_t>(dropout.seed);
  auto key1 = static_cast<std::uint32_t>(dropout.seed >> 32);
  const auto multiplier0 = hn::Set(d, 0xD2511F53U), multiplier1 = hn::Set(d, 0xCD9E8D57U);
  for (int round = 0; round < 10; ++round) {
    const HighLow product0 = multiply_words(state.word[0], multiplier0);
    const HighLow product1 = multiply_words(state.word[2], multiplier1);
    state.word[0] = hn::Xor(hn::Xor(product1.high, state.word[1]), hn::Set(d, key0));
    state.word[1] = product1.low;
    state.word[2] = hn::Xor(hn::Xor(product0.high, state.word[3]), hn::Set(d, key1));
    state.word[3] = product0.low;
    key0 += 0x9E3779B9U;
    key1 += 0xBB67AE85U;
  }
  return state;
}

void DropoutMaskRow(const Dropout& dropout, std::size_t row, float* mask, std::size_t hidden) {
  const Words d;
  const std::size_t words = 4 * hn::Lanes(d);  // drawn at once
  const auto threshold = static_cast<std::uint32_t>(static_cast<double>(dropout.rate) * 0x1p32);
  const float kept = 1.0F / (1.0F - dropout.rate);
  const auto block = static_cast<std::uint32_t>(row * ((hidden + 3) / 4));
  HWY_ALIGN std::uint32_t random[4 * hn::MaxLanes(d)];
  for (std::size_t j = 0; j < hidden; j += words) {
    const WidePhilox drawn = wide_philox(block + static_cast<std::uint32_t>(j / 4), dropout);
    hn::StoreInterleaved4(drawn.word[0], drawn.word[1], drawn.word[2], drawn.word[3], d, random);
    const std::size_t count = std::min(words, hidden - j);
    for (std::size_t k = 0; k < count; ++k) mask[j + k] = random[k] < threshold ? 0.0F : kept;
  }
}

void DropoutRow(const Dropout& dropout, std::size_t row, const float* h, float* mask, float* output,
                std::size_t hidden) {
  DropoutMaskRow(dropout, row, mask, hidden);
  for_vectors(hidden, [&](auto d, std::size_t j) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, h + j), hn::LoadU(d, mask + j)), d, output + j);
  });
}

void MultiplyRow(const float* factors, std::size_t width, float* values) {
  for_vectors(width, [&](auto d, std::size_t j) HWY_ATTR {
    hn::StoreU(hn::Mul(hn::LoadU(d, values + j), hn::LoadU(d, factors + j)), d, values + j);
  });
}

// Adds the bias; returns the largest logit.
float add_bias(float* logits, const float* bias, std::size_t vocabulary) {
  float largest = -HUGE_VALF;
  for (std::size_t j = 0; j < vocabulary; ++j) {
    logits[j] += bias[j];
    largest = std::max(largest, logits[j]);
  }
  return largest;
}

// out[j] = e^(logits[j] − largest); returns their sum. `out` may be `logits`.
float exponentials(const float* logits, float largest, float* out, std::size_t vocabulary) {
  const Wide wide;
  auto sums = hn::Zero(wide);
  float rest = 0;
  for_vectors(vocabulary, [&](auto d, std::size_t j) HWY_ATTR {
    const auto e = exp_of(d, hn::Sub(hn::LoadU(d, logits + j), hn::Set(d, largest)));
    hn::StoreU(e, d, out + j);
    if constexpr (hn::MaxLanes(d) == 1) {
      rest += hn::GetLane(e);
    } else {
      sums = hn::Add(sums, e);
    }
  });
  return hn::GetLane(hn::SumOfLanes(wide, sums)) + rest;
}

float SumOfExponentials(const float* logits, float largest, std::size_t vocabulary) {
  constexpr std::size_t kStep = 256;
  float scratch[kStep];
  float sum = 0;
  for (std::size_t j = 0; j < vocabulary; j += kStep) {
    sum += exponentials(logits + j, largest, scratch, std::min(kStep, vocabulary - j));
  }
  return sum;
}

CrossEntropy CrossEntropyOnly(float* logits, const float* bias, Token target,
                              std::size_t vocabulary) {
  const float largest = add_bias(logits, bias, vocabulary);
  const float above = largest - logits[target];
  return {std::log(SumOfExponentials(logits, largest, vocabulary)) + above, above == 0};
}

CrossEntropy CrossEntropyGradient(float* logits, const float* bias, Token target, float scale,
                                  std::size_t vocabulary) {
  const float largest = add_bias(logits, bias, vocabulary);
  const float above = largest - logits[target];
  const float sum = exponentials(logits, largest, logits, vocabulary);
  const float factor = scale / sum;
  for (std::size_t j = 0; j < vocabulary; ++j) logits[j] *= factor;
  logits[target] -= scale;
  return {std::log(sum) + above, above == 0};
}

HWY_INLINE void add_row(const float* row, std::size_t width, float* sum) {
  for_vectors(width, [&](auto d, std::size_t j) HWY_ATTR {
    hn::StoreU(hn::Add(hn::LoadU(d, sum + j), hn::LoadU(d, row + j)), d, sum + j);
  });
}

void SumRows(const float* const* rows, std::size_t count, std::size_t first, std::size_t width,
             float* sum) {
  constexpr std::size_t kVectors = 4;  // at once, so that sums need not wait for each other
  const Wide wide;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t begin = 0;
  for (; begin + kVectors * lanes <= width; begin += kVectors * lanes) {
    hn::Vec<Wide> total[kVectors];
    HWY_UNROLL(8)
    for (auto& vector : total) vector = hn::Zero(wide);
    for (std::size_t i = 0; i < count; ++i) {
      HWY_UNROLL(8)
      for (std::size_t v = 0; v < kVectors; ++v) {
        total[v] = hn::Add(total[v], hn::LoadU(wide, rows[i] + first + begin + v * lanes));
      }
    }
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < kVectors; ++v) {
      hn::StoreU(total[v], wide, sum + begin + v * lanes);
    }
  }
  sum += begin;
  for_vectors(width - begin, [&](auto d, std::size_t j) HWY_ATTR {
    auto total = hn::Zero(d);
    for (std::size_t i = 0; i < count; ++i)
      total = hn::Add(total, hn::LoadU(d, rows[i] + first + begin + j));
    hn::StoreU(total, d, sum + j);
  });
}

constexpr std::size_t kPanelVectors = 3;  // of a panel's row; sums of so many stay in registers

void AddRows(const float* panel, std::size_t width, std::size_t count, float* sum) {
  const Wide wide;
  const std::size_t lanes = hn::Lanes(wide);
  std::size_t begin = 0;
  for (; begin + kPanelVectors * lanes <= width; begin += kPanelVectors * lanes) {
    hn::Vec<Wide> total[kPanelVectors];
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < kPanelVectors; ++v) {
      total[v] = hn::LoadU(wide, sum + begin + v * lanes);
    }
    for (std::size_t k = 0; k < count; ++k) {
      HWY_UNROLL(8)
      for (std::size_t v = 0; v < kPanelVectors; ++v) {
        total[v] = hn::Add(total[v], hn::LoadU(wide, panel + k * width + begin + v * lanes));
      }
    }
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < kPanelVectors; ++v) {
      hn::StoreU(total[v], wide, sum + begin + v * lanes);
    }
  }
  for (std::size_t k = 0; k < count && begin < width; ++k) {
    add_row(panel + k * width + begin, width - begin, sum + begin);
  }
}

// Adds rows order[begin] … order[end − 1] of a panel of whole vectors.
HWY_INLINE void add_some_rows(const float* panel, const std::uint16_t* order, std::size_t begin,
                              std::size_t end, float* sum) {
  const Wide d;
  constexpr std::size_t kLanes = hn::MaxLanes(d);
  hn::Vec<Wide> total[kPanelVectors];
  HWY_UNROLL(8)
  for (std::size_t v = 0; v < kPanelVectors; ++v) total[v] = hn::LoadU(d, sum + v * kLanes);
  for (std::size_t i = begin; i < end; ++i) {
    const float* row = panel + order[i] * kPanelVectors * kLanes;
    HWY_UNROLL(8)
    for (std::size_t v = 0; v < kPanelVectors; ++v) {
      total[v] = hn::Add(total[v], hn::LoadU(d, row + v * kLanes));
    }
  }
  HWY_UNROLL(8)
  for (std::size_t v = 0; v < kPanelVectors; ++v) hn::StoreU(total[v], d, sum + v * kLanes);
}

void ScatterAddRows(const float* panel, std::size_t width, std::size_t count,
                    std::span<const ScatterTable> tables) {
  const bool whole = width == kPanelVectors * hn::MaxLanes(Wide());
  for (const ScatterTable& t : tables) {
    for (std::size_t begin = 0, end = 0; begin < count; begin = end) {
      const Token token = t.tokens[t.order[begin]];
      if (token == kUnknownToken) break;
      while (end < count && t.tokens[t.order[end]] == token) ++end;
      float* sum = t.table + token * width;
      if (whole) {
        add_some_rows(panel, t.order, begin, end, sum);
        continue;
      }
      for (std::size_t i = begin; i < end; ++i) add_row(panel + t.order[i] * width, width, sum);
    }
  }
}

double SumOfSquares(const float* values, std::size_t count) {
  constexpr std::size_t kStep = 4096;  // summed in single precision, the steps in double
  double total = 0;
  for (std::size_t begin = 0; begin < count; begin += kStep) {
    const Wide wide;
    auto sums = hn::Zero(wide);
    float rest = 0;
    for_vectors(std::min(kStep, count - begin), [&](auto d, std::size_t j) HWY_ATTR {
      const auto v = hn::LoadU(d, values + begin + j);
      if constexpr (hn::MaxLanes(d) == 1) {
        rest += hn::GetLane(hn::Mul(v, v));
      } else {
        sums = hn::MulAdd(v, v, sums);
      }
    });
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(wide, sums)) + rest);
  }
  return total;
}

void AdamUpdate(const AdamStep& step, const float* gradient, float* weights, float* mean,
                float* variance, std::size_t count) {
  for_vectors(count, [&](auto d, std::size_t j) HWY_ATTR {
    const auto g = hn::Mul(hn::LoadU(d, gradient + j), hn::Set(d, step.gradient_scale));
    const auto m = hn::MulAdd(hn::Set(d, 1.0F - step.beta1), g,
                              hn::Mul(hn::Set(d, step.beta1), hn::LoadU(d, mean + j)));
    const auto v = hn::MulAdd(hn::Mul(hn::Set(d, 1.0F - step.beta2), g), g,
                              hn::Mul(hn::Set(d, step.beta2), hn::LoadU(d, variance + j)));
    const auto w = hn::LoadU(d, weights + j);
    const auto towards =
        hn::Div(hn::Mul(hn::Set(d, step.rate), m), hn::Add(hn::Sqrt(v), hn::Set(d, step.epsilon)));
    hn::StoreU(m, d, mean + j);
    hn::StoreU(v, d, variance + j);
    hn::StoreU(hn::Sub(hn::NegMulAdd(hn::Set(d, step.decay), w, w), towards), d, weights + j);
  });
}

}  // namespace lilt::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::nn {

HWY_EXPORT(LstmRowForwardAny);
HWY_EXPORT(LstmRowBackwardAny);
HWY_EXPORT(NormaliseRow);
HWY_EXPORT(NormaliseRowBackward);
HWY_EXPORT(DropoutMaskRow);
HWY_EXPORT(DropoutRow);
HWY_EXPORT(MultiplyRow);
HWY_EXPORT(SumRows);
HWY_EXPORT(CrossEntropyOnly);
HWY_EXPORT(CrossEntropyGradient);
HWY_EXPORT(AddRows);
HWY_EXPORT(ScatterAddRows);
HWY_EXPORT(SumOfSquares);
HWY_EXPORT(AdamUpdate);

void lstm_row_forward(const LstmRowForward& row, const Cell& cell) {
  HWY_DYNAMIC_DISPATCH(LstmRowForwardAny)(row, cell);
}

void lstm_row_backward(const LstmRowBackward& row, const Cell& cell) {
  HWY_DYNAMIC_DISPATCH(LstmRowBackwardAny)(row, cell);
}

float normalise_row(float* z, const float* gain, std::size_t hidden, float* normal) {
  return HWY_DYNAMIC_DISPATCH(NormaliseRow)(z, gain, hidden, normal);
}

void normalise_row_backward(const float* normal, float inverse_deviation, const float* gain,
                            std::size_t hidden, float* d_z, float* d_gain) {
  HWY_DYNAMIC_DISPATCH(NormaliseRowBackward)
  (normal, inverse_deviation, gain, hidden, d_z, d_gain);
}

void dropout_row(const Dropout& dropout, std::size_t row, const float* h, float* mask,
                 float* output, std::size_t hidden) {
  HWY_DYNAMIC_DISPATCH(DropoutRow)(dropout, row, h, mask, output, hidden);
}

void dropout_mask_row(const Dropout& dropout, std::size_t row, float* mask, std::size_t hidden) {
  HWY_DYNAMIC_DISPATCH(DropoutMaskRow)(dropout, row, mask, hidden);
}

void multiply_row(const float* factors, std::size_t width, float* values) {
  HWY_DYNAMIC_DISPATCH(MultiplyRow)(factors, width, values);
}

void sum_rows(const float* const* rows, std::size_t count, std::size_t first, std::size_t width,
              float* sum) {
  HWY_DYNAMIC_DISPATCH(SumRows)(rows, count, first, width, sum);
}

CrossEntropy cross_entropy(float* logits, const float* bias, Token target, std::size_t vocabulary) {
  return HWY_DYNAMIC_DISPATCH(CrossEntropyOnly)(logits, bias, target, vocabulary);
}

CrossEntropy cross_entropy_gradient(float* logits, const float* bias, Token target, float scale,
                                    std::size_t vocabulary) {
  return HWY_DYNAMIC_DISPATCH(CrossEntropyGradient)(logits, bias, target, scale, vocabulary);
}

void add_rows(const float* panel, std::size_t width, std::size_t count, float* sum) {
  HWY_DYNAMIC_DISPATCH(AddRows)(panel, width, count, sum);
}

void scatter_add_rows(const float* panel, std::size_t width, std::size_t count,
                      std::span<const ScatterTable> tables) {
  HWY_DYNAMIC_DISPATCH(ScatterAddRows)(panel, width, count, tables);
}

void order_by_token(std::span<const Token> tokens, std::span<std::uint16_t> counts,
                    std::span<std::uint16_t> order) {
  std::ranges::fill(counts, 0);
  for (const Token token : tokens) {
    if (token != kUnknownToken) ++counts[token];
  }
  std::uint16_t place = 0;
  for (std::uint16_t& count : counts) place += std::exchange(count, place);
  for (std::size_t k = 0; k < tokens.size(); ++k) {
    std::uint16_t& next = tokens[k] == kUnknownToken ? place : counts[tokens[k]];
    order[next++] = static_cast<std::uint16_t>(k);
  }
}

double sum_of_squares(std::span<const float> values) {
  return HWY_DYNAMIC_DISPATCH(SumOfSquares)(values.data(), values.size());
}

void adam_update(const AdamStep& step, const float* gradient, float* weights, float* mean,
                 float* variance, std::size_t count) {
  HWY_DYNAMIC_DISPATCH(AdamUpdate)(step, gradient, weights, mean, variance, count);
}

}  // namespace lilt::nn
#endif  // HWY_ONCE
