#pragma once
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"

namespace sluice::http {

/// A file of a page that is compiled into the program. `x.js.gz` and `x.js.br` are packed forms of `x.js`.
struct StaticFile {
    std::string_view path;      // relative, with slashes
    std::string_view content;   // lives as long as the program
    std::string_view digest{};  // other content has another; empty: it is made of the content
};

struct StaticFileOptions {
    /// Answers every path that is no file, so that the page's own addresses can be opened directly. Empty: 404
    std::string fallback = "index.html";
    /// Below here names change with the content: they may be cached, and one that is missing is 404, not the page.
    std::string assets = "assets/";
    std::string cache_assets = "public, max-age=86400, immutable";
    std::string cache_others = "no-cache";
};

/// Serves a single-page application: types, entity tags, packed forms, and the page for its own addresses.
/// Threads  any
class StaticFiles {
  public:
    explicit StaticFiles(const std::vector<StaticFile>& files, StaticFileOptions options = {});

    /// The file at `path`, usually the value of a route's "**".
    /// Errors  NotFound
    Result<Response> answer(const Request& request, std::string_view path) const;

  private:
    struct Form {
        std::string_view content{};
        std::string etag{};
    };
    struct Entry {
        Form plain{};
        Form gzip{};
        Form brotli{};
    };
    const Entry* find(std::string_view path, std::string& found) const;

    StaticFileOptions options_;
    std::map<std::string, Entry, std::less<>> entries_{};
};

}  // namespace sluice::http
