// Who may ask: the person to whom the address with the token was shown, from a page of this server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "studio/http.h"

namespace lilt::studio {

// 128 random bits in hexadecimal. Throws EnvironmentError where the system has none.
[[nodiscard]] std::string new_token();

class Guard {
 public:
  // `host` is what a browser shows for the address it listens on, such as "127.0.0.1"; localhost is
  // always accepted beside 127.0.0.1.
  Guard(std::string token, std::string host, std::uint16_t port);

  // What to open: "http://127.0.0.1:5458/?token=…".
  [[nodiscard]] std::string address() const;

  // The answer to a request that must not be answered otherwise: from another site (Host, Origin,
  // Sec-Fetch-Site; DNS rebinding), without the token as a cookie or as "Authorization: Bearer",
  // or with a body that is not JSON, which other sites could send. A request with ?token= for the
  // page is answered with the cookie and a redirection to the page without it.
  [[nodiscard]] std::optional<HttpResponse> answer(const HttpRequest& request) const;

 private:
  [[nodiscard]] bool is_from_here(const HttpRequest& request) const;
  [[nodiscard]] bool is_known(std::string_view token) const;
  [[nodiscard]] bool has_token(const HttpRequest& request) const;
  [[nodiscard]] bool is_this_host(std::string_view host) const;

  std::string token_, host_, cookie_;
  std::uint16_t port_;
};

}  // namespace lilt::studio
