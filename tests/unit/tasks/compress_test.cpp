#include "unit/tasks/task_rig.h"

namespace sluice::tasks {
namespace {

using test::TaskRig;

std::string many_lines() {
    std::string out;
    for (int i = 0; i < 50'000; ++i) out += fmt::format("line {} {}\n", i, i * 7919 % 10'007);
    return out;
}

}  // namespace

TEST_CASE("a file that is compressed and decompressed is the same again") {
    const std::string text = many_lines();
    for (const char* how : {"BZIP2", "DEFLATE", "GZIP", "LZ4_FRAME", "LZMA", "XZ", "Z", "ZSTD"}) {
        CAPTURE(how);
        const bool has_empty = std::string(how) != "Z";
        for (const std::string& content : has_empty ? std::vector{text, std::string()} : std::vector{text}) {
            TaskRig rig;
            rig.put_file("kestra:///in.txt", content);
            const std::string more = "\ncompression: " + std::string(how);
            const Value packed = test::ok(rig.run("compress.FileCompress", "from: kestra:///in.txt" + more));
            if (!content.empty()) CHECK(rig.file(packed.text("uri")).size() < content.size() * 2 / 3);
            const Value back = test::ok(rig.run("compress.FileDecompress", "from: " + packed.text("uri") + more));
            CHECK(back.text("uri").ends_with("/in.txt"));
            CHECK(test::ok(rig.files.get(test::ok(storage::Uri::parse(back.text("uri"))), 1 << 24)) == content);
        }
    }
}

TEST_CASE("what is not compressed so is refused") {
    TaskRig rig;
    rig.put_file("kestra:///empty", "");
    CHECK(
        test::contains(test::failure(rig.run("compress.FileCompress", "from: kestra:///empty\ncompression: Z")).message,
                       "the format Z has no empty file"));
    rig.put_file("kestra:///in", "plain text");
    for (const char* how : {"GZIP", "ZSTD", "DEFLATE", "XZ"}) {
        test::failure(rig.run("compress.FileDecompress", "from: kestra:///in\ncompression: " + std::string(how)));
    }
    const std::string packed =
        test::ok(rig.run("compress.FileCompress", "from: kestra:///in\ncompression: GZIP")).text("uri");
    rig.put_file("kestra:///cut", rig.file(packed).substr(0, 15));
    CHECK(test::contains(
        test::failure(rig.run("compress.FileDecompress", "from: kestra:///cut\ncompression: GZIP")).message, "cut"));
}

TEST_CASE("files go into archives and come out of them") {
    for (const char* algorithm : {"ZIP", "JAR", "TAR", "CPIO"}) {
        CAPTURE(algorithm);
        TaskRig rig;
        rig.put_file("kestra:///a", many_lines());
        rig.put_file("kestra:///b", "");
        const std::string kind = "\nalgorithm: " + std::string(algorithm);
        const Value packed =
            test::ok(rig.run("compress.ArchiveCompress", "from: {d/a.txt: kestra:///a, ü.txt: kestra:///b}" + kind));
        const Value out =
            test::ok(rig.run("compress.ArchiveDecompress", "from: " + packed.text("uri") + kind))["files"];
        CHECK(out.as_map().size() == 2);
        CHECK(test::ok(rig.files.get(test::ok(storage::Uri::parse(out.text("d/a.txt"))), 1 << 24)) == many_lines());
        CHECK(rig.file(out.text("ü.txt")).empty());
    }
}

TEST_CASE("an archive whose bytes were damaged is refused") {
    TaskRig rig;
    const std::string marker = "bytes that are stored as they are ";
    rig.put_file("kestra:///a", marker + many_lines());
    for (const char* algorithm : {"ZIP", "JAR"}) {
        const std::string kind = "\nalgorithm: " + std::string(algorithm);
        const Value packed = test::ok(rig.run("compress.ArchiveCompress", "from: {a.txt: kestra:///a}" + kind));
        std::string bytes = test::ok(rig.files.get(test::ok(storage::Uri::parse(packed.text("uri"))), 1 << 24));
        // The sum of the contents, at its two places: behind them and in the directory.
        for (const char* head : {"PK\x07\x08", "PK\x01\x02"}) {
            const std::size_t at = bytes.find(head);
            REQUIRE(at != std::string::npos);
            char& byte = bytes[at + (head[2] == '\x01' ? 16 : 4)];
            byte = static_cast<char>(byte ^ 1);
        }
        test::ok(rig.files.put(test::ok(storage::Uri::parse("kestra:///damaged")), bytes));
        const Error refused = test::failure(rig.run("compress.ArchiveDecompress", "from: kestra:///damaged" + kind));
        CHECK(test::contains(refused.message, "bad CRC"));
    }
}

TEST_CASE("a TAR may be compressed as a whole, and need not say so") {
    TaskRig rig;
    rig.put_file("kestra:///a", "A");
    const Value packed =
        test::ok(rig.run("compress.ArchiveCompress", "from: {a.txt: kestra:///a}\nalgorithm: TAR\ncompression: GZIP"));
    for (const char* how : {"", "\ncompression: GZIP"}) {
        const Value out =
            test::ok(rig.run("compress.ArchiveDecompress", "from: " + packed.text("uri") + "\nalgorithm: TAR" + how));
        CHECK(rig.file(out["files"].text("a.txt")) == "A");
    }
}

TEST_CASE("paths that lead out of an archive are refused") {
    TaskRig rig;
    rig.put_file("kestra:///a", "A");
    for (const char* path : {"../x", "/etc/x", "a/../../x", "a\\..\\x"}) {
        const auto out =
            rig.run("compress.ArchiveCompress", fmt::format("from: {{'{}': kestra:///a}}\nalgorithm: TAR", path));
        CHECK(test::contains(test::failure(out).message, "leads out of it"));
    }
    // A name that was changed in the file itself; ZIP has no checksum over names.
    const Value packed = test::ok(rig.run("compress.ArchiveCompress", "from: {__/a.txt: kestra:///a}\nalgorithm: ZIP"));
    std::string bytes = rig.file(packed.text("uri"));
    for (std::size_t at = 0; (at = bytes.find("__/a", at)) != std::string::npos;) bytes.replace(at, 2, "..");
    rig.put_file("kestra:///evil", bytes);
    CHECK(test::contains(
        test::failure(rig.run("compress.ArchiveDecompress", "from: kestra:///evil\nalgorithm: ZIP")).message,
        "leads out of it"));
}

TEST_CASE("a file that would fill the disk is refused") {
    TaskRig rig;
    rig.put_file("kestra:///zeros", std::string(65 * 1024 * 1024, '\0'));
    const Value packed = test::ok(rig.run("compress.FileCompress", "from: kestra:///zeros\ncompression: ZSTD"));
    const Error error =
        test::failure(rig.run("compress.FileDecompress", "from: " + packed.text("uri") + "\ncompression: ZSTD"));
    CHECK(error.code == ErrorCode::TooLarge);
}

TEST_CASE("what is no archive is refused") {
    TaskRig rig;
    CHECK(test::contains(test::failure(rig.run("compress.ArchiveCompress", "from: {}\nalgorithm: ZIP")).message,
                         "there is no file in the map"));
    rig.put_file("kestra:///in", "plain text");
    for (const char* algorithm : {"ZIP", "TAR", "CPIO", "AR"}) {
        CHECK(test::failure(
                  rig.run("compress.ArchiveDecompress", "from: kestra:///in\nalgorithm: " + std::string(algorithm)))
                  .code == ErrorCode::Invalid);
    }
}

}  // namespace sluice::tasks
