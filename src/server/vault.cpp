#include "server/vault.h"

#include <fstream>

#include "http/uri.h"
#include "store/secrets.h"
#include "value/json.h"

namespace sluice::server {
namespace vault {

constexpr Duration kTokenPoll = 5s;         // between two looks at the token's age
constexpr Duration kMissing = 5s;           // so long it is remembered that there is nothing
constexpr std::size_t kMostKnown = 10'000;  // paths
constexpr std::uint64_t kLongestAnswer = 4 << 20;
constexpr int kNoContent = 204, kForbidden = 403, kNotFound = 404, kSealed = 503, kLastGood = 299;

/// "{namespace}" and "{key}" of a pattern, each part percent-encoded. The dots of a namespace become slashes, so that
/// policies of Vault can be given for it with all below.
std::string filled(const std::string& pattern, const std::string& name_space, const std::string& key) {
    std::string place;
    for (std::size_t from = 0; from <= name_space.size();) {
        const std::size_t end = std::min(name_space.find('.', from), name_space.size());
        place += (place.empty() ? "" : "/") + http::percent_encode(name_space.substr(from, end - from));
        from = end + 1;
    }
    std::string out = pattern;
    for (const auto& [word, text] : {std::pair<std::string, std::string>("{namespace}", place),
                                     std::pair<std::string, std::string>("{key}", http::percent_encode(key))}) {
        for (auto at = out.find(word); at != std::string::npos; at = out.find(word, at + text.size()))
            out.replace(at, word.size(), text);
    }
    return out;
}

/// No "..", which Vault would resolve, and no part of a path that is empty.
bool leads_nowhere_else(std::string_view name) {
    return !name.empty() && !name.starts_with('.') && !name.ends_with('.') && name.find("..") == std::string_view::npos;
}

std::map<std::string, std::string> fields_of(const Value& data) {
    std::map<std::string, std::string> out;
    if (const Map* map = data.if_map()) {
        for (const auto& [name, value] : *map) out[name] = value.is_string() ? value.as_string() : to_json(value);
    }
    return out;
}

std::string in_capitals(std::string text) {
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return text;
}

/// As it is written, else in any case: names of secrets are not told apart by it.
std::optional<std::string> field_named(const std::map<std::string, std::string>& fields, const std::string& key) {
    if (const auto exact = fields.find(key); exact != fields.end()) return exact->second;
    for (const auto& [name, value] : fields) {
        if (in_capitals(name) == in_capitals(key)) return value;
    }
    return {};
}

/// {"errors": ["…"]}
std::string errors_in(const net::Response& answer) {
    const auto body = parse_json(answer.body);
    std::string out;
    if (body) {
        if (const List* errors = (*body)["errors"].if_list()) {
            for (const Value& one : *errors)
                if (one.is_string()) out += (out.empty() ? "" : "; ") + one.as_string();
        }
    }
    return out;
}

Result<std::string> token_in(const std::string& file) {
    std::ifstream in(file);
    std::string text;
    if (!in || !std::getline(in, text) || text.empty())
        return refuse(ErrorCode::Forbidden, "Vault: the file {} (secrets.vault.token-path) holds no token", file);
    return text;
}

}  // namespace vault

using namespace vault;

Vault::Vault(net::Client& http, VaultConfig config)
    : Service("vault", {.poll = kTokenPoll, .longest_back_off = 30s}), http_(http), config_(std::move(config)) {}

Result<std::optional<std::string>> Vault::find(const std::string& name_space, const std::string& key) {
    if (!leads_nowhere_else(name_space) || !leads_nowhere_else(key)) return std::optional<std::string>();
    const bool field_of_its_own = config_.path.find("{key}") == std::string::npos;
    std::vector<std::string> places = store::with_those_above(name_space);
    if (config_.path.find("{namespace}") == std::string::npos) places.resize(1);
    for (const std::string& place : places) {
        const auto fields = read(filled(config_.path, place, key));
        if (!fields) return tl::unexpected(fields.error());
        if (!*fields) continue;
        if (auto value = field_named(**fields, field_of_its_own ? key : "value")) return value;
    }
    return std::optional<std::string>();
}

Result<std::optional<Vault::Fields>> Vault::read(const std::string& path) {
    const auto now = Clock::now();
    const auto known = known_.with([&](const auto& all) -> std::optional<Known> {
        const auto found = all.find(path);
        return found != all.end() && found->second.until > now ? std::optional(found->second) : std::nullopt;
    });
    if (known) return known->fields;
    auto fields = ask(path, true);
    if (!fields) return fields;
    const Duration keep = *fields ? config_.cache : std::min(config_.cache, kMissing);
    known_.with([&](auto& all) {
        if (all.size() >= kMostKnown) all.clear();
        all[path] = Known{*fields, now + keep};
    });
    return fields;
}

/// again: a token that is no longer valid is replaced, once.
Result<std::optional<Vault::Fields>> Vault::ask(const std::string& path, bool again) {
    const auto with = token();
    if (!with) return tl::unexpected(with.error());
    const std::string whole = config_.mount + (config_.kv_version == 2 ? "/data/" : "/") + path;
    const auto answer = send("GET", whole, *with, "");
    if (!answer) return tl::unexpected(answer.error());
    if (answer->code == kNotFound) return std::optional<Fields>();
    if (answer->code == kForbidden && again && config_.token.empty() && !is_valid(*with)) {
        token_.with([&](Token& present) {
            if (present.text == *with) present = {};
        });
        return ask(path, false);
    }
    if (answer->code > kLastGood) return tl::unexpected(refused(*answer, whole));
    const auto body = parse_json(answer->body);
    if (!body)
        return refuse(ErrorCode::Unavailable, "Vault at {}: {} is answered with something else than JSON",
                      config_.address, whole);
    const Value data = config_.kv_version == 2 ? (*body)["data"]["data"] : (*body)["data"];
    if (!data.is_map()) {
        return refuse(
            ErrorCode::Unavailable,
            "Vault at {}: {} is answered without data; is '{}' a KV mount of version {} (secrets.vault.kv-version)?",
            config_.address, whole, config_.mount, config_.kv_version);
    }
    return std::optional(fields_of(data));
}

/// Whether it is the path that is denied, and not the token.
bool Vault::is_valid(const std::string& token) {
    const auto answer = send("GET", "auth/token/lookup-self", token, "");
    return answer && answer->code <= kLastGood;
}

Error Vault::refused(const net::Response& answer, const std::string& path) const {
    const std::string said = errors_in(answer);
    if (answer.code == kForbidden) {
        return Error{
            ErrorCode::Forbidden,
            fmt::format("Vault at {} denies {}: the token is not valid, or its policies do not let it read there{}",
                        config_.address, path, said.empty() ? "" : " (" + said + ")")};
    }
    if (answer.code == kSealed) {
        return Error{ErrorCode::Unavailable, fmt::format("Vault at {} can't answer now: {}", config_.address,
                                                         said.empty() ? "it is sealed" : said)};
    }
    return Error{ErrorCode::Unavailable, fmt::format("Vault at {} answered {} for {}{}", config_.address, answer.code,
                                                     path, said.empty() ? "" : ": " + said)};
}

Result<net::Response> Vault::send(const char* method, const std::string& path, const std::string& token,
                                  std::string body) {
    net::Request request;
    request.method = method;
    request.url = config_.address + "/v1/" + path;
    if (!token.empty()) request.headers.add("X-Vault-Token", token);
    if (!config_.name_space.empty()) request.headers.add("X-Vault-Namespace", config_.name_space);
    request.headers.add("X-Vault-Request", "true");
    if (!body.empty()) {
        request.headers.add("Content-Type", "application/json");
        request.body = std::move(body);
    }
    request.options.deadline = config_.timeout;
    request.options.connect_timeout = config_.timeout;
    request.options.ca_file = config_.ca_file;
    request.options.follow_redirects = false;  // the token is for this host
    request.options.path_as_is = true;
    request.options.longest_body_bytes = kLongestAnswer;
    auto answer = http_.send(request, {});
    if (!answer)
        return tl::unexpected(
            Error{answer.error().code, fmt::format("Vault at {}: {}", config_.address, answer.error().message)});
    return answer;
}

// ------------------------------------------------------------------------------------------------------- token

Result<std::string> Vault::token() {
    if (!config_.token_file.empty()) return token_in(config_.token_file);
    return token_.with([&](Token& present) -> Result<std::string> {
        if (present.text.empty()) {
            auto fresh = fresh_token();
            if (!fresh) return tl::unexpected(fresh.error());
            present = std::move(*fresh);
        }
        return present.text;
    });
}

Result<Vault::Token> Vault::fresh_token() {
    if (config_.token.empty()) return log_in();
    // How long it lives is asked for by the next turn.
    return Token{.text = config_.token, .renewable = true, .renew_at = Clock::now()};
}

Result<Vault::Token> Vault::log_in() {
    const std::string path = "auth/" + config_.approle_mount + "/login";
    const auto answer =
        send("POST", path, "", to_json(Value{{"role_id", config_.role_id}, {"secret_id", config_.secret_id}}));
    if (!answer) return tl::unexpected(answer.error());
    const auto body = parse_json(answer->body);
    if (answer->code > kLastGood || !body || (*body)["auth"].text("client_token").empty()) {
        const std::string said = errors_in(*answer);
        if (answer->code >= kSealed) return tl::unexpected(refused(*answer, path));
        return refuse(ErrorCode::Forbidden, "Vault at {} answers the login of the AppRole with {}{}", config_.address,
                      answer->code, said.empty() ? "" : ": " + said);
    }
    const Value& auth = (*body)["auth"];
    const std::int64_t seconds = auth["lease_duration"].if_integer().value_or(0);
    Token out{.text = auth.text("client_token"), .renewable = auth["renewable"].if_bool().value_or(false)};
    if (seconds > 0) out.renew_at = Clock::now() + std::chrono::seconds(seconds) * 2 / 3;
    return out;
}

/// A token that is not renewable, or no longer, is drawn anew by who needs it next.
Turn Vault::turn(std::stop_token) {
    if (!config_.token.empty()) static_cast<void>(token());  // one that nobody needs yet grows old as well
    const Token present = token_.with([](const Token& one) { return one; });
    if (present.text.empty() || !present.renew_at || *present.renew_at > Clock::now()) return Turn::Idle;
    Token next = present;
    const auto answer = present.renewable ? send("POST", "auth/token/renew-self", present.text, "{}")
                                          : Result<net::Response>(net::Response{.code = kForbidden});
    if (!answer) throw OutsideError(answer.error().message);
    if (answer->code >= 500) throw OutsideError(refused(*answer, "auth/token/renew-self").message);
    const auto body =
        answer->code <= kLastGood && answer->code != kNoContent ? parse_json(answer->body) : Result<Value>(Value());
    const std::int64_t seconds =
        body && body->is_map() ? (*body)["auth"]["lease_duration"].if_integer().value_or(0) : 0;
    next.renew_at.reset();
    if (answer->code > kLastGood) {
        if (config_.token.empty()) next = {};  // another login
        log_.warn("vault.token_not_renewed", {{"status", answer->code}, {"why", errors_in(*answer)}});
    } else if (seconds > 0) {
        next.renew_at = Clock::now() + std::chrono::seconds(seconds) * 2 / 3;
    }
    token_.with([&](Token& one) {
        if (one.text == present.text) one = std::move(next);
    });
    return Turn::Idle;
}

}  // namespace sluice::server
