#include "object_store/client.h"

#include "base/waker.h"
#include "object_store/documents.h"

namespace sluice::object_store {
namespace {

constexpr int kMostTries = 3;
constexpr std::size_t kLongestRefusal = 64 * 1024;
constexpr std::string_view kMetadataHeader = "x-amz-meta-";

Timestamp system_time() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

std::uint64_t number_of(const std::string& text) {
    return std::strtoull(text.c_str(), nullptr, 10);
}

/// "Tue, 24 Nov 2026 05:10:00 GMT"
std::optional<Timestamp> parse_http_date(const std::string& text) {
    std::tm parts{};
    if (::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &parts) == nullptr) return {};
    return Timestamp{std::chrono::seconds{::timegm(&parts)}};
}

ObjectInfo info_of(const Place& place, const net::Headers& headers) {
    ObjectInfo out;
    out.key = place.key;
    out.size_bytes = number_of(headers.find("Content-Length").value_or("0"));
    // of a part: "bytes 0-99/1234"
    if (const auto range = headers.find("Content-Range")) {
        const auto slash = range->rfind('/');
        if (slash != std::string::npos) out.size_bytes = number_of(range->substr(slash + 1));
    }
    out.etag = headers.find("ETag").value_or("");
    out.content_type = headers.find("Content-Type").value_or("");
    out.storage_class = headers.find("x-amz-storage-class").value_or("");
    out.version = headers.find("x-amz-version-id").value_or("");
    out.modified = parse_http_date(headers.find("Last-Modified").value_or(""));
    for (const auto& [name, value] : headers) {
        const std::string key = lower_case(name);
        if (key.starts_with(kMetadataHeader)) out.metadata[key.substr(kMetadataHeader.size())] = value;
    }
    return out;
}

Written written_of(const net::Response& response) {
    return {response.headers.find("ETag").value_or(""), response.headers.find("x-amz-version-id").value_or("")};
}

/// Of copies and of uploads in parts: the server answers 200 before the work is done, and tells in the body what came
/// of it. Only with an ETag there is an object.
Result<Written> told_in_body(const net::Response& response, const Place& place) {
    Written out = written_of(response);
    out.etag = element_of(response.body, "ETag");
    if (!out.etag.empty() && element_of(response.body, "Code").empty()) return out;
    net::Response failed = response;
    failed.code = 500;
    return tl::unexpected(error_of(failed, failed.body, place));
}

bool may_be_repeated(const Error& error) {
    return error.code == ErrorCode::Unavailable || error.code == ErrorCode::Timeout;
}

net::Pairs version_query(const Place& place) {
    return place.version.empty() ? net::Pairs{} : net::Pairs{{"versionId", place.version}};
}

std::string host_of_amazon(const std::string& region) {
    return fmt::format("https://s3.{}.amazonaws.com{}", region, region.starts_with("cn-") ? ".cn" : "");
}

}  // namespace

struct Client::Call {
    std::string method = "GET";
    Place place{};
    net::Pairs query{};
    net::Headers headers{};
    net::Body body{};
};

Client::Client(net::Client& http, ClientConfig config, std::stop_token stop)
    : http_(http), config_(std::move(config)), stop_(std::move(stop)) {
    if (config_.region.empty()) config_.region = "us-east-1";
    if (config_.endpoint.empty()) config_.endpoint = host_of_amazon(config_.region);
    while (config_.endpoint.ends_with('/')) config_.endpoint.pop_back();
    if (config_.endpoint.find("://") == std::string::npos) config_.endpoint = "https://" + config_.endpoint;
    // libcurl leaves the usual port out of the Host header, which is signed.
    const bool tls = config_.endpoint.starts_with("https://");
    if (const std::string_view usual = tls ? ":443" : ":80"; config_.endpoint.ends_with(usual)) {
        config_.endpoint.resize(config_.endpoint.size() - usual.size());
    }
    if (!config_.clock) config_.clock = system_time;
    // Bytes are to arrive as they were stored, and at the place that was signed.
    config_.options.decompress = false;
    config_.options.follow_redirects = false;
    config_.options.path_as_is = true;
}

std::string Client::url_of(const Call& call) const {
    std::string out = config_.endpoint;
    // TLS certificates of "*.s3.…" hold for one label only.
    const bool in_path = config_.path_style || call.place.bucket.find('.') != std::string::npos;
    if (in_path) {
        out += "/" + encoded(call.place.bucket, false);
    } else if (!call.place.bucket.empty()) {
        out.insert(out.find("://") + 3, call.place.bucket + ".");
    }
    out += "/" + (call.place.key.empty() ? "" : encoded(call.place.key, true));
    if (in_path && call.place.key.empty()) out.pop_back();
    char separator = '?';
    for (const auto& [name, value] : call.query) {
        out += fmt::format("{}{}={}", std::exchange(separator, '&'), encoded(name, false), encoded(value, false));
    }
    return out;
}

