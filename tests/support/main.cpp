#define DOCTEST_CONFIG_IMPLEMENT
#include <csignal>
#include <doctest/doctest.h>

#include "process/supervise.h"

int main(int argc, char** argv) {
    // Tests of child processes start this binary again as their supervisor.
    if (sluice::process::is_supervisor_call(argc, argv)) return sluice::process::supervise();
    std::signal(SIGPIPE, SIG_IGN);  // as main() of the server does
    return doctest::Context(argc, argv).run();
}
