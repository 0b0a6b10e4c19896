// Addresses of this machine, as numbers: what the studio listens on, and what its pages are asked
// under.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace lilt::studio {

// An IPv4 or IPv6 address in its usual spelling: "127.0.0.1", "::1"; nothing for a name.
[[nodiscard]] std::optional<std::string> read_address(const std::string& text);

// Whether only this machine reaches it: 127.0.0.1, ::1.
[[nodiscard]] bool is_loopback(const std::string& address);

// As in a URL and in Host: IPv6 in brackets.
[[nodiscard]] std::string host_of(const std::string& address);

// Under which addresses one is reached who listens there: that one, or of 0.0.0.0 and :: all that
// this machine has now, without those of one link (fe80::1), which no URL can name.
[[nodiscard]] std::vector<std::string> reached_under(const std::string& address);

}  // namespace lilt::studio
