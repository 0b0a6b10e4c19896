#include <lilt/lilt.h>

#include <gtest/gtest.h>

#include <cstring>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "composing.h"

namespace lilt {
namespace {

using Json = nlohmann::json;

// A result, freed when it goes.
class Outcome {
 public:
  explicit Outcome(lilt_result* result) : result_(result) {}
  Outcome(const Outcome&) = delete;
  Outcome& operator=(const Outcome&) = delete;
  ~Outcome() { lilt_result_free(result_); }

  [[nodiscard]] lilt_code code() const { return lilt_result_code(result_); }
  [[nodiscard]] std::string text() const {
    return {lilt_result_text(result_), lilt_result_size(result_)};
  }
  [[nodiscard]] std::string field() const { return lilt_result_field(result_); }
  [[nodiscard]] Json json() const { return Json::parse(text()); }

 private:
  lilt_result* result_;
};

std::vector<std::byte> model_file() { return support::file_of(support::random_composer(1)); }

class Model {
 public:
  Model() {
    const std::vector<std::byte> file = model_file();
    const Outcome opened(lilt_model_open(file.data(), file.size(), &model_));
    EXPECT_EQ(opened.code(), LILT_OK) << opened.text();
  }
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;
  ~Model() { lilt_model_free(model_); }
  [[nodiscard]] const lilt_model* get() const { return model_; }

