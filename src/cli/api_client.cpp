#include "cli/api_client.h"

#include <csignal>
#include <fstream>

#include "value/json.h"

namespace sluice::cli {
namespace {

std::string from_environment(const char* name) {
    const char* value = getenv(name);
    return value != nullptr ? value : "";
}

/// The server's words, with each mistake on a line of its own.
Error error_of(int status, const std::string& body) {
    const auto parsed = parse_json(body);
    Error error{ErrorCode::Invalid, fmt::format("the server answered {}", status), {}, {}, ""};
    if (!parsed || !parsed->is_map()) return error;
    error.message = fmt::format("{} ({})", parsed->text("message"), status);
    const auto details = parsed->get("_embedded", "errors");
    if (!details || !details->is_list()) return error;
    for (const Value& one : details->as_list()) {
        Error detail{ErrorCode::Invalid, one.text("message"), {}, {}, ""};
        detail.place.property = one.text("path");
        detail.place.line = static_cast<int>(one["line"].if_integer().value_or(0));
        detail.place.column = static_cast<int>(one["column"].if_integer().value_or(0));
        error.details.push_back(std::move(detail));
    }
    return error;
}

}  // namespace

void ApiClient::add_options(Options& options) {
    options.value("server", "address of the server (SLUICE_SERVER)", "URL")
        .value("user", "user:password (SLUICE_USER, SLUICE_PASSWORD; the password is better kept there)",
               "USER:PASSWORD")
        .value("ca-file", "certificates to trust, a PEM file (SLUICE_CA_FILE); default: the system's", "FILE")
        .value("tenant", "accepted; there is one tenant, main", "NAME")
        .value("o,output", "table or json", "FORMAT", "table");
}

ApiClient::ApiClient(const Options& options) {
    std::signal(SIGPIPE, SIG_IGN);
    server_ = options.has("server") ? options.text("server") : from_environment("SLUICE_SERVER");
    if (server_.empty()) server_ = "http://localhost:8080";
    while (server_.ends_with('/')) server_.pop_back();
    ca_file_ = options.has("ca-file") ? options.text("ca-file") : from_environment("SLUICE_CA_FILE");
    json_ = options.text("output") == "json";
    if (options.has("user")) {
        const std::string both = options.text("user");
        const auto colon = both.find(':');
        user_ = both.substr(0, colon);
        if (colon != std::string::npos) password_ = both.substr(colon + 1);
        return;
    }
    user_ = from_environment("SLUICE_USER");
    password_ = from_environment("SLUICE_PASSWORD");
    if (!user_.empty()) return;
    std::ifstream kept("data/credentials");  // of a local server that was started here
    std::getline(kept, user_);
    std::getline(kept, password_);
}

net::Request ApiClient::request(const std::string& method, const std::string& path) const {
    net::Request out;
    out.method = method;
    out.url = server_ + "/api/v1/main" + path;
    out.options.ca_file = ca_file_;
    if (!user_.empty()) out.options.auth = net::BasicAuth{user_, password_};
    return out;
}

Result<Value> ApiClient::send(const std::string& method, const std::string& path, const std::string& body,
                              const std::string& content_type) {
    net::Request wanted = request(method, path);
    wanted.options.deadline = 180s;
    if (!body.empty()) {
        wanted.body = body;
        wanted.headers.add("Content-Type", content_type);
    }
    const auto answer = client_.send(wanted, {});
    if (!answer) return tl::unexpected(answer.error());
    if (answer->code >= 400) return tl::unexpected(error_of(answer->code, answer->body));
    if (answer->body.empty()) return Value();
    auto parsed = parse_json(answer->body);
    if (!parsed) return Value(answer->body);
    return std::move(*parsed);
}

Result<void> ApiClient::stream(const std::string& path, const std::function<bool(std::string_view line)>& line) {
    net::Request wanted = request("GET", path);
    wanted.options.idle_timeout = 60s;  // the server sends a comment every 15 s
    wanted.headers.add("Accept", "text/event-stream");
    std::string pending;
    std::stop_source stop;
    int status = 0;
    net::Receiver receiver;
    receiver.on_head = [&](const net::Response& head) -> Result<void> {
        status = head.code;
        return {};
    };
    receiver.on_bytes = [&](std::string_view bytes) -> Result<void> {
        pending += bytes;
        for (auto end = pending.find('\n'); end != std::string::npos && status < 400; end = pending.find('\n')) {
            const std::string one = pending.substr(0, end);
            pending.erase(0, end + 1);
            if (!line(one)) stop.request_stop();
        }
        return {};
    };
    const auto answer = client_.send(wanted, receiver, stop.get_token());
    if (status >= 400) return tl::unexpected(error_of(status, pending));
    if (!answer && !stop.stop_requested()) return tl::unexpected(answer.error());
    return {};
}

}  // namespace sluice::cli