net::Request Client::request_for(const Call& call) const {
    net::Request request;
    request.method = call.method;
    request.url = url_of(call);
    request.headers = call.headers;
    request.body = call.body;
    request.options = config_.options;
    sign(request, config_.credentials, config_.region, config_.clock());
    return request;
}

Result<net::Response> Client::repeated(const std::function<Result<net::Response>()>& once) const {
    Duration pause = config_.pause_before_repeat;
    Waker nobody;
    for (int tries = 1;; ++tries) {
        auto response = once();
        if (response || !may_be_repeated(response.error()) || tries == kMostTries) return response;
        nobody.wait(stop_, pause);
        if (stop_.stop_requested()) return refuse(ErrorCode::Cancelled, "stopped while waiting for the object store");
        pause *= 2;
    }
}

Result<net::Response> Client::send(const Call& call) const {
    return repeated([&]() -> Result<net::Response> {
        auto response = http_.send(request_for(call), stop_);
        if (response && response->code >= 300) return tl::unexpected(error_of(*response, response->body, call.place));
        return response;
    });
}

/// Once: what came already can't be taken back. A refusal does not reach the receiver.
Result<net::Response> Client::send(const Call& call, const net::Receiver& receiver) const {
    std::string refusal;
    bool accepted = false;
    net::Receiver guarded;
    guarded.on_head = [&](const net::Response& head) -> Result<void> {
        accepted = head.code < 300;
        return accepted && receiver.on_head ? receiver.on_head(head) : Result<void>{};
    };
    guarded.on_bytes = [&](std::string_view bytes) -> Result<void> {
        if (accepted) return receiver.on_bytes(bytes);
        refusal += bytes.substr(0, kLongestRefusal - std::min(kLongestRefusal, refusal.size()));
        return {};
    };
    auto response = http_.send(request_for(call), guarded, stop_);
    if (response && !accepted) return tl::unexpected(error_of(*response, refusal, call.place));
    return response;
}

Result<ObjectInfo> Client::head(const Place& place) const {
    auto response = send({.method = "HEAD", .place = place, .query = version_query(place)});
    if (!response) return tl::unexpected(response.error());
    return info_of(place, response->headers);
}

Result<std::string> Client::get(const Place& place, std::uint64_t first, std::uint64_t length, const std::string& etag,
                                ObjectInfo* info) const {
    Call call{.place = place, .query = version_query(place)};
    call.headers.add("Range", fmt::format("bytes={}-{}", first, first + length - 1));
    if (!etag.empty()) call.headers.add("If-Match", etag);
    auto response = send(call);
    if (!response) {
        if (response.error().kind != "InvalidRange") return tl::unexpected(response.error());
        // An empty object has no first byte; where else the range leads nowhere the caller sees by the size.
        auto there = head(place);
        if (!there) return tl::unexpected(there.error());
        if (info != nullptr) *info = std::move(*there);
        return std::string();
    }
    if (info != nullptr) *info = info_of(place, response->headers);
    // A server that knows no ranges sends everything.
    if (response->code == 200) {
        return first >= response->body.size() ? std::string() : response->body.substr(first, length);
    }
    return std::move(response->body);
}

Result<ObjectInfo> Client::download(const Place& place,
                                    const std::function<Result<void>(std::string_view)>& take) const {
    ObjectInfo info;
    std::uint64_t done = 0;
    bool known = false;
    std::optional<Error> refused;  // by the receiver: not the network's, so it is not tried again
    net::Receiver receiver;
    receiver.on_head = [&](const net::Response& head) -> Result<void> {
        const bool continued = head.code == 206;
        if (done > 0 && !continued) return refuse(ErrorCode::Conflict, "the server does not continue a download");
        if (!std::exchange(known, true)) info = info_of(place, head.headers);
        return {};
    };
    receiver.on_bytes = [&](std::string_view bytes) -> Result<void> {
        done += bytes.size();
        auto taken = take(bytes);
        if (!taken) refused = taken.error();
        return taken;
    };
    auto response = repeated([&]() -> Result<net::Response> {
        Call call{.place = place, .query = version_query(place)};
        if (known && done >= info.size_bytes) return net::Response{};
        if (done > 0) call.headers.add("Range", fmt::format("bytes={}-", done));
        if (known && !info.etag.empty()) call.headers.add("If-Match", info.etag);
        auto sent = send(call, receiver);
        if (refused) return net::Response{};
        return sent;
    });
    if (refused) return tl::unexpected(std::move(*refused));
    if (!response) return tl::unexpected(response.error());
    if (done != info.size_bytes) {
        return refuse(ErrorCode::Unavailable, "'{}': {} bytes came instead of {}", place.key, done, info.size_bytes);
    }
    return info;
}

Result<Written> Client::put(const Place& place, std::string bytes, const net::Headers& headers) const {
    auto response = send({.method = "PUT", .place = place, .headers = headers, .body = std::move(bytes)});
    if (!response) return tl::unexpected(response.error());
    return written_of(*response);
}

