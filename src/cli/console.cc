#include "cli/console.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/environment_error.h"
#include "base/field.h"
#include "base/text.h"

namespace lilt::cli {
namespace {

constexpr double kInterval = 0.1;  // seconds between drawings
constexpr std::size_t kLongestMessage = 600;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

std::size_t length(std::string_view text) {
  std::size_t characters = 0;
  for (; !text.empty(); ++characters) {
    text.remove_prefix(std::max<std::size_t>(1, decode_utf8(text).bytes));
  }
  return characters;
}

// Unlike fmt::print() it throws nothing when standard error is closed or full.
void write(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

}  // namespace

void tell(const std::string& text) { write(text + "\n"); }

void print_bytes(std::string_view bytes) {
  if (std::fwrite(bytes.data(), 1, bytes.size(), stdout) == bytes.size()) return;
  throw EnvironmentError("standard output",
                         std::string("cannot be written: ") + std::strerror(errno));
}

void print_json(const nlohmann::ordered_json& json, bool ascii) {
  const auto replace = nlohmann::ordered_json::error_handler_t::replace;
  // \u009B is how JSON writes it, too.
  fmt::print("{}\n", escaped(json.dump(2, ' ', ascii, replace), "\n"));
}

void complain(std::string_view text) { tell("lilt: " + escaped(shortened(text, kLongestMessage))); }

std::size_t columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1) return size.ws_col - 1U;
  const char* said = std::getenv("COLUMNS");
  const std::optional<double> number = read_number(said != nullptr ? said : "");
  return number && *number >= 2 && *number <= 1000 ? static_cast<std::size_t>(*number) - 1 : 79;
}

std::string beginning(std::string_view text, std::size_t characters) {
  std::size_t at = 0;
  for (std::size_t shown = 0; at < text.size() && shown < characters; ++shown) {
    at += std::max<std::size_t>(1, decode_utf8(text.substr(at)).bytes);
  }
  return std::string(text.substr(0, at));
}

std::string erasing(std::size_t characters, std::size_t columns_now) {
  const std::size_t above = characters == 0 ? 0 : (characters - 1) / (columns_now + 1);
  return above == 0 ? "\r\x1b[K" : fmt::format("\x1b[{}A\r\x1b[J", above);
}

bool is_lively() {
  const char* no_color = std::getenv("NO_COLOR");
  return ::isatty(STDERR_FILENO) == 1 && (no_color == nullptr || *no_color == '\0');
}

StatusLine::StatusLine() : lively_(is_lively()) {}

StatusLine::~StatusLine() { clear(); }

void StatusLine::show(const std::string& text) {
  if (!lively_ || now() - last_ < kInterval) return;
  last_ = now();
  const std::string line = beginning(text, columns());
  write(erasing(width_, columns()) + line);
  width_ = length(line);
}

void StatusLine::clear() {
  if (width_ == 0) return;
  write(erasing(width_, columns()));
  width_ = 0;
}

void StatusLine::print(const std::string& text) {
  clear();
  tell(text);
}

std::string bar(double share, std::size_t width) {
  const auto halves = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * 2 * static_cast<double>(width)));
  std::string text;
  for (std::size_t i = 0; i < width; ++i) {
    text += 2 * i + 2 <= halves ? "━" : 2 * i + 1 <= halves ? "╸" : "·";
  }
  return text;
}

std::string counted(std::size_t number, std::string_view what) {
  return fmt::format("{} {}{}", grouped(number), what, number == 1 ? "" : "s");
}

std::string duration(double seconds) {
  const auto s = static_cast<std::size_t>(std::lround(std::clamp(seconds, 0.0, 1e9)));
  if (s >= 3600) return fmt::format("{}:{:02}:{:02}", s / 3600, s / 60 % 60, s % 60);
  return fmt::format("{}:{:02}", s / 60, s % 60);
}

}  // namespace lilt::cli
