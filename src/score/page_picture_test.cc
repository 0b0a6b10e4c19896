#include "score/page_picture.h"

#include <gtest/gtest.h>

namespace lilt::score {
namespace {

std::string picture(const std::string& inside) {
  return "<?xml version=\"1.0\"?>\n<!DOCTYPE svg>\n<svg xmlns=\"x\" width=\"100.20px\" "
         "height=\"50.00px\">\n<style>.a {}</style><title>t</title><!-- <b> -->\n" +
         inside + "</svg>\n";
}

std::string drawn(const std::string& inside) {
  const auto read = read_page_picture(picture(inside), "p-");
  if (!read) return "nothing";
  const std::size_t begin = read->svg.find('>') + 1;
  return read->svg.substr(begin, read->svg.rfind("</svg>") - begin);
}

TEST(PagePicture, HasNoStylesNorComments) {
  const auto read = read_page_picture(picture("<g stroke-width=\"0.7\"></g>"), "p-");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 101 50\" width=\"101\" "
            "height=\"50\" fill=\"currentColor\" xml:space=\"preserve\">"
            "<g stroke-width=\"0.7\"></g></svg>\n");
  EXPECT_DOUBLE_EQ(read->width, 100.2);
}

TEST(PagePicture, TurnsStylesIntoAttributes) {
  EXPECT_EQ(drawn("<path class=\"stroke\" d=\"m1 2\n\th3\"/><path class=\"fill\" d=\"m1\"/>"),
            "<path stroke=\"currentColor\" fill=\"none\" d=\"m1 2\n\th3\"/><path d=\"m1\"/>");
  EXPECT_EQ(
      drawn("<text style=\"font:italic 12px serif\" x=\"1\">a  &lt;b&gt;</text>"),
      "<text font-style=\"italic\" font-size=\"12\" font-family=\"Liberation Serif, Times New "
      "Roman, Times, serif\" x=\"1\">a  &lt;b&gt;</text>");
}

TEST(PagePicture, NamesItsPartsApart) {
  EXPECT_EQ(drawn("<defs><g id=\"hd\"></g></defs><use x=\"1\" xlink:href=\"#hd\"/>"),
            "<defs><g id=\"p-hd\"></g></defs><use x=\"1\" href=\"#p-hd\"/>");
}

TEST(PagePicture, LeavesOutWhatDoesNotDraw) {
  EXPECT_EQ(drawn("<script>alert(1)</script>"), "");
  EXPECT_EQ(drawn("<a xlink:href=\"http://x\"><path onclick=\"x()\" d=\"m1\"/></a>"),
            "<path d=\"m1\"/>");
  EXPECT_EQ(drawn("<use xlink:href=\"http://x#y\"/><path fill=\"url(http://x)\" d=\"m1\"/>"),
            "<use/><path d=\"m1\"/>");
  EXPECT_EQ(drawn("<text>&#60;&x;&amp;&</text>"), "<text>&amp;#60;&amp;x;&amp;&amp;</text>");
}

TEST(PagePicture, TellsReferences) {
  const auto read = read_page_picture(
      picture("<abc type=\"N\" row=\"7\" col=\"3\" x=\"1.5\" y=\"2\" width=\"13\" height=\"31\"/>"),
      "");
  ASSERT_TRUE(read);
  ASSERT_EQ(read->references.size(), 1U);
  const Reference& note = read->references[0];
  EXPECT_EQ(note.kind, 'N');
  EXPECT_EQ(note.line, 7U);
  EXPECT_EQ(note.byte, 3U);
  EXPECT_DOUBLE_EQ(note.box.x, 1.5);
  EXPECT_DOUBLE_EQ(note.box.height, 31);
}

TEST(PagePicture, RefusesWhatIsBroken) {
  for (const char* broken :
       {"", "<", "<svg", "<svg width=\"1px\">", "<svg width=\"1px\"><g></svg>",
        "<svg width=\"1px\"><!-- </svg>", "<svg width=\"1px\"><g a='1'/></svg>", "text"}) {
    EXPECT_FALSE(read_page_picture(broken, "")) << broken;
  }
}

}  // namespace
}  // namespace lilt::score
