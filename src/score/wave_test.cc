#include "score/wave.h"

#include <gtest/gtest.h>

#include <bit>
#include <vector>

#include "score/engraving.h"

namespace lilt::score {
namespace {

void append_number(std::string& bytes, std::uint32_t number, int size) {
  for (int i = 0; i < size; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xFF);
}

std::string float_wave(const std::vector<float>& samples, const std::string& extra = "") {
  std::string bytes = "RIFF";
  append_number(bytes, 0, 4);
  bytes += "WAVE" + extra + "fmt ";
  append_number(bytes, 16, 4);
  append_number(bytes, 3, 2);
  append_number(bytes, 2, 2);
  append_number(bytes, 44100, 4);
  append_number(bytes, 44100 * 8, 4);
  append_number(bytes, 8, 2);
  append_number(bytes, 32, 2);
  bytes += "data";
  append_number(bytes, static_cast<std::uint32_t>(4 * samples.size()), 4);
  for (const float sample : samples) append_number(bytes, std::bit_cast<std::uint32_t>(sample), 4);
  return bytes;
}

int sample_of(const std::string& wave, std::size_t i) {
  const std::size_t at = wave.find("data") + 8 + 2 * i;
  return static_cast<std::int16_t>(static_cast<unsigned char>(wave[at]) |
                                   static_cast<unsigned char>(wave[at + 1]) << 8);
}

TEST(Wave, IsMadeLoudAndEndsWithTheSound) {
  const std::string raw = float_wave({0, 0.01F, -0.02F, 0.02F, 0, 0.000001F, 0, 0});
  const auto view = view_wave(raw);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->frames(), 4U);
  const std::string wave = finished_wave(*view, {"Título", ""});
  EXPECT_EQ(wave.size(), wave.find("data") + 8 + 2 * 4) << "two frames are silent";
  EXPECT_EQ(sample_of(wave, 0), 0);
  EXPECT_NEAR(sample_of(wave, 1), 0.89 * 32767 / 2, 1);
  EXPECT_NEAR(sample_of(wave, 2), -0.89 * 32767, 1);
  EXPECT_NE(wave.find(std::string("INAM\x08\0\0\0Título\0", 16)), std::string::npos);
  EXPECT_EQ(wave.find("IART"), std::string::npos);
}

TEST(Wave, MayBeSilentOrEmpty) {
  for (const std::string& raw : {float_wave({0, 0}), float_wave({})}) {
    const auto view = view_wave(raw);
    ASSERT_TRUE(view);
    const std::string wave = finished_wave(*view, {});
    EXPECT_EQ(wave.size(), wave.find("data") + 8);
  }
}

TEST(Wave, IsReadWithCare) {
  const std::string raw = float_wave({1, 1}, std::string("LIST\x03\0\0\0abc\0", 12));
  EXPECT_TRUE(view_wave(raw));
  for (std::size_t size = 0; size < raw.size(); ++size) {
    const auto view = view_wave(std::string_view(raw).substr(0, size));
    if (view) {
      EXPECT_LE(view->frames(), 1U);
    }
  }
  std::string huge = raw;
  huge[16] = '\xFF';
  huge[19] = '\x7F';
  EXPECT_FALSE(view_wave(huge));
}

TEST(Engraving, TidiesPictures) {
  const std::string svg =
      "<svg>\n<title>score page 1</title>\n<!-- Creator: x -->\n<!-- title: <b> -->\n"
      "<text style=\"font:12.00px sans\">a &lt;!-- b</text><text style=\"font:20.00px "
      "serif\"/></svg>";
  const std::string tidy = tidy_svg(svg, "A & B");
  EXPECT_EQ(tidy.find("<!--"), std::string::npos);
  EXPECT_NE(tidy.find("<title>A &amp; B</title>\n<text"), std::string::npos) << tidy;
  EXPECT_NE(tidy.find("12.00px 'Liberation Sans'"), std::string::npos);
  EXPECT_NE(tidy.find("20.00px 'Liberation Serif'"), std::string::npos);
  EXPECT_NE(tidy.find("&lt;!-- b"), std::string::npos);
  EXPECT_EQ(tidy_svg("a<!-- never closed", ""), "a");
}

TEST(Engraving, ContentsNameEveryTuneOnce) {
  std::vector<ContentsEntry> entries;
  for (std::size_t i = 1; i <= 100; ++i) entries.push_back({"<" + std::to_string(i) + ">", 2 * i});
  const std::vector<std::string> pages = make_contents(entries, Paper::kA4);
  EXPECT_EQ(pages.size(), 3U);
  std::string all;
  for (const std::string& page : pages) all += page;
  for (const ContentsEntry& entry : entries) {
    EXPECT_NE(all.find("&lt;" + entry.title.substr(1, entry.title.size() - 2) + "&gt;</text>"),
              std::string::npos);
    EXPECT_NE(all.find(">" + std::to_string(entry.page) + "</text>"), std::string::npos);
  }
}

}  // namespace
}  // namespace lilt::score
