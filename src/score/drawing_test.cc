#include "score/drawing.h"

#include <gtest/gtest.h>

namespace lilt::score {
namespace {

const std::string kTune =
    "X:1\nT:A\nC:é\nM:6/8\nL:1/8\nK:D\n"
    "\"^é\"D|:\"D\"A2D FED|[K:G]{g}f3 (3efg|[df]2-[df]z3:|\nf2e\nfga|1 ^f6:|2 b6|]\n";

class DrawingTest : public testing::Test {
 protected:
  Drawing drawing_of(const std::string& text, double width = 800) {
    const abc::Tune tune = abc::read_tune(text).tune;
    const auto drawing = draw(workshop_, tune, abc::find_stretches(text), {.width = width});
    EXPECT_TRUE(drawing) << text;
    return drawing ? *drawing : Drawing{};
  }

  // What is written at the places of the notes.
  std::vector<std::string> texts(const std::string& text) {
    std::vector<std::string> texts;
    for (const DrawnNote& note : drawing_of(text).notes) {
      texts.push_back(text.substr(note.place.begin, note.place.end - note.place.begin));
    }
    return texts;
  }

  Workshop workshop_;
};

TEST_F(DrawingTest, FindsEachNoteInTheText) {
  // The grace note, the annotation and the chord symbols belong to their notes.
  EXPECT_EQ(texts(kTune).size(), 20U);
  std::size_t last = 0;
  for (const DrawnNote& note : drawing_of(kTune).notes) {
    EXPECT_GE(note.place.begin, last);
    EXPECT_GT(note.place.end, note.place.begin);
    EXPECT_GT(note.box.width, 5);
    last = note.place.end;
  }
  const std::vector<std::string> three = texts("X:1\nT:A\nM:3/4\nL:1/4\nK:C\nC^F[EG]|z3|]\n");
  EXPECT_EQ(three, (std::vector<std::string>{"C", "^F", "[EG]", "z3"}));
}

TEST_F(DrawingTest, FindsBars) {
  const Drawing drawing = drawing_of(kTune);
  std::vector<int> numbers;
  for (const DrawnBar& bar : drawing.bars) {
    numbers.push_back(bar.number);
    EXPECT_FALSE(bar.boxes.empty());
    for (const DrawnNote& note : drawing.notes) {
      if (note.place.begin < bar.place.begin || note.place.end > bar.place.end) continue;
      EXPECT_GE(note.box.x + note.box.width / 2, bar.boxes[0].x) << bar.number;
      EXPECT_LE(note.box.x + note.box.width / 2, bar.boxes[0].x + bar.boxes[0].width);
    }
  }
  EXPECT_EQ(numbers, (std::vector<int>{0, 1, 2, 3, 4, 5, 6}));
  // Bars beside each other meet at their bar line.
  EXPECT_NEAR(drawing.bars[1].boxes[0].x + drawing.bars[1].boxes[0].width,
              drawing.bars[2].boxes[0].x, 0.2);
}

TEST_F(DrawingTest, BreaksLinesWhereThereIsNoRoom) {
  std::string long_line = "X:1\nT:A\nM:4/4\nL:1/8\nK:D\n";
  for (int i = 0; i < 8; ++i) long_line += "DEFGABcd|";
  const Drawing wide = drawing_of(long_line + "\n", 900),
                narrow = drawing_of(long_line + "\n", 320);
  EXPECT_LT(narrow.width, 330);
  EXPECT_GT(narrow.height, 2 * wide.height);
  EXPECT_EQ(narrow.notes.size(), wide.notes.size());
}

TEST_F(DrawingTest, HasNothingOfATuneButText) {
  const Drawing drawing = drawing_of(
      "X:1\nT:<script>alert(1)</script>\nM:4/4\nL:1/8\nK:D\n"
      "\"^</text><a href='x'>\"D8|\"<img src=x>\"E8|\n%%beginsvg\n<b>\n%%endsvg\nF8|]\n");
  for (const char* banned : {"<script", "<a ", "<img", "<b>", "href='"}) {
    EXPECT_EQ(drawing.svg.find(banned), std::string::npos) << banned;
  }
  EXPECT_NE(drawing.svg.find("&lt;script&gt;"), std::string::npos);
}

TEST_F(DrawingTest, RefusesWhatHasNoNotes) {
  EXPECT_FALSE(draw(workshop_, abc::read_tune("X:1\nK:D\n").tune, {}));
}

}  // namespace
}  // namespace lilt::score
