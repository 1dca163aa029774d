#include "unit/object_store/fake_s3.h"

#include <regex>

#include "storage/uri.h"

namespace sluice::test {
namespace {

std::string decoded(const std::string& text) {
    return storage::percent_decoded(text).value();
}

std::string etag_of(const std::string& bytes) {
    return "\"" + object_store::sha256_hex(bytes).substr(0, 32) + "\"";
}

Reply refusal(const std::string& status, const std::string& code) {
    return {response(
        status, "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>the fake says no</Message></Error>")};
}

std::map<std::string, std::string> query_of(const std::string& target) {
    std::map<std::string, std::string> out;
    const auto question = target.find('?');
    if (question == std::string::npos) return out;
    for (std::size_t at = question + 1; at < target.size();) {
        const auto end = std::min(target.find('&', at), target.size());
        const auto equals = std::min(target.find('=', at), end);
        out[decoded(target.substr(at, equals - at))] =
            equals < end ? decoded(target.substr(equals + 1, end - equals - 1)) : "";
        at = end + 1;
    }
    return out;
}

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text)
        out += c == '&' ? std::string("&amp;") : c == '<' ? std::string("&lt;") : std::string(1, c);
    return out;
}

}  // namespace

FakeS3::FakeS3() : server_([this](const Seen& request) { return answer(request); }) {}

