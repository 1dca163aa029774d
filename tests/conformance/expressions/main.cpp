#include <fstream>
#include <iostream>
#include <sstream>

#include "expr/case_file.h"

/// expression_cases FILE…: renders the cases of each file; the exit code is 1 when one fails.
int main(int count, char** arguments) {
    bool clean = true;
    for (int i = 1; i < count; ++i) {
        std::ifstream file(arguments[i], std::ios::binary);
        if (!file) {
            std::cout << "skipped: there is no file " << arguments[i] << "\n";
            continue;
        }
        std::ostringstream text;
        text << file.rdbuf();
        const auto report = sluice::expr::run_cases(text.str(), &std::cout);
        if (!report) {
            std::cerr << arguments[i] << ": " << report.error().text() << "\n";
            return 2;
        }
        std::cout << report->passed << " passed, " << report->failed.size() << " failed\n";
        clean = clean && report->is_clean();
    }
    return clean ? 0 : 1;
}
