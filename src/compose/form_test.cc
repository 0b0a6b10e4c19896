#include "compose/form.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace lilt::compose {
namespace {

// The sections as letters, in pairs where they are repeated.
std::string sections_of(const Form& form) {
  std::string text;
  char next = 'A';
  std::vector<char> letters;
  for (std::size_t i = 0; i < form.sections.size(); ++i) {
    letters.push_back(form.same_as[i] ? letters[*form.same_as[i]] : next++);
    text.append(form.sections[i].repeated ? 2 : 1, letters[i]);
  }
  return text;
}

TEST(Form, IsReadFromItsLetters) {
  for (const char* const text : {"A", "AA", "AABB", "AABA", "ABAC", "ABAB", "AABBCC", "AABBAA",
                                 "AAA", "AAAA", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}) {
    const Result<Form> form = parse_form(text, 0);
    ASSERT_TRUE(form) << text;
    EXPECT_EQ(sections_of(*form), text);
    for (const abc::SectionRequirement& section : form->sections) EXPECT_EQ(section.bars, 8);
  }
}

TEST(Form, KnowsWhichSectionsComeAgain) {
  EXPECT_EQ(parse_form("AABB", 0)->same_as[1], std::nullopt);
  EXPECT_EQ(parse_form("AAA", 0)->same_as[1], 0U);
  EXPECT_EQ(parse_form("ABACA", 0)->same_as[4], 0U);
}

TEST(Form, SharesTheBarsEqually) {
  const Result<Form> form = parse_form("AABB", 24);
  ASSERT_TRUE(form);
  ASSERT_EQ(form->sections.size(), 2U);
  EXPECT_EQ(form->sections[0].bars, 12);
  EXPECT_EQ(form->sections[1].bars, 12);
  const Result<Form> uneven = parse_form("AABB", 5);
  ASSERT_FALSE(uneven);
  EXPECT_EQ(uneven.error().code, ErrorCode::kOption);
  EXPECT_EQ(uneven.error().place.field, "bars");
  EXPECT_EQ(uneven.error().message,
            "expected a number that the 2 sections of the `form` AABB can share equally, as 16 (a "
            "repeated section counts once), found 5");
  EXPECT_FALSE(parse_form("ABC", 2));
}

TEST(Form, RefusesWhatIsNone) {
  for (const char* const text :
       {"", "BA", "aabb", "ACB", "AÄ", "-", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ[", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"}) {
    const Result<Form> form = parse_form(text, 0);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error().code, ErrorCode::kOption);
  }
}

// The bars of each section, with R where it is repeated, and the first ending's; second endings as
// +1.
std::string outline_of(const std::string& text, int bars = 0) {
  const Result<Form> form = parse_form(text, bars);
  if (!form) return form.error().place.field + ": " + form.error().message;
  EXPECT_TRUE(form->sections.empty());
  std::string shown;
  for (const abc::OutlineSection& section : form->outline.sections) {
    if (section.is_later_ending) {
      shown += "+" + std::to_string(section.bars);
      continue;
    }
    shown += (shown.empty() ? "" : " ") + std::to_string(section.bars);
    if (section.repeated) shown += "R";
    if (section.first_ending >= 0) shown += std::to_string(section.first_ending);
  }
  return shown;
}

// Which bar each one is the same as; 0: none.
std::vector<int> sources_of(const std::string& text) {
  std::vector<int> sources;
  const Result<Form> form = parse_form(text, 0);
  for (const abc::OutlineBar& bar : form->outline.bars) sources.push_back(bar.source);
  return sources;
}

TEST(Form, HasSectionsOfOtherLengths) {
  EXPECT_EQ(outline_of("A16B8"), "16 8");
  EXPECT_EQ(outline_of("A16B"), "16 8");
  EXPECT_EQ(outline_of("AABB4"), "8R 4R");
  EXPECT_EQ(outline_of("A4A4B"), "4R 8");
  EXPECT_EQ(outline_of("A16B", 20), "16 4");
  EXPECT_EQ(outline_of("A16B8", 24), "16 8");
}

TEST(Form, HasFirstAndSecondEndings) {
  EXPECT_EQ(outline_of("AA'BB'"), "8R7+1 8R7+1");
  EXPECT_EQ(outline_of("A4A'4B"), "4R3+1 8");
  EXPECT_EQ(outline_of("AA'B", 17), "8R7+1 8");
  EXPECT_EQ(sources_of("A2A'B1A2A'"), (std::vector<int>{0, 0, 0, 0, 1, 2, 3}));
}

TEST(Form, HasPhrases) {
  EXPECT_EQ(outline_of("A4A'4 B4B'4"), "8 8");
  EXPECT_EQ(outline_of("AA'B: C8"), "12R 8");
  EXPECT_EQ(outline_of("AB AB CC CC"), "8R 8R");
  EXPECT_EQ(outline_of("AB AB AB"), "8R 8");
  EXPECT_EQ(outline_of("AA' BA'", 32), "16 16");
  EXPECT_EQ(sources_of("A3A'3 B2A'"), (std::vector<int>{0, 0, 0, 1, 2, 0, 0, 0, 1, 2, 0}));
  EXPECT_EQ(sources_of("A4A':"), (std::vector<int>{0, 0, 0, 0, 1, 2, 0, 0}));
  EXPECT_EQ(parse_form("A4 B4", 0)->outline.bars.back().rest_degree, 0);
}

TEST(Form, SaysWhereItIsNone) {
  EXPECT_EQ(outline_of("A4C4"),
            "form: character 3 of \"A4C4\": expected a letter, of new ones B, found \"C4\"");
  EXPECT_EQ(outline_of("A4A8"),
            "form: character 4 of \"A4A8\": expected 4 bars, as this letter has, found \"8\"");
  EXPECT_EQ(outline_of("A'A"), "form: character 1 of \"A'A\": expected A before A', found \"A'A\"");
  EXPECT_EQ(outline_of("A4:B4"), "form: character 4 of \"A4:B4\": expected a space, found \"B4\"");
  EXPECT_EQ(outline_of("A1A'"),
            "form: expected at least 2 bars of A, which has endings, found 1 in "
            "\"A1A'\"");
  for (const char* const text : {"A0", "A65", "A99999999999", " A", "A ", "A  B", ":", "1", "a4",
                                 "A4|B4", "A\n4", "A4 '", "A''"}) {
    EXPECT_TRUE(outline_of(text).starts_with("form: ")) << text << outline_of(text);
  }
  EXPECT_EQ(
      outline_of("A16B8", 32),
      "bars: expected 24 for the `form` A16B8 (a repeated section counts once, each ending by "
      "itself), found 32");
  EXPECT_TRUE(outline_of("AA'B", 16).starts_with("bars: expected a number such as 17"));
}

}  // namespace
}  // namespace lilt::compose
