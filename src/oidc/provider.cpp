#include "oidc/provider.h"

#include "base/log.h"
#include "oidc/id_token.h"
#include "value/json.h"

namespace sluice::oidc {
namespace {

const Logger kLog("oidc");
constexpr Duration kStillKept = 30s;  // what could not be renewed
constexpr Duration kAway = 5s;        // so long nobody waits again for a provider that does not answer
constexpr Duration kPatience = 10s;
constexpr std::uint64_t kLongestAnswer = 1024 * 1024;
constexpr std::string_view kEmail = "email";
constexpr std::string_view kVerified = "email_verified";

tl::unexpected<Error> broken(std::string message) {
    return tl::unexpected(Error{ErrorCode::Unavailable, std::move(message), {}, {}, ""});
}

/// Texts, or one text.
std::vector<std::string> texts_of(const Value& claim) {
    if (const std::string* one = claim.if_string()) return {*one};
    std::vector<std::string> out;
    if (const List* all = claim.if_list()) {
        for (const Value& one : *all) {
            if (const std::string* text = one.if_string()) out.push_back(*text);
        }
    }
    return out;
}

/// An address that the description names. Secrets and codes go there: a provider by https must not lead elsewhere.
Result<std::string> endpoint(const Value& description, const char* name, const std::string& issuer) {
    const std::string address = description.text(name);
    if (address.empty()) return broken(fmt::format("the provider's description has no {}", name));
    if (issuer.starts_with("https://") && !address.starts_with("https://"))
        return broken(fmt::format("the provider's {} is not an https address: {}", name, address));
    return address;
}

bool has_text(const Value& list, std::string_view wanted) {
    const auto all = texts_of(list);
    return std::find(all.begin(), all.end(), wanted) != all.end();
}

}  // namespace

Value claim_of(const Value& claims, std::string_view path) {
    if (const auto own = claims.get(path)) return *own;
    const auto dot = path.find('.');
    if (dot == std::string_view::npos) return {};
    const auto inside = claims.get(path.substr(0, dot));
    return inside ? claim_of(*inside, path.substr(dot + 1)) : Value();
}

Result<Person> person_of(const Value& claims, const Settings& settings) {
    Person out;
    out.subject = claims.text("sub");
    const auto names = texts_of(claim_of(claims, settings.user_claim));
    if (names.size() != 1 || names[0].empty())
        return refuse(ErrorCode::Unauthorized,
                      "the provider sent no claim '{}' (oidc.user-claim); is its scope among oidc.scopes?",
                      settings.user_claim);
    out.name = names[0];
    if (settings.user_claim == kEmail) {
        const Value verified = claims[kVerified];
        if (verified == Value(false) || verified == Value("false"))
            return refuse(ErrorCode::Unauthorized, "the provider has not verified the e-mail address {}", out.name);
        out.owns_name = settings.takes_unverified_email || verified == Value(true) || verified == Value("true");
    }
    if (const auto full = texts_of(claim_of(claims, settings.name_claim)); full.size() == 1) out.full_name = full[0];
    out.groups = texts_of(claim_of(claims, settings.groups_claim));
    return out;
}

Result<Value> Provider::fetch(net::Request request, const char* what) {
    request.options.deadline = kPatience;
    request.options.connect_timeout = kPatience;
    request.options.follow_redirects = false;
    request.options.longest_body_bytes = kLongestAnswer;
    request.options.ca_file = settings_.ca_file;
    request.headers.add("Accept", "application/json");
    const auto answer = client_.send(request, {});
    if (!answer) return broken(fmt::format("{} could not be had: {}", what, answer.error().message));
    auto body = parse_json(answer->body);
    if (answer->code >= 400 && answer->code < 500 && body && !body->text("error").empty())
        return refuse(ErrorCode::Unauthorized, "the provider refused: {} {}", body->text("error"),
                      body->text("error_description"));
    if (answer->code != 200) return broken(fmt::format("{}: the provider answered {}", what, answer->code));
    if (!body || !body->is_map()) return broken(fmt::format("{}: the provider's answer is no JSON object", what));
    return body;
}

Result<std::shared_ptr<const Value>> Provider::description() {
    const Known known = known_.with([](const Known& all) { return all; });
    const auto now = std::chrono::steady_clock::now();
    if (known.description && now < known.description_until) return known.description;
    if (known.failure && now < known.failure_until) return tl::unexpected(*known.failure);
    std::string base = settings_.issuer;
    while (base.ends_with('/')) base.pop_back();
    auto found = fetch({.url = base + "/.well-known/openid-configuration"}, "the provider's description");
    if (found && found->text("issuer") != settings_.issuer)
        found = broken(fmt::format("the provider calls itself '{}', oidc.issuer says '{}'", found->text("issuer"),
                                   settings_.issuer));
    if (!found) {
        // What it said an hour ago is most likely still so.
        const auto failed_at = std::chrono::steady_clock::now();
        if (known.description) {
            kLog.warn("oidc.description_kept", {{"reason", found.error().message}});
            known_.with([&](Known& all) { all.description_until = failed_at + kStillKept; });
            return known.description;
        }
        known_.with([&](Known& all) {
            all.failure = found.error();
            all.failure_until = failed_at + kAway;
        });
        return tl::unexpected(found.error());
    }
    auto fresh = std::make_shared<const Value>(std::move(*found));
    known_.with([&](Known& all) {
        all.description = fresh;
        all.failure.reset();
        all.description_until = now + kept_;
    });
    return fresh;
}

Result<std::shared_ptr<const KeySet>> Provider::keys(const Value& description, bool fresh) {
    const Known known = known_.with([](const Known& all) { return all; });
    const auto now = std::chrono::steady_clock::now();
    if (!fresh && known.keys && now < known.keys_until) return known.keys;
    const auto address = endpoint(description, "jwks_uri", settings_.issuer);
    if (!address) return tl::unexpected(address.error());
    const auto found = fetch({.url = *address}, "the provider's keys");
    if (!found) return tl::unexpected(found.error());
    auto read = KeySet::parse(*found);
    if (!read) return broken("the provider's keys: " + read.error().message);
    auto out = std::make_shared<const KeySet>(std::move(*read));
    known_.with([&](Known& all) {
        all.keys = out;
        all.keys_until = now + kept_;
    });
    return out;
}

Result<std::string> Provider::address_for(const Attempt& attempt, const std::string& redirect_uri) {
    const auto described = description();
    if (!described) return tl::unexpected(described.error());
    const auto address = endpoint(**described, "authorization_endpoint", settings_.issuer);
    if (!address) return address;
    return net::with_query(*address, {{"response_type", "code"},
                                      {"client_id", settings_.client_id},
                                      {"redirect_uri", redirect_uri},
                                      {"scope", settings_.scopes},
                                      {"state", attempt.state()},
                                      {"nonce", attempt.nonce()},
                                      {"code_challenge", attempt.challenge()},
                                      {"code_challenge_method", "S256"}});
}

Result<Value> Provider::tokens_for(const Value& description, const std::string& code, const Attempt& attempt,
                                   const std::string& redirect_uri) {
    const auto address = endpoint(description, "token_endpoint", settings_.issuer);
    if (!address) return tl::unexpected(address.error());
    net::Request request{.method = "POST", .url = *address};
    net::Pairs form{{"grant_type", "authorization_code"},
                    {"code", code},
                    {"redirect_uri", redirect_uri},
                    {"code_verifier", attempt.verifier()},
                    {"client_id", settings_.client_id}};
    const Value ways = description["token_endpoint_auth_methods_supported"];
    const bool by_header = ways.is_null() || has_text(ways, "client_secret_basic");
    if (!settings_.client_secret.empty() && by_header) {
        // Both are encoded like a form's values first (RFC 6749, 2.3.1).
        const auto encoded = [](const std::string& text) { return net::form_urlencoded({{"", text}}).substr(1); };
        request.options.auth = net::BasicAuth{encoded(settings_.client_id), encoded(settings_.client_secret)};
    } else if (!settings_.client_secret.empty()) {
        form.emplace_back("client_secret", settings_.client_secret);
    }
    request.headers.add("Content-Type", "application/x-www-form-urlencoded");
    request.body = net::form_urlencoded(form);
    return fetch(std::move(request), "the token");
}

Result<Value> Provider::checked_claims(const Value& description, const std::string& token, const Attempt& attempt,
                                       Timestamp now) {
    const Expected expected{settings_.issuer, settings_.client_id, attempt.nonce(), now, settings_.clock_skew};
    const auto published = keys(description, false);
    if (!published) return tl::unexpected(published.error());
    auto claims = claims_of(token, **published, expected);
    if (claims || claims.error().kind != "unknown key") return claims;
    // The provider has a new key. Tokens come from itself, so nobody else can make us ask for keys all the time.
    const auto renewed = keys(description, true);
    if (!renewed) return tl::unexpected(renewed.error());
    return claims_of(token, **renewed, expected);
}

/// Some providers say name and groups here only.
Result<Value> Provider::with_user_info(const Value& description, Value claims, const std::string& access_token) {
    const bool complete = !claim_of(claims, settings_.user_claim).is_null() &&
                          !claim_of(claims, settings_.name_claim).is_null() &&
                          !claim_of(claims, settings_.groups_claim).is_null() &&
                          (settings_.user_claim != kEmail || !claims[kVerified].is_null());
    if (complete || access_token.empty() || description.text("userinfo_endpoint").empty()) return claims;
    const auto address = endpoint(description, "userinfo_endpoint", settings_.issuer);
    if (!address) return tl::unexpected(address.error());
    net::Request request{.url = *address};
    request.options.auth = net::BearerAuth{access_token};
    const auto more = fetch(std::move(request), "what the provider knows of the user");
    if (!more) return more;
    if (more->text("sub") != claims.text("sub"))
        return refuse(ErrorCode::Unauthorized, "the provider told of another user than the token");
    for (const auto& [name, value] : more->as_map()) {
        if (!claims.get(name)) claims.mutable_map().set(name, value);
    }
    return claims;
}

Result<Person> Provider::redeem(const std::string& code, const Attempt& attempt, const std::string& redirect_uri,
                                Timestamp now) {
    const auto described = description();
    if (!described) return tl::unexpected(described.error());
    const auto tokens = tokens_for(**described, code, attempt, redirect_uri);
    if (!tokens) return tl::unexpected(tokens.error());
    auto claims = checked_claims(**described, tokens->text("id_token"), attempt, now);
    if (!claims) return tl::unexpected(claims.error());
    claims = with_user_info(**described, std::move(*claims), tokens->text("access_token"));
    if (!claims) return tl::unexpected(claims.error());
    return person_of(*claims, settings_);
}

std::string Provider::address_of_end(const std::string& return_to) {
    const auto described = description();
    if (!described) return "";
    const auto address = endpoint(**described, "end_session_endpoint", settings_.issuer);
    if (!address) return "";
    return net::with_query(*address, {{"client_id", settings_.client_id}, {"post_logout_redirect_uri", return_to}});
}

}  // namespace sluice::oidc
