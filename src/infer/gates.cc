#include "infer/gates.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/gates.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cmath>

#include "infer/exponential-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

struct Sigmoid {
  template <std::size_t kCount, class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, V (&x)[kCount]) const {
    const V one = hn::Set(d, 1.0F);
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kCount; ++k) x[k] = hn::Neg(x[k]);
    const auto e = powers_of_e<kCount>(d, x);
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kCount; ++k) x[k] = one / (one + (e.s[k] * e.p[k] + e.s[k]));
  }
};

struct HardSigmoid {
  template <std::size_t kCount, class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, V (&x)[kCount]) const {
    const V zero = hn::Zero(d), one = hn::Set(d, 1.0F);
    for (V& value : x) {
      const V line = value * hn::Set(d, 0.2F) + hn::Set(d, 0.5F);
      const V above = hn::IfThenElse(hn::Lt(line, zero), zero, line);
      value = hn::IfThenElse(hn::Gt(above, one), one, above);
    }
  }
};

struct Tanh {
  template <std::size_t kCount, class D, class V = hn::Vec<D>>
  HWY_INLINE void operator()(D d, V (&x)[kCount]) const {
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kCount; ++k) {
      x[k] = at_most(at_least(x[k], hn::Set(d, -15.0F)), hn::Set(d, 15.0F));
      x[k] = x[k] + x[k];
    }
    const auto e = powers_of_e<kCount>(d, x);
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kCount; ++k) {
      const V minus_one = e.s[k] * e.p[k] + (e.s[k] - hn::Set(d, 1.0F));
      x[k] = minus_one / (minus_one + hn::Set(d, 2.0F));
    }
  }
};

// y [count] = function of x [count], which may be the same.
template <class Function>
HWY_INLINE void transform(const float* x, std::size_t count, const Function& function, float* y) {
  const hn::ScalableTag<float> wide;
  const std::size_t n = hn::Lanes(wide);
  std::size_t j = 0;
  for (; j + kInStep * n <= count; j += kInStep * n) {
    hn::Vec<decltype(wide)> values[kInStep];
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kInStep; ++k) values[k] = hn::LoadU(wide, x + j + k * n);
    function(wide, values);
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kInStep; ++k) hn::StoreU(values[k], wide, y + j + k * n);
  }
  const auto one = [&](auto d) HWY_ATTR {
    hn::Vec<decltype(d)> value[] = {hn::LoadU(d, x + j)};
    function(d, value);
    hn::StoreU(value[0], d, y + j);
  };
  for (; j + n <= count; j += n) one(wide);
  for (; j < count; ++j) one(hn::CappedTag<float, 1>());
}

// From gates f, i if it is not 1 − f, g and o: c = f·c + i·g.
HWY_INLINE void step_cells(const float* f, const float* i, const float* g, std::size_t hidden,
                           float* HWY_RESTRICT c) {
  const auto step = [&](auto d, std::size_t j) HWY_ATTR {
    const auto forget = hn::LoadU(d, f + j);
    const auto input = i == nullptr ? hn::Set(d, 1.0F) - forget : hn::LoadU(d, i + j);
    hn::StoreU(forget * hn::LoadU(d, c + j) + input * hn::LoadU(d, g + j), d, c + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= hidden; j += hn::Lanes(wide)) step(wide, j);
  for (; j < hidden; ++j) step(hn::CappedTag<float, 1>(), j);
}

HWY_INLINE void multiply(const float* x, std::size_t count, float* HWY_RESTRICT y) {
  const auto step = [&](auto d, std::size_t j) HWY_ATTR {
    hn::StoreU(hn::LoadU(d, x + j) * hn::LoadU(d, y + j), d, y + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= count; j += hn::Lanes(wide)) step(wide, j);
  for (; j < count; ++j) step(hn::CappedTag<float, 1>(), j);
}

void LstmGates(float* HWY_RESTRICT z, float* HWY_RESTRICT c, float* HWY_RESTRICT h,
               std::size_t hidden, GateActivation activation, bool coupled) {
  const auto open = [&](float* gates, std::size_t count) HWY_ATTR {
    activation == GateActivation::kSigmoid ? transform(gates, count, Sigmoid(), gates)
                                           : transform(gates, count, HardSigmoid(), gates);
  };
  float* const f = coupled ? z : z + hidden;
  float *const g = f + hidden, *const o = g + hidden;
  open(z, static_cast<std::size_t>(g - z));
  transform(g, hidden, Tanh(), g);
  open(o, hidden);
  step_cells(f, coupled ? nullptr : z, g, hidden, c);
  transform(c, hidden, Tanh(), h);
  multiply(o, hidden, h);
}

// Σ term(d, j) over j = 0 … count − 1: kLanes sums of every kLanes-th, then these one after
// another, whatever the width of vectors.
constexpr std::size_t kLanes = 16;
template <class Term>
HWY_INLINE float sum_in_lanes(std::size_t count, const Term& term) {
  const hn::CappedTag<float, kLanes> d;
  constexpr std::size_t kWide = hn::MaxLanes(d);
  hn::Vec<decltype(d)> of_lanes[kLanes / kWide];
  for (auto& sum : of_lanes) sum = hn::Zero(d);
  std::size_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    HWY_UNROLL(16)
    for (std::size_t k = 0; k < kLanes / kWide; ++k)
      of_lanes[k] = of_lanes[k] + term(d, j + k * kWide);
  }
  HWY_ALIGN float sums[kLanes];
  for (std::size_t k = 0; k < kLanes / kWide; ++k) hn::Store(of_lanes[k], d, sums + k * kWide);
  for (; j < count; ++j) sums[j % kLanes] += hn::GetLane(term(hn::CappedTag<float, 1>(), j));
  float total = 0;
  for (const float sum : sums) total += sum;
  return total;
}

void NormaliseGate(float* HWY_RESTRICT z, const float* gain, const float* bias,
                   std::size_t hidden) {
  const auto count = static_cast<float>(hidden);
  const auto value = [&](auto d, std::size_t j) HWY_ATTR { return hn::LoadU(d, z + j); };
  const float mean = sum_in_lanes(hidden, value) / count;
  const auto from_mean = [&](auto d, std::size_t j)
                             HWY_ATTR { return hn::LoadU(d, z + j) - hn::Set(d, mean); };
  const auto square = [&](auto d, std::size_t j)
                          HWY_ATTR { return from_mean(d, j) * from_mean(d, j); };
  const float variance = sum_in_lanes(hidden, square) / count;
  const float inverse = 1.0F / std::sqrt(variance + kNormalisationEpsilon);
  const auto step = [&](auto d, std::size_t j) HWY_ATTR {
    const auto normal = from_mean(d, j) * hn::Set(d, inverse);
    hn::StoreU(normal * hn::LoadU(d, gain + j) + hn::LoadU(d, bias + j), d, z + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= hidden; j += hn::Lanes(wide)) step(wide, j);
  for (; j < hidden; ++j) step(hn::CappedTag<float, 1>(), j);
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(LstmGates);
HWY_EXPORT(NormaliseGate);

void lstm_gates(float* z, float* c, float* h, std::size_t hidden, GateActivation activation,
                bool coupled) {
  HWY_DYNAMIC_DISPATCH(LstmGates)(z, c, h, hidden, activation, coupled);
}

void normalise_gates(float* z, const float* gain, const float* bias, std::size_t gates,
                     std::size_t hidden) {
  for (std::size_t first = 0; first < gates * hidden; first += hidden) {
    HWY_DYNAMIC_DISPATCH(NormaliseGate)(z + first, gain + first, bias + first, hidden);
  }
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
