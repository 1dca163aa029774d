#include "worker/spool.h"

#include <fstream>
#include <sys/resource.h>

#include "base/id.h"
#include "support/test.h"
#include "worker/report.h"

namespace sluice::worker {
namespace {

namespace fs = std::filesystem;
using test::at;
using test::ok;

/// A folder of spools that goes with the test.
struct SpoolFolder {
    SpoolFolder() { fs::create_directories(config.folder); }
    ~SpoolFolder() { fs::remove_all(config.folder); }
    SpoolConfig config{.folder = fs::temp_directory_path() / fmt::format("sluice-spool-{:x}", random_bits())};

    std::vector<fs::path> segments() const {
        std::vector<fs::path> out;
        for (const auto& entry : fs::recursive_directory_iterator(config.folder)) {
            if (entry.path().extension() == ".records") out.push_back(entry.path());
        }
        std::ranges::sort(out);
        return out;
    }
};

std::vector<std::string> numbered(int from, int to) {
    std::vector<std::string> out;
    for (int i = from; i <= to; ++i) out.push_back(fmt::format("record {}", i));
    return out;
}

std::vector<std::string> read_all(Spool& spool, std::size_t at_once = 3) {
    std::vector<std::string> out;
    while (!spool.empty()) {
        const Spool::Batch batch = spool.read(at_once);
        out.insert(out.end(), batch.records.begin(), batch.records.end());
        spool.drop(batch);
    }
    return out;
}

/// As a process leaves it that is killed: its locks end with it.
std::vector<std::string> read_by_the_next(const SpoolConfig& config) {
    std::vector<std::string> out;
    for (Spool& one : Spool::orphans(config)) {
        for (std::string& record : read_all(one)) out.push_back(std::move(record));
    }
    return out;
}

void change_byte(const fs::path& file, std::streamoff at) {
    std::fstream out(file, std::ios::in | std::ios::out | std::ios::binary);
    out.seekg(at);
    const char was = static_cast<char>(out.get());
    out.seekp(at);
    out.put(static_cast<char>(was ^ 0x55));
}

}  // namespace

TEST_CASE("a spool gives back what it took, in order, and leaves nothing on disk") {
    SpoolFolder folder;
    folder.config.segment_bytes = 100;
    Spool spool(folder.config);
    CHECK(spool.empty());
    CHECK(fs::is_empty(folder.config.folder));
    CHECK(spool.append(numbered(1, 20)) == 20);
    CHECK(folder.segments().size() > 2);
    CHECK(spool.read(4).records == numbered(1, 4));
    CHECK(spool.read(4).records == numbered(1, 4));  // until it is dropped
    CHECK(read_all(spool) == numbered(1, 20));
    CHECK(spool.used_bytes() == 0);
    CHECK(fs::is_empty(folder.config.folder));
    CHECK(spool.append(numbered(21, 22)) == 2);
    CHECK(read_all(spool) == numbered(21, 22));
}

TEST_CASE("a spool whose process is gone is found by the next one, and only then") {
    SpoolFolder folder;
    {
        Spool spool(folder.config);
        CHECK(spool.append(numbered(1, 5)) == 5);
        CHECK(Spool::orphans(folder.config).empty());
    }
    auto found = Spool::orphans(folder.config);
    REQUIRE(found.size() == 1);
    CHECK(Spool::orphans(folder.config).empty());
    CHECK(read_all(found[0]) == numbered(1, 5));
    CHECK(fs::is_empty(folder.config.folder));
}

TEST_CASE("a spool never grows beyond its size, and goes on when there is room again") {
    SpoolFolder folder;
    folder.config.most_bytes = 100;
    Spool spool(folder.config);
    CHECK(spool.append(numbered(1, 9)) == 5);
    CHECK(spool.append(numbered(6, 6)) == 0);
    CHECK(spool.used_bytes() <= 100);
    CHECK(read_all(spool) == numbered(1, 5));
    CHECK(spool.append(numbered(6, 6)) == 1);
}

TEST_CASE("a record that was torn by a crash is passed over, wherever it was torn") {
    for (std::uintmax_t missing = 1; missing <= 20; ++missing) {
        SpoolFolder folder;
        {
            Spool spool(folder.config);
            CHECK(spool.append(numbered(1, 3)) == 3);
        }
        const fs::path file = folder.segments().at(0);
        fs::resize_file(file, fs::file_size(file) - missing);
        CHECK(read_by_the_next(folder.config) == numbered(1, 2));
        CHECK(fs::is_empty(folder.config.folder));
    }
}

TEST_CASE("a damaged record is passed over, and those behind it are read") {
    constexpr std::streamoff kRecordBytes = 12 + 8;
    for (std::streamoff at = kRecordBytes; at < 2 * kRecordBytes; ++at) {
        SpoolFolder folder;
        {
            Spool spool(folder.config);
            CHECK(spool.append(numbered(1, 3)) == 3);
        }
        change_byte(folder.segments().at(0), at);
        CHECK(read_by_the_next(folder.config) == std::vector<std::string>{"record 1", "record 3"});
    }
}

TEST_CASE("a disk that takes nothing more is no catastrophe") {
    SpoolFolder folder;
    folder.config.segment_bytes = 1;  // each record begins a new file
    Spool spool(folder.config);
    CHECK(spool.append(numbered(1, 1)) == 1);
    const fs::path second = fs::path(folder.segments().at(0)).replace_filename("00000002.records");
    fs::create_directory(second);  // in the way of the next file
    CHECK(spool.append(numbered(2, 3)) == 0);
    fs::remove(second);
    CHECK(spool.append(numbered(2, 3)) == 2);
    CHECK(read_all(spool) == numbered(1, 3));
}

TEST_CASE("what can't be read for want of descriptors is not passed over") {
    SpoolFolder folder;
    Spool spool(folder.config);
    CHECK(spool.append(numbered(1, 3)) == 3);
    rlimit before{};
    REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
    const rlimit none{0, before.rlim_max};
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
    CHECK_THROWS_AS(spool.read(3), OutsideError);
    REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
    CHECK(read_all(spool) == numbered(1, 3));
}

TEST_CASE("a file of a spool that is gone is passed over, and the others are read") {
    SpoolFolder folder;
    folder.config.segment_bytes = 1;  // each record begins a new file
    Spool spool(folder.config);
    CHECK(spool.append(numbered(1, 3)) == 3);
    fs::remove(folder.segments().at(1));
    CHECK(read_all(spool) == std::vector<std::string>{"record 1", "record 3"});
}

TEST_CASE("reports are the same after the disk") {
    const queue::ClaimId claim{TaskRunId{"5xq0000000000000000001"}, 3};
    const ExecutionId execution{"5xq0000000000000000000"};
    const auto again = [&](const Report& report) { return ok(report_of(to_record(report))); };

    queue::Finished finished{claim.task_run_id, execution, {}};
    finished.result = {
        claim.task_run_id, 3, State::Warning, Value{{"a", 1.5}, {"b", "ü\n"}}, "worker", at("10:00:00"), at("10:00:01"),
        "kestra:///log"};
    const Report result = again({7, claim, ServiceId{"me"}, finished});
    CHECK(result.seq == 7);
    CHECK(result.claim == claim);
    CHECK(result.worker == ServiceId{"me"});
    CHECK(std::get<queue::Finished>(result.what).result == finished.result);
    CHECK(std::get<queue::Finished>(result.what).execution_id == execution);

    const store::LogWrite line{execution.text(),
                               {"space", "flow"},
                               "",
                               {at("10:00:00"), LogLevel::Warn, "task", claim.task_run_id, 2, "half \"a\" line"}};
    const auto read = std::get<store::LogWrite>(again({8, claim, ServiceId{"me"}, line}).what);
    CHECK(read.line.message == line.line.message);
    CHECK(read.line.level == LogLevel::Warn);
    CHECK(read.line.at == line.line.at);
    CHECK(read.line.attempt == 2);
    CHECK(read.flow == line.flow);

    const store::MetricWrite metric{
        execution.text(),
        {"space", "flow"},
        {"rows", "counter", 12.25, Value{{"x", "y"}}, "task", claim.task_run_id, at("10:00:00")}};
    const auto measured = std::get<store::MetricWrite>(again({9, claim, ServiceId{"me"}, metric}).what);
    CHECK(measured.metric.value == 12.25);
    CHECK(measured.metric.kind == "counter");
    CHECK(measured.metric.tags == metric.metric.tags);
    CHECK(std::holds_alternative<GivenBack>(again({10, claim, ServiceId{"me"}, GivenBack{}}).what));
    CHECK_FALSE(report_of("{}"));
    CHECK_FALSE(report_of("nonsense"));
}

}  // namespace sluice::worker
