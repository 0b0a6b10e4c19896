#include "corpus/tunes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <numeric>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "corpus/figures.h"
#include "corpus/written_text.h"
#include "temporary_folder.h"

namespace lilt::corpus {
namespace {

using support::TemporaryFolder;

const Vocabulary kLetters = [] {
  std::vector<char32_t> characters = {U'\n'};
  for (char32_t c = U' '; c < 0x7F; ++c) characters.push_back(c);
  return Vocabulary(characters);
}();

std::vector<Token> tokens(std::string_view text, const Vocabulary& vocabulary = kLetters) {
  return *vocabulary.encode(text);
}

std::string text(std::span<const Token> tokens) {
  std::string text;
  for (const Token token : tokens) {
    append_utf8(text, token == kUnknownToken ? U'?' : kLetters.character(token));
  }
  return text;
}

std::vector<std::string> texts(const TuneSet& set) {
  std::vector<std::string> tunes;
  for (std::size_t i = 0; i < set.tunes(); ++i) tunes.push_back(text(set.tune(i)));
  return tunes;
}

// A letter for the kind of every character: h header, . body, N note.
std::string marks(std::u32string_view tune) {
  // No terminating zero, so that a sanitizer sees what is read beyond the end.
  const std::vector<char32_t> characters(tune.begin(), tune.end());
  std::string marks;
  for (const CharacterKind kind : classify(characters)) marks += "h.N"[static_cast<int>(kind)];
  return marks;
}

using Starts = std::vector<std::size_t>;

// Of the lines that begin with "X:".
Starts starts_of(const std::string& text) {
  Starts starts;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool line_start = at == 0 || text[at - 1] == '\n';
    if (line_start && text.compare(at, 2, "X:") == 0) starts.push_back(at);
  }
  return starts;
}

// Of whose bytes so many are held in memory.
TokenText stored(const std::string& text, std::size_t most_held = ByteStore::kMostHeld) {
  TokenText stored(most_held);
  stored.append(tokens(text));
  return stored;
}

std::vector<Token> all_of(const TokenText& text) {
  std::vector<Token> all(text.size());
  text.read(0, all);
  return all;
}

TEST(Classify, CallsEverythingHeaderUpToTheFirstKeyLine) {
  EXPECT_EQ(marks(U"X:1\nT:K:C\nK:D\nA\n"), "hhhhhhhhhhhhhhN.");
  EXPECT_EQ(marks(U"X:1\nabc"), "hhhhhhh");
  EXPECT_EQ(marks(U"K:C"), "hhh");
  EXPECT_EQ(marks(U"K:C\n"), "hhhh");
  EXPECT_EQ(marks(U"K:C\nK:abc\nA"), "hhhh......N");
  EXPECT_EQ(marks(U""), "");
}

TEST(Classify, FindsTheNotesOfMusic) {
  struct Case {
    const char* what;
    std::u32string_view line;
    const char* marks;
  };
  const Case cases[] = {
      {"notes", U"CDEFGABcdefgab", "NNNNNNNNNNNNNN"},
      {"rests", U"z4 x y Z X", "N..N......"},
      {"octaves, accidentals, lengths", U"C,2 ^d'/ _e =f3/2", "N....N....N..N..."},
      {"other letters", U"HTuvLMOPS hijk", ".............."},
      {"chord symbols", U"\"Am\"A\"^text\"B", "....N.......N"},
      {"a chord symbol that is not closed", U"A\"Bcd", "N...."},
      {"comments", U"A %Bc", "N...."},
      {"a percent sign in quotes", U"\"5%\"A", "....N"},
      {"a quote in a comment", U"A%\"\nB", "N...N"},
      {"fields within the line", U"A[K:G]B[M:3/4]c[r:a b]d", "N.....N.......N.......N"},
      {"a field within the line that is not closed", U"A[K:Gab", "N......"},
      {"chords", U"[ceg]2 [^F,a]", ".NNN.....N.N."},
      {"endings", U"[1 A:|[2 B|]", "...N.....N.."},
      {"a bracket at the end", U"A[", "N."},
      {"a bracket and a letter at the end", U"A[c", "N.N"},
      {"key", U"K:abc", "....."},
      {"words", U"w:a-b", "....."},
      {"part", U"P:A", "..."},
      {"a field continued", U"+:abc", "....."},
      {"macros, remarks, symbols, more words", U"m:a\nr:a\ns:a\nW:a", "..............."},
      {"a repeat sign after a note", U"e:|", "N.."},
      {"a repeat sign after a rest", U"z:|", "N.."},
      {"not quite a field", U"c:ab", "N.NN"},
      {"fields between music", U"A\nL:1/8\nB", "N.......N"},
  };
  for (const auto& [what, line, expected] : cases) {
    const std::u32string tune = U"K:C\n" + std::u32string(line);
    EXPECT_EQ(marks(tune), "hhhh" + std::string(expected)) << what;
  }
}

TEST(Classify, EndsAnOpenQuoteWithItsLine) { EXPECT_EQ(marks(U"K:C\n\"A\nB"), "hhhh...N"); }

TEST(Classify, FindsNoNotesAfterAnEmptyLine) {
  EXPECT_EQ(marks(U"K:C\nA\n\nabc\nabc"), "hhhhN.........");
  EXPECT_EQ(marks(U"K:C\nA\n \t\nabc"), "hhhhN.......");
  EXPECT_EQ(marks(U"K:C\n\nabc"), "hhhh....");
}

TEST(ReadTunes, DropsWhatPrecedesTheFirstTune) {
  const TemporaryFolder folder;
  for (const std::string before : {"", "\n", "free text\nX\nXy: a long line\n X:1\n\n", "X\n"}) {
    const auto set = read_tunes({folder.write("a", before + "X:1\nK:C\nA")}, kLetters);
    ASSERT_TRUE(set.ok()) << before;
    EXPECT_EQ(texts(*set), std::vector<std::string>{"X:1\nK:C\nA"}) << before;
  }
}

TEST(ReadTunes, KeepsEverythingBetweenTunes) {
  const TemporaryFolder folder;
  const auto set = read_tunes(
      {folder.write("a", "X:1\r\nK:C\r\nAB\r\n\r\n\r\nfree X:0\r\nX:2\r\nK:C\r\nc\r\n\r\n"),
       folder.write("b", "dropped\nX:3\nK:C\nz")},
      kLetters);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(texts(*set), (std::vector<std::string>{"X:1\nK:C\nAB\n\n\nfree X:0\n",
                                                   "X:2\nK:C\nc\n\n", "X:3\nK:C\nz"}));
}

TEST(ReadTunes, KnowsTheKindOfEveryCharacter) {
  const TemporaryFolder folder;
  const auto set = read_tunes({folder.write("a", "X:1\nK:C\nA|\nX:2\nK:G\n\"D\"d")}, kLetters);
  ASSERT_TRUE(set.ok());
  ASSERT_EQ(set->kinds.size(), set->tokens.size());
  for (std::size_t i = 0; i < set->tunes(); ++i) {
    const auto kinds = set->kinds_of(i);
    const std::string tune = text(set->tune(i));
    EXPECT_EQ(std::vector(kinds.begin(), kinds.end()),
              classify(std::u32string(tune.begin(), tune.end())));
  }
}

TEST(ReadTunes, MarksUnknownCharacters) {
  const TemporaryFolder folder;
  const auto set = read_tunes({folder.write("a", "X:1\nK:C\né\u266FA")}, kLetters);
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(texts(*set), std::vector<std::string>{"X:1\nK:C\n??A"});
}

TEST(ReadTunes, FindsTunesThatTheVocabularyCannotSpell) {
  const TemporaryFolder folder;
  const std::string file = folder.write("a", "X:1\nA\nX:2\nA");
  EXPECT_EQ(read_tunes({file}, Vocabulary({U'A'}))->tunes(), 2U);
}

TEST(ReadTunes, RefusesAFileWithoutTunes) {
  const TemporaryFolder folder;
  const std::string good = folder.write("good", "X:1\n");
  for (const char* none : {"", "T:none\nABC\n", " X:1\n", "X 1\n:"}) {
    const std::string bad = folder.write("bad", none);
    const auto set = read_tunes({good, bad}, kLetters);
    ASSERT_FALSE(set.ok()) << none;
    EXPECT_EQ(set.error().code, ErrorCode::kCorpus);
    EXPECT_EQ(set.error().place.source, bad);
    EXPECT_NE(set.error().message.find("X:"), std::string::npos);
  }
}

TEST(ReadTunes, RefusesTextThatIsNotUtf8) {
  const TemporaryFolder folder;
  const auto set = read_tunes({folder.write("a", "X:1\n\xE9")}, kLetters);
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().code, ErrorCode::kEncoding);
  EXPECT_EQ(set.error().place.byte, 4U);
}

