#include "http/multipart.h"

#include "http/form.h"
#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::failure;
using sluice::test::ok;

namespace {

const std::string kForm =
    "preamble that is ignored\r\n"
    "--XX\r\n"
    "Content-Disposition: form-data; name=\"greeting\"\r\n"
    "\r\n"
    "hello\r\n"
    "--XX  \r\n"
    "Content-Disposition: form-data; name=\"files\"; filename=\"data.bin\"\r\n"
    "Content-Type: application/octet-stream\r\n"
    "\r\n"
    "line\r\n--X\r\n-\r\n--XY is not it\r\r\n\n\r\n"
    "--XX\r\n"
    "content-disposition: form-data; name=empty\r\n"
    "\r\n"
    "\r\n"
    "--XX--\r\n"
    "epilogue that is ignored";

const std::string kBinary = "line\r\n--X\r\n-\r\n--XY is not it\r\r\n\n";

class Sink final : public BodySink {
  public:
    explicit Sink(std::string& into) : into_(into) {}
    Result<void> write(std::string_view piece) override {
        into_ += piece;
        return {};
    }
    Result<std::string> finish() override { return "stored:" + std::to_string(into_.size()); }

  private:
    std::string& into_;
};

Result<std::vector<Part>> read(std::string_view form, std::size_t piece, std::string& file,
                               const MultipartLimits& limits = {}) {
    FormReader reader("XX", limits, [&](const PartHead& head) -> Result<std::unique_ptr<BodySink>> {
        if (!head.is_file) return std::unique_ptr<BodySink>();
        return std::make_unique<Sink>(file);
    });
    for (std::size_t at = 0; at < form.size(); at += piece) {
        if (auto written = reader.write(form.substr(at, piece)); !written) return tl::unexpected(written.error());
    }
    return reader.finish();
}

Error refused(std::string_view form, const MultipartLimits& limits = {}) {
    std::string file;
    return failure(read(form, 7, file, limits));
}

}  // namespace

TEST_CASE("a form comes out the same in whatever pieces it comes in") {
    for (std::size_t piece = 1; piece <= kForm.size(); ++piece) {
        CAPTURE(piece);
        std::string file;
        const auto parts = ok(read(kForm, piece, file));
        REQUIRE(parts.size() == 3);
        CHECK(parts[0].head.name == "greeting");
        CHECK(parts[0].text == "hello");
        CHECK_FALSE(parts[0].head.is_file);
        CHECK(parts[1].head.filename == "data.bin");
        CHECK(parts[1].head.headers.find("content-type") == "application/octet-stream");
        CHECK(parts[1].went_to_sink);
        CHECK(parts[1].stored == "stored:" + std::to_string(kBinary.size()));
        CHECK(file == kBinary);
        CHECK(parts[2].head.name == "empty");
        CHECK(parts[2].text.empty());
    }
}

TEST_CASE("a file name may come encoded") {
    const auto head =
        ok(parse_part_head("Content-Disposition: form-data; name=a; filename=x; filename*=UTF-8''na%C3%AFve.txt"));
    CHECK(head.filename == "naïve.txt");
    CHECK(ok(parse_part_head("Content-Disposition: form-data; name=a; filename=\"\"")).is_file);
}

TEST_CASE("a malformed form is refused") {
    CHECK(refused("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nhello").code == ErrorCode::BadRequest);
    CHECK(refused("--XX\r\n\r\n\r\n--XX--").code == ErrorCode::BadRequest);
    CHECK(refused("--XX\r\nContent-Disposition: attachment; name=a\r\n\r\n\r\n--XX--").code == ErrorCode::BadRequest);
    CHECK(refused("--XX\r\nContent-Disposition: form-data\r\n\r\n\r\n--XX--").code == ErrorCode::BadRequest);
    CHECK(refused("--XX\r\nno colon\r\n\r\n\r\n--XX--").code == ErrorCode::BadRequest);
    CHECK(refused("--XXjunk\r\n\r\n\r\n--XX--").code == ErrorCode::BadRequest);
    CHECK(refused("no boundary at all").code == ErrorCode::BadRequest);
    CHECK(refused("").code == ErrorCode::BadRequest);
}

TEST_CASE("a form has limits on parts, headers and text") {
    CHECK(refused(kForm, {.max_parts = 2}).code == ErrorCode::TooLarge);
    CHECK(refused(kForm, {.max_header_bytes = 40}).code == ErrorCode::TooLarge);
    CHECK(refused(kForm, {.max_text_part = 4}).code == ErrorCode::TooLarge);
    CHECK(refused(kForm, {.max_text_total = 4}).code == ErrorCode::TooLarge);
    CHECK(refused("--XX\r\nA: " + std::string(100'000, 'a')).code == ErrorCode::TooLarge);
    CHECK(refused(std::string(100'000, 'a')).code == ErrorCode::BadRequest);
}

TEST_CASE("a boundary is taken from the content type") {
    CHECK(ok(boundary_of("multipart/form-data; boundary=\"a b\"")) == "a b");
    CHECK(ok(boundary_of("Multipart/Form-Data; charset=utf-8; boundary=x")) == "x");
    CHECK(failure(boundary_of("multipart/mixed; boundary=x")).code == ErrorCode::BadRequest);
    CHECK(failure(boundary_of("multipart/form-data")).code == ErrorCode::BadRequest);
    CHECK(failure(boundary_of("multipart/form-data; boundary=" + std::string(300, 'x'))).code == ErrorCode::BadRequest);
}

TEST_CASE("all kinds of forms are read alike") {
    Request request;
    CHECK(ok(form_of(request)).parts.empty());
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.body = "a=1+2&b=%C3%BC&a=3";
    CHECK(ok(form_of(request)).text("a") == "1 2");
    CHECK(ok(form_of(request)).text("b") == "ü");
    CHECK(ok(form_of(request)).parts.size() == 3);
    request.headers.set("Content-Type", "multipart/form-data; boundary=XX");
    request.body = kForm;
    CHECK(ok(form_of(request)).text("greeting") == "hello");
    CHECK(ok(form_of(request)).find("files")->text == kBinary);
    request.headers.set("Content-Type", "text/plain");
    CHECK(failure(form_of(request)).code == ErrorCode::BadRequest);
    request.parts = {Part{.head = {.name = "x"}, .text = "y"}};
    CHECK(ok(form_of(request)).text("x") == "y");
}
