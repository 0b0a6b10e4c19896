#include "studio/http.h"

#include <charconv>

namespace lilt::studio {
namespace {

std::optional<std::string_view> find(const std::map<std::string, std::string>& in,
                                     const std::string& name) {
  const auto found = in.find(name);
  if (found == in.end()) return std::nullopt;
  return found->second;
}

std::optional<char> hexadecimal(std::string_view digits) {
  unsigned value = 0;
  const char* end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() != 2 || stopped != end || value == 0) return std::nullopt;
  return static_cast<char>(value);
}

bool read_query(std::string_view text, std::map<std::string, std::string>& query) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = percent_decoded(pair.substr(0, equals), true);
    const auto value = percent_decoded(
        equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1), true);
    if (!name || !value) return false;
    query[*name] = *value;
  }
  return true;
}

}  // namespace

std::optional<std::string_view> HttpRequest::header(const std::string& name) const {
  return find(headers, name);
}

std::optional<std::string_view> HttpRequest::query_value(const std::string& name) const {
  return find(query, name);
}

std::optional<std::string> percent_decoded(std::string_view text, bool plus) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += plus && text[i] == '+' ? ' ' : text[i];
      continue;
    }
    const std::optional<char> character = hexadecimal(text.substr(i + 1, 2));
    if (!character) return std::nullopt;
    decoded += *character;
    i += 2;
  }
  return decoded;
}

bool read_target(std::string_view target, HttpRequest& request) {
  if (target.empty() || target[0] != '/') return false;
  const std::size_t mark = target.find('?');
  std::optional<std::string> path = percent_decoded(target.substr(0, mark), false);
  if (!path) return false;
  request.path = *std::move(path);
  return mark == std::string_view::npos || read_query(target.substr(mark + 1), request.query);
}

}  // namespace lilt::studio
