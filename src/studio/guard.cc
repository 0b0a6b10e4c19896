#include "studio/guard.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/environment_error.h"
#include "studio/address.h"
#include "studio/answer.h"

namespace lilt::studio {
namespace {

// The value of a cookie in "a=1; b=2".
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    std::string_view one = cookies.substr(0, cookies.find(';'));
    cookies.remove_prefix(std::min(cookies.size(), one.size() + 1));
    while (one.starts_with(' ')) one.remove_prefix(1);
    if (one.starts_with(name) && one.substr(name.size()).starts_with('=')) {
      return one.substr(name.size() + 1);
    }
  }
  return {};
}

bool has_json_body(const HttpRequest& request) {
  const std::string_view type = request.header("content-type").value_or("");
  return type.substr(0, type.find(';')) == "application/json";
}

bool changes_something(const HttpRequest& request) {
  return request.method != "GET" && request.method != "HEAD";
}

}  // namespace

std::string new_token() {
  std::array<unsigned char, 16> bytes{};
  if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw EnvironmentError("getrandom", "the system has no random numbers");
  }
  std::string token;
  for (const unsigned char byte : bytes) token += fmt::format("{:02x}", byte);
  return token;
}

Guard::Guard(std::string token, std::string address, std::uint16_t port)
    : token_(std::move(token)),
      address_(std::move(address)),
      cookie_(fmt::format("lilt-{}", port)),
      port_(port) {}

std::string Guard::link(const std::string& address) const {
  return fmt::format("http://{}:{}/?token={}", host_of(address), port_, token_);
}

std::string Guard::address() const {
  for (const std::string& own : reached_under(address_)) {
    if (is_loopback(own)) return link(own);
  }
  return link(address_);
}

std::vector<std::string> Guard::addresses_for_others() const {
  std::vector<std::string> links;
  for (const std::string& own : reached_under(address_)) {
    if (!is_loopback(own)) links.push_back(link(own));
  }
  return links;
}

bool Guard::is_this_host(std::string_view host) const {
  const std::string port = fmt::format(":{}", port_);
  if (!host.ends_with(port)) return false;
  host.remove_suffix(port.size());
  const std::vector<std::string> own = reached_under(address_);
  return std::any_of(own.begin(), own.end(), [&](const std::string& one) {
    return host == host_of(one) || (host == "localhost" && is_loopback(one));
  });
}

bool Guard::is_from_here(const HttpRequest& request) const {
  if (!is_this_host(request.header("host").value_or(""))) return false;
  if (const auto origin = request.header("origin")) {
    if (!origin->starts_with("http://") || !is_this_host(origin->substr(7))) return false;
  }
  const std::string_view site = request.header("sec-fetch-site").value_or("none");
  return site == "none" || site == "same-origin";
}

// Takes the same time wherever the first wrong character is.
bool Guard::is_known(std::string_view token) const {
  if (token.size() != token_.size()) return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < token.size(); ++i) {
    different |= static_cast<unsigned>(token[i] ^ token_[i]);
  }
  return different == 0;
}

bool Guard::has_token(const HttpRequest& request) const {
  constexpr std::string_view kBearer = "Bearer ";
  const std::string_view authorization = request.header("authorization").value_or("");
  if (authorization.starts_with(kBearer) && is_known(authorization.substr(kBearer.size()))) {
    return true;
  }
  return is_known(cookie_value(request.header("cookie").value_or(""), cookie_));
}

std::optional<HttpResponse> Guard::answer(const HttpRequest& request) const {
  if (!is_from_here(request)) {
    return error_answer(403, "this server answers its own page only, under its own address");
  }
  const std::string_view token = request.query_value("token").value_or("");
  if (request.path == "/" && request.method == "GET" && is_known(token)) {
    HttpResponse redirection{.status = 303, .content_type = "text/plain"};
    redirection.headers = {
        {"Location", "/"},
        {"Set-Cookie", fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_, token_)}};
    return redirection;
  }
  if (!has_token(request)) {
    return error_answer(
        403, "open the address that `lilt studio` has shown: it has a token, and is new each time");
  }
  if (changes_something(request) && request.method != "DELETE" && !has_json_body(request)) {
    return error_answer(415, "expected a body of Content-Type: application/json");
  }
  return std::nullopt;
}

}  // namespace lilt::studio
