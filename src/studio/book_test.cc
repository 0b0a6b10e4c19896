#include "studio/book.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "base/environment_error.h"
#include "base/random.h"
#include "studio/book_export.h"
#include "studio/book_json.h"
#include "temporary_folder.h"

namespace lilt::studio {
namespace {

using Ids = std::vector<std::int64_t>;
using Texts = std::vector<std::string>;

std::string tune(const std::string& title, const std::string& music = "DEFA d4|", int number = 1) {
  return "X:" + std::to_string(number) + "\nT:" + title + "\nR:jig\nM:4/4\nL:1/8\nK:D\n" + music +
         "\n";
}

class BookTest : public testing::Test {
 protected:
  Book open(Access access = Access::kWrite) { return *Book::open(path_, access); }

  static Ids found(Book& book, const BookQuery& query) {
    Ids ids;
    const Result<BookPage> page = book.search(query);
    if (!page) return {-1};
    for (const KeptTune& kept : page->tunes) ids.push_back(kept.id);
    return ids;
  }

  support::TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "tunes.db";
};

TEST_F(BookTest, KeepsTunes) {
  Book book = open();
  EXPECT_EQ(book.size(), 0U);
  const TuneContent content{
      tune("First"), 3, {" evening ", "set", "set", ""}, "slow\nand steady", R"({"key":"D"})"};
  const KeptTune added = *book.add(content);
  EXPECT_EQ(added.id, 1);
  EXPECT_EQ(added.revision, 1);
  EXPECT_EQ(added.title, "First");
  EXPECT_EQ(added.key, "D");
  EXPECT_EQ(added.metre, "4/4");
  EXPECT_EQ(added.rhythm, "jig");
  EXPECT_EQ(added.content.abc, content.abc);
  EXPECT_EQ(added.content.stars, 3);
  EXPECT_EQ(added.content.tags, (Texts{"evening", "set"}));
  EXPECT_EQ(added.content.notes, "slow\nand steady");
  EXPECT_EQ(added.content.request, R"({"key":"D"})");
  EXPECT_GT(added.created, 1'700'000'000);
  EXPECT_EQ(added.created, added.changed);

  const KeptTune child = *book.add({.abc = tune("Second")}, 1);
  EXPECT_EQ(child.parent, 1);
  Book again = open(Access::kRead);
  EXPECT_EQ(again.size(), 2U);
  EXPECT_EQ(again.find(1)->content, added.content);
  EXPECT_EQ(again.find(2)->parent, 1);
  EXPECT_FALSE(again.find(3));
}

TEST_F(BookTest, KeepsTheTextAsItIs) {
  Book book = open();
  const auto kept = [&](const std::string& abc) { return book.add({.abc = abc})->content.abc; };
  EXPECT_EQ(kept("X: 9 % mine\nT:Own\n%%scale 0.7\nK:D\n  D E|F\r\nw:la la\n"),
            "X: 9 % mine\nT:Own\n%%scale 0.7\nK:D\n  D E|F\nw:la la\n");
  EXPECT_EQ(kept("T:No number\nK:D\nDEF|"), "X:1\nT:No number\nK:D\nDEF|\n");
  EXPECT_EQ(kept("M:6/8\n\nX:2\nT:Of a file\nK:D\nDEF|\n"), "X:2\nT:Of a file\nM:6/8\nK:D\nDEF|\n");
  EXPECT_EQ(kept("X:1\nK:D\n(DE:| what is this? [\n"), "X:1\nK:D\n(DE:| what is this? [\n");
}

TEST_F(BookTest, SaysWhatItRefuses) {
  Book book = open();
  const auto refused = [&](const TuneContent& content, std::optional<std::int64_t> parent = {}) {
    const Result<KeptTune> added = book.add(content, parent);
    return added ? "added" : added.error().to_string();
  };
  EXPECT_EQ(refused({.abc = "words"}),
            "abc: expected a tune, which has a line that begins with K:, found none");
  EXPECT_EQ(refused({.abc = tune("A") + "\n" + tune("B")}),
            "abc: expected one tune, found 2; an empty line ends a tune, and each X: begins one");
  EXPECT_EQ(refused({.abc = "X:1\nT:caf\xE9\nK:D\nD|"}), "abc: expected UTF-8");
  EXPECT_EQ(refused({.abc = tune("A", std::string(kLongestKept, 'a'))}),
            "abc: expected a tune of at most 1048576 bytes");
  EXPECT_EQ(refused({tune("A"), 6, {}, "", ""}), "stars: expected 0 to 5 stars, found 6");
  EXPECT_EQ(refused({tune("A"), -1, {}, "", ""}), "stars: expected 0 to 5 stars, found -1");
  EXPECT_EQ(refused({tune("A"), 0, {"a\nb"}, "", ""}),
            "tags: expected tags of at most 60 bytes, found a\\nb");
  EXPECT_EQ(refused({tune("A"), 0, Texts(41, "t"), "", ""}),
            "tags: expected at most 40 tags, found 41");
  EXPECT_EQ(refused({tune("A"), 0, {}, "\x80", ""}),
            "notes: expected a text of at most 20000 bytes in UTF-8");
  EXPECT_EQ(refused({.abc = tune("A"), .request = "[1]"}),
            "request: expected a JSON object of at most 1000000 bytes");
  EXPECT_EQ(refused({.abc = tune("A")}, 7),
            "from: expected a tune of the book, found the number 7, which no tune has");
  EXPECT_EQ(book.size(), 0U);
}

TEST_F(BookTest, ChangesTunesByRevision) {
  Book book = open();
  const KeptTune added = *book.add({.abc = tune("First")});
  const Saving saved = *book.update(1, 1, {tune("Changed", "GAB=c|"), 2, {"new"}, "note", "{}"});
  EXPECT_EQ(saved.outcome, Saved::kDone);
  EXPECT_EQ(saved.tune->revision, 2);
  EXPECT_EQ(saved.tune->title, "Changed");
  EXPECT_EQ(saved.tune->content.stars, 2);
  // What is found by its old words, tags and notes is not.
  EXPECT_EQ(found(book, {.words = "first"}), Ids{});
  EXPECT_EQ(found(book, {.words = "changed"}), Ids{1});
  EXPECT_EQ(found(book, {.melody = "+2 +2 +3"}), Ids{});
  EXPECT_EQ(found(book, {.melody = "G A B c"}), Ids{1});
  EXPECT_EQ(found(book, {.tag = "new"}), Ids{1});
  // The same again changes nothing.
  EXPECT_EQ(book.update(1, 2, saved.tune->content)->tune->revision, 2);
  EXPECT_EQ(book.update(7, 1, added.content)->outcome, Saved::kGone);
  EXPECT_FALSE(book.update(1, 2, {.abc = "words"}));
}

TEST_F(BookTest, NeverLosesAnothersWork) {
  Book one = open();
  static_cast<void>(one.add({.abc = tune("First")}));
  Book two = open();
  EXPECT_EQ(one.update(1, 1, {.abc = tune("Of one")})->outcome, Saved::kDone);
  const Saving refused = *two.update(1, 1, {.abc = tune("Of two")});
  EXPECT_EQ(refused.outcome, Saved::kOutdated);
  EXPECT_EQ(refused.tune->title, "Of one");
  EXPECT_EQ(refused.tune->revision, 2);
  EXPECT_EQ(two.remove(1, 1).outcome, Saved::kOutdated);
  EXPECT_EQ(two.restore(1, 1, 1).outcome, Saved::kOutdated);
  EXPECT_EQ(one.find(1)->title, "Of one");
  EXPECT_EQ(two.update(1, 2, {.abc = tune("Of two")})->outcome, Saved::kDone);
  EXPECT_EQ(one.find(1)->title, "Of two");
  // What the other has added is found.
  EXPECT_EQ(found(one, {.melody = "D E F A"}), Ids{});
  static_cast<void>(two.add({.abc = tune("Third", "GABd|")}));
  EXPECT_EQ(found(one, {.melody = "C D E G"}), (Ids{2, 1}));
  EXPECT_EQ(found(one, {.words = "third"}), Ids{2});
}

TEST_F(BookTest, UndoesChanges) {
  Book book = open();
  static_cast<void>(book.add({tune("One"), 1, {"a"}, "n", ""}));
  static_cast<void>(book.update(1, 1, {tune("Two"), 2, {"b"}, "m", ""}));
  static_cast<void>(book.update(1, 2, {tune("Three"), 3, {}, "", ""}));
  const std::vector<TuneVersion> history = book.history(1);
  ASSERT_EQ(history.size(), 2U);
  EXPECT_EQ(history[0].revision, 2);
  EXPECT_EQ(history[1].content, (TuneContent{tune("One"), 1, {"a"}, "n", ""}));
  const Saving undone = book.restore(1, 3, 1);
  EXPECT_EQ(undone.outcome, Saved::kDone);
  EXPECT_EQ(undone.tune->revision, 4);
  EXPECT_EQ(undone.tune->content, history[1].content);
  EXPECT_EQ(found(book, {.tag = "a"}), Ids{1});
  // And that, too, is undone.
  EXPECT_EQ(book.restore(1, 4, 3).tune->title, "Three");
  EXPECT_EQ(book.restore(1, 5, 99).outcome, Saved::kGone);
}

TEST_F(BookTest, TakesTunesOutAndBack) {
  Book book = open();
  static_cast<void>(book.add({tune("One"), 1, {"a"}, "n", ""}));
  static_cast<void>(book.add({.abc = tune("Two", "GABc|")}));
  EXPECT_EQ(book.remove(1, 1).outcome, Saved::kDone);
  EXPECT_EQ(book.remove(1, 1).outcome, Saved::kGone);
  EXPECT_FALSE(book.find(1));
  EXPECT_EQ(book.size(), 1U);
  EXPECT_EQ(found(book, {}), Ids{2});
  EXPECT_EQ(found(book, {.words = "one"}), Ids{});
  EXPECT_EQ(found(book, {.melody = "C D E G"}), Ids{});
  EXPECT_EQ(book.tags().size(), 0U);
  EXPECT_EQ(book.update(1, 2, {.abc = tune("One")})->outcome, Saved::kGone);
  // Its number is nobody else's.
  EXPECT_EQ(book.add({.abc = tune("Three", "ceg|")})->id, 3);
  const Saving back = book.restore(1, 0, 1);
  EXPECT_EQ(back.outcome, Saved::kDone);
  EXPECT_EQ(back.tune->revision, 3);
  EXPECT_EQ(back.tune->content, (TuneContent{tune("One"), 1, {"a"}, "n", ""}));
  EXPECT_EQ(found(book, {.melody = "C D E G"}), Ids{1});
  EXPECT_EQ(book.check(), "ok");
}

void run_sql(const std::filesystem::path& path, const std::string& sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &connection), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
      << sqlite3_errmsg(connection);
  sqlite3_close(connection);
}

TEST_F(BookTest, ForgetsWhatWasTakenOutLongAgo) {
  {
    Book book = open();
    for (const char* title : {"One", "Two"}) static_cast<void>(book.add({.abc = tune(title)}));
    static_cast<void>(book.remove(1, 1));
    static_cast<void>(book.remove(2, 1));
  }
  run_sql(path_, "UPDATE tunes SET gone = gone - 31 * 86400 WHERE id = 1");
  Book book = open();
  EXPECT_TRUE(book.history(1).empty());
  EXPECT_EQ(book.restore(1, 0, 1).outcome, Saved::kGone);
  EXPECT_EQ(book.restore(2, 0, 1).outcome, Saved::kDone);
}

TEST_F(BookTest, KeepsSoManyVersions) {
  Book book = open();
  static_cast<void>(book.add({.abc = tune("0")}));
  for (int i = 1; i <= kVersionsKept + 5; ++i) {
    static_cast<void>(book.update(1, i, {.abc = tune(std::to_string(i))}));
  }
  const std::vector<TuneVersion> history = book.history(1);
  EXPECT_EQ(history.size(), static_cast<std::size_t>(kVersionsKept));
  EXPECT_EQ(history.back().revision, 6);
}

TEST_F(BookTest, FindsByWords) {
  Book book = open();
  const std::string more = "X:1\nT:The Second\nT:Mná na hÉireann\nC:Trad.\nR:air\nK:Ador\nA|\n";
  static_cast<void>(book.add({tune("The First"), 1, {"evening"}, "played by Ann", ""}));
  static_cast<void>(book.add({.abc = more, .stars = 4}));
  EXPECT_EQ(found(book, {.words = "the"}), (Ids{2, 1}));
  EXPECT_EQ(found(book, {.words = "THE fir"}), Ids{1});
  EXPECT_EQ(found(book, {.words = "the eve"}), Ids{1});
  EXPECT_EQ(found(book, {.words = "ann"}), Ids{1});
  EXPECT_EQ(found(book, {.words = "mna heireann"}), Ids{2});
  EXPECT_EQ(found(book, {.words = "trad ador air"}), Ids{2});
  EXPECT_EQ(found(book, {.words = "jig"}), Ids{1});
  EXPECT_EQ(found(book, {.words = "first air"}), Ids{});
  EXPECT_EQ(found(book, {.words = "the", .stars = 2}), Ids{2});
  EXPECT_EQ(found(book, {.words = "the", .tag = "EVENING"}), Ids{1});
  // What means something to FTS5 or to SQL means nothing.
  EXPECT_EQ(found(book, {.words = "\"the\" NOT* (first) -"}), Ids{});
  EXPECT_EQ(found(book, {.words = "\"the\" ' ; -- : * ^"}), (Ids{2, 1}));
  EXPECT_EQ(found(book, {.words = "OR"}), Ids{});
  EXPECT_EQ(found(book, {.words = std::string("th\0e", 4)}), (Ids{2, 1}));
  EXPECT_EQ(found(book, {.words = "\xff\xfe"}), Ids{});
}

TEST_F(BookTest, FindsByMelody) {
  Book book = open();
  static_cast<void>(book.add({.abc = tune("First", "DEFA d4|d4 A4|]"), .stars = 5}));
  static_cast<void>(book.add({.abc = tune("Second", "GABd ecAF|GABd g4|]")}));
  static_cast<void>(book.add({.abc = tune("Third", "g2e2 c2A2|GABd e4|]")}));
  EXPECT_EQ(found(book, {.melody = "G A B d"}), (Ids{2, 1, 3}));
  EXPECT_EQ(found(book, {.melody = "+2 +2 +3 +5"}), (Ids{1, 2}));
  EXPECT_EQ(found(book, {.melody = "C D E G", .sort = BookOrder::kTitle}), (Ids{1, 2, 3}));
  EXPECT_EQ(found(book, {.words = "third", .melody = "C D E G"}), Ids{3});
  EXPECT_EQ(found(book, {.melody = "C D E G", .stars = 5}), Ids{1});
  const BookPage second = *book.search({.melody = "C D E G", .offset = 1, .limit = 1});
  EXPECT_EQ(second.total, 3U);
  ASSERT_EQ(second.tunes.size(), 1U);
  EXPECT_EQ(second.tunes[0].id, 1);
  EXPECT_FALSE(second.has_mistakes);
  const BookPage nearly = *book.search({.melody = "+2 +2 +3 +2 -2 -3"});
  EXPECT_TRUE(nearly.has_mistakes);
  EXPECT_EQ(nearly.total, 1U);
  EXPECT_EQ(book.search({.melody = "hello"}).error().place.field, "melody");
}

TEST_F(BookTest, ListsInOrder) {
  Book book = open();
  for (const char* title : {"beta", "Alpha", "Gamma", "alpha"}) {
    static_cast<void>(book.add({.abc = tune(title)}));
  }
  static_cast<void>(book.update(2, 1, {.abc = tune("Alpha"), .stars = 3}));
  run_sql(path_, "UPDATE tunes SET changed = changed + 5 WHERE id = 2");
  EXPECT_EQ(found(book, {}), (Ids{4, 3, 2, 1}));
  EXPECT_EQ(found(book, {.sort = BookOrder::kOld}), (Ids{1, 2, 3, 4}));
  EXPECT_EQ(found(book, {.sort = BookOrder::kTitle}), (Ids{2, 4, 1, 3}));
  EXPECT_EQ(found(book, {.sort = BookOrder::kStars}), (Ids{2, 4, 3, 1}));
  EXPECT_EQ(found(book, {.sort = BookOrder::kChanged}), (Ids{2, 4, 3, 1}));
  EXPECT_EQ(found(book, {.offset = 1, .limit = 2}), (Ids{3, 2}));
  EXPECT_EQ(found(book, {.offset = 9, .limit = 2}), Ids{});
  EXPECT_EQ(found(book, {.tunes = {3, 1, 77, -1}}), (Ids{3, 1}));
  Ids all;
  ASSERT_TRUE(book.for_each({.sort = BookOrder::kOld, .offset = 2, .limit = 1},
                            [&](const KeptTune& kept) { all.push_back(kept.id); }));
  EXPECT_EQ(all, (Ids{1, 2, 3, 4}));
}

TEST_F(BookTest, CountsTags) {
  Book book = open();
  static_cast<void>(book.add({tune("1"), 0, {"set", "slow"}, "", ""}));
  static_cast<void>(book.add({tune("2"), 0, {"set"}, "", ""}));
  const std::vector<TagCount> tags = book.tags();
  ASSERT_EQ(tags.size(), 2U);
  EXPECT_EQ(tags[0].tag, "set");
  EXPECT_EQ(tags[0].tunes, 2U);
}

TEST_F(BookTest, KnowsNearVariants) {
  Book book = open();
  const std::string music = "DEFA d2fd|edBA FABd|e2f2 gfed|cABc d4|]";
  static_cast<void>(book.add({.abc = tune("One", music)}));
  static_cast<void>(book.add({.abc = tune("Two", "DEFA ddfd|edBA FABd|eeff gfge|cABc d4|]")}));
  static_cast<void>(book.add({.abc = tune("Other", "DCDC DCDC|FEFE FEFE|A8|]")}));
  const std::vector<NearTune> near = book.near(1, 5);
  ASSERT_EQ(near.size(), 1U);
  EXPECT_EQ(near[0].tune.title, "Two");
  EXPECT_GT(near[0].similarity, 0.5);
  EXPECT_TRUE(book.near(3, 5).empty());
  EXPECT_TRUE(book.near(99, 5).empty());
}

TEST_F(BookTest, AddsEachTuneOnce) {
  Book book = open();
  const std::vector<TuneContent> some = {
      {.abc = tune("A")}, {.abc = tune("B")}, {.abc = tune("A", "DEFA d4|", 7)}};
  EXPECT_EQ(*book.add_new(some), (Ids{1, 2, 0}));
  EXPECT_EQ(*book.add_new(some), (Ids{0, 0, 0}));
  const std::vector<TuneContent> wrong = {{.abc = tune("C")}, {.abc = "words"}};
  EXPECT_EQ(book.add_new(wrong).error().place.field, "abc");
  EXPECT_EQ(book.size(), 2U);
}

// --- Files that are no book, or not whole

TEST_F(BookTest, LiesWhereAPersonsDataDoes) {
  const auto place = [](const char* data, const char* home) {
    for (const auto& [name, value] : {std::pair("XDG_DATA_HOME", data), std::pair("HOME", home)}) {
      value == nullptr ? ::unsetenv(name) : ::setenv(name, value, 1);
    }
    return usual_book();
  };
  const std::string home = std::getenv("HOME") == nullptr ? "/" : std::getenv("HOME");
  EXPECT_EQ(place("/data", "/home/ann"), "/data/lilt/tunes.db");
  EXPECT_EQ(place(nullptr, "/home/ann"), "/home/ann/.local/share/lilt/tunes.db");
  EXPECT_EQ(place("no/absolute/path", "/home/ann"), "/home/ann/.local/share/lilt/tunes.db");
  EXPECT_THROW(static_cast<void>(place(nullptr, nullptr)), EnvironmentError);
  ::setenv("HOME", home.c_str(), 1);
  EXPECT_TRUE(Book::open(folder_.path() / "a" / "b" / "tunes.db"));
}

TEST_F(BookTest, RefusesOtherFiles) {
  const auto refused = [&](Access access) {
    const Result<Book> book = Book::open(path_, access);
    return book ? "opened" : book.error().message;
  };
  EXPECT_THROW(static_cast<void>(Book::open(path_, Access::kRead)), EnvironmentError);
  EXPECT_FALSE(std::filesystem::exists(path_));
  EXPECT_THROW(static_cast<void>(Book::open(folder_.path())), EnvironmentError);

  const std::string words =
      "X:1\nT:This is a file of tunes and no book\nK:C\n" + std::string(4000, 'c');
  folder_.write("tunes.db", words);
  for (const Access access : {Access::kRead, Access::kWrite}) {
    EXPECT_EQ(refused(access), "expected a tune book of Lilt, found a file of another kind");
  }
  EXPECT_EQ(support::read_text(path_), words);

  folder_.write("tunes.db", "");
  EXPECT_EQ(refused(Access::kRead), "expected a tune book of Lilt, found an empty file");
  EXPECT_EQ(refused(Access::kWrite), "opened");

  std::filesystem::remove(path_);
  run_sql(path_, "CREATE TABLE bookmarks(url TEXT)");
  EXPECT_EQ(refused(Access::kWrite),
            "expected a tune book of Lilt, found the database of another program");
}

TEST_F(BookTest, RefusesBooksOfANewerVersion) {
  static_cast<void>(open());
  run_sql(path_, "PRAGMA user_version = 9");
  EXPECT_EQ(Book::open(path_).error().message,
            "expected a tune book of Lilt, found a book of version 9; this program knows versions "
            "up to 1, so a newer Lilt is needed");
  run_sql(path_, "PRAGMA user_version = -1");
  EXPECT_FALSE(Book::open(path_));
}

TEST_F(BookTest, RefusesWhatRunsByItself) {
  static_cast<void>(open());
  run_sql(path_, "CREATE TRIGGER t AFTER INSERT ON tunes BEGIN DELETE FROM texts; END");
  EXPECT_EQ(Book::open(path_).error().message,
            "expected a tune book of Lilt, found one with triggers or views in it");
}

TEST_F(BookTest, SaysThatAnotherProgramWrites) {
  Book book = open();
  sqlite3* other = nullptr;
  ASSERT_EQ(sqlite3_open(path_.c_str(), &other), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  book.set_patience(10);
  try {
    static_cast<void>(book.add({.abc = tune("A")}));
    ADD_FAILURE();
  } catch (const EnvironmentError& e) {
    EXPECT_NE(std::string(e.what()).find("another program is writing to it"), std::string::npos);
  }
  EXPECT_EQ(book.size(), 0U);  // reading goes on
  sqlite3_exec(other, "ROLLBACK", nullptr, nullptr, nullptr);
  sqlite3_close(other);
  EXPECT_TRUE(book.add({.abc = tune("A")}));
}

// As JSON.
std::size_t shown(const Result<BookPage>& page) {
  return page ? to_json(*page).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).size()
              : 0;
}

// All that a book can be asked, whatever comes of it.
void ask_everything(const std::filesystem::path& path) {
  try {
    Result<Book> opened = Book::open(path);
    if (!opened) return;
    Book& book = *opened;
    const auto attempt = [](const auto& act) {
      try {
        static_cast<void>(act());
      } catch (const EnvironmentError&) {
      }
    };
    for (const BookOrder order : {BookOrder::kNew, BookOrder::kTitle, BookOrder::kStars}) {
      attempt([&] { return shown(book.search({.sort = order})); });
    }
    attempt([&] { return export_book(book, {}, {}, {}); });
    attempt([&] {
      return export_book(book, {}, {BookFormat::kZip, {score::Kind::kMusicXml}, {}}, {});
    });
    attempt([&] { return book.search({.words = "tune"}); });
    attempt([&] { return book.search({.melody = "D E F A"}); });
    attempt([&] { return book.near(3, 5); });
    attempt([&] { return book.history(1); });
    attempt([&] { return book.restore(1, 2, 1); });
    attempt([&] { return book.update(2, 1, {.abc = tune("Two again")}); });
    attempt([&] { return book.add({.abc = tune("More"), .tags = {"t"}}); });
    attempt([&] { return book.remove(3, 1); });
    attempt([&] { return book.tags().size() + book.size(); });
    attempt([&] { return book.check(); });
  } catch (const EnvironmentError&) {
  }
}

TEST_F(BookTest, SurvivesDamage) {
  {
    Book book = open();
    for (int i = 0; i < 40; ++i) {
      static_cast<void>(book.add({tune("Tune " + std::to_string(i)), i % 6, {"t"}, "note", ""}));
    }
    static_cast<void>(book.update(1, 1, {.abc = tune("Changed")}));
  }
  const std::string whole = support::read_text(path_);
  Random random(7, RandomStream::kSample);
  const int rounds = std::getenv("LILT_THOROUGH") != nullptr ? 1000 : 40;
  for (int round = 0; round < rounds; ++round) {
    std::string damaged = whole;
    const std::size_t places = 1 + random.below(20);
    for (std::size_t i = 0; i < places; ++i) {
      damaged[random.below(damaged.size())] = static_cast<char>(random.below(256));
    }
    if (round % 5 == 0) damaged.resize(random.below(damaged.size()));
    if (round % 7 == 0) {
      const std::size_t page = random.below(damaged.size() / 4096 + 1) * 4096;
      for (std::size_t i = page; i < std::min(page + 4096, damaged.size()); ++i) {
        damaged[i] = static_cast<char>(random.below(256));
      }
    }
    for (const char* ending : {"-wal", "-shm"}) std::filesystem::remove(path_.string() + ending);
    folder_.write("tunes.db", damaged);
    ask_everything(path_);
  }
}

}  // namespace
}  // namespace lilt::studio
