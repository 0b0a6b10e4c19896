// What a person sees while a command works. That it cannot be written stops no work.
#pragma once

#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace lilt::cli {

// Whether standard error is a terminal that may show a moving line (NO_COLOR asks for none).
[[nodiscard]] bool is_lively();

// A line on standard error.
void tell(const std::string& text);

// Bytes on standard output, all of them or an EnvironmentError.
void print_bytes(std::string_view bytes);

// JSON on standard output, nothing in it that a terminal would obey; `ascii` for nothing but ASCII.
void print_json(const nlohmann::ordered_json& json, bool ascii = false);

// "lilt: " and the text, on one line of standard error. The text may quote a stranger's file: what
// a terminal would obey is escaped, and what is very long loses its middle.
void complain(std::string_view text);

// One line that is drawn over and over on a terminal, and not at all elsewhere.
class StatusLine {
 public:
  StatusLine();
  StatusLine(const StatusLine&) = delete;
  StatusLine& operator=(const StatusLine&) = delete;
  ~StatusLine();

  // At most some ten times a second; calls in between are dropped.
  void show(const std::string& text);
  void clear();
  // A line that stays.
  void print(const std::string& text);

 private:
  bool lively_;
  std::size_t width_ = 0;  // of what is shown, in characters
  double last_ = 0;
};

// What a line on the terminal may have without being wrapped: one less than its width, which the
// terminal tells or else COLUMNS, or else 79.
[[nodiscard]] std::size_t columns();

// The start of a UTF-8 text that has at most that many characters.
[[nodiscard]] std::string beginning(std::string_view text, std::size_t characters);

// What a terminal that may have become narrower is sent to have a line removed: it shows the line
// on several then.
[[nodiscard]] std::string erasing(std::size_t characters, std::size_t columns_now);

// "━━━━━━╸          " for a share of 0 … 1.
[[nodiscard]] std::string bar(double share, std::size_t width);

// "1 tune", "1,034 tunes".
[[nodiscard]] std::string counted(std::size_t number, std::string_view what);

// "1:02:03" or "2:03".
[[nodiscard]] std::string duration(double seconds);

}  // namespace lilt::cli
