// Bounds of vectors, of which every CPU computes the same bits.

#if defined(LILT_INFER_BOUNDS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LILT_INFER_BOUNDS_INL_H_
#undef LILT_INFER_BOUNDS_INL_H_
#else
#define LILT_INFER_BOUNDS_INL_H_
#endif

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

// x where it is greater, or less, than the bound, otherwise the bound, which also comes of what is
// no number. Of Max and Min only x86's instructions promise that, and WebAssembly's pmax and pmin.
inline constexpr bool kMaxTakesTheSecond =
    HWY_ARCH_X86 && HWY_TARGET != HWY_SCALAR && HWY_TARGET != HWY_EMU128;
template <class V>
HWY_INLINE V at_least(V x, V bound) {
#if HWY_TARGET == HWY_WASM
  return V{wasm_f32x4_pmax(bound.raw, x.raw)};
#endif
  return kMaxTakesTheSecond ? hn::Max(x, bound) : hn::IfThenElse(hn::Gt(x, bound), x, bound);
}
template <class V>
HWY_INLINE V at_most(V x, V bound) {
#if HWY_TARGET == HWY_WASM
  return V{wasm_f32x4_pmin(bound.raw, x.raw)};
#endif
  return kMaxTakesTheSecond ? hn::Min(x, bound) : hn::IfThenElse(hn::Lt(x, bound), x, bound);
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif  // LILT_INFER_BOUNDS_INL_H_
