#include "score/engraving.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "score/source.h"
#include "score/xml.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

struct Size {
  double width, height;  // pixels, 96 for an inch
  const char* format;    // for abcm2ps
};

constexpr std::array<Size, 2> kSizes = {{
    {793.7, 1122.5, "%%pagewidth 21cm\n%%pageheight 29.7cm\n"},
    {816, 1056, "%%pagewidth 8.5in\n%%pageheight 11in\n"},
}};
constexpr const char* kMargins =
    "%%topmargin 1.3cm\n%%botmargin 1.6cm\n%%leftmargin 1.6cm\n%%rightmargin 1.6cm\n";
constexpr double kMargin = 60;
constexpr double kLine = 22, kTop = 140;  // of the contents
constexpr std::size_t kLongestEntry = 80;

// abcm2ps reckons with the widths of Times and Helvetica. These have them; the last one is there
// everywhere.
constexpr const char* kSerif = "'Liberation Serif','Times New Roman','Nimbus Roman',Times,serif";
constexpr const char* kSans = "'Liberation Sans',Arial,'Nimbus Sans',Helvetica,sans-serif";

const Size& size_of(Paper paper) { return kSizes[static_cast<std::size_t>(paper)]; }

std::chrono::milliseconds limit_for(std::size_t tunes) {
  return std::chrono::seconds(30) + std::chrono::milliseconds(500) * tunes;
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  std::string changed;
  std::size_t at = 0;
  for (std::size_t next; (next = text.find(what, at)) != std::string::npos;
       at = next + what.size()) {
    changed.append(text, at, next - at).append(with);
  }
  text = changed.append(text, at);
}

std::string shown_number(double number) {
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "%.1f", number);
  return text.data();
}

std::optional<Tempo> tempo_shown(const abc::Tune& tune, const EngravingOptions& options) {
  if (!options.beats_per_minute) return written_tempo(tune);
  return Tempo{beat_of(tune.metre), *options.beats_per_minute};
}

// Runs abcm2ps; the files it has made, in their order.
std::vector<std::string> engrave(const Workshop& workshop, const std::string& source,
                                 const char* how, std::size_t tunes) {
  workshop.write("score.abc", source);
  // The files of an earlier run would be taken for those of this one.
  for (std::size_t i = 1;; ++i) {
    std::array<char, 32> name;
    std::snprintf(name.data(), name.size(), "score%03zu.svg", i);
    if (!fs::remove(workshop.folder() / name.data())) break;
  }
  const Outcome outcome =
      workshop.run(kAbcm2ps, {"+F", "-S", "-q", how, "score.abc", "-O", "score"}, limit_for(tunes));
  std::vector<std::string> files;
  for (;;) {
    std::array<char, 32> name;
    std::snprintf(name.data(), name.size(), "score%03zu.svg", files.size() + 1);
    if (!fs::exists(workshop.folder() / name.data())) break;
    files.emplace_back(name.data());
  }
  // Its exit code tells of remarks, not of success.
  if (files.empty()) fail(kAbcm2ps, outcome);
  return files;
}

// How many tunes begin on a page: abcm2ps says so in comments.
std::size_t tunes_of(std::string_view page) {
  constexpr std::string_view kTitle = "<!-- title: ";
  std::size_t count = 0;
  for (std::size_t at = page.find(kTitle); at != std::string_view::npos;
       at = page.find(kTitle, at + 1)) {
    ++count;
  }
  return count;
}

std::string text_at(double x, double y, double size, const char* anchor, const std::string& text) {
  return "<text x=\"" + shown_number(x) + "\" y=\"" + shown_number(y) + "\" font-family=\"" +
         kSerif + "\" font-size=\"" + shown_number(size) + "\" text-anchor=\"" + anchor + "\">" +
         xml_text(text) + "</text>\n";
}

void add_page_number(std::string& page, std::size_t number, const Size& size) {
  const std::string text =
      text_at(size.width / 2, size.height - 36, 15, "middle", std::to_string(number));
  if (const std::size_t end = page.rfind("</svg>"); end != std::string::npos)
    page.insert(end, text);
}

std::string contents_page(std::span<const ContentsEntry> entries, bool first, const Size& size) {
  std::string page =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" width=\"" +
      shown_number(size.width) + "px\" height=\"" + shown_number(size.height) + "px\">\n";
  if (first) page += text_at(size.width / 2, 90, 26, "middle", "Contents");
  double y = kTop;
  for (const ContentsEntry& entry : entries) {
    const std::string at = shown_number(y);
    page += "<path d=\"M" + shown_number(kMargin) + " " + at + "H" +
            shown_number(size.width - kMargin - 34) +
            "\" stroke=\"#777\" stroke-width=\"1\" stroke-dasharray=\"1 5\"/>\n"
            // A white edge ends the dots where the title does.
            "<g stroke=\"#fff\" stroke-width=\"8\" stroke-linejoin=\"round\">\n" +
            text_at(kMargin, y, 15, "start", entry.title) + "</g>\n" +
            text_at(kMargin, y, 15, "start", entry.title) +
            text_at(size.width - kMargin, y, 15, "end", std::to_string(entry.page));
    y += kLine;
  }
  return page + "</svg>\n";
}

