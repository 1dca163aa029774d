#include "oidc/id_token.h"

#include "access/passwords.h"
#include "oidc/base64_url.h"
#include "value/json.h"

namespace sluice::oidc {
namespace {

constexpr std::size_t kLongestToken = 64 * 1024;
constexpr std::size_t kLongestSubject = 255;

template <class... Args>
tl::unexpected<Error> unfit(fmt::format_string<Args...> format, Args&&... args) {
    return refuse(ErrorCode::Unauthorized, format, std::forward<Args>(args)...);
}

struct Pieces {
    std::string_view header{};
    std::string_view payload{};
    std::string_view signature{};
    std::string_view signed_text{};
};

Result<Pieces> pieces_of(std::string_view token) {
    const auto first = token.find('.');
    const auto last = token.rfind('.');
    const bool three =
        first != std::string_view::npos && last != first && std::count(token.begin(), token.end(), '.') == 2;
    if (!three || token.size() > kLongestToken) return unfit("the provider sent no signed token");
    return Pieces{token.substr(0, first), token.substr(first + 1, last - first - 1), token.substr(last + 1),
                  token.substr(0, last)};
}

Result<Value> json_of(std::string_view piece, const char* what) {
    auto read = parse_json(from_base64_url(piece));
    if (!read || !read->is_map()) return unfit("the token's {} is no JSON object", what);
    return read;
}

bool has_audience(const Value& audience, const std::string& wanted) {
    if (const std::string* one = audience.if_string()) return *one == wanted;
    const List* all = audience.if_list();
    return all != nullptr && std::any_of(all->begin(), all->end(), [&](const Value& one) {
               const std::string* text = one.if_string();
               return text != nullptr && *text == wanted;
           });
}

Result<void> check_audience(const Value& claims, const std::string& client_id) {
    const Value audience = claims["aud"];
    if (!has_audience(audience, client_id)) return unfit("the token is for '{}', not for us", to_json(audience));
    const std::string party = claims.text("azp");
    const bool several = audience.is_list() && audience.as_list().size() > 1;
    if ((several || !party.empty()) && party != client_id)
        return unfit("the token was given to '{}', not to us", party);
    return {};
}

std::optional<double> seconds_in(const Value& claims, const char* name) {
    const Value found = claims[name];
    return found.is_number() ? std::optional(found.as_double()) : std::nullopt;
}

Result<void> check_times(const Value& claims, const Expected& expected) {
    const double now = in_seconds(std::chrono::duration_cast<Duration>(expected.now.time_since_epoch()));
    const double skew = in_seconds(expected.clock_skew);
    const auto expires = seconds_in(claims, "exp");
    if (!expires) return unfit("the token does not say when it expires");
    if (*expires <= now - skew) return unfit("the token expired {:.0f} s ago", now - *expires);
    for (const char* name : {"nbf", "iat"}) {
        const auto from = seconds_in(claims, name);
        if (from && *from > now + skew)
            return unfit("the token is of a time {:.0f} s from now ({}); the clocks of provider and database differ",
                         *from - now, name);
    }
    return {};
}

}  // namespace

Result<Value> claims_of(std::string_view token, const KeySet& keys, const Expected& expected) {
    const auto pieces = pieces_of(token);
    if (!pieces) return tl::unexpected(pieces.error());
    const auto header = json_of(pieces->header, "header");
    if (!header) return header;
    if (header->get("crit")) return unfit("the token wants extensions that are not known here");
    if (auto genuine = keys.verify(header->text("alg"), header->text("kid"), pieces->signed_text,
                                   from_base64_url(pieces->signature));
        !genuine)
        return tl::unexpected(genuine.error());
    auto claims = json_of(pieces->payload, "payload");
    if (!claims) return claims;
    if (claims->text("iss") != expected.issuer)
        return unfit("the token is by '{}', expected '{}'", claims->text("iss"), expected.issuer);
    if (auto fits = check_audience(*claims, expected.client_id); !fits) return tl::unexpected(fits.error());
    if (auto fits = check_times(*claims, expected); !fits) return tl::unexpected(fits.error());
    if (!access::are_equal(claims->text("nonce"), expected.nonce))
        return unfit("the token belongs to another log-in (nonce)");
    const std::string subject = claims->text("sub");
    if (subject.empty() || subject.size() > kLongestSubject) return unfit("the token does not say whom it is about");
    return claims;
}

}  // namespace sluice::oidc
