#include "likeness/known_tensors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <limits>
#include <string>

#include "small_model.h"

namespace lilt::likeness {
namespace {

using Bytes = std::vector<std::byte>;

KnownTunes some_tunes() {
  KnownTunes known;
  for (const char* tune :
       {"X:1\nT:One\nT:Uno\nM:4/4\nL:1/8\nK:C\nCDEF GABc|dcBA GFED|\n",
        "X:2\nM:4/4\nL:1/8\nK:G\nGABc def2|ged2 c4|\n", "X:3\nT:Short\nK:D\nABc|\n"}) {
    known.add(abc::read_tune(tune).tune);
  }
  return known;
}

StyleProfile some_style() {
  std::vector<Style> styles;
  for (const char* music : {"CDEF GABc|dcBA GFED|", "GABc def2|ged2 c4|"}) {
    styles.push_back(
        style_of(abc::read_tune("X:1\nT:A\nM:4/4\nL:1/8\nK:C\n" + std::string(music) + "\n").tune));
  }
  return profile_of(styles);
}

Bytes file_with(const KnownTensors& known) {
  const ModelContents model =
      support::random_model(support::vocabulary_of("\nX:"), {.embedding = 2, .hidden = {2}});
  return support::file_of(model, {KnownTensors::metadata()}, known.tensors());
}

Bytes some_file() { return file_with(KnownTensors(Novelty(some_tunes()), some_style())); }

// Why the tunes of a file are refused, or "" if they are not.
std::string refusal(const Bytes& file) {
  const Result<SafetensorsView> view = parse_safetensors(file);
  if (!view) return "no safetensors: " + view.error().message;
  const Result<Novelty> novelty = read_known_tunes(*view);
  const Result<StyleProfile> style = read_known_style(*view);
  return !novelty ? novelty.error().message : !style ? style.error().message : "";
}

// With one tensor made of other words, in rows of so many if it has any.
std::string refusal_with(const std::string& name, const std::vector<std::uint64_t>& words,
                         std::size_t columns = 0) {
  return refusal(support::altered(some_file(), [&](support::Parts& parts) {
    TensorView& tensor = parts.tensor(name);
    tensor.shape = {words.size()};
    if (columns > 0) tensor.shape = {words.size() / columns, columns};
    tensor.bytes = std::as_bytes(std::span(words));
  }));
}

TEST(KnownTensors, TitlesAndStyleStayWhereMelodiesAreForgotten) {
  const KnownTensors known(Novelty(some_tunes()), some_style());
  const ModelContents model =
      support::random_model(support::vocabulary_of("\nX:"), {.embedding = 2, .hidden = {2}});
  ModelParts parts{.config = model.config,
                   .vocabulary = model.vocabulary,
                   .provenance = model.provenance,
                   .weights = model.weights};
  put_known(known, parts);
  forget_melodies(parts);
  const Bytes file = support::join(ModelImage(parts).chunks());
  const Result<SafetensorsView> view = parse_safetensors(file);
  ASSERT_TRUE(view.ok());
  EXPECT_TRUE(has_known_titles(*view));
  EXPECT_FALSE(has_known_tunes(*view));
  EXPECT_FALSE(read_known_tunes(*view).ok());
  const Result<Novelty> titles = read_known_titles(*view);
  ASSERT_TRUE(titles.ok()) << titles.error().message;
  EXPECT_FALSE(titles->is_title_new("Uno"));
  EXPECT_TRUE(titles->is_title_new("Due"));
  EXPECT_EQ(*read_known_style(*view), some_style());
}

TEST(KnownTensors, ComeBackAsTheyWere) {
  const Novelty novelty(some_tunes());
  const Bytes file = file_with(KnownTensors(novelty, some_style()));
  const Result<ModelView> model = view_model(file, "model");
  ASSERT_TRUE(model.ok()) << model.error().message;
  EXPECT_TRUE(has_known_tunes(model->file));
  const Result<Novelty> read = read_known_tunes(model->file);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->tunes(), novelty.tunes());
  EXPECT_EQ(read->real(), novelty.real());
  EXPECT_EQ(read->tunes().counts[2], 0);
  const Result<StyleProfile> style = read_known_style(model->file);
  ASSERT_TRUE(style.ok()) << style.error().message;
  EXPECT_EQ(*style, some_style());
  for (const TensorView& tensor : model->further_tensors()) {
    EXPECT_TRUE(is_known_tensor(tensor.name));
  }
}

TEST(KnownTensors, TakeThePlaceOfOthers) {
  const ModelContents model =
      support::random_model(support::vocabulary_of("\nX:"), {.embedding = 2, .hidden = {2}});
  const KnownTensors old(Novelty(some_tunes()), some_style());
  KnownTunes tunes;
  tunes.add(abc::read_tune("X:1\nT:New\nM:4/4\nL:1/8\nK:C\nCEGc ecGE|CEGc ecGE|\n").tune);
  const KnownTensors known(Novelty(tunes), some_style());
  const std::vector<std::byte> other(4);
  ModelParts parts{.config = model.config,
                   .vocabulary = model.vocabulary,
                   .provenance = model.provenance,
                   .weights = model.weights,
                   .tensors = old.tensors()};
  parts.tensors.push_back({"other", DataType::kF32, {1}, other});
  put_known(known, parts);
  const ModelImage image(parts);
  const Bytes file = support::join(image.chunks());
  const Result<ModelView> view = view_model(file, "");
  ASSERT_TRUE(view) << view.error().message;
  EXPECT_NE(view->file.find("other"), nullptr);
  EXPECT_EQ(read_known_tunes(view->file)->tunes(), tunes);
}

TEST(KnownTensors, AreMissedWithAWord) {
  const Bytes file = support::file_of(
      support::random_model(support::vocabulary_of("\nX:"), {.embedding = 2, .hidden = {2}}));
  EXPECT_FALSE(has_known_tunes(*parse_safetensors(file)));
  EXPECT_NE(refusal(file).find("lilt export --known"), std::string::npos) << refusal(file);
}

TEST(KnownTensors, RefusesAnotherVersion) {
  const Bytes file =
      support::altered(some_file(), [](support::Parts& parts) { parts.metadata["known"] = "999"; });
  EXPECT_NE(refusal(file).find("version"), std::string::npos) << refusal(file);
}

TEST(KnownTensors, RefusesMissingAndStrangeTensors) {
  for (const char* name : {"known.windows", "known.tunes", "known.titles", "known.real",
                           "known.style", "known.style_scores"}) {
    const auto change = [&](const std::function<void(TensorView&)>& how) {
      return refusal(
          support::altered(some_file(), [&](support::Parts& parts) { how(parts.tensor(name)); }));
    };
    EXPECT_NE(change([](TensorView& t) { t.name = "known.other"; }), "") << name;
    EXPECT_NE(change([](TensorView& t) { t.shape.push_back(1); }), "") << name;
    EXPECT_NE(change([](TensorView& t) { t.shape = {}; }), "") << name;
    EXPECT_NE(change([](TensorView& t) { t.shape.assign(t.shape.size(), 0), t.bytes = {}; }), "")
        << name;
    EXPECT_NE(change([](TensorView& t) {
                t.type = t.type == DataType::kU64 ? DataType::kF64 : DataType::kU64;
              }),
              "")
        << name;
  }
}

TEST(KnownTensors, RefusesCountsThatDoNotAddUp) {
  EXPECT_EQ(refusal_with("known.tunes", {9, 4, 0}), "");
  EXPECT_NE(refusal_with("known.tunes", {9, 4, 2}), "");
  EXPECT_NE(refusal_with("known.tunes", {9, 1, 0}), "");
  EXPECT_NE(refusal_with("known.tunes", {13, UINT64_MAX, 1}), "");
  EXPECT_NE(refusal_with("known.tunes", {UINT64_MAX, 13, 0}), "");
  EXPECT_NE(refusal_with("known.tunes", {std::uint64_t{1} << 32, 9, 4}), "");
  EXPECT_NE(refusal_with("known.tunes", {9, 4}), "");              // fewer than titles
  EXPECT_NE(refusal_with("known.tunes", {9, 4, 0, 0, 0, 0}), "");  // more than titles
  EXPECT_NE(refusal_with("known.windows", std::vector<std::uint64_t>(8)), "");
}

TEST(KnownTensors, RefusesTitlesThatDoNotAddUp) {
  const std::uint64_t all = ~std::uint64_t{0};
  EXPECT_EQ(refusal_with("known.titles", {0x4100420043}), "");  // "C", "B", "A"
  EXPECT_NE(refusal_with("known.titles", {all}), "");
  EXPECT_NE(refusal_with("known.titles", {0x0044004100420043}), "");  // a letter behind the last
  EXPECT_NE(refusal_with("known.titles", {0x4100420043, 0}), "");
  EXPECT_EQ(refusal_with("known.titles", {all, 0}), "");  // no UTF-8 is a title all the same
}

TEST(KnownTensors, RefusesQuantilesThatAreNone) {
  const Novelty novelty(some_tunes());
  for (const double wrong : {-1.0, 2.0, std::numeric_limits<double>::quiet_NaN(),
                             std::numeric_limits<double>::infinity()}) {
    for (const std::size_t at : {0U, 50U, 100U}) {
      RealFigures real = novelty.real();
      real.share_known[at] = wrong;
      EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes(), real), some_style()))), "")
          << wrong;
      real = novelty.real();
      real.longest_run[at] = wrong == 2 ? 1e10 : wrong;
      EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes(), real), some_style()))), "")
          << wrong;
    }
  }
  RealFigures falling = novelty.real();
  falling.longest_run[3] = falling.longest_run[4] + 1;
  EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes(), falling), some_style()))), "");
}

