// Who may ask: the person to whom the address with the token was shown, from a page of this server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "studio/http.h"

namespace lilt::studio {

// 128 random bits in hexadecimal. Throws EnvironmentError where the system has none.
[[nodiscard]] std::string new_token();

class Guard {
 public:
  // `address` is what it listens on, as read_address() spells it. Requests must be for that, or for
  // any address that this machine has where it is 0.0.0.0 or ::; for localhost where 127.0.0.1 or
  // ::1 is among these, and for no other name: whoever owns a name can let it mean any address.
  Guard(std::string token, std::string address, std::uint16_t port);

  // What to open on this machine: "http://127.0.0.1:5458/?token=…".
  [[nodiscard]] std::string address() const;
  // What others have to open, by the addresses at which they may reach it; nothing: they cannot.
  [[nodiscard]] std::vector<std::string> addresses_for_others() const;

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
  [[nodiscard]] std::string link(const std::string& address) const;

  std::string token_, address_, cookie_;
  std::uint16_t port_;
};

}  // namespace lilt::studio
