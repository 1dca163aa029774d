#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <vector>

#include "expr/case_file.h"

// expression_cases [FILE…]: renders the cases of each file; the exit code is 1 when one fails.
// Without arguments: our own file, and expressions-cases.json of the folder $SLUICE_SPEC_DIR when that is set.

namespace {

std::vector<std::string> default_files() {
    std::vector<std::string> files{SLUICE_SOURCE_DIR "/tests/conformance/expressions/cases.json"};
    const char* folder = std::getenv("SLUICE_SPEC_DIR");
    if (folder != nullptr)
        files.push_back(std::string(folder) + "/expressions-cases.json");
    else
        std::cout << "skipped: the cases of other engines, because SLUICE_SPEC_DIR is not set\n";
    return files;
}

/// Whether all cases of the file pass; a file that is not there is skipped.
bool passes(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        std::cout << "skipped: there is no file " << path << "\n";
        return true;
    }
    std::ostringstream text;
    text << file.rdbuf();
    const auto report = sluice::expr::run_cases(text.str(), &std::cout);
    if (!report) {
        std::cout << path << ": " << report.error().text() << "\n";
        return false;
    }
    std::cout << report->passed << " passed, " << report->failed.size() << " failed\n";
    return report->is_clean();
}

}  // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> files =
        count > 1 ? std::vector<std::string>(arguments + 1, arguments + count) : default_files();
    bool clean = true;
    for (const std::string& file : files) clean = passes(file) && clean;
    return clean ? 0 : 1;
}