object_store::ClientConfig FakeS3::config() const {
    return {.endpoint = endpoint(),
            .credentials = {"key", "secret", ""},
            .path_style = true,
            .clock = [] { return Timestamp{std::chrono::seconds{1'800'000'000}}; },
            .pause_before_repeat = 1ms};
}

void FakeS3::be_busy(const std::string& method, int count) {
    state_.with([&](State& state) {
        state.busy = count;
        state.busy_method = method;
    });
}
void FakeS3::refuse_parts_after(int number) {
    state_.with([&](State& state) { state.last_part = number; });
}
void FakeS3::break_download() {
    state_.with([&](State& state) { state.breaks = true; });
}

std::vector<std::string> FakeS3::keys() const {
    return state_.with([](const State& state) {
        std::vector<std::string> out;
        for (const auto& [key, object] : state.objects) out.push_back(key);
        return out;
    });
}
std::string FakeS3::object(const std::string& key) const {
    return state_.with([&](const State& state) { return state.objects.at(key).bytes; });
}
std::size_t FakeS3::uploads() const {
    return state_.with([](const State& state) { return state.uploads.size(); });
}
std::size_t FakeS3::largest_body() const {
    std::size_t out = 0;
    for (const Seen& one : seen()) out = std::max(out, one.body.size());
    return out;
}

Reply FakeS3::answer(const Seen& request) {
    return state_.with([&](State& state) -> Reply {
        if (state.busy > 0 && request.method == state.busy_method) {
            --state.busy;
            return refusal("503 Service Unavailable", "SlowDown");
        }
        const std::string path = request.target.substr(0, request.target.find('?'));
        const auto query = query_of(request.target);
        if (path != "/b" && !path.starts_with("/b/")) return refusal("404 Not Found", "NoSuchBucket");
        const std::string key = path.size() > 3 ? decoded(path.substr(3)) : "";
        if (key.empty() && request.method == "GET") return list(state, query);
        if (query.contains("delete")) {
            static const std::regex kKey("<Key>([^<]*)</Key>");
            for (std::sregex_iterator it(request.body.begin(), request.body.end(), kKey), end; it != end; ++it) {
                state.objects.erase(std::regex_replace((*it)[1].str(), std::regex("&amp;"), "&"));
            }
            return {response("200 OK", "<DeleteResult/>")};
        }
        if (query.contains("uploads") || query.contains("uploadId")) return upload_step(state, request, key, query);
        if (request.method == "PUT") return put(state, request, key);
        if (request.method == "DELETE") {
            state.objects.erase(key);
            return {response("204 No Content", "")};
        }
        return get(state, request, key);
    });
}

Reply FakeS3::get(State& state, const Seen& request, const std::string& key) const {
    const auto found = state.objects.find(key);
    if (found == state.objects.end()) {
        if (request.method == "HEAD") return {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"};
        return refusal("404 Not Found", "NoSuchKey");
    }
    const Object& object = found->second;
    std::string headers = "ETag: " + etag_of(object.bytes) + "\r\nLast-Modified: Tue, 24 Nov 2026 05:10:00 GMT\r\n";
    for (const auto& [name, value] : object.metadata) headers += name + ": " + value + "\r\n";
    if (request.method == "HEAD") {
        return {"HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(object.bytes.size()) + "\r\n" + headers +
                "\r\n"};
    }
    if (const auto match = request.headers.find("if-match");
        match != request.headers.end() && match->second != etag_of(object.bytes)) {
        return refusal("412 Precondition Failed", "PreconditionFailed");
    }
    std::string bytes = object.bytes, status = "200 OK";
    if (const auto range = request.headers.find("range"); range != request.headers.end()) {
        const std::uint64_t first = std::stoull(range->second.substr(6));
        const auto dash = range->second.find('-', 6);
        const std::uint64_t last =
            dash + 1 < range->second.size() ? std::stoull(range->second.substr(dash + 1)) : bytes.size();
        if (first >= bytes.size()) return refusal("416 Range Not Satisfiable", "InvalidRange");
        headers += fmt::format("Content-Range: bytes {}-{}/{}\r\n", first,
                               std::min<std::uint64_t>(last, bytes.size() - 1), bytes.size());
        bytes = bytes.substr(first, last - first + 1);
        status = "206 Partial Content";
    }
    std::string text = response(status, bytes, headers);
    if (std::exchange(state.breaks, false)) return {text.substr(0, text.size() - bytes.size() / 2), true};
    return {std::move(text)};
}

Reply FakeS3::put(State& state, const Seen& request, const std::string& key) {
    Object made{.bytes = request.body};
    if (const auto source = request.headers.find("x-amz-copy-source"); source != request.headers.end()) {
        const auto found = state.objects.find(decoded(source->second.substr(3)));
        if (found == state.objects.end()) return refusal("404 Not Found", "NoSuchKey");
        made = found->second;
    }
    for (const auto& [name, value] : request.headers) {
        if (name.starts_with("x-amz-meta-")) made.metadata[name] = value;
    }
    const std::string etag = etag_of(made.bytes);
    state.objects[key] = std::move(made);
    return {
        response("200 OK", "<CopyObjectResult><ETag>" + etag + "</ETag></CopyObjectResult>", "ETag: " + etag + "\r\n")};
}

Reply FakeS3::upload_step(State& state, const Seen& request, const std::string& key,
                          const std::map<std::string, std::string>& query) {
    if (query.contains("uploads")) {
        const std::string id = "u" + std::to_string(++state.next_upload);
        state.uploads[id];
        return {response("200 OK", "<InitiateMultipartUploadResult><UploadId>" + id +
                                       "</UploadId></InitiateMultipartUploadResult>")};
    }
    const auto upload = state.uploads.find(query.at("uploadId"));
    if (upload == state.uploads.end()) return refusal("404 Not Found", "NoSuchUpload");
    if (request.method == "PUT") {
        const int number = std::stoi(query.at("partNumber"));
        if (number > state.last_part) return refusal("403 Forbidden", "AccessDenied");
        upload->second[number] = request.body;
        return {response("200 OK", "", "ETag: " + etag_of(request.body) + "\r\n")};
    }
    std::string all;
    for (const auto& [number, bytes] : upload->second) all += bytes;
    state.uploads.erase(upload);
    if (request.method == "DELETE") return {response("204 No Content", "")};
    const std::string etag = etag_of(all);
    state.objects[key] = {.bytes = std::move(all)};
    return {
        response("200 OK", "<CompleteMultipartUploadResult><ETag>" + etag + "</ETag></CompleteMultipartUploadResult>")};
}

Reply FakeS3::list(const State& state, const std::map<std::string, std::string>& query) {
    const auto given = [&](const char* name) { return query.contains(name) ? query.at(name) : std::string(); };
    const std::string prefix = given("prefix"), delimiter = given("delimiter");
    const std::string after = query.contains("continuation-token") ? given("continuation-token") : given("start-after");
    const auto most = std::stoul(given("max-keys"));
    std::string out, last;
    std::size_t count = 0;
    bool truncated = false;
    for (const auto& [key, object] : state.objects) {
        if (!key.starts_with(prefix)) continue;
        const auto cut = delimiter.empty() ? std::string::npos : key.find(delimiter, prefix.size());
        const std::string shown = cut == std::string::npos ? key : key.substr(0, cut + 1);
        if (shown == last || shown <= after) continue;
        if (count == most) {
            truncated = true;
            break;
        }
        ++count;
        last = shown;
        if (cut != std::string::npos) {
            out += "<CommonPrefixes><Prefix>" + escaped(shown) + "</Prefix></CommonPrefixes>";
        } else {
            out += fmt::format(
                "<Contents><Key>{}</Key><LastModified>2026-11-24T05:10:00.000Z</LastModified><ETag>{}</ETag>"
                "<Size>{}</Size><StorageClass>STANDARD</StorageClass></Contents>",
                escaped(key), etag_of(object.bytes), object.bytes.size());
        }
    }
    out += fmt::format("<IsTruncated>{}</IsTruncated>", truncated);
    if (truncated) out += "<NextContinuationToken>" + escaped(last) + "</NextContinuationToken>";
    return {response("200 OK",
                     "<?xml version=\"1.0\" encoding=\"UTF-8\"?><ListBucketResult "
                     "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" +
                         out + "</ListBucketResult>")};
}

}  // namespace sluice::test
