#include "studio/address.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <array>
#include <memory>

namespace lilt::studio {
namespace {

// The usual spelling of an in_addr or in6_addr.
std::string spelled(int family, const void* address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  return ::inet_ntop(family, address, text.data(), text.size()) == nullptr ? "" : text.data();
}

// Of an interface; nothing where a URL cannot name it.
std::string address_of(const sockaddr* interface) {
  if (interface == nullptr) return {};
  if (interface->sa_family == AF_INET) {
    return spelled(AF_INET, &reinterpret_cast<const sockaddr_in*>(interface)->sin_addr);
  }
  if (interface->sa_family != AF_INET6) return {};
  const in6_addr& six = reinterpret_cast<const sockaddr_in6*>(interface)->sin6_addr;
  return IN6_IS_ADDR_LINKLOCAL(&six) ? "" : spelled(AF_INET6, &six);
}

bool is_version_6(const std::string& address) { return address.find(':') != std::string::npos; }

}  // namespace

std::optional<std::string> read_address(const std::string& text) {
  if (text.find('\0') != std::string::npos) return {};
  in_addr four{};
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return spelled(AF_INET, &four);
  in6_addr six{};
  if (::inet_pton(AF_INET6, text.c_str(), &six) == 1) return spelled(AF_INET6, &six);
  return {};
}

bool is_loopback(const std::string& address) {
  return address == "::1" || address.starts_with("127.");
}

std::string host_of(const std::string& address) {
  return is_version_6(address) ? "[" + address + "]" : address;
}

std::vector<std::string> reached_under(const std::string& address) {
  if (address != "0.0.0.0" && address != "::") return {address};
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return {};
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> list(first, &::freeifaddrs);
  std::vector<std::string> addresses;
  for (const ifaddrs* one = first; one != nullptr; one = one->ifa_next) {
    const std::string own = address_of(one->ifa_addr);
    // Who listens at :: is reached by IPv4 as well.
    if (!own.empty() && (address == "::" || !is_version_6(own))) addresses.push_back(own);
  }
  return addresses;
}

}  // namespace lilt::studio
