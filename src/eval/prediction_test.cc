#include "eval/prediction_report.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "small_model.h"
#include "temporary_folder.h"

namespace lilt::eval {
namespace {

// Two models that have learnt nothing, and tunes.
class PredictTest : public ::testing::Test {
 protected:
  std::string model(const std::string& name, std::uint64_t seed, const std::string& characters) {
    const std::vector<std::byte> file = support::file_of(support::random_model(
        support::vocabulary_of(characters), {.embedding = 3, .hidden = {4}}, seed));
    std::filesystem::create_directories((folder_.path() / name).parent_path());
    return folder_.write(name, {reinterpret_cast<const char*>(file.data()), file.size()});
  }

  PredictionOptions options(std::size_t models) const {
    return {.models = {models_.begin(), models_.begin() + static_cast<std::ptrdiff_t>(models)},
            .tunes = {tunes_}};
  }

  support::TemporaryFolder folder_;
  std::vector<std::string> models_ = {model("one/best.safetensors", 1, "\n X:1KCabc|"),
                                      model("two/best.safetensors", 2, "\n X:12KCabc|")};
  std::string tunes_ = folder_.write("tunes.abc", "X:1\nK:C\nabc|\n\nX:2\nK:C\ncba|cba|\n");
};

TEST_F(PredictTest, MeasuresModelsOnTheSameTunes) {
  std::vector<double> shares;
  const auto predictions = predict(options(2), [&](double share) {
    shares.push_back(share);
    return true;
  });
  ASSERT_TRUE(predictions);
  ASSERT_EQ(predictions->size(), 2U);
  for (const Prediction& one : *predictions) {
    EXPECT_EQ(one.likelihood.total.tunes, 2U);
    EXPECT_EQ(one.likelihood.total.notes, 9U);
    EXPECT_TRUE(one.confidence.bits_per_note);
  }
  EXPECT_LT((*predictions)[0].parameters, (*predictions)[1].parameters);
  EXPECT_EQ((*predictions)[0].likelihood.total.unknown, 1U);
  EXPECT_EQ((*predictions)[1].likelihood.total.unknown, 0U);
  EXPECT_EQ(shares, (std::vector{0.5, 1.0}));
}

TEST_F(PredictTest, StopsWhenToldTo) {
  const auto predictions = predict(options(2), [](double) { return false; });
  ASSERT_FALSE(predictions);
  EXPECT_EQ(predictions.error().code, ErrorCode::kStopped);
}

TEST_F(PredictTest, NamesTheFileThatIsNoModel) {
  models_[1] = tunes_;
  const auto predictions = predict(options(2), {});
  ASSERT_FALSE(predictions);
  EXPECT_EQ(predictions.error().place.source, tunes_);
}

TEST_F(PredictTest, AsJsonIsAnObjectOrAnArray) {
  const auto one = predict(options(1), {}), two = predict(options(2), {});
  const nlohmann::ordered_json object = to_json(*one), array = to_json(*two);
  EXPECT_EQ(object["tunes"], 2);
  EXPECT_EQ(object["foretold_notes"].get<int>() + object["new_notes"].get<int>(), 9);
  EXPECT_GE(object["foretold_notes"], 2);  // of the second bar of the second tune
  EXPECT_NEAR(
      object["foretold_notes"].get<double>() * object["bits_per_foretold_note"].get<double>() +
          object["new_notes"].get<double>() * object["bits_per_new_note"].get<double>(),
      (*one)[0].likelihood.total.body_bits, 1e-9);
  EXPECT_EQ(object["bits_per_note"], (*one)[0].likelihood.total.bits_per_note());
  ASSERT_EQ(array.size(), 2U);
  EXPECT_EQ(array[1]["model"], models_[1]);
  EXPECT_TRUE(array[0]["bits_per_note_difference"].is_null());
  EXPECT_EQ(array[1]["bits_per_note_difference"], difference((*two)[1], (*two)[0]));
  EXPECT_EQ(array[0]["bits_per_note"], object["bits_per_note"]);
}

TEST_F(PredictTest, AsATableTellsModelsApart) {
  const std::string table = table_of(*predict(options(2), {}));
  EXPECT_NE(table.find("\none/best.safetensors "), std::string::npos) << table;
  EXPECT_NE(table.find("\ntwo/best.safetensors "), std::string::npos) << table;
  const std::string single = table_of(*predict(options(1), {}));
  EXPECT_NE(single.find("notes and rests                        9\n"), std::string::npos) << single;
}

}  // namespace
}  // namespace lilt::eval
