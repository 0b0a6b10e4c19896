// Requests of strangers, as JSON, through the C interface: each gives an error that says something,
// or pieces, or is stopped after some characters. What is composed is correct.

#include <lilt/lilt.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "compose/session.h"
#include "composing.h"

namespace lilt {
namespace {

constexpr int kMostSteps = 400;  // characters of each tune

void require(bool condition) {
  if (!condition) std::abort();
}

struct Reader : compose::Sink {
  bool take(const compose::Piece& piece) override {
    // A rewritten or continued tune may have what only warnings are for.
    require(abc::read_tune(piece.text).is_correct());
    return true;
  }
};

void compose_some(std::string_view json) {
  const Result<compose::Request> request = compose::request_from_json(json);
  if (!request) return require(!request.error().message.empty());
  require(compose::request_from_json(to_json(*request)).ok());
  compose::Session session(support::ignorant_model(), 3);
  Reader reader;
  const Result<compose::Ticket> ticket = session.submit(*request, reader);
  if (!ticket) return require(!ticket.error().message.empty());
  for (int i = 0; i < kMostSteps && session.step(); ++i) {
  }
}

}  // namespace
}  // namespace lilt

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto* text = reinterpret_cast<const char*>(data);
  lilt::compose_some({text, size});
  for (auto* read : {lilt_check, lilt_canonical}) {
    lilt_result* const result = read(text, size);
    if (lilt_result_text(result)[lilt_result_size(result)] != '\0') std::abort();
    lilt_result_free(result);
  }
  for (auto* convert : {lilt_midi, lilt_musicxml, lilt_notes}) {
    lilt_result_free(convert(text, size, text, size));
    lilt_result_free(convert(text, size, nullptr, 0));
  }
  return 0;
}
