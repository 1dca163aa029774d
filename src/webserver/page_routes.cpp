// The web page: its files below /ui/, and its own addresses, which all are index.html.
#include "http/static_files.h"
#include "webserver/api.h"

namespace sluice::webserver {
namespace {

/// What the page may load and do: only what comes from here. The editor makes styles, and workers from its own blobs.
constexpr const char* kContentPolicy =
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "worker-src 'self' blob:; connect-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'";

Result<http::Response> answer(const http::StaticFiles& files, const http::Request& request) {
    auto response = files.answer(request, request.parameter("**"));
    if (response) response->set("Content-Security-Policy", kContentPolicy);
    return response;
}

}  // namespace

void add_page_routes(http::Router& router, const std::vector<http::StaticFile>& page) {
    router.get("/", [](const http::Request&) { return http::Response::redirect("/ui/"); }).run(http::Runs::Inline);
    const auto files = std::make_shared<const http::StaticFiles>(page);
    router.get("/ui/**", [files](const http::Request& request) { return answer(*files, request); })
        .run(http::Runs::Inline);
}

}  // namespace sluice::webserver
