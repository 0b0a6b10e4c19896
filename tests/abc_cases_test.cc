// The cases in tests/abc: every file says in comments at its top what there is to say about it.
//
//   ok-*.abc    "% expect: code code": exactly these warnings, in any order; no comment, none
//   bad-*.abc   "% expect: line code": exactly these, each with its line; at least one an error

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "abc/book_check.h"
#include "abc/tune.h"

namespace lilt::abc {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_bad(const fs::path& path) { return path.filename().string().starts_with("bad-"); }

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(LILT_TEST_DATA "/abc")) {
    if (entry.path().extension() == ".abc") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// "code", or "line code" of a file that is bad.
std::vector<std::string> expected(const std::string& text, bool with_lines) {
  std::vector<std::string> codes;
  for (std::size_t at = 0;;) {
    at = text.find("% expect:", at);
    if (at == std::string::npos) break;
    at += 9;
    std::istringstream words(text.substr(at, text.find_first_of("\r\n", at) - at));
    for (std::string word; words >> word;) {
      if (std::string code; with_lines && words >> code) word += " " + code;
      codes.push_back(word);
    }
  }
  std::sort(codes.begin(), codes.end());
  return codes;
}

struct Outcome {
  std::vector<std::string> codes;
  bool has_error = false;
};

Outcome check(std::string_view text, bool with_lines, std::size_t block) {
  Outcome outcome;
  std::uint64_t line = 0;
  BookChecker book([&](const Finding& finding) {
    EXPECT_GE(finding.line, line) << "not in the order of the file";
    line = finding.line;
    const std::string code(name(finding.problem.code));
    outcome.codes.push_back(with_lines ? std::to_string(finding.line) + " " + code : code);
    outcome.has_error |= severity(finding.problem.code) == Severity::kError;
  });
  for (std::size_t at = 0; at < text.size(); at += block) book.feed(text.substr(at, block));
  book.finish();
  std::sort(outcome.codes.begin(), outcome.codes.end());
  return outcome;
}

class AbcCases : public testing::TestWithParam<fs::path> {};

TEST_P(AbcCases, AreDiagnosedAsTheySay) {
  const std::string text = read_file(GetParam());
  const bool bad = is_bad(GetParam());
  const Outcome outcome = check(text, bad, text.size() + 1);
  EXPECT_EQ(outcome.codes, expected(text, bad));
  EXPECT_EQ(outcome.has_error, bad);
}

TEST_P(AbcCases, DoNotDependOnTheBlocksTheyComeIn) {
  const std::string text = read_file(GetParam());
  const Outcome whole = check(text, true, text.size() + 1);
  for (const std::size_t block : {1, 2, 7}) EXPECT_EQ(check(text, true, block).codes, whole.codes);
}

TEST_P(AbcCases, AreReadAsTheyAreChecked) {
  BookReader book([](BookTune& tune) {
    const std::vector<Problem> checked = check_tune(tune.text);
    const std::vector<Problem> read = read_tune(tune.text).problems;
    ASSERT_EQ(checked.size(), read.size());
    for (std::size_t i = 0; i < checked.size(); ++i) {
      EXPECT_EQ(checked[i].code, read[i].code);
      EXPECT_EQ(checked[i].begin, read[i].begin);
    }
  });
  book.feed(read_file(GetParam()));
  book.finish();
}

INSTANTIATE_TEST_SUITE_P(Files, AbcCases, testing::ValuesIn(case_files()), [](const auto& value) {
  std::string name = value.param.stem().string();
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(AbcCasesTogether, AreExplained) {
  const std::string commands = read_file(LILT_TEST_DATA "/../docs/commands.md");
  for (int i = 1; i < static_cast<int>(Code::kCount); ++i) {
    const Code code = static_cast<Code>(i);
    const std::string severity_name = severity(code) == Severity::kError ? "error" : "warning";
    const std::string row = "| `" + std::string(name(code)) + "` | " + severity_name + " |";
    EXPECT_NE(commands.find(row), std::string::npos) << "docs/commands.md lacks " << row;
  }
}

// Codes that no file shows: they need more text than a case should have.
TEST(AbcCasesTogether, ShowEveryCode) {
  std::set<std::string> missing;
  for (int i = 1; i < static_cast<int>(Code::kCount); ++i) {
    missing.emplace(name(static_cast<Code>(i)));
  }
  for (const fs::path& path : case_files()) {
    for (const std::string& code : expected(read_file(path), is_bad(path))) {
      missing.erase(code.substr(code.find(' ') + 1));
    }
  }
  EXPECT_EQ(missing, std::set<std::string>{"tune-too-long"});
}

}  // namespace
}  // namespace lilt::abc