 private:
  lilt_model* model_ = nullptr;
};

struct Taken {
  std::vector<std::string> pieces;
  std::size_t most = 1000;
  lilt_cancel* cancel = nullptr;  // to be uttered at the first piece
};

int take(void* user, const char* piece, std::size_t size) {
  auto& taken = *static_cast<Taken*>(user);
  taken.pieces.emplace_back(piece, size);
  lilt_cancel_now(taken.cancel);
  return taken.pieces.size() < taken.most ? 0 : 1;
}

lilt_result* compose(const Model& model, const std::string& request, Taken& taken,
                     const lilt_cancel* cancel = nullptr) {
  return lilt_compose(model.get(), request.data(), request.size(), take, &taken, cancel);
}

TEST(C, HasAVersion) { EXPECT_NE(std::string(lilt_version()).find('.'), std::string::npos); }

TEST(C, GivesThePiecesOfASession) {
  const Model model;
  const std::string request =
      R"({"key":"D","meter":"6/8","bars":4,"seed":3,"number":3,"best_of":2})";
  Taken taken;
  const Outcome outcome(compose(model, request, taken));
  ASSERT_EQ(outcome.code(), LILT_OK) << outcome.text();
  EXPECT_EQ(outcome.json(), Json({{"pieces", 3}, {"drawn", 6}, {"cancelled", false}}));

  compose::Session session(support::opened(support::random_composer(1)));
  support::Collector sink;
  ASSERT_TRUE(session.submit(*compose::request_from_json(request), sink));
  while (session.step()) {
  }
  ASSERT_EQ(taken.pieces.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    const Json piece = Json::parse(taken.pieces[i]);
    EXPECT_EQ(piece["abc"], sink.pieces[i].text);
    EXPECT_EQ(piece["seed"], 3 + i);
  }
}

TEST(C, StopsWhenItIsToldTo) {
  const Model model;
  Taken two{.most = 2};
  const Outcome outcome(compose(model, R"({"bars":2,"number":50})", two));
  EXPECT_EQ(two.pieces.size(), 2U);
  EXPECT_EQ(outcome.json()["cancelled"], true);

  Taken first{.cancel = lilt_cancel_new()};
  const Outcome cancelled(compose(model, R"({"bars":2,"number":50})", first, first.cancel));
  EXPECT_EQ(cancelled.code(), LILT_OK);
  EXPECT_EQ(cancelled.json()["cancelled"], true);
  EXPECT_LT(first.pieces.size(), 50U);
  lilt_cancel_free(first.cancel);
}

TEST(C, StopsWhenAnotherThreadTellsItTo) {
  const Model model;
  lilt_cancel* const cancel = lilt_cancel_new();
  Taken taken{.most = 1'000'000};
  std::jthread other([&] { lilt_cancel_now(cancel); });
  const Outcome outcome(compose(model, R"({"number":1000000})", taken, cancel));
  EXPECT_EQ(outcome.json()["cancelled"], true);
  other.join();
  lilt_cancel_free(cancel);
}

TEST(C, OneModelServesSeveralThreads) {
  const Model model;
  std::vector<Taken> taken(4);
  {
    std::vector<std::jthread> threads;
    for (Taken& each : taken) {
      threads.emplace_back([&] { Outcome(compose(model, R"({"bars":3,"number":4})", each)); });
    }
  }
  ASSERT_EQ(taken[0].pieces.size(), 4U);
  for (const Taken& each : taken) EXPECT_EQ(each.pieces, taken[0].pieces);
}

// The pieces of a session, as many of them as there is a wish for.
std::vector<std::string> stepped(const Model& model, const std::string& request,
                                 std::size_t most = 1000) {
  lilt_session* session = nullptr;
  const Outcome begun(lilt_session_begin(model.get(), request.data(), request.size(), &session));
  EXPECT_EQ(begun.code(), LILT_OK) << begun.text();
  std::vector<std::string> pieces;
  for (int goes_on = 1; goes_on != 0 && pieces.size() < most;) {
    const Outcome step(lilt_session_step(session, &goes_on));
    EXPECT_EQ(step.code(), LILT_OK);
    if (!step.text().empty()) pieces.push_back(step.text());
  }
  lilt_session_free(session);
  return pieces;
}

TEST(C, StepsGiveTheSamePieces) {
  const Model model;
  const std::string request = R"({"bars":3,"seed":5,"number":20})";
  Taken taken;
  EXPECT_EQ(Outcome(compose(model, request, taken)).code(), LILT_OK);
  EXPECT_EQ(taken.pieces.size(), 20U);
  EXPECT_EQ(stepped(model, request), taken.pieces);
  const std::vector<std::string> some = stepped(model, request, 2);  // the others are forgotten
  EXPECT_EQ(some, std::vector(taken.pieces.begin(), taken.pieces.begin() + 2));
}

TEST(C, AFinishedSessionStaysFinished) {
  const Model model;
  lilt_session* session = nullptr;
  EXPECT_EQ(Outcome(lilt_session_begin(model.get(), R"({"bars":2})", 10, &session)).code(),
            LILT_OK);
  int goes_on = 1;
  std::size_t pieces = 0;
  while (goes_on != 0)
    pieces += Outcome(lilt_session_step(session, &goes_on)).text().empty() ? 0 : 1;
  EXPECT_EQ(pieces, 1U);
  EXPECT_EQ(Outcome(lilt_session_step(session, &goes_on)).text(), "");
  EXPECT_EQ(goes_on, 0);
  lilt_session_free(session);
}

TEST(C, SessionsRefuseWhatCannotBe) {
  const Model model;
  lilt_session* session = nullptr;
  const std::string request = R"({"key":"H"})";
  const Outcome refused(lilt_session_begin(model.get(), request.data(), request.size(), &session));
  EXPECT_EQ(refused.code(), LILT_WRONG_REQUEST);
  EXPECT_EQ(refused.field(), "key");
  EXPECT_EQ(session, nullptr);
}

TEST(C, RequestsThatCannotBeNameTheField) {
  const Model model;
  const auto refused = [&](const std::string& request) {
    Taken taken;
    const Outcome outcome(compose(model, request, taken));
    EXPECT_EQ(outcome.code(), LILT_WRONG_REQUEST) << request;
    EXPECT_FALSE(outcome.text().empty());
    EXPECT_TRUE(taken.pieces.empty());
    return outcome.field();
  };
  EXPECT_EQ(refused(R"({"key":"H"})"), "key");
  EXPECT_EQ(refused(R"({"bars":"x"})"), "bars");
  EXPECT_EQ(refused(R"({"form":"AABB","bars":5})"), "bars");
  refused("");
  refused("[1]");
  refused(R"({"keys":"D"})");
  refused(std::string(100'000, '['));
}

constexpr std::string_view kTune =
    "X:1\nT:One\nR:jig\nM:6/8\nL:1/8\nK:D\n\"D\"d3 f3|\"A7\"e3 c3|\"D\"d6|]\n";

TEST(C, ChecksTunes) {
  const std::string wrong = "X:1\nT:a\nM:4/4\nL:1/8\nK:D\nd9|d8|]\n";
  const Json findings = Outcome(lilt_check(wrong.data(), wrong.size())).json();
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0]["line"], 6);
  EXPECT_EQ(findings[0]["severity"], "error");
  EXPECT_EQ(findings[0]["code"], "bar-too-long");
  EXPECT_EQ(Outcome(lilt_check(kTune.data(), kTune.size())).text(), "[]");
}

TEST(C, TransposesAndBack) {
  const std::string canonical = Outcome(lilt_canonical(kTune.data(), kTune.size())).text();
  const std::string higher = Outcome(lilt_transpose(canonical.data(), canonical.size(), 2)).text();
  EXPECT_NE(higher.find("K:E\n"), std::string::npos);
  EXPECT_EQ(Outcome(lilt_transpose(higher.data(), higher.size(), -2)).text(), canonical);
  EXPECT_EQ(Outcome(lilt_transpose(kTune.data(), kTune.size(), 99)).field(), "semitones");
}

TEST(C, TurnsTunesIntoFilesAndNotes) {
  const std::string options = R"({"instrument":"fiddle","tempo":120})";
  const auto with = [&](auto* convert) {
    return Outcome(convert(kTune.data(), kTune.size(), options.data(), options.size())).text();
  };
  EXPECT_EQ(with(lilt_midi).substr(0, 4), "MThd");
  EXPECT_NE(with(lilt_musicxml).find("<score-partwise"), std::string::npos);
  const Json notes = Json::parse(with(lilt_notes));
  EXPECT_EQ(notes["title"], "One");
  ASSERT_FALSE(notes["notes"].empty());
  EXPECT_EQ(Outcome(lilt_midi(kTune.data(), kTune.size(), nullptr, 0)).code(), LILT_OK);
}

TEST(C, NotesKnowTheirPlacesInTheWholeText) {
  const std::string text = "%%abc-creator somebody\nM:6/8\n\n" + std::string(kTune);
  const Json notes = Outcome(lilt_notes(text.data(), text.size(), nullptr, 0)).json()["notes"];
  const Json* melody = nullptr;
  for (const Json& note : notes) {
    if (melody == nullptr && note["role"] == "melody") melody = &note;
  }
  ASSERT_NE(melody, nullptr) << notes;
  const std::size_t begin = (*melody)["bytes"][0];
  EXPECT_TRUE(std::string_view(text).substr(begin).starts_with("\"D\"d3") ||
              std::string_view(text).substr(begin).starts_with("d3"))
      << text.substr(begin, 10);
}

TEST(C, WhatIsMissingIsSaid) {
  const Model model;
  Taken taken;
  lilt_model* none = nullptr;
  const auto refused = [](lilt_result* result) {
    const Outcome outcome(result);
    return outcome.code() == LILT_WRONG_INPUT && outcome.text().find("NULL") != std::string::npos;
  };
  EXPECT_TRUE(refused(lilt_model_open(nullptr, 0, &none)));
  EXPECT_TRUE(refused(lilt_model_open("x", 1, nullptr)));
  EXPECT_TRUE(refused(lilt_model_describe(nullptr)));
  EXPECT_TRUE(refused(lilt_compose(nullptr, "{}", 2, take, &taken, nullptr)));
  EXPECT_TRUE(refused(lilt_compose(model.get(), nullptr, 2, take, &taken, nullptr)));
  EXPECT_TRUE(refused(lilt_compose(model.get(), "{}", 2, nullptr, &taken, nullptr)));
  lilt_session* session = nullptr;
  int goes_on = 1;
  EXPECT_TRUE(refused(lilt_session_begin(nullptr, "{}", 2, &session)));
  EXPECT_TRUE(refused(lilt_session_begin(model.get(), nullptr, 2, &session)));
  EXPECT_TRUE(refused(lilt_session_begin(model.get(), "{}", 2, nullptr)));
  EXPECT_TRUE(refused(lilt_session_step(nullptr, &goes_on)));
  EXPECT_EQ(goes_on, 0);
  lilt_session_free(nullptr);
  EXPECT_TRUE(refused(lilt_check(nullptr, 9)));
  EXPECT_TRUE(refused(lilt_canonical(nullptr, 9)));
  EXPECT_TRUE(refused(lilt_transpose(nullptr, 9, 1)));
  EXPECT_TRUE(refused(lilt_midi(nullptr, 9, nullptr, 0)));
  lilt_model_free(nullptr);
  lilt_cancel_free(nullptr);
  lilt_cancel_now(nullptr);
  lilt_result_free(nullptr);
  EXPECT_EQ(lilt_result_code(nullptr), LILT_NO_MEMORY);
  EXPECT_EQ(lilt_result_size(nullptr), std::strlen(lilt_result_text(nullptr)));
  EXPECT_STREQ(lilt_result_field(nullptr), "");
}

TEST(C, WhatIsNoTextIsRefused) {
  const std::string latin = "X:1\nT:\xE9\nK:C\nc|]\n";
  for (auto* read : {lilt_check, lilt_canonical}) {
    const Outcome outcome(read(latin.data(), latin.size()));
    EXPECT_EQ(outcome.code(), LILT_WRONG_INPUT);
    EXPECT_NE(outcome.text().find("UTF-8"), std::string::npos);
  }
  const Model model;
  Taken taken;
  EXPECT_EQ(Outcome(compose(model, "{\"title\":\"\xFF\"}", taken)).code(), LILT_WRONG_INPUT);
  EXPECT_EQ(Outcome(lilt_midi("abc", 3, nullptr, 0)).code(), LILT_WRONG_INPUT);
  EXPECT_EQ(Outcome(lilt_midi(kTune.data(), kTune.size(), "{", 1)).code(), LILT_WRONG_REQUEST);
  const std::string kazoo = R"({"instrument":"kazoo choir"})";
  EXPECT_EQ(Outcome(lilt_midi(kTune.data(), kTune.size(), kazoo.data(), kazoo.size())).field(),
            "instrument");
}

TEST(C, ModelsThatAreCutAnywhereAreRefused) {
  const std::vector<std::byte> file = model_file();
  for (std::size_t size = 0; size < file.size(); size = size < 200 ? size + 1 : size * 9 / 8) {
    lilt_model* model = nullptr;
    const Outcome outcome(lilt_model_open(file.data(), size, &model));
    EXPECT_EQ(outcome.code(), LILT_WRONG_INPUT) << size;
    EXPECT_FALSE(outcome.text().empty());
    EXPECT_EQ(model, nullptr);
  }
}

TEST(C, DescribesAModel) {
  const Model model;
  const Json json = Outcome(lilt_model_describe(model.get())).json();
  EXPECT_GT(json["parameters"], 1000);
  EXPECT_EQ(json["knows_tunes"], false);
}

}  // namespace
}  // namespace lilt
