#include "compose/harmoniser.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "abc/transpose.h"
#include "base/text.h"
#include "compose/in_c.h"
#include "infer/exponential.h"

namespace lilt::compose {
namespace {

constexpr std::size_t kBeam = 8;   // paths that are kept at a place
constexpr std::size_t kWide = 32;  // and from there up to the next one
constexpr std::size_t kMost = 64;  // at once
// Paths with the same chords at so many places differ in what is long past: the best is kept.
constexpr std::size_t kRemembered = 3;
// What is so much less probable than the best, in nats, is not followed.
constexpr double kHopeless = 8;

// Stands for a character of a given title that the network does not know: every alphabet has it.
constexpr char32_t kStandIn = U'a';

// Chords of folk tunes with the tonic C, of all modes: the network knows which are usual in its
// own.
constexpr std::string_view kSymbols[] = {"C",  "F",  "G",  "G7", "Am",  "Dm",  "Em", "D7",   "D",
                                         "A7", "E7", "C7", "A",  "E",   "Bb",  "Gm", "Fm",   "Cm",
                                         "Eb", "Ab", "B7", "F7", "Am7", "Dm7", "Db", "Bdim", "Bb7"};

// The natural logarithm of a positive number, the same on every CPU.
double natural_log(double x) {
  int exponent = 0;
  const double mantissa = std::frexp(x, &exponent);
  const double s = (mantissa - 1) / (mantissa + 1), square = s * s;
  double sum = 0;
  for (int k = 41; k >= 1; k -= 2) sum = sum * square + 1.0 / k;
  return 2 * s * sum + exponent * std::numbers::ln2;
}

// Of the sum of e^logit.
double log_of_sum(std::span<const float> logits) {
  const float largest = *std::max_element(logits.begin(), logits.end());
  std::vector<float> below(logits.begin(), logits.end());
  for (float& x : below) x -= largest;
  std::vector<double> exponentials(below.size());
  infer::exponentials(below, exponentials.data());
  double sum = 0;
  for (const double e : exponentials) sum += e;
  return static_cast<double>(largest) + natural_log(sum);
}

std::vector<std::string> symbols_in(const abc::Key& key) {
  const int semitones = abc::semitones_to(key_in_c(key), key);
  std::vector<std::string> symbols;
  for (const std::string_view symbol : kSymbols) {
    symbols.push_back(abc::transpose_chord_symbol(std::string(symbol), semitones, key) + "\"");
  }
  return symbols;
}

}  // namespace

Harmoniser::Harmoniser(const Model& model, const Plan& plan, std::uint8_t dialect)
    : model_(model),
      plan_(std::get<Harmonising>(plan.kind)),
      symbols_(symbols_in(plan_.key)),
      engine_(model.weights(), 3 * kMost),
      tokens_(kMost),
      features_(kMost * model.features().size()) {
  paths_.resize(1);
  Path& start = paths_[0];
  start.reading.reset(dialect, plan.outline ? &*plan.outline : nullptr);
  engine_.reset(0);
  start.next = U'\n';
  feed(paths_);
}

const std::string& Harmoniser::text(std::size_t rank) const {
  return paths_[std::min(rank, paths_.size() - 1)].text;
}

double Harmoniser::bits(std::size_t rank) const {
  return -paths_[std::min(rank, paths_.size() - 1)].score / std::numbers::ln2;
}

void Harmoniser::step() {
  const bool is_last = place_ == plan_.places.size();
  read_on(is_last ? plan_.tune.size() : plan_.places[place_].at);
  merge();
  keep_best(kBeam, paths_);
  place_in_streams(paths_);
  if (!is_last) branch();
  ++place_;
}

// --- The network

// Lets the network read the next character of each path, which stands in the stream of its number.
void Harmoniser::feed(Paths& paths) {
  const std::span<const std::size_t> places = model_.features();
  const Vocabulary& vocabulary = model_.vocabulary();
  const std::size_t count = paths.size();
  for (std::size_t n = 0; n < count; ++n) {
    const Token token = vocabulary.token(paths[n].next);
    tokens_[n] = token == kUnknownToken ? vocabulary.token(kStandIn) : token;
    for (std::size_t k = 0; k < places.size(); ++k) {
      features_[k * count + n] = paths[n].reading.values()[places[k]];
    }
  }
  const std::span<const float> logits = engine_.step(
      std::span(tokens_).first(count), std::span(features_).first(count * places.size()));
  const std::size_t width = logits.size() / count;
  for (std::size_t n = 0; n < count; ++n) {
    const std::span<const float> row = logits.subspan(n * width, width);
    paths[n].logits.assign(row.begin(), row.end());
    paths[n].log_sum = log_of_sum(row);
    paths[n].stream = n;
  }
  characters_ += count;
}

// Adds a character that the network has just been asked about.
void Harmoniser::write(char32_t c, Path& path) const {
  if (read_ >= plan_.places[0].at) path.score += log_probability(path, c);
  path.next = c;
  path.reading.push(c);
  append_utf8(path.text, c);
}

double Harmoniser::log_probability(const Path& path, char32_t c) const {
  const Token token = model_.vocabulary().token(c);
  return token == kUnknownToken ? 0 : static_cast<double>(path.logits[token]) - path.log_sum;
}

// Makes each path stand in the stream of its number.
void Harmoniser::place_in_streams(Paths& paths) {
  for (std::size_t n = 0; n < paths.size(); ++n) {
    engine_.copy_state(paths[n].stream, 2 * kMost + n);
  }
  for (std::size_t n = 0; n < paths.size(); ++n) {
    engine_.copy_state(2 * kMost + n, n);
    paths[n].stream = n;
  }
}

// --- The melody

void Harmoniser::read_on(std::size_t to) {
  const std::string_view tune = plan_.tune;
  while (read_ < to) {
    const Utf8Step step = decode_utf8(tune.substr(read_));
    for (Path& path : paths_) write(step.code_point, path);
    read_ += step.bytes;
    if (read_ < tune.size()) feed(paths_);
  }
}

// --- The search

void Harmoniser::keep_best(std::size_t count, Paths& paths) {
  std::stable_sort(paths.begin(), paths.end(),
                   [](const Path& a, const Path& b) { return a.score > b.score; });
  if (paths.size() > count) paths.resize(count);
}

// Of paths with the same chords of late, keeps the best.
void Harmoniser::merge() {
  if (place_ < kRemembered || place_ == plan_.places.size()) return;
  keep_best(paths_.size(), paths_);
  Paths kept;
  for (Path& path : paths_) {
    const bool is_known = std::any_of(kept.begin(), kept.end(), [&](const Path& other) {
      return std::equal(path.chords.end() - kRemembered, path.chords.end(),
                        other.chords.end() - kRemembered);
    });
    if (!is_known) kept.push_back(std::move(path));
  }
  paths_ = std::move(kept);
}

// What each of the paths can become by one more character of a chord symbol.
Harmoniser::Paths Harmoniser::with_next_character(const Paths& open) const {
  Paths next;
  for (const Path& path : open) {
    std::string tried;
    for (const std::string& symbol : symbols_) {
      const std::size_t size = path.chords.back().size();
      if (symbol.size() == size || !symbol.starts_with(path.chords.back())) continue;
      const char c = symbol[size];
      if (tried.find(c) != std::string::npos) continue;
      tried += c;
      next.push_back(path);
      next.back().chords.back() += c;
      write(static_cast<unsigned char>(c), next.back());
    }
  }
  return next;
}

// Extends each path by chord symbols and, where no bar begins, by none.
void Harmoniser::branch() {
  Paths complete, open = paths_;
  for (Path& path : paths_) {
    path.chords.emplace_back();
    if (!plan_.places[place_].begins_bar) shelve(std::move(path), complete);
  }
  for (Path& path : open) {
    path.chords.emplace_back();
    write(U'"', path);
  }
  feed(open);
  while (!open.empty()) {
    Paths next = with_next_character(open);
    keep_best(kMost, next);
    const double best =
        std::max(next[0].score, complete.empty() ? next[0].score : complete[0].score);
    std::erase_if(next, [&](const Path& path) { return path.score < best - kHopeless; });
    if (next.empty()) break;
    place_in_streams(next);
    feed(next);
    open.clear();
    for (Path& path : next) {
      if (path.next != U'"') {
        open.push_back(std::move(path));
      } else {
        shelve(std::move(path), complete);
      }
    }
  }
  paths_ = std::move(complete);
  keep_best(kWide, paths_);
  place_in_streams(paths_);
}

// Puts a path aside with its stream.
void Harmoniser::shelve(Path path, Paths& complete) {
  if (complete.size() == kMost) return;
  const std::size_t stream = kMost + complete.size();
  engine_.copy_state(path.stream, stream);
  path.stream = stream;
  complete.push_back(std::move(path));
}

}  // namespace lilt::compose
