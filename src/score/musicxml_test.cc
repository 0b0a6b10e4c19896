// MusicXML beside its own rules, and beside how the tune sounds.
#include "score/musicxml.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "abc/performance.h"
#include "tunes.h"

namespace lilt::score {
namespace {

namespace fs = std::filesystem;

struct Node {
  std::string name, text;
  std::map<std::string, std::string> attributes;
  std::vector<Node> children;

  [[nodiscard]] const Node* find(std::string_view wanted) const {
    for (const Node& child : children) {
      if (child.name == wanted) return &child;
    }
    return nullptr;
  }
  [[nodiscard]] int number(std::string_view wanted, int otherwise = 0) const {
    const Node* child = find(wanted);
    return child == nullptr ? otherwise : std::stoi(child->text);
  }
  [[nodiscard]] bool has(std::string_view wanted) const { return find(wanted) != nullptr; }
  [[nodiscard]] std::string attribute(const std::string& wanted) const {
    const auto found = attributes.find(wanted);
    return found == attributes.end() ? "" : found->second;
  }
};

// Reads XML that has no comments, sections or entities of its own; throws what is wrong.
class XmlReader {
 public:
  explicit XmlReader(const std::string& text) : text_(text) {}

  Node read() {
    skip("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    skip("<!DOCTYPE ");
    at_ = text_.find('>', at_) + 1;
    Node root = element();
    space();
    if (at_ != text_.size()) throw std::string("text behind the end");
    return root;
  }

 private:
  void space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  void skip(const std::string& what) {
    space();
    if (text_.compare(at_, what.size(), what) != 0) throw "expected " + what;
    at_ += what.size();
  }
  std::string until(const char* ends) {
    const std::size_t end = text_.find_first_of(ends, at_);
    if (end == std::string::npos) throw std::string("no end");
    const std::string part = text_.substr(at_, end - at_);
    at_ = end;
    return part;
  }

  Node element() {
    skip("<");
    Node node{.name = until(" >/")};
    for (space(); text_[at_] != '>' && text_[at_] != '/'; space()) {
      const std::string name = until("=");
      skip("=\"");
      node.attributes[name] = until("\"<");
      skip("\"");
    }
    if (text_[at_] == '/') {
      skip("/>");
      return node;
    }
    skip(">");
    for (;;) {
      node.text += until("<");
      if (text_.compare(at_, 2, "</") == 0) break;
      node.children.push_back(element());
    }
    skip("</" + node.name + ">");
    return node;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

// Whether the children stand in the order of the schema.
void expect_order(const Node& node, const std::vector<std::string>& order) {
  std::size_t at = 0;
  for (const Node& child : node.children) {
    const auto found =
        std::find(order.begin() + static_cast<std::ptrdiff_t>(at), order.end(), child.name);
    ASSERT_NE(found, order.end()) << child.name << " in " << node.name;
    at = static_cast<std::size_t>(found - order.begin());
  }
}

void expect_schema(const Node& node) {
  static const std::map<std::string, std::vector<std::string>> kOrders = {
      {"note",
       {"grace", "chord", "pitch", "rest", "duration", "tie", "voice", "type", "dot", "accidental",
        "time-modification", "beam", "notations"}},
      {"attributes", {"divisions", "key", "time", "clef", "transpose"}},
      {"barline", {"bar-style", "ending", "repeat"}},
      {"harmony", {"root", "kind", "bass", "offset"}},
      {"score-partwise", {"work", "identification", "part-list", "part"}},
      {"pitch", {"step", "alter", "octave"}},
  };
  if (const auto found = kOrders.find(node.name); found != kOrders.end()) {
    expect_order(node, found->second);
  }
  for (const Node& child : node.children) expect_schema(child);
}

struct Heard {
  abc::Ticks start = 0, length = 0;
  int pitch = 0;
  friend bool operator==(const Heard&, const Heard&) = default;
  friend auto operator<=>(const Heard&, const Heard&) = default;
};

// Reads the notes of a part, plays its repeats, and checks what belongs together on the way.
class PartPlayer {
 public:
  explicit PartPlayer(const Node& part) : part_(part) {}

  std::vector<Heard> play() {
    const std::vector<Node>& measures = part_.children;
    std::size_t start = 0;
    int pass = 1;
    std::size_t steps = 0;
    for (std::size_t i = 0; i < measures.size() && steps < 10000; ++steps) {
      const Node* left = line(measures[i], "left");
      const Node* right = line(measures[i], "right");
      if (left != nullptr && left->has("repeat") && i != start) {
        start = i;
        pass = 1;
      }
      if (left != nullptr && left->has("ending") && !counts(*left->find("ending"), pass)) {
        while (i < measures.size() && !stops_ending(measures[i])) ++i;
        ++i;
        continue;
      }
      play(measures[i]);
      if (right != nullptr && right->has("repeat") && pass < times(start)) {
        ++pass;
        i = start;
        continue;
      }
      if (right != nullptr && right->has("repeat")) {
        start = i + 1;
        pass = 1;
      }
      ++i;
    }
    std::sort(heard_.begin(), heard_.end());
    return heard_;
  }

 private:
  static const Node* line(const Node& measure, const std::string& where) {
    for (const Node& child : measure.children) {
      if (child.name == "barline" && child.attribute("location") == where) return &child;
    }
    return nullptr;
  }

  static bool counts(const Node& ending, int pass) {
    std::istringstream numbers(ending.attribute("number"));
    for (std::string number; std::getline(numbers, number, ',');) {
      if (std::stoi(number) == pass) return true;
    }
    return false;
  }

  static bool stops_ending(const Node& measure) {
    const Node* right = line(measure, "right");
    return right != nullptr && right->has("ending");
  }

  // How often the music that starts there is played.
  int times(std::size_t start) const {
    int most = 2;
    for (std::size_t i = start; i < part_.children.size(); ++i) {
      const Node* left = line(part_.children[i], "left");
      if (i > start && left != nullptr && left->has("repeat")) break;
      if (left == nullptr || !left->has("ending")) continue;
      for (int n = 1; n < 9; ++n) {
        if (counts(*left->find("ending"), n)) most = std::max(most, n);
      }
    }
    return most;
  }

  void play(const Node& measure) {
    abc::Ticks at = time_, note_start = time_;
    for (const Node& child : measure.children) {
      if (child.name == "attributes" && child.has("divisions")) {
        unit_ = abc::kWholeNote / 4 / child.number("divisions");
      }
      if (child.name == "backup") at -= child.number("duration") * unit_;
      if (child.name != "note" || child.has("grace")) continue;
      const abc::Ticks length = child.number("duration") * unit_;
      if (!child.has("chord")) {
        note_start = at;
        at += length;
      }
      if (child.has("pitch")) sound(child, note_start, length);
    }
    time_ = at;
  }

  void sound(const Node& note, abc::Ticks start, abc::Ticks length) {
    constexpr std::array kSemitones = {9, 11, 0, 2, 4, 5, 7};
    const Node& pitch = *note.find("pitch");
    const int midi = kSemitones[static_cast<std::size_t>(pitch.find("step")->text[0] - 'A')] +
                     pitch.number("alter") + 12 * (pitch.number("octave") + 1);
    bool stop = false, begin = false;
    for (const Node& child : note.children) {
      if (child.name != "tie") continue;
      (child.attribute("type") == "stop" ? stop : begin) = true;
    }
    const auto open = tied_.find(midi);
    if (stop && open != tied_.end()) {
      heard_[open->second].length += length;
      if (!begin) tied_.erase(open);
      return;
    }
    if (begin) tied_[midi] = heard_.size();
    heard_.push_back({start, length, midi});
  }

  const Node& part_;
  abc::Ticks unit_ = 1, time_ = 0;
  std::vector<Heard> heard_;
  std::map<int, std::size_t> tied_;
};

Node xml_of(const abc::Tune& tune) {
  const Result<std::string> xml = make_musicxml(tune, {});
  if (!xml) return {};
  try {
    return XmlReader(*xml).read();
  } catch (const std::string& wrong) {
    ADD_FAILURE() << wrong << "\n" << *xml;
    return {};
  }
}

Node xml_of(const std::string& text) { return xml_of(abc::read_tune(text).tune); }

const std::vector<Node>& measures_of(const Node& xml) { return xml.find("part")->children; }

bool sounds_the_same(const abc::Tune& tune, const Node& xml) {
  std::vector<Heard> wanted;
  for (const abc::Sound& sound : abc::perform(tune, {.graces = false})) {
    wanted.push_back({sound.start, sound.length, sound.pitch});
  }
  std::sort(wanted.begin(), wanted.end());
  return PartPlayer(*xml.find("part")).play() == wanted;
}

// In a full measure of a correct tune the durations are those of the metre.
void expect_full_measures(const Node& xml, const std::string& text) {
  abc::Ticks bar = 0;
  int divisions = 1;
  for (const Node& measure : measures_of(xml)) {
    abc::Ticks time = 0;
    for (const Node& child : measure.children) {
      if (child.name == "attributes") divisions = child.number("divisions", divisions);
      if (const Node* metre = child.find("time"); child.name == "attributes" && metre != nullptr) {
        bar = metre->has("senza-misura")
                  ? 0
                  : abc::kWholeNote / metre->number("beat-type") * metre->number("beats");
      }
      if (child.name == "note" && !child.has("chord") && !child.has("grace")) {
        time += abc::kWholeNote / 4 / divisions * child.number("duration");
      }
    }
    if (bar > 0) {
      EXPECT_LE(time, bar) << measure.attribute("number") << "\n" << text;
    }
  }
}

TEST(MusicXml, SoundsAsTheTuneDoes) {
  std::vector<std::string> tunes = support::tunes_of(fs::path(LILT_TEST_DATA) / "tunes.abc");
  for (const char* file : {"nottingham/train.abc", "nottingham/valid.abc"}) {
    const auto more = support::tunes_of(fs::path(LILT_CORPORA) / file);
    tunes.insert(tunes.end(), more.begin(), more.end());
  }
  ASSERT_FALSE(tunes.empty());
  int compared = 0, equal = 0;
  for (const std::string& text : tunes) {
    const abc::Reading reading = abc::read_tune(text);
    if (!reading.is_correct() || reading.tune.voices.size() != 1) continue;
    const Node xml = xml_of(reading.tune);
    expect_schema(xml);
    expect_full_measures(xml, text);
    ++compared;
    if (sounds_the_same(reading.tune, xml)) {
      ++equal;
    } else {
      std::printf("differs: %s\n", reading.tune.field(U'T').c_str());
    }
  }
  std::printf("%d of %d tunes\n", equal, compared);
  EXPECT_GE(equal, 0.99 * compared);
}

TEST(MusicXml, OfEveryCaseIsWellFormed) {
  for (const auto& entry : fs::directory_iterator(fs::path(LILT_TEST_DATA) / "abc")) {
    for (const std::string& text : support::tunes_of(entry.path())) {
      const Node xml = xml_of(text);
      if (xml.name.empty()) continue;  // no music
      expect_schema(xml);
      EXPECT_EQ(xml.attribute("version"), "4.0");
    }
  }
}

TEST(MusicXml, HasPickupsRepeatsAndEndings) {
  const Node xml =
      xml_of("X:1\nT:A & <B>\nM:2/4\nL:1/8\nK:G\nG|:A2 B2|c2 d2|1 e3 G:|2 e4||f2|\n|:g2 a2|b4:|\n");
  EXPECT_EQ(xml.find("work")->find("work-title")->text, "A &amp; &lt;B&gt;");
  const std::vector<Node>& measures = measures_of(xml);
  ASSERT_EQ(measures.size(), 8U);
  std::string numbers;
  for (const Node& measure : measures) numbers += measure.attribute("number") + " ";
  EXPECT_EQ(numbers, "0 1 2 3 4 X1 5 6 ");
  EXPECT_EQ(measures[0].attribute("implicit"), "yes");
  EXPECT_EQ(measures[1].find("barline")->find("repeat")->attribute("direction"), "forward");
  std::string endings;
  for (const Node& measure : measures) {
    for (const Node& child : measure.children) {
      if (child.name != "barline" || !child.has("ending")) continue;
      const Node& ending = *child.find("ending");
      endings += measure.attribute("number") + ":" + ending.attribute("number") +
                 ending.attribute("type") + " ";
    }
  }
  EXPECT_EQ(endings, "3:1start 3:1stop 4:2start 4:2stop ");
}

TEST(MusicXml, HasKeysAndMetres) {
  const auto attributes = [](const std::string& fields) {
    const Node xml = xml_of("X:1\n" + fields + "\nC");
    return *measures_of(xml)[0].find("attributes");
  };
  EXPECT_EQ(attributes("M:C|\nK:Ador").find("key")->number("fifths"), 1);
  EXPECT_EQ(attributes("M:C|\nK:Ador").find("key")->find("mode")->text, "dorian");
  EXPECT_EQ(attributes("M:C|\nK:C").find("time")->attribute("symbol"), "cut");
  EXPECT_TRUE(attributes("M:none\nK:C").find("time")->has("senza-misura"));
  EXPECT_EQ(attributes("M:3/4\nK:D ^g").find("key")->find("key-step")->text, "C");
  EXPECT_EQ(attributes("M:3/4\nK:none").find("key")->number("fifths", 9), 0);
  EXPECT_EQ(attributes("M:3/4\nK:C transpose=-2").find("transpose")->number("chromatic"), -2);
}

TEST(MusicXml, HasTupletsTiesSlursBeamsAndChords) {
  const Node xml =
      xml_of("X:1\nM:4/4\nL:1/8\nK:D\n\"D7/F#\"(3def g5-|g2 (f/g/a) {g}[ceg]2 \"Bbm7b5\"~z2|\n");
  const std::vector<Node>& measures = measures_of(xml);
  ASSERT_EQ(measures.size(), 2U);
  std::vector<const Node*> notes;
  for (const Node& measure : measures) {
    for (const Node& child : measure.children) {
      if (child.name == "note") notes.push_back(&child);
    }
  }
  // Three of the triplet; five eighths as a half and an eighth; …
  ASSERT_EQ(notes.size(), 14U);
  EXPECT_EQ(notes[0]->find("time-modification")->number("actual-notes"), 3);
  EXPECT_EQ(notes[0]->find("beam")->text, "begin");
  EXPECT_EQ(notes[2]->find("beam")->text, "end");
  EXPECT_EQ(notes[0]->find("notations")->find("tuplet")->attribute("type"), "start");
  EXPECT_EQ(notes[2]->find("notations")->find("tuplet")->attribute("type"), "stop");
  EXPECT_EQ(notes[3]->find("type")->text, "half");
  EXPECT_EQ(notes[3]->find("tie")->attribute("type"), "start");
  EXPECT_EQ(notes[5]->find("tie")->attribute("type"), "stop");
  EXPECT_EQ(notes[6]->find("notations")->find("slur")->attribute("type"), "start");
  EXPECT_EQ(notes[8]->find("notations")->find("slur")->attribute("type"), "stop");
  EXPECT_TRUE(notes[9]->has("grace"));
  EXPECT_FALSE(notes[10]->has("chord"));
  EXPECT_TRUE(notes[11]->has("chord"));
  const Node& harmony = *measures[0].find("harmony");
  EXPECT_EQ(harmony.find("root")->find("root-step")->text, "D");
  EXPECT_EQ(harmony.find("kind")->text, "dominant");
  EXPECT_EQ(harmony.find("bass")->find("bass-step")->text, "F");
  EXPECT_EQ(harmony.find("bass")->number("bass-alter"), 1);
  const Node& second = *measures[1].find("harmony");
  EXPECT_EQ(second.find("root")->number("root-alter"), -1);
  EXPECT_EQ(second.find("kind")->text, "half-diminished");
}

TEST(MusicXml, WritesVoicesOfOneLength) {
  const Node xml = xml_of("X:1\nM:4/4\nL:1/8\nK:C\nV:1\nC8|D8|E8|]\nV:2\nG,8|Z2|]\nV:3\nC8|]\n");
  std::set<std::size_t> lengths;
  int parts = 0;
  for (const Node& child : xml.children) {
    if (child.name != "part") continue;
    ++parts;
    lengths.insert(child.children.size());
  }
  EXPECT_EQ(parts, 3);
  EXPECT_EQ(lengths, std::set<std::size_t>{3});
}

TEST(MusicXml, GoesBackForASecondVoiceInABar) {
  const Node xml = xml_of("X:1\nM:4/4\nL:1/8\nK:C\nC8 & E4 G4|c8|]\n");
  const Node& measure = measures_of(xml)[0];
  ASSERT_TRUE(measure.has("backup"));
  EXPECT_EQ(measure.find("backup")->number("duration"), measure.find("note")->number("duration"));
}

TEST(MusicXml, NeedsMusic) {
  EXPECT_FALSE(make_musicxml(abc::read_tune("X:1\nK:C\n|||\n").tune, {}).ok());
}

}  // namespace
}  // namespace lilt::score
