#include "corpus/figures.h"

#include <cmath>
#include <numbers>

namespace lilt::corpus {
namespace {

double average(double sum, std::size_t count) {
  return count == 0 ? 0 : sum / static_cast<double>(count);
}

}  // namespace

void Figures::add(CharacterKind kind, Token token, double nats) {
  const bool is_unknown = token == kUnknownToken;
  const double cost = is_unknown ? kUnknownBits : nats / std::numbers::ln2;
  ++characters;
  bits += cost;
  if (is_unknown) ++unknown;
  if (kind == CharacterKind::kHeader) return;
  ++body_characters;
  body_bits += cost;
  if (kind == CharacterKind::kNote) ++notes;
}

Figures& Figures::operator+=(const Figures& other) {
  tunes += other.tunes;
  characters += other.characters;
  unknown += other.unknown;
  notes += other.notes;
  body_characters += other.body_characters;
  bits += other.bits;
  body_bits += other.body_bits;
  return *this;
}

double Figures::bits_per_character() const { return average(bits, characters); }
double Figures::body_bits_per_character() const { return average(body_bits, body_characters); }
double Figures::bits_per_note() const { return average(body_bits, notes); }
double Figures::perplexity() const { return std::exp2(bits_per_character()); }

}  // namespace lilt::corpus
