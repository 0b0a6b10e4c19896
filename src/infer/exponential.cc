#include "infer/exponential.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "infer/exponential.cc"
#include <hwy/foreach_target.h>  // must come before highway.h
#include <hwy/highway.h>

#include <cstddef>

#include "infer/exponential-inl.h"

HWY_BEFORE_NAMESPACE();
namespace lilt::infer::HWY_NAMESPACE {

// In half vectors, of which the doubles fill whole ones.
void Exponentials(const float* x, std::size_t count, double* HWY_RESTRICT e) {
  const auto step = [&](auto of_doubles, std::size_t j) HWY_ATTR {
    const hn::Rebind<float, decltype(of_doubles)> d;
    const hn::Vec<decltype(d)> values[] = {hn::LoadU(d, x + j)};
    const auto parts = powers_of_e<1>(d, values);
    const auto power = hn::PromoteTo(
        of_doubles, hn::IfThenElseZero(hn::Gt(values[0], hn::Set(d, -80.0F)), parts.s[0]));
    hn::StoreU(power * hn::PromoteTo(of_doubles, parts.p[0]) + power, of_doubles, e + j);
  };
  const hn::ScalableTag<double> wide;
  std::size_t j = 0;
  for (; j + hn::Lanes(wide) <= count; j += hn::Lanes(wide)) step(wide, j);
  for (; j < count; ++j) step(hn::CappedTag<double, 1>(), j);
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