Result<ListPage> Client::list(const ListRequest& request) const {
    Call call{.place = {.bucket = request.bucket}};
    call.query = {{"list-type", "2"}, {"max-keys", std::to_string(request.most)}};
    if (!request.prefix.empty()) call.query.emplace_back("prefix", request.prefix);
    if (!request.delimiter.empty()) call.query.emplace_back("delimiter", request.delimiter);
    if (!request.continuation.empty())
        call.query.emplace_back("continuation-token", request.continuation);
    else if (!request.start_after.empty())
        call.query.emplace_back("start-after", request.start_after);
    auto response = send(call);
    if (!response) return tl::unexpected(response.error());
    return list_page_of(response->body);
}

Result<std::vector<ObjectInfo>> Client::list_all(ListRequest request, std::size_t most) const {
    std::vector<ObjectInfo> out;
    while (out.size() < most) {
        request.most = static_cast<std::int64_t>(std::min<std::size_t>(1000, most - out.size()));
        auto page = list(request);
        if (!page) return tl::unexpected(page.error());
        std::move(page->objects.begin(), page->objects.end(), std::back_inserter(out));
        if (page->continuation.empty()) break;
        request.continuation = std::move(page->continuation);
    }
    return out;
}

Result<Written> Client::copy(const Place& from, const Place& to, const net::Headers& headers) const {
    Call call{.method = "PUT", .place = to, .headers = headers};
    call.headers.add("x-amz-copy-source",
                     "/" + encoded(from.bucket, false) + "/" + encoded(from.key, true) +
                         (from.version.empty() ? "" : "?versionId=" + encoded(from.version, false)));
    auto response = send(call);
    if (!response) return tl::unexpected(response.error());
    return told_in_body(*response, from);
}

Result<Written> Client::remove(const Place& place, bool* delete_marker) const {
    auto response = send({.method = "DELETE", .place = place, .query = version_query(place)});
    if (!response) {
        if (response.error().kind == "NoSuchKey") return Written{};
        return tl::unexpected(response.error());
    }
    if (delete_marker != nullptr) *delete_marker = response->headers.find("x-amz-delete-marker") == "true";
    return written_of(*response);
}

Result<void> Client::remove_many(const std::string& bucket, const std::vector<std::string>& keys) const {
    if (keys.empty()) return {};
    std::string document = removal_document(keys);
    Call call{.method = "POST", .place = {.bucket = bucket}, .query = {{"delete", ""}}};
    call.headers.add("Content-MD5", md5_base64(document));
    call.headers.add("Content-Type", "application/xml");
    call.body = std::move(document);
    const auto response = send(call);
    if (!response) return tl::unexpected(response.error());
    if (const std::string wrong = removal_errors_of(response->body); !wrong.empty()) {
        return refuse(ErrorCode::Unavailable, "not everything could be deleted from bucket '{}': {}", bucket, wrong);
    }
    return {};
}

Result<void> Client::create_bucket(const std::string& bucket, const net::Headers& headers) const {
    Call call{.method = "PUT", .place = {.bucket = bucket}, .headers = headers};
    if (config_.region != "us-east-1") call.body = location_document(config_.region);
    const auto response = send(call);
    if (!response) return tl::unexpected(response.error());
    return {};
}

Result<std::string> Client::begin_upload(const Place& place, const net::Headers& headers) const {
    const auto response = send({.method = "POST", .place = place, .query = {{"uploads", ""}}, .headers = headers});
    if (!response) return tl::unexpected(response.error());
    std::string upload = element_of(response->body, "UploadId");
    if (upload.empty()) return refuse(ErrorCode::Unavailable, "the object store began no upload of '{}'", place.key);
    return upload;
}

Result<std::string> Client::put_part(const Place& place, const std::string& upload, int number,
                                     const std::string& bytes) const {
    const auto response = send({.method = "PUT",
                                .place = place,
                                .query = {{"partNumber", std::to_string(number)}, {"uploadId", upload}},
                                .body = bytes});
    if (!response) return tl::unexpected(response.error());
    return response->headers.find("ETag").value_or("");
}

Result<Written> Client::complete_upload(const Place& place, const std::string& upload,
                                        const std::vector<std::string>& etags) const {
    Call call{.method = "POST", .place = place, .query = {{"uploadId", upload}}, .body = completion_document(etags)};
    call.headers.add("Content-Type", "application/xml");
    auto response = send(call);
    if (!response) return tl::unexpected(response.error());
    return told_in_body(*response, place);
}

void Client::abort_upload(const Place& place, const std::string& upload) const {
    // Also when we were stopped: this request must not be.
    const Client unstopped(http_, config_, {});
    static_cast<void>(unstopped.send({.method = "DELETE", .place = place, .query = {{"uploadId", upload}}}));
}

}  // namespace sluice::object_store
