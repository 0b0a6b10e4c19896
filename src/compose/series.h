// Requests composed one after the other as if they were one. Left out of what is built for
// WebAssembly.
#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>

#include "base/result.h"
#include "compose/driver.h"
#include "compose/likes.h"
#include "compose/request.h"
#include "compose/sink.h"

namespace lilt::compose {

// Which pieces of a series.
struct Numbers {
  std::size_t first = 1, count = 1;
};

// Composes the first piece of request_of(i) for piece number i + 1, and gives those whose numbers
// are wanted to the sink in their order, in this thread. A request that is refused ends it. A
// request to stop, or a sink that has enough, ends it early. What the sink throws passes through.
[[nodiscard]] Result<Progress> compose_series(Driver& driver, const Numbers& wanted,
                                              const std::function<Request(std::size_t)>& request_of,
                                              Sink& sink, const std::stop_token& stop = {});

// Composes what is asked for, or where there are `likes`, as many tunes like those.
[[nodiscard]] Result<Progress> compose_pieces(Driver& driver, const Request& asked,
                                              const Likes& likes, Sink& sink,
                                              const std::stop_token& stop = {});

}  // namespace lilt::compose