constexpr std::string_view kPreamble = "% ten tunes\n";

// Tunes of different lengths, the i-th named by its number.
std::string tune(std::size_t i) {
  return "X:" + std::to_string(i) + "\nK:C\n" + std::string(i, 'A') + "|\n\n";
}

std::string some_tunes(std::size_t count) {
  std::string text(kPreamble);
  for (std::size_t i = 0; i < count; ++i) text += tune(i);
  return text;
}

Result<SplitText> divided(const std::string& all, double share, std::uint64_t seed,
                          std::size_t most_held = ByteStore::kMostHeld) {
  return hold_out(stored(all, most_held), starts_of(all), kLetters, share, seed);
}

TEST(HoldOut, DividesTheTunes) {
  for (const std::size_t most_held : {std::size_t{0}, ByteStore::kMostHeld}) {
    const auto split = divided(some_tunes(10), 0.3, 1, most_held);
    ASSERT_TRUE(split.ok());
    const std::vector<std::string> held = texts(split->held_out);
    EXPECT_EQ(held.size(), 3U);
    std::string kept(kPreamble), held_in_order;
    for (std::size_t i = 0; i < 10; ++i) {
      const bool is_held = std::ranges::find(held, tune(i)) != held.end();
      (is_held ? held_in_order : kept) += tune(i);
    }
    EXPECT_EQ(text(all_of(split->kept)), kept);
    EXPECT_EQ(split->kept_starts, starts_of(kept));
    EXPECT_EQ(text(split->held_out.tokens), held_in_order);
  }
}

