#include "object_store/documents.h"
#include "object_store/s3_storage.h"
#include "support/storage_checks.h"
#include "support/test.h"
#include "unit/object_store/fake_s3.h"

namespace sluice::object_store {
namespace {

using test::contains;
using test::FakeS3;

struct Rig {
    FakeS3 server{};
    net::Client http{};
    std::stop_source stop{};
    Client client() { return Client(http, server.config(), stop.get_token()); }
};

}  // namespace

TEST_CASE("a request is signed as in Amazon's own example") {
    // From the S3 API reference, "Example: GET Object".
    net::Request request{.url = "https://examplebucket.s3.amazonaws.com/test.txt"};
    request.headers.add("Range", "bytes=0-9");
    sign(request, {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""}, "us-east-1",
         test::ok(parse_iso("2013-05-24T00:00:00Z")));
    CHECK(request.headers.find("Authorization") ==
          "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
          "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
          "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
    // "Example: GET Bucket (List Objects)": parameters are sorted.
    net::Request list{.url = "https://examplebucket.s3.amazonaws.com/?prefix=J&max-keys=2"};
    sign(list, {"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", ""}, "us-east-1",
         test::ok(parse_iso("2013-05-24T00:00:00Z")));
    CHECK(contains(*list.headers.find("Authorization"),
                   "Signature=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
}

TEST_CASE("keys are encoded once, and '/' stays") {
    CHECK(encoded("a b/c+d&é~.txt", true) == "a%20b/c%2Bd%26%C3%A9~.txt");
    CHECK(encoded("a/b", false) == "a%2Fb");
}

TEST_CASE("every promise of storage holds in a bucket") {
    for (const test::StorageCheck& check : test::storage_checks()) {
        CAPTURE(check.name);
        Rig rig;
        S3Storage storage(rig.http, {.client = rig.server.config(),
                                     .bucket = "b",
                                     .prefix = "here",
                                     .part_bytes = 300'000,
                                     .read_bytes = 100'000});
        check.run(storage);
        CHECK(rig.server.uploads() == 0);
    }
}

TEST_CASE("a large object goes in parts of one size, and what fails leaves nothing") {
    Rig rig;
    const std::string piece(40'000, 'x');
    {
        Upload upload(rig.client(), {.bucket = "b", .key = "whole"}, {}, 100'000);
        for (int i = 0; i < 10; ++i) test::ok(upload.write(piece));
        CHECK_FALSE(test::ok(upload.finish()).etag.empty());
    }
    CHECK(rig.server.object("whole").size() == 400'000);
    CHECK(rig.server.largest_body() == 100'000);

    rig.server.refuse_parts_after(2);
    {
        Upload upload(rig.client(), {.bucket = "b", .key = "broken"}, {}, 100'000);
        Result<void> written;
        for (int i = 0; i < 10 && written; ++i) written = upload.write(piece);
        CHECK(test::failure(written).code == ErrorCode::Forbidden);
        CHECK(rig.server.uploads() == 1);
    }
    CHECK(rig.server.uploads() == 0);
    CHECK(rig.server.keys() == std::vector<std::string>{"whole"});
}

TEST_CASE("a busy server is asked again, a refusal is not") {
    Rig rig;
    rig.server.be_busy("PUT", 2);
    test::ok(rig.client().put({.bucket = "b", .key = "k"}, "bytes", {}));
    CHECK(rig.server.seen().size() == 3);
    rig.server.be_busy("PUT", 3);
    const Error busy = test::failure(rig.client().put({.bucket = "b", .key = "k"}, "bytes", {}));
    CHECK(busy.code == ErrorCode::Unavailable);
    CHECK(busy.message == "'k' in bucket 'b': the fake says no (SlowDown)");
    const std::size_t before = rig.server.seen().size();
    CHECK(test::failure(rig.client().head({.bucket = "b", .key = "none"})).code == ErrorCode::NotFound);
    CHECK(contains(test::failure(rig.client().list({.bucket = "other"})).message, "NoSuchBucket"));
    CHECK(rig.server.seen().size() == before + 2);
}

TEST_CASE("a download that breaks goes on where it broke, of the same object") {
    Rig rig;
    std::string bytes;
    for (int i = 0; i < 100'000; ++i) bytes += std::to_string(i);
    test::ok(rig.client().put({.bucket = "b", .key = "k"}, bytes, {}));
    rig.server.break_download();
    std::string got;
    test::ok(rig.client().download({.bucket = "b", .key = "k"}, [&](std::string_view part) -> Result<void> {
        got += part;
        return {};
    }));
    CHECK(got == bytes);
    const auto last = rig.server.seen().back();
    CHECK(last.headers.contains("range"));
    CHECK(last.headers.contains("if-match"));
    // What the receiver says is the end, and is not tried again.
    const std::size_t before = rig.server.seen().size();
    const auto full = rig.client().download({.bucket = "b", .key = "k"}, [](std::string_view) -> Result<void> {
        return refuse(ErrorCode::Unavailable, "the disk is full");
    });
    CHECK(test::failure(full).message == "the disk is full");
    CHECK(rig.server.seen().size() == before + 1);
}

TEST_CASE("lists go on over pages") {
    Rig rig;
    for (int i = 0; i < 25; ++i) test::ok(rig.client().put({.bucket = "b", .key = fmt::format("p/{:02}", i)}, "x", {}));
    ListRequest request{.bucket = "b", .prefix = "p/", .most = 10};
    std::size_t seen = 0, pages = 0;
    do {
        const ListPage page = test::ok(rig.client().list(request));
        seen += page.objects.size();
        request.continuation = page.continuation;
        ++pages;
    } while (!request.continuation.empty());
    CHECK(seen == 25);
    CHECK(pages == 3);
    CHECK(test::ok(rig.client().list_all({.bucket = "b", .prefix = "p/"}, 12)).size() == 12);
}

TEST_CASE("an answer that is not what was asked for is no success") {
    CHECK(test::contains(test::failure(list_page_of("<ListBucketResult><IsTruncated>true</IsTruncated>"
                                                    "<NextMarker>k</NextMarker></ListBucketResult>"))
                             .message,
                         "cut off"));
    CHECK(removal_errors_of("<DeleteResult/>").empty());
    CHECK_FALSE(removal_errors_of("<Error><Code>InternalError</Code></Error>").empty());
    CHECK_FALSE(removal_errors_of("").empty());
    test::LoopbackServer hasty([](const test::Seen&) { return test::Reply{test::response("200 OK", "")}; });
    net::Client http;
    const Client client(http, {.endpoint = hasty.url(""), .path_style = true, .pause_before_repeat = 1ms}, {});
    CHECK_FALSE(client.copy({.bucket = "b", .key = "k"}, {.bucket = "b", .key = "l"}));
    CHECK_FALSE(client.complete_upload({.bucket = "b", .key = "k"}, "u1", {"e"}));
}

TEST_CASE("a client that is told to stop does not wait for a busy server") {
    Rig rig;
    rig.server.be_busy("GET", 100);
    auto config = rig.server.config();
    config.pause_before_repeat = 1h;
    std::jthread stopper;
    const Client patient(rig.http, config, rig.stop.get_token());
    stopper = std::jthread([&] {
        while (rig.server.seen().empty()) std::this_thread::yield();
        rig.stop.request_stop();
    });
    CHECK(test::failure(patient.list({.bucket = "b"})).code == ErrorCode::Cancelled);
}

}  // namespace sluice::object_store
