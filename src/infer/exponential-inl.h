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

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// Comparisons, because Max and Min treat what is not a number differently from CPU to CPU.
template <class D, class V = hn::Vec<D>>
HWY_INLINE V at_least(D d, V x, float low) {
  const V bound = hn::Set(d, low);
  return hn::IfThenElse(hn::Gt(x, bound), x, bound);
}
template <class D, class V = hn::Vec<D>>
HWY_INLINE V at_most(D d, V x, float high) {
  const V bound = hn::Set(d, high);
  return hn::IfThenElse(hn::Lt(x, bound), x, bound);
}

// e^x = s + s·p, with s a power of two and p = e^r − 1 for the remainder |r| ≤ ½ ln 2, by its
// Taylor polynomial. Keeping the two apart lets e^x − 1 = s·p + (s − 1) stay exact near 0.
template <class D, class V = hn::Vec<D>>
struct Exponential {
  V s, p;
};

template <class D, class V = hn::Vec<D>>
HWY_INLINE Exponential<D> exponential(D d, V x) {
  x = at_most(d, at_least(d, x, -87.0F), 87.0F);
  const V round = hn::Set(d, 12582912.0F);  // 1.5 · 2^23: adding it rounds to a whole number
  const V n = (x * hn::Set(d, 1.44269504F) + round) - round;
  const V r = (x - n * hn::Set(d, 0.693359375F)) - n * hn::Set(d, -2.12194440e-4F);
  V q = r * hn::Set(d, 1.0F / 5040) + hn::Set(d, 1.0F / 720);
  q = q * r + hn::Set(d, 1.0F / 120);
  q = q * r + hn::Set(d, 1.0F / 24);
  q = q * r + hn::Set(d, 1.0F / 6);
  q = q * r + hn::Set(d, 0.5F);
  const hn::RebindToSigned<D> di;
  const auto exponent = hn::ShiftLeft<23>(hn::ConvertTo(di, n) + hn::Set(di, 127));
  return {hn::BitCast(d, exponent), (r * r) * q + r};
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LILT_INFER_EXPONENTIAL_INL_H_