TEST(HoldOut, KeepsTheStartsThatNoNewlinePrecedes) {
  const TokenText joined = stored("X:0\nAX:1\nAX:2\nAX:3\nA");
  const Starts starts = {0, 5, 10, 15};
  const auto split = hold_out(joined, starts, kLetters, 0.25, 1);
  ASSERT_TRUE(split.ok());
  EXPECT_EQ(split->held_out.tunes(), 1U);
  EXPECT_EQ(split->held_out.tokens.size(), 5U);
  EXPECT_EQ(split->kept_starts, (Starts{0, 5, 10}));
}

TEST(HoldOut, KeepsTheKindsOfWhatItHolds) {
  const auto split = divided(some_tunes(10), 0.3, 1);
  ASSERT_TRUE(split.ok());
  const auto notes = std::ranges::count(split->held_out.kinds, CharacterKind::kNote);
  const auto letters = std::ranges::count(text(split->held_out.tokens), 'A');
  EXPECT_EQ(notes, letters);
  EXPECT_GT(notes, 0);
}

TEST(HoldOut, RoundsTheShareButHoldsAtLeastOneAndKeepsAtLeastOne) {
  const auto held = [](std::size_t tunes, double share) {
    return divided(some_tunes(tunes), share, 1)->held_out.tunes();
  };
  EXPECT_EQ(held(10, 0.1), 1U);
  EXPECT_EQ(held(10, 0.24), 2U);
  EXPECT_EQ(held(10, 0.26), 3U);
  EXPECT_EQ(held(10, 0), 1U);
  EXPECT_EQ(held(10, 0.001), 1U);
  EXPECT_EQ(held(10, 0.999), 9U);
  EXPECT_EQ(held(10, 1), 9U);
  EXPECT_EQ(held(2, 0.5), 1U);
}

TEST(HoldOut, IsDrawnBySeed) {
  const std::string all = some_tunes(40);
  std::set<std::string> choices;
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const auto once = divided(all, 0.2, seed), again = divided(all, 0.2, seed);
    EXPECT_EQ(all_of(once->kept), all_of(again->kept));
    EXPECT_EQ(once->held_out.tokens, again->held_out.tokens);
    choices.insert(text(once->held_out.tokens));
  }
  EXPECT_EQ(choices.size(), 5U);
}

