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

// Composes the first piece of request_of(0), of request_of(1) … and gives them to the sink in that
// order, numbered from 1, in this thread. A request that is refused ends it. A request to stop, or
// a sink that has enough, ends it early. What the sink throws passes through.
[[nodiscard]] Result<Progress> compose_series(Driver& driver, std::size_t count,
                                              const std::function<Request(std::size_t)>& request_of,
                                              Sink& sink, const std::stop_token& stop = {});

// Composes what is asked for, or where there are `likes`, as many tunes like those.
[[nodiscard]] Result<Progress> compose_pieces(Driver& driver, const Request& asked,
                                              const Likes& likes, Sink& sink,
                                              const std::stop_token& stop = {});

}  // namespace lilt::compose
