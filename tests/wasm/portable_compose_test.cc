// Composes the same everywhere: on this machine and under WebAssembly.
//
// portable_compose_test: tunes of a small network, in a signature that is written here.
// portable_compose_test MODEL: prints twenty tunes, to be compared with what another build prints.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

#include "abc/tune.h"
#include "composing.h"
#include "signature.h"

namespace lilt {
namespace {

constexpr std::uint64_t kSignature = 0x0A04D77CC5503DCB;
constexpr std::size_t kTunes = 20;

compose::Request asked(compose::Wishes wishes, std::size_t number) {
  return {.wishes = std::move(wishes),
          .sampling = {.temperature = 0.9, .top_p = 0.98},
          .repetition = 1,
          .number = number};
}

// Without wishes, and with some.
std::vector<std::string> some_tunes(std::span<const std::byte> model) {
  std::vector<std::string> tunes =
      support::compose_with(model, asked({.bars = 16}, kTunes / 2)).tunes;
  const compose::Wishes wishes = {.key = "Ador", .metre = "6/8", .form = "AABA", .bars = 12};
  for (std::string& tune : support::compose_with(model, asked(wishes, kTunes / 2)).tunes) {
    tunes.push_back(std::move(tune));
  }
  return tunes;
}

// Where an exception would end the program too.
bool refuses_damaged_files() {
  const std::vector<std::byte> model = support::small_composer();
  std::vector<std::byte> no_json = model, other_weights = model;
  no_json[9] = std::byte{'?'};
  other_weights[model.size() / 2] ^= std::byte{1};
  const auto first_half = std::span(model).first(model.size() / 2);
  const auto opens = [](std::span<const std::byte> file) {
    return compose::Model::open(Bytes::copy_of(file)).ok();
  };
  return opens(model) && !opens(first_half) && !opens(no_json) && !opens(other_weights);
}

int check_signature() {
  support::Signature signature;
  bool are_correct = true;
  for (const std::string& tune : some_tunes(support::small_composer())) {
    are_correct &= abc::read_tune(tune).is_correct();
    signature.add(tune);
  }
  std::printf("signature 0x%016llX\n", static_cast<unsigned long long>(signature.value()));
  if (!are_correct) std::printf("wrong: a tune\n");
  if (signature.value() != kSignature) std::printf("wrong: the signature\n");
  const bool refuses = refuses_damaged_files();
  if (!refuses) std::printf("wrong: reads a damaged model\n");
  return are_correct && refuses && signature.value() == kSignature ? 0 : 1;
}

std::vector<std::byte> bytes_of(const char* path) {
  std::vector<std::byte> bytes;
  std::FILE* file = std::fopen(path, "rb");
  if (file == nullptr) return bytes;
  std::byte buffer[65536];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file)) {
    bytes.insert(bytes.end(), buffer, buffer + count);
  }
  std::fclose(file);
  return bytes;
}

int print_tunes(const char* path) {
  using Clock = std::chrono::steady_clock;
  const std::vector<std::byte> model = bytes_of(path);
  const Clock::time_point start = Clock::now();
  const support::Composed composed = support::compose_with(model, asked({}, kTunes));
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  for (const std::string& tune : composed.tunes) std::fputs(tune.c_str(), stdout);
  std::fprintf(stderr, "%.0f characters/s, reading the model included\n",
               static_cast<double>(composed.characters) / seconds);
  return 0;
}

}  // namespace
}  // namespace lilt

int main(int argc, char** argv) {
  return argc == 1 ? lilt::check_signature() : lilt::print_tunes(argv[1]);
}
