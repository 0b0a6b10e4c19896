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
       {"", "BA", "AAB2", "aabb", "A A", "ACB", "AÄ", "-", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ[", "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]"}) {
    const Result<Form> form = parse_form(text, 0);
    ASSERT_FALSE(form) << text;
    EXPECT_EQ(form.error().code, ErrorCode::kOption);
  }
}

}  // namespace
}  // namespace lilt::compose
