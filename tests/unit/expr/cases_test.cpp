#include <fstream>
#include <sstream>

#include "expr/case_file.h"
#include "expr/catalogue.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::test;

namespace {

std::string text_of(const std::string& path) {
    std::ostringstream text;
    text << std::ifstream(path, std::ios::binary).rdbuf();
    return text.str();
}

const std::string kCases = std::string(SLUICE_SOURCE_DIR) + "/tests/conformance/expressions/cases.json";

}  // namespace

TEST_CASE("our own cases pass") {
    std::ostringstream failures;
    const auto report = ok(expr::run_cases(text_of(kCases), &failures));
    CHECK(failures.str() == "");
    CHECK(report.passed > 150);
}

TEST_CASE("every filter, function and test occurs in our own cases") {
    const std::string cases = text_of(kCases);
    for (const expr::Described& one : expr::catalogue()) {
        const std::string name(one.name);
        const std::string use = one.kind == "function" ? name + "(" : one.kind == "filter" ? "| " + name : "is " + name;
        const std::string negated = "is not " + name;
        CAPTURE(use);
        CHECK((cases.find(use) != std::string::npos || cases.find(negated) != std::string::npos));
    }
}

TEST_CASE("a file of cases that is none is refused") {
    CHECK(failure(expr::run_cases("{}", nullptr)).code == ErrorCode::Invalid);
    CHECK(failure(expr::run_cases("[", nullptr)).code == ErrorCode::Invalid);
}
