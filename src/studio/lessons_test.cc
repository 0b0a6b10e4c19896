#include "studio/lessons.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <thread>

#include "base/file.h"
#include "compose/model.h"
#include "temporary_folder.h"
#include "tunes.h"

namespace lilt::studio {
namespace {

namespace fs = std::filesystem;
using support::read_text;
using Json = nlohmann::ordered_json;

class LessonsTest : public testing::Test {
 protected:
  LessonsTest() {
    EXPECT_TRUE(collections_.add("mine", {{"mine.abc", support::jigs(40)}}));
    EXPECT_TRUE(collections_.add("more", {{"more.abc", support::jigs(60)}}));
  }
  ~LessonsTest() override {
    for (const LessonFolder& lesson : lessons_.all()) lessons_.remove(lesson);
  }

  [[nodiscard]] static LessonRequest request(const std::string& name, std::size_t epochs) {
    return {.name = name,
            .collections = {"mine", "more"},
            .preset = LessonPreset::kSmall,
            .from = {},
            .epochs = epochs,
            .samples = 1,
            .beside = true};
  }

  LessonFolder start(const LessonRequest& request) {
    const Result<std::string> id = lessons_.start(request, collections_, {});
    EXPECT_TRUE(id) << id.error().to_string();
    return *lessons_.find(*id);
  }

  std::string problem(const LessonRequest& request) {
    const Result<std::string> id = lessons_.start(request, collections_, {});
    return id ? "none" : id.error().to_string();
  }

