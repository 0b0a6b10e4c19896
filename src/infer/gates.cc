#include "infer/gates.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/gates.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cassert>
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

// Of each gate g, sums[g] = Σ term(d, g, j) over j = 0 … count − 1: kLanes sums of every kLanes-th,
// then these one after another, whatever the width of vectors. Gates side by side, since each sum
// waits for the one before.
constexpr std::size_t kLanes = 16;
template <std::size_t kGates, class Term>
HWY_INLINE void sum_in_lanes(std::size_t count, const Term& term, float (&sums)[kGates]) {
  const hn::CappedTag<float, kLanes> d;
  constexpr std::size_t kWide = hn::MaxLanes(d);
  hn::Vec<decltype(d)> of_lanes[kGates][kLanes / kWide];
  for (auto& gate : of_lanes) {
    for (auto& sum : gate) sum = hn::Zero(d);
  }
  std::size_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    HWY_UNROLL(4)
    for (std::size_t g = 0; g < kGates; ++g) {
      HWY_UNROLL(16)
      for (std::size_t k = 0; k < kLanes / kWide; ++k) {
        of_lanes[g][k] = of_lanes[g][k] + term(d, g, j + k * kWide);
      }
    }
  }
  HWY_ALIGN float lanes[kGates][kLanes];
  for (std::size_t g = 0; g < kGates; ++g) {
    for (std::size_t k = 0; k < kLanes / kWide; ++k) {
      hn::Store(of_lanes[g][k], d, lanes[g] + k * kWide);
    }
    for (std::size_t i = j; i < count; ++i) {
      lanes[g][i % kLanes] += hn::GetLane(term(hn::CappedTag<float, 1>(), g, i));
    }
    sums[g] = 0;
  }
  for (std::size_t k = 0; k < kLanes; ++k) {
    for (std::size_t g = 0; g < kGates; ++g) sums[g] += lanes[g][k];
  }
}

template <std::size_t kGates>
HWY_INLINE void normalise(float* HWY_RESTRICT z, const float* gain, const float* bias,
                          std::size_t hidden) {
  const auto count = static_cast<float>(hidden);
  float mean[kGates], inverse[kGates];
  const auto value = [&](auto d, std::size_t g, std::size_t j)
                         HWY_ATTR { return hn::LoadU(d, z + g * hidden + j); };
  sum_in_lanes<kGates>(hidden, value, mean);
  for (float& of : mean) of /= count;
  const auto from_mean = [&](auto d, std::size_t g, std::size_t j)
                             HWY_ATTR { return value(d, g, j) - hn::Set(d, mean[g]); };
  const auto square = [&](auto d, std::size_t g, std::size_t j)
                          HWY_ATTR { return from_mean(d, g, j) * from_mean(d, g, j); };
  sum_in_lanes<kGates>(hidden, square, inverse);
  for (float& of : inverse) of = 1.0F / std::sqrt(of / count + kNormalisationEpsilon);
  const auto step = [&](auto d, std::size_t g, std::size_t j) HWY_ATTR {
    const std::size_t at = g * hidden + j;
    const auto normal = from_mean(d, g, j) * hn::Set(d, inverse[g]);
    hn::StoreU(normal * hn::LoadU(d, gain + at) + hn::LoadU(d, bias + at), d, z + at);
  };
  const hn::ScalableTag<float> wide;
  for (std::size_t g = 0; g < kGates; ++g) {
    std::size_t j = 0;
    for (; j + hn::Lanes(wide) <= hidden; j += hn::Lanes(wide)) step(wide, g, j);
    for (; j < hidden; ++j) step(hn::CappedTag<float, 1>(), g, j);
  }
}

void NormaliseGates(float* HWY_RESTRICT z, const float* gain, const float* bias, std::size_t gates,
                    std::size_t hidden) {
  gates == 3 ? normalise<3>(z, gain, bias, hidden) : normalise<4>(z, gain, bias, hidden);
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(LstmGates);
HWY_EXPORT(NormaliseGates);

void lstm_gates(float* z, float* c, float* h, std::size_t hidden, GateActivation activation,
                bool coupled) {
  HWY_DYNAMIC_DISPATCH(LstmGates)(z, c, h, hidden, activation, coupled);
}

void normalise_gates(float* z, const float* gain, const float* bias, std::size_t gates,
                     std::size_t hidden) {
  assert(gates == 3 || gates == 4);
  HWY_DYNAMIC_DISPATCH(NormaliseGates)(z, gain, bias, gates, hidden);
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
