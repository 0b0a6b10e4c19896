// Which handler answers which request.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "studio/http.h"

namespace lilt::studio {

// The most bytes of a request's body, unless a route says more.
inline constexpr std::size_t kUsualBody = std::size_t{1} << 20;

class Router {
 public:
  struct Route {
    std::string method, path;
    HttpHandler handler;
    std::size_t most_bytes = kUsualBody;
  };

  // `path` as "/api/book/{}/near": each {} is one part of a path, any text without a slash, and
  // becomes one of HttpRequest::parameters. Of routes that fit the first is taken.
  void add(std::string method, std::string path, HttpHandler handler,
           std::size_t most_bytes = kUsualBody);

  // The route and its parameters; without a route, the methods that the path has ("GET, PUT"), or
  // nothing where there is no such path.
  struct Match {
    const Route* route = nullptr;
    std::vector<std::string> parameters;
    std::string allowed;
  };
  [[nodiscard]] Match find(std::string_view method, std::string_view path) const;

  [[nodiscard]] const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

}  // namespace lilt::studio
