// e^x by additions and multiplications alone, each rounded by itself, so that every CPU computes
// the same bits where the compiler keeps their order and does not contract them (see
// CMakeLists.txt). nn/pointwise.cc has the same polynomial for training, where speed counts and
// bits may depend on the CPU.

#if defined(LILT_INFER_EXPONENTIAL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LILT_INFER_EXPONENTIAL_INL_H_
#undef LILT_INFER_EXPONENTIAL_INL_H_
#else
#define LILT_INFER_EXPONENTIAL_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>

#include "infer/bounds-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Vectors in step: of one alone each operation waits for the one before.
inline constexpr std::size_t kInStep = 4;

// e^x = s + s·p, with s a power of two and p = e^r − 1 for the remainder |r| ≤ ½ ln 2, by its
// Taylor polynomial. Keeping the two apart lets e^x − 1 = s·p + (s − 1) stay exact near 0.
template <std::size_t kCount, class D, class V = hn::Vec<D>>
struct PowersOfE {
  V s[kCount], p[kCount];
};

template <std::size_t kCount, class D, class V = hn::Vec<D>>
HWY_INLINE PowersOfE<kCount, D> powers_of_e(D d, const V (&x)[kCount]) {
  const hn::RebindToSigned<D> di;
  const V round = hn::Set(d, 12582912.0F);  // 1.5 · 2^23: adding it rounds to a whole number
  V r[kCount], q[kCount];
  PowersOfE<kCount, D> e;
  const auto each = [](const auto& operation) HWY_ATTR {
    HWY_UNROLL(4)
    for (std::size_t k = 0; k < kCount; ++k) operation(k);
  };
  const auto next_term = [&](float factor) HWY_ATTR {
    const V term = hn::Set(d, factor);
    each([&](std::size_t k) HWY_ATTR { q[k] = q[k] * r[k] + term; });
  };
  each([&](std::size_t k) HWY_ATTR {
    r[k] = at_most(at_least(x[k], hn::Set(d, -87.0F)), hn::Set(d, 87.0F));
    q[k] = r[k] * hn::Set(d, 1.44269504F) + round;
    // The whole number n of powers of two: the low bits of the sum, and the sum less `round`.
    e.s[k] = hn::BitCast(d, hn::ShiftLeft<23>(hn::BitCast(di, q[k])) + hn::Set(di, 127 << 23));
    q[k] = q[k] - round;
    r[k] = (r[k] - q[k] * hn::Set(d, 0.693359375F)) - q[k] * hn::Set(d, -2.12194440e-4F);
    q[k] = hn::Set(d, 1.0F / 5040);
  });
  next_term(1.0F / 720);
  next_term(1.0F / 120);
  next_term(1.0F / 24);
  next_term(1.0F / 6);
  next_term(0.5F);
  each([&](std::size_t k) HWY_ATTR { e.p[k] = (r[k] * r[k]) * q[k] + r[k]; });
  return e;
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LILT_INFER_EXPONENTIAL_INL_H_
