#include "corpus/token_text.h"

namespace lilt::corpus {

void TokenText::read(std::size_t begin, std::span<Token> to) const {
  store_.read(begin * sizeof(Token), std::as_writable_bytes(to));
  for (Token& token : to) {
    if (token < names_.size()) token = names_[token];
  }
}

void TokenText::rename(std::span<const Token> names) {
  if (names_.empty()) return names_.assign(names.begin(), names.end());
  for (Token& name : names_) name = names[name];
}

}  // namespace lilt::corpus
