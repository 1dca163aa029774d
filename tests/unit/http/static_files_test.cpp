#include "http/static_files.h"

#include "support/test.h"

using namespace sluice;
using namespace sluice::http;
using sluice::test::failure;
using sluice::test::ok;

namespace {

const StaticFiles& page() {
    static const StaticFiles files({{"index.html", "<html>"},
                                    {"assets/app-1.js", "plain"},
                                    {"assets/app-1.js.gz", "gzipped"},
                                    {"assets/app-1.js.br", "brotli"},
                                    {"favicon.ico", "icon"},
                                    {"orphan.js.gz", "x"}});
    return files;
}

Response answer(std::string_view path, Headers headers = {}) {
    Request request;
    request.headers = std::move(headers);
    return ok(page().answer(request, path));
}

std::string text_of(const Response& response) {
    return std::string(std::get<StaticText>(response.body).text);
}

}  // namespace

TEST_CASE("the page answers at its own addresses, with dots in them or not") {
    for (const char* path : {"", "index.html", "main/flows", "main/namespaces/edit/company.team", "orphan.js"}) {
        CAPTURE(path);
        const Response response = answer(path);
        CHECK(text_of(response) == "<html>");
        CHECK(response.headers.find("Content-Type") == "text/html; charset=utf-8");
        CHECK(response.headers.find("Cache-Control") == "no-cache");
    }
    CHECK(failure(page().answer({}, "assets/gone.js")).code == ErrorCode::NotFound);
}

TEST_CASE("an asset comes in the best form that the client reads") {
    CHECK(text_of(answer("assets/app-1.js")) == "plain");
    CHECK(text_of(answer("assets/app-1.js", {{"Accept-Encoding", "gzip"}})) == "gzipped");
    const Response best = answer("assets/app-1.js", {{"Accept-Encoding", "gzip, deflate, br"}});
    CHECK(text_of(best) == "brotli");
    CHECK(best.headers.find("Content-Encoding") == "br");
    CHECK(best.headers.find("Content-Type") == "text/javascript; charset=utf-8");
    CHECK(best.headers.find("Vary") == "Accept-Encoding");
    CHECK(best.headers.find("Cache-Control") == "public, max-age=86400, immutable");
    CHECK(best.headers.find("ETag") != answer("assets/app-1.js").headers.find("ETag"));
}
