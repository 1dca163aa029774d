#include <cstdio>
#include <cstdlib>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "base/log_level.h"
#include "base/log_target.h"
#include "support/test.h"

namespace sluice {
namespace {

using test::contains;

/// Standard error goes into a file meanwhile, which is the journal's where that is wanted.
class Captured {
  public:
    Captured(bool journal, LogFormat format) : before_(dup(STDERR_FILENO)), file_(std::tmpfile()) {
        dup2(fileno(file_), STDERR_FILENO);
        struct stat there {};
        fstat(STDERR_FILENO, &there);
        if (journal) setenv("JOURNAL_STREAM", fmt::format("{}:{}", there.st_dev, there.st_ino).c_str(), 1);
        configure_logging({.level = LogLevel::Info, .format = format, .to_stderr = true});
    }
    ~Captured() {
        unsetenv("JOURNAL_STREAM");
        dup2(before_.get(), STDERR_FILENO);
        std::fclose(file_);
        configure_logging({.level = LogLevel::Warn, .to_stderr = true});
    }
    std::string text() {
        std::string out;
        std::rewind(file_);
        for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) out += static_cast<char>(c);
        return out;
    }

  private:
    FileDescriptor before_;
    std::FILE* file_;
};

const Logger kTestLog("test");

}  // namespace

TEST_CASE("lines for the journal begin with their priority, and leave the time to it") {
    Captured journal(true, LogFormat::Text);
    kTestLog.error("a.failed", {{"count", 1}});
    kTestLog.warn("b.healed");
    kTestLog.info("c.done");
    kTestLog.debug("d.hidden");
    CHECK_EQ(journal.text(), "<3>[test] a.failed count=1\n<4>[test] b.healed\n<6>[test] c.done\n");
}

TEST_CASE("as JSON, values are fields of their own; the level may change while it runs") {
    Captured journal(true, LogFormat::Json);
    set_log_level(LogLevel::Debug);
    kTestLog.debug("task.finished", {{"task_run_id", std::string_view("abc")}, {"took_ms", 12}});
    const std::string text = journal.text();
    CHECK(text.starts_with("<7>{\"time\":\""));
    CHECK(contains(text, "\"event\":\"task.finished\",\"task_run_id\":\"abc\",\"took_ms\":12}\n"));
}

TEST_CASE("where nobody is the journal there is no priority") {
    Captured file(false, LogFormat::Text);
    setenv("JOURNAL_STREAM", "1:2", 1);
    CHECK_FALSE(is_journal("1:2", STDERR_FILENO));
    kTestLog.info("c.done");
    CHECK_FALSE(contains(file.text(), "<6>"));
    CHECK(contains(file.text(), "[test] c.done"));
}

}  // namespace sluice
