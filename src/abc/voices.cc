#include "abc/voices.h"

#include <algorithm>

namespace lilt::abc {

std::size_t VoiceCursors::change(std::string_view field, Cursor& cursor) {
  field.remove_prefix(std::min(field.find(':') + 1, field.size()));
  field.remove_prefix(std::min(field.find_first_not_of(" \t"), field.size()));
  const std::string_view name = field.substr(0, field.find_first_of(" \t\r]%"));
  if (!named_ && !cursor.has_music()) {
    named_ = true;
    names_[0] = name;
    return 0;
  }
  named_ = true;
  std::size_t voice =
      static_cast<std::size_t>(std::find(names_.begin(), names_.end(), name) - names_.begin());
  if (voice == current_) return voice;
  cursors_.resize(std::max<std::size_t>(cursors_.size(), 1));
  if (voice == names_.size()) {
    if (names_.size() == kMostVoices) {
      voice = kMostVoices - 1;
    } else {
      names_.emplace_back(name);
      cursors_.push_back(start_);
    }
  }
  if (voice == current_) return voice;
  const Cursor place = cursor;
  cursors_[current_] = cursor;
  cursor = cursors_[voice];
  cursor.continue_from(place);
  current_ = voice;
  return voice;
}

}  // namespace lilt::abc