  static void wait_until(const std::function<bool()>& is_so) {
    for (int i = 0; i < 6000 && !is_so(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    EXPECT_TRUE(is_so());
  }

  static void wait_for(const LessonFolder& lesson, LessonState state) {
    wait_until([&] { return lesson.state() == state || lesson.state() >= LessonState::kStopped; });
    EXPECT_EQ(name_of(lesson.state()), name_of(state)) << read_text(lesson.path() / "messages.txt");
  }

  static void wait_for_epoch(const LessonFolder& lesson, std::size_t epochs) {
    wait_until([&] {
      return lesson.tell(0, false)["epochs"].size() >= epochs ||
             lesson.state() >= LessonState::kStopped;
    });
  }

  support::TemporaryFolder folder_;
  Collections collections_{folder_.path() / "collections"};
  LessonsSetting setting_{.folder = folder_.path() / "lessons",
                          .program = LILT_PROGRAM,
                          .threads = 1,
                          .niceness = 0,
                          .drafts = 12};
  Lessons lessons_{setting_};
};

TEST_F(LessonsTest, StoppedResumedAndKilledItEndsInTheSameBytes) {
  const LessonFolder whole = start(request("Whole", 12));
  wait_for(whole, LessonState::kDone);

  const LessonFolder lesson = start(request("Jigs", 12));
  EXPECT_EQ(lesson.id(), "Jigs");
  wait_for_epoch(lesson, 2);
  lessons_.stop(lesson);
  lessons_.stop(lesson);  // a second signal would end it without saving
  wait_for(lesson, LessonState::kStopped);
  EXPECT_EQ(lesson.message(), "");
  EXPECT_TRUE(lesson.model());

  ASSERT_TRUE(lessons_.resume(lesson, {}, true));
  wait_for_epoch(lesson, 5);
  EXPECT_EQ(::kill(static_cast<pid_t>(lesson.process("process")->id.number), SIGKILL), 0);
  Lessons another(setting_);
  const LessonFolder found = another.all().front();
  EXPECT_EQ(found.id(), "Jigs");
  wait_for(found, LessonState::kStopped);
  EXPECT_NE(found.message(), "");

  ASSERT_TRUE(another.resume(found, {}, true));
  ASSERT_TRUE(another.resume(found, {}, true));  // runs already
  wait_for(found, LessonState::kDone);
  for (const char* name : {"last.safetensors", "best.safetensors"}) {
    EXPECT_EQ(read_text(lesson.path() / "model" / name), read_text(whole.path() / "model" / name))
        << name;
  }
}

// Whether or not it had anything to save by then.
TEST_F(LessonsTest, StoppedAtOnceItCanBeResumed) {
  const LessonFolder lesson = start(request("Jigs", 2));
  lessons_.stop(lesson);
  wait_for(lesson, LessonState::kStopped);
  EXPECT_EQ(lesson.message(), "");
  ASSERT_TRUE(lessons_.resume(lesson, {}, false));
  wait_for(lesson, LessonState::kDone);
}

TEST_F(LessonsTest, TellsHowFarItIs) {
  const LessonFolder lesson = start(request("Jigs", 3));
  const Json tunes = lesson.tell(0, true)["tunes"];
  EXPECT_EQ(tunes["held_out"], 4);
  EXPECT_GE(tunes["left_out"], 40);  // those of the first collection are in the second one, too
  EXPECT_EQ(tunes["learnt"].get<int>() + tunes["left_out"].get<int>(), 96);
  wait_for(lesson, LessonState::kDone);

  const Json told = lesson.tell(0, false);
  EXPECT_EQ(told["state"], "done");
  EXPECT_EQ(told["preset"], "small");
  EXPECT_EQ(told["epoch"], 3);
  EXPECT_EQ(told["of"], 3);
  EXPECT_EQ(told["progress"], 1.0);
  EXPECT_GE(told["points"].size(), 3U);
  ASSERT_EQ(told["epochs"].size(), 3U);
  for (const Json& epoch : told["epochs"]) {
    EXPECT_GT(epoch["loss"], 0);
    EXPECT_GT(epoch["bits_per_note"], 0);
  }
  ASSERT_EQ(told["samples"].size(), 3U);
  EXPECT_EQ(told["samples"][2]["epoch"], 3);
  EXPECT_TRUE(told["samples"][2]["abc"].get<std::string>().starts_with("X:1\n"));
  const Json later = lesson.tell(2, false);
  ASSERT_EQ(later["epochs"].size(), 1U);
  EXPECT_EQ(later["epochs"][0]["epoch"], 3);
  for (const Json& point : later["points"]) EXPECT_GT(point["epoch"], 2.0);
  EXPECT_FALSE(lesson.tell(0, true).contains("epochs"));
}

TEST_F(LessonsTest, MakesAModelThatKnowsItsTunes) {
  const LessonFolder lesson = start(request("Jigs", 2));
  wait_for(lesson, LessonState::kDone);
  EXPECT_EQ(lesson.model(), lesson.trained_model());
  lessons_.look_after();
  wait_until([&] { return !lesson.needs_export(); });
  EXPECT_EQ(lesson.model(), lesson.path() / "model.safetensors");
  const auto model = compose::Model::open(Bytes::of(FileBytes(*lesson.model())));
  ASSERT_TRUE(model) << model.error().to_string();
  EXPECT_TRUE(model->knows_tunes());
  EXPECT_EQ(model->config().text.dialects, (std::vector<std::string>{"mine", "more"}));
  wait_until([&] {
    lessons_.look_after();
    return compose::Model::open(Bytes::of(FileBytes(*lesson.model())))->has_critic();
  });

  // It can learn on, and the model is made anew.
  ASSERT_TRUE(lessons_.resume(lesson, 3, false));
  wait_for(lesson, LessonState::kDone);
  EXPECT_EQ(lesson.tell(0, true)["of"], 3);
}

// As where somebody stops a lesson, and goes on with it at once, and no epoch is better afterwards.
TEST_F(LessonsTest, MakesTheModelThoughLearningOnEndedThatOnce) {
  const LessonFolder lesson = start(request("Jigs", 2));
  wait_for(lesson, LessonState::kDone);
  lessons_.look_after();
  ASSERT_TRUE(lesson.process("export"));
  ASSERT_TRUE(lessons_.resume(lesson, 2, false));
  wait_for(lesson, LessonState::kDone);
  fs::remove(lesson.path() / "model.safetensors");  // should it have been quicker
  fs::last_write_time(*lesson.trained_model(),
                      fs::file_time_type::clock::now() - std::chrono::hours(1));
  lessons_.look_after();
  EXPECT_FALSE(lesson.process("drafts"));  // which read the model
  wait_until([&] { return !lesson.needs_export(); });
}

TEST_F(LessonsTest, TriesWhatFailedOnceUntilTheMachineStartsAgain) {
  const LessonFolder lesson = start(request("Jigs", 1));
  wait_for(lesson, LessonState::kDone);
  const LessonProcess failed{
      .id = {.number = 1, .start = 1, .boot = "another"}, .is_stopping = false, .since = {}};
  lesson.write("export", failed);
  lessons_.look_after();
  wait_until([&] { return !lesson.needs_export(); });
  wait_until([&] { return !is_running(lesson.process("export")->id); });
  const LessonProcess tried = *lesson.process("export");
  fs::remove(lesson.path() / "model.safetensors");
  lessons_.look_after();
  EXPECT_TRUE(lesson.needs_export());
  EXPECT_EQ(lesson.process("export")->id, tried.id);
  EXPECT_FALSE(lesson.process("drafts"));
}

TEST_F(LessonsTest, OneAtATimeUnlessAsked) {
  const LessonFolder lesson = start(request("Jigs", 1000));
  LessonRequest second = request("Jigs", 2);
  second.beside = false;
  EXPECT_EQ(problem(second),
            "beside: expected one lesson at a time, found Jigs at work; stop it first");
  second.beside = true;
  const LessonFolder other = start(second);
  EXPECT_EQ(other.id(), "Jigs-2");
  lessons_.remove(lesson);
  EXPECT_FALSE(fs::exists(lesson.path()));
  wait_for(other, LessonState::kDone);
  EXPECT_EQ(lessons_.all().size(), 1U);
}

TEST_F(LessonsTest, SaysWhyItFailed) {
  ASSERT_TRUE(collections_.add("silent", {{"silent.abc", "X:1\nT:Nothing\nK:C\n"}}));
  LessonRequest silent = request("Silent", 2);
  silent.collections = {"silent"};
  const LessonFolder lesson = start(silent);
  wait_for(lesson, LessonState::kFailed);
  EXPECT_EQ(lesson.message(),
            "data/silent.abc: expected tunes in ABC notation, found none with a note");
  EXPECT_FALSE(lesson.model());
}

TEST_F(LessonsTest, RefusesWhatCannotBe) {
  LessonRequest r = request("", 1);
  EXPECT_EQ(problem(r), "name: expected a name of 1 to 60 characters, found none");
  r = request("A", 1);
  r.collections = {};
  EXPECT_EQ(problem(r), "collections: expected 1 to 20 collections, found 0");
  r.collections = {"mine", "mine"};
  EXPECT_EQ(problem(r), "collections: expected each collection once");
  r.collections = {"mine", "../more"};
  EXPECT_EQ(problem(r), "collections: expected collections that there are, found ../more");
  r = request("A", 0);
  EXPECT_EQ(problem(r), "epochs: expected a whole number of 1 to 10000, found 0");
  r = request("A", 1);
  r.from = "lilt";
  EXPECT_EQ(problem(r), "from: expected no model to go on from beside this preset");
  for (const char* id : {"", ".", "..", "../collections", "none"})
    EXPECT_FALSE(lessons_.find(id)) << id;
  EXPECT_EQ(lessons_.all().size(), 0U);
}

TEST_F(LessonsTest, AFolderThatIsHalfAwayIsToldAsFarAsItGoes) {
  const fs::path path = setting_.folder / "broken";
  fs::create_directories(path);
  folder_.write("lessons/broken/lesson.json", "{");
  folder_.write("lessons/broken/process.json", R"({"number": "one", "start": null, "boot": 7})");
  const LessonFolder lesson = *lessons_.find("broken");
  EXPECT_EQ(lesson.tell(0, false)["state"], "stopped");
  EXPECT_FALSE(lessons_.resume(lesson, {}, false));
  lessons_.look_after();
  lessons_.remove(lesson);
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace lilt::studio