// The pages of a book, in order, and which tune begins where.
struct Pages {
  std::vector<std::string> files;
  std::vector<ContentsEntry> entries;
};

Pages engrave_pages(const Workshop& workshop, const std::vector<abc::Tune>& tunes,
                    const std::string& source, const Size& size) {
  Pages pages{.files = engrave(workshop, source, "-v", tunes.size())};
  for (std::size_t p = 0; p < pages.files.size(); ++p) {
    std::string page = workshop.read(pages.files[p]);
    for (std::size_t n = tunes_of(page); n > 0 && pages.entries.size() < tunes.size(); --n) {
      const std::string title = title_of(tunes[pages.entries.size()]);
      pages.entries.push_back(
          {title.empty() ? "(no title)" : shortened(title, kLongestEntry), p + 1});
    }
    page = tidy_svg(std::move(page), "");
    if (pages.files.size() > 1) add_page_number(page, p + 1, size);
    workshop.write(pages.files[p], page);
  }
  return pages;
}

void add_contents(const Workshop& workshop, Pages& pages, Paper paper) {
  std::vector<std::string> files;
  for (const std::string& page : make_contents(pages.entries, paper)) {
    files.push_back("contents" + std::to_string(files.size() + 1) + ".svg");
    workshop.write(files.back(), page);
  }
  pages.files.insert(pages.files.begin(), files.begin(), files.end());
}

}  // namespace

std::string tidy_svg(std::string svg, std::string_view name) {
  std::string tidy;
  std::size_t at = 0;
  for (std::size_t begin; (begin = svg.find("<!--", at)) != std::string::npos;) {
    tidy.append(svg, at, begin - at);
    const std::size_t end = svg.find("-->", begin);
    at = end == std::string::npos ? svg.size() : end + 3;
    if (at < svg.size() && svg[at] == '\n') ++at;
  }
  tidy.append(svg, at);
  const std::size_t title = tidy.find("<title>"), title_end = tidy.find("</title>");
  if (title != std::string::npos && title_end != std::string::npos && title < title_end) {
    tidy.replace(title + 7, title_end - title - 7, xml_text(name));
  }
  replace_all(tidy, "px serif\"", std::string("px ") + kSerif + "\"");
  replace_all(tidy, "px sans\"", std::string("px ") + kSans + "\"");
  return tidy;
}

std::vector<std::string> make_contents(const std::vector<ContentsEntry>& entries, Paper paper) {
  const Size& size = size_of(paper);
  const auto lines = static_cast<std::size_t>((size.height - kTop - kMargin) / kLine);
  std::vector<std::string> pages;
  for (std::size_t i = 0; i < entries.size(); i += lines) {
    pages.push_back(contents_page(
        std::span(entries).subspan(i, std::min(lines, entries.size() - i)), i == 0, size));
  }
  return pages;
}

Result<std::string> make_svg(const Workshop& workshop, const abc::Tune& tune,
                             const EngravingOptions& options) {
  Result<std::string> source = engraving_source(tune, 1, tempo_shown(tune, options));
  if (!source) return source;
  const std::string format = std::string(size_of(options.paper).format) + kMargins;
  const auto files = engrave(workshop, format + *source, "-g", 1);
  return tidy_svg(workshop.read(files[0]), title_of(tune));
}

Result<std::string> make_png(const Workshop& workshop, const abc::Tune& tune,
                             const EngravingOptions& options) {
  Result<std::string> svg = make_svg(workshop, tune, options);
  if (!svg) return svg;
  workshop.write("tune.svg", *svg);
  fs::remove(workshop.folder() / "tune.png");
  const Outcome outcome = workshop.run(
      kRsvgConvert, {"--background-color=white", "--zoom=2", "--output=tune.png", "tune.svg"},
      limit_for(1));
  if (outcome.code != 0) fail(kRsvgConvert, outcome);
  return workshop.read("tune.png");
}

Result<std::string> make_pdf(const Workshop& workshop, const std::vector<abc::Tune>& tunes,
                             const EngravingOptions& options) {
  const Size& size = size_of(options.paper);
  std::string source = std::string(size.format) + kMargins;
  for (std::size_t i = 0; i < tunes.size(); ++i) {
    Result<std::string> one =
        engraving_source(tunes[i], static_cast<int>(i + 1), tempo_shown(tunes[i], options));
    if (!one) return one;
    source += *one + "\n";
  }
  Pages pages = engrave_pages(workshop, tunes, source, size);
  if (pages.files.size() > 1 && tunes.size() > 1) add_contents(workshop, pages, options.paper);
  std::vector<std::string> arguments = {"--format=pdf", "--output=book.pdf"};
  arguments.insert(arguments.end(), pages.files.begin(), pages.files.end());
  fs::remove(workshop.folder() / "book.pdf");
  const Outcome outcome = workshop.run(kRsvgConvert, arguments, limit_for(tunes.size()));
  if (outcome.code != 0) fail(kRsvgConvert, outcome);
  return workshop.read("book.pdf");
}

}  // namespace lilt::score
