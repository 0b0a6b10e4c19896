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

template <class D, class V = hn::Vec<D>>
HWY_INLINE V sigmoid(D d, V x) {
  const auto e = exponential(d, hn::Neg(x));
  const V one = hn::Set(d, 1.0F);
  return one / (one + (e.s * e.p + e.s));
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V hard_sigmoid(D d, V x) {
  const V line = x * hn::Set(d, 0.2F) + hn::Set(d, 0.5F);
  const V zero = hn::Zero(d), one = hn::Set(d, 1.0F);
  const V above = hn::IfThenElse(hn::Lt(line, zero), zero, line);
  return hn::IfThenElse(hn::Gt(above, one), one, above);
}

template <class D, class V = hn::Vec<D>>
HWY_INLINE V tanh(D d, V x) {
  const V low = hn::Set(d, -15.0F), high = hn::Set(d, 15.0F);
  x = hn::IfThenElse(hn::Lt(x, low), low, x);
  x = hn::IfThenElse(hn::Gt(x, high), high, x);
  const auto e = exponential(d, x + x);
  const V minus_one = e.s * e.p + (e.s - hn::Set(d, 1.0F));
  return minus_one / (minus_one + hn::Set(d, 2.0F));
}

void LstmGates(float* HWY_RESTRICT z, float* HWY_RESTRICT c, float* HWY_RESTRICT h,
               std::size_t hidden, GateActivation activation, bool coupled) {
  const std::size_t forget = coupled ? 0 : 1;  // which of the gates it is
  const auto step = [&](auto d, std::size_t j) HWY_ATTR {
    const auto gate = [&](std::size_t k) HWY_ATTR {
      const auto x = hn::LoadU(d, z + k * hidden + j);
      return activation == GateActivation::kSigmoid ? sigmoid(d, x) : hard_sigmoid(d, x);
    };
    const auto f = gate(forget);
    const auto i = coupled ? hn::Set(d, 1.0F) - f : gate(0);
    const auto g = tanh(d, hn::LoadU(d, z + (forget + 1) * hidden + j));
    const auto o = gate(forget + 2);
    const auto cell = f * hn::LoadU(d, c + j) + i * g;
    hn::StoreU(cell, d, c + j);
    hn::StoreU(o * tanh(d, cell), d, h + j);
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= hidden; j += hn::Lanes(wide)) step(wide, j);
  for (; j < hidden; ++j) step(hn::CappedTag<float, 1>(), j);
}

// Σ term(d, j) over j = 0 … count − 1: kLanes sums of every kLanes-th, then these one after
// another, whatever the width of vectors.
constexpr std::size_t kLanes = 16;
template <class Term>
HWY_INLINE float sum_in_lanes(std::size_t count, const Term& term) {
  const hn::CappedTag<float, kLanes> d;
  HWY_ALIGN float sums[kLanes] = {};
  std::size_t j = 0;
  for (; j + kLanes <= count; j += kLanes) {
    for (std::size_t k = 0; k < kLanes; k += hn::Lanes(d)) {
      hn::Store(hn::Load(d, sums + k) + term(d, j + k), d, sums + k);
    }
  }
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
