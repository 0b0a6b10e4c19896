#include "compose/speed.h"

#include "base/timing.h"
#include "compose/driver.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kManyTunes = 64;  // of each thread

struct Nobody : Sink {
  bool take(const Piece& /*piece*/) override { return true; }
};

double characters_per_second(const Model& model, std::size_t tunes, std::size_t threads) {
  Nobody nobody;
  Driver driver(model, threads);
  const auto compose = [&](std::size_t number) {
    const Request request{
        .wishes = {.range = "C2-B6", .bars = 16}, .sampling = {.temperature = 1}, .number = number};
    driver.wait(driver.submit(request, nobody).value());
  };
  compose(threads);  // to warm up
  const std::uint64_t before = driver.characters();
  const double seconds = seconds_of([&] { compose(tunes); });
  return static_cast<double>(driver.characters() - before) / seconds;
}

}  // namespace

Speed measure_speed(const Model& model, std::size_t threads) {
  return {1e6 / characters_per_second(model, 1, 1),
          characters_per_second(model, kManyTunes * threads, threads)};
}

}  // namespace lilt::compose