TEST(KnownTensors, RefusesAStyleThatIsNone) {
  const auto with = [](const std::vector<std::uint64_t>& words, std::size_t columns = 3) {
    return refusal_with("known.style", words, columns);
  };
  EXPECT_EQ(with({0, 7, 1, 6, 3, 9, 1, ~std::uint64_t{0}, 2}), "");  // an interval of −1
  EXPECT_NE(with({7, 7, 1}), "");
  EXPECT_NE(with({UINT64_MAX, 7, 1}), "");
  EXPECT_NE(with({0, std::uint64_t{1} << 63, 1}), "");
  EXPECT_NE(with({0, 7, 0}), "");
  EXPECT_NE(with({0, 7, UINT64_MAX}), "");
  EXPECT_NE(with({0, 7, 1, 0, 7, 1}), "");
  EXPECT_NE(with({0, 7, 1, 0}, 4), "");
  EXPECT_NE(with({0, 7}, 2), "");
  std::vector<std::uint64_t> many;
  for (std::uint64_t i = 0; i <= StyleProfile::kMostValues; ++i) many.insert(many.end(), {0, i, 1});
  EXPECT_NE(with(many), "");
}

TEST(KnownTensors, RefusesScoresThatAreNone) {
  for (const double wrong : {std::numeric_limits<double>::quiet_NaN(), 1e300,
                             -std::numeric_limits<double>::infinity()}) {
    StyleProfile style = some_style();
    style.scores[6].mean = wrong;
    EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes()), style))), "") << wrong;
    style = some_style();
    style.scores[0].deviation = wrong;
    EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes()), style))), "") << wrong;
  }
  StyleProfile style = some_style();
  style.scores[1].deviation = 0;
  EXPECT_NE(refusal(file_with(KnownTensors(Novelty(some_tunes()), style))), "");
}

}  // namespace
}  // namespace lilt::likeness
