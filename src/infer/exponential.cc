#include "infer/exponential.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/exponential.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cstddef>

#include "infer/exponential-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

void Exponentials(const float* x, std::size_t count, double* HWY_RESTRICT e) {
  const auto step = [&](auto d, std::size_t j) HWY_ATTR {
    using D = decltype(d);
    HWY_ALIGN float s[hn::MaxLanes(D())], p[hn::MaxLanes(D())];
    const hn::Vec<D> values[] = {hn::LoadU(d, x + j)};
    const auto parts = powers_of_e<1>(d, values);
    hn::Store(hn::IfThenElseZero(hn::Gt(values[0], hn::Set(d, -80.0F)), parts.s[0]), d, s);
    hn::Store(parts.p[0], d, p);
    for (std::size_t k = 0; k < hn::Lanes(d); ++k) {
      const auto power = static_cast<double>(s[k]);
      e[j + k] = power * static_cast<double>(p[k]) + power;
    }
  };
  const hn::ScalableTag<float> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= count; j += hn::Lanes(wide)) step(wide, j);
  for (; j < count; ++j) step(hn::CappedTag<float, 1>(), j);
}

}  // namespace lilt::infer::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace lilt::infer {

HWY_EXPORT(Exponentials);

void exponentials(std::span<const float> x, double* e) {
  HWY_DYNAMIC_DISPATCH(Exponentials)(x.data(), x.size(), e);
}

}  // namespace lilt::infer
#endif  // HWY_ONCE
