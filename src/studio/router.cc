#include "studio/router.h"

#include <optional>
#include <utility>

namespace lilt::studio {
namespace {

// The part of a path up to the next slash, which is taken off with it.
std::string_view next_part(std::string_view& path) {
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(part.size() == path.size() ? part.size() : part.size() + 1);
  return part;
}

std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view path) {
  std::vector<std::string> parameters;
  if (path.ends_with('/') != pattern.ends_with('/')) return std::nullopt;
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_part(pattern), part = next_part(path);
    if (wanted == "{}" && !part.empty()) {
      parameters.emplace_back(part);
    } else if (wanted != part) {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !path.empty()) return std::nullopt;
  return parameters;
}

}  // namespace

void Router::add(std::string method, std::string path, HttpHandler handler,
                 std::size_t most_bytes) {
  routes_.push_back({std::move(method), std::move(path), std::move(handler), most_bytes});
}

Router::Match Router::find(std::string_view method, std::string_view path) const {
  Match found;
  for (const Route& route : routes_) {
    std::optional<std::vector<std::string>> parameters = match(route.path, path);
    if (!parameters) continue;
    if (route.method == method) {
      found.route = &route;
      found.parameters = *std::move(parameters);
      return found;
    }
    found.allowed += (found.allowed.empty() ? "" : ", ") + route.method;
  }
  return found;
}

}  // namespace lilt::studio