TEST(HoldOut, HoldsEveryTuneOutWithTheSameChance) {
  const std::string all = some_tunes(5);
  std::vector<int> counts(5);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto split = divided(all, 0.4, seed);
    for (const std::string& held : texts(split->held_out))
      ++counts[static_cast<std::size_t>(held[2] - '0')];
  }
  for (const int count : counts) EXPECT_NEAR(count, 800, 88);  // 4 standard deviations
}

TEST(HoldOut, RefusesFewerThanTwoTunes) {
  for (const std::size_t tunes : {0, 1}) {
    const auto split = divided(some_tunes(tunes), 0.1, 1);
    ASSERT_FALSE(split.ok());
    EXPECT_EQ(split.error().code, ErrorCode::kCorpus);
    EXPECT_NE(split.error().message.find("found " + std::to_string(tunes)), std::string::npos);
  }
}

// Read in pieces of such a size.
std::string shuffled(const std::string& all, std::uint64_t seed, std::uint64_t epoch,
                     std::size_t piece = 1000, std::size_t most_held = ByteStore::kMostHeld) {
  const TokenText from = stored(all, most_held);
  const Starts starts = starts_of(all);
  ShuffledText shuffled(from, starts);
  shuffled.shuffle(seed, epoch);
  std::vector<Token> to(from.size(), kUnknownToken);
  for (std::size_t at = 0; at < to.size(); at += piece) {
    shuffled.read(at, std::span(to).subspan(at, std::min(piece, to.size() - at)));
  }
  return text(to);
}

TEST(ShuffledText, PermutesWholeTunesAfterThePreamble) {
  const std::string all = some_tunes(10);
  const std::string order = shuffled(all, 1, 1);
  EXPECT_EQ(order.substr(0, kPreamble.size()), kPreamble);
  std::set<std::string> tunes, expected;
  Starts starts = starts_of(order);
  ASSERT_EQ(starts.size(), 10U);
  starts.push_back(order.size());
  for (std::size_t i = 0; i < 10; ++i) {
    tunes.insert(order.substr(starts[i], starts[i + 1] - starts[i]));
    expected.insert(tune(i));
  }
  EXPECT_EQ(tunes, expected);
  EXPECT_EQ(order.size(), all.size());
}

TEST(ShuffledText, DrawsAnOrderForEverySeedAndEpoch) {
  const std::string all = some_tunes(30);
  EXPECT_EQ(shuffled(all, 1, 1), shuffled(all, 1, 1));
  EXPECT_EQ((std::set{all, shuffled(all, 1, 1), shuffled(all, 1, 2), shuffled(all, 2, 1)}).size(),
            4U);
}

TEST(ShuffledText, KeepsTextWithoutTunes) {
  EXPECT_EQ(shuffled("no tunes", 1, 1), "no tunes");
  EXPECT_EQ(shuffled("", 1, 1), "");
}

TEST(ShuffledText, IsTheSameInWhateverPiecesItIsReadAndWhereverItIs) {
  for (const std::string& all : {some_tunes(10), some_tunes(10).substr(kPreamble.size())}) {
    const std::string expected = shuffled(all, 3, 7);
    for (std::size_t piece = 1; piece < 40; ++piece) {
      EXPECT_EQ(shuffled(all, 3, 7, piece, 0), expected) << piece;
    }
  }
}

// A real collection, whose figures were counted by another program.
TEST(Nottingham, HasTheTunesAndNotesThatItHas) {
  const std::filesystem::path path = LILT_CORPORA "/nottingham/valid.abc";
  if (!std::filesystem::exists(path)) {
    GTEST_SKIP() << "the collection nottingham/valid.abc is not here";
  }
  const auto text = read_written_text({path.string()});
  ASSERT_TRUE(text.ok());
  EXPECT_EQ(text->tune_starts.size(), 103U);
  const auto set = read_tunes({path.string()}, text->vocabulary);
  ASSERT_TRUE(set.ok());
  Figures figures;
  for (std::size_t i = 0; i < set->tokens.size(); ++i)
    figures.add(set->kinds[i], set->tokens[i], 0);
  EXPECT_EQ(set->tunes(), 103U);
  EXPECT_EQ(figures.characters, 44'805U);
  EXPECT_EQ(figures.body_characters, 35'576U);
  EXPECT_EQ(figures.notes, 10'733U);
  EXPECT_EQ(figures.unknown, 0U);
}

}  // namespace
}  // namespace lilt::corpus
