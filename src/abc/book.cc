#include "abc/book.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/text.h"

namespace lilt::abc {
namespace {

constexpr std::string_view kMark = "\xEF\xBB\xBF";  // a byte-order mark

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_empty(std::string_view line) {
  return line.find_first_not_of(" \t") == std::string_view::npos;
}

bool is_field(std::string_view line) {
  return line.size() >= 2 && line[1] == ':' && (is_letter(line[0]) || line[0] == '+');
}

// Calls use(line) for each line, with its end.
template <class Use>
void for_each_line(std::string_view text, Use&& use) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    use(line);
    text.remove_prefix(line.size());
  }
}

// The fields of the file's header whose letters are none of these.
std::string other_fields(std::string_view file_header, std::string_view letters) {
  std::string fields;
  bool is_taken = false;
  for_each_line(file_header, [&](std::string_view line) {
    if (!is_field(line)) return;
    if (line[0] != '+') is_taken = letters.find(line[0]) == std::string_view::npos;
    if (is_taken) fields += line;
  });
  return fields;
}

}  // namespace

std::string standing_alone(std::string_view tune, std::string_view file_header) {
  std::string text = tune.starts_with("X:") ? "" : "X:1\n";
  std::string own = "XK";
  bool in_header = true;
  for_each_line(tune, [&](std::string_view line) {
    if (in_header && line.starts_with("K:")) {
      in_header = false;
      text += other_fields(file_header, own);
    }
    if (in_header && is_field(line)) own += line[0];
    text += line;
  });
  return text;
}

std::string from_latin1(std::string_view text) {
  std::string converted;
  converted.reserve(text.size() + text.size() / 16);
  for (const char c : text) append_utf8(converted, static_cast<unsigned char>(c));
  return converted;
}

std::size_t valid_utf8_size(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t eight = 0;
    if (text.size() - at >= sizeof eight) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        at += sizeof eight;
        continue;
      }
    }
    const Utf8Step step = decode_utf8(text.substr(at));
    if (step.bytes == 0) return at;
    at += step.bytes;
  }
  return at;
}

void BookReader::feed(std::string_view bytes) {
  if (after_return_ && !bytes.empty()) {
    after_return_ = false;
    if (bytes[0] == '\n') {
      bytes.remove_prefix(1);
      ++offset_;
    }
  }
  // Each is looked for once more only when it has been passed.
  std::size_t line_feed = bytes.find('\n'), carriage_return = bytes.find('\r');
  for (std::size_t at = 0; at < bytes.size();) {
    if (line_feed != std::string_view::npos && line_feed < at) line_feed = bytes.find('\n', at);
    if (carriage_return != std::string_view::npos && carriage_return < at) {
      carriage_return = bytes.find('\r', at);
    }
    const std::size_t end = std::min({line_feed, carriage_return, bytes.size()});
    std::string_view piece = bytes.substr(at, end - at);
    const std::size_t room = longest_ - begun_.size();
    left_out_ += piece.size() - std::min(piece.size(), room);
    piece = piece.substr(0, room);
    if (end == bytes.size() || !begun_.empty()) {
      begun_.append(piece);
      if (end == bytes.size()) return;
      piece = begun_;
    }
    const std::uint64_t whole = piece.size() + left_out_;
    read_line(piece);
    if (left_out_ > 0 && in_tune_) tune_.is_cut = true;
    begun_.clear();
    left_out_ = 0;
    at = end + 1;
    offset_ += whole + 1;
    ++line_;
    if (end == carriage_return) {
      after_return_ = at == bytes.size();
      if (at < bytes.size() && bytes[at] == '\n') ++at, ++offset_;
    }
  }
}

void BookReader::finish() {
  if (!begun_.empty()) read_line(begun_);
  if (left_out_ > 0 && in_tune_) tune_.is_cut = true;
  begun_.clear();
  left_out_ = 0;
  if (in_tune_) end_tune();
}

void BookReader::read_line(std::string_view line) {
  std::uint64_t offset = offset_;
  if (line.substr(0, kMark.size()) == kMark) {
    line.remove_prefix(kMark.size());
    offset += kMark.size();
  }
  if (line.substr(0, 2) == "X:") {
    const bool is_separate = !in_tune_;
    if (in_tune_) {
      end_tune();
    } else {
      end_block();
    }
    begin_tune(offset, line_);
    tune_.is_separate = is_separate;
    add_line(line);
  } else if (!in_tune_) {
    read_line_outside(line);
  } else if (is_empty(line) && !in_text_block_) {
    end_tune();
  } else {
    add_line(line);
  }
}

void BookReader::read_line_outside(std::string_view line) {
  if (is_empty(line)) {
    end_block();
    return;
  }
  const bool field = is_field(line);
  const bool key = field && line[0] == 'K';
  if (!field && line[0] != '%') block_is_text_ = true;
  if (key && !block_has_field_) block_is_text_ = true;  // neither a file's header nor a tune's
  if (block_is_text_ || block_.size() + line.size() > kLongestHeader) {
    block_is_text_ = true;
    block_.clear();
    return;
  }
  if (block_.empty()) {
    block_offset_ = offset_;
    block_line_ = line_;
  }
  if (key) {
    begin_tune(block_offset_, block_line_);
    tune_.text = std::exchange(block_, {});
    block_has_field_ = false;
    add_line(line);
    return;
  }
  block_has_field_ |= field;
  block_.append(line).append("\n");
}

// What stood between tunes has ended. Before the first one it is a part of the file's header.
void BookReader::end_block() {
  if (tunes_ == 0 && !block_.empty() && block_has_field_ &&
      file_header_.size() + block_.size() <= kLongestHeader) {
    if (block_line_ - file_header_lines_ <= kLongestHeader) {
      file_header_.append(static_cast<std::size_t>(block_line_ - 1 - file_header_lines_), '\n');
    }
    file_header_ += valid_utf8_size(block_) == block_.size() ? block_ : from_latin1(block_);
    file_header_lines_ = line_ - 1;
  }
  block_.clear();
  block_is_text_ = block_has_field_ = false;
}

void BookReader::begin_tune(std::uint64_t offset, std::uint64_t line) {
  in_tune_ = true;
  in_text_block_ = false;
  tune_.text.clear();
  tune_.offset = offset;
  tune_.line = line;
  tune_.not_utf8.reset();
  tune_.is_cut = false;
  tune_.is_separate = true;
}

void BookReader::add_line(std::string_view line) {
  if (line.substr(0, 7) == "%%begin") in_text_block_ = true;
  if (line.substr(0, 5) == "%%end") in_text_block_ = false;
  if (tune_.is_cut || line.size() >= longest_ - std::min(longest_, tune_.text.size())) {
    tune_.is_cut = true;
    return;
  }
  tune_.text.append(line).append("\n");
}

void BookReader::end_tune() {
  in_tune_ = false;
  ++tunes_;
  const std::size_t valid = valid_utf8_size(tune_.text);
  if (valid < tune_.text.size()) {
    tune_.not_utf8 = valid;
    const std::string start = from_latin1(std::string_view(tune_.text).substr(0, valid));
    tune_.not_utf8 = start.size();
    tune_.text = start + from_latin1(std::string_view(tune_.text).substr(valid));
  }
  take_(tune_);
}

}  // namespace lilt::abc
