// The instruction sets that Highway chooses from.
#pragma once

#include <hwy/targets.h>

#include <cstdint>

namespace lilt::support {

inline void choose_targets(std::int64_t targets) {
  hwy::SetSupportedTargetsForTest(targets);  // 0: what the CPU has
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
}

// Calls use(name) with each instruction set that the CPU has and the program was built for.
template <class Use>
void for_each_target(Use&& use) {
  for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
    choose_targets(target);
    use(hwy::TargetName(target));
  }
  choose_targets(0);
}

}  // namespace lilt::support
