#include "oidc/provider.h"
#include "support/test.h"
#include "value/json.h"

namespace sluice::oidc {
namespace {

using sluice::test::contains;
using sluice::test::failure;
using sluice::test::ok;

Value read(const char* text) {
    return ok(parse_json(text));
}

}  // namespace

TEST_CASE("claims are found by name, inside of others, and where a name has dots itself") {
    const Value claims = read(R"({"a": {"b": {"c": 1}}, "https://x.example/groups": ["g"], "a.d": 2})");
    CHECK_EQ(claim_of(claims, "a.b.c"), Value(1));
    CHECK_EQ(claim_of(claims, "a.d"), Value(2));
    CHECK(claim_of(claims, "https://x.example/groups").is_list());
    CHECK(claim_of(claims, "a.x.y").is_null());
}

TEST_CASE("a person has the name, the full name and the groups that the settings say") {
    Settings settings{.user_claim = "email", .groups_claim = "realm.roles"};
    const Value claims =
        read(R"({"sub": "7", "email": "ada@example.com", "name": "Ada", "realm": {"roles": ["ops", 3, "dev"]}})");
    const Person ada = ok(person_of(claims, settings));
    CHECK_EQ(ada.subject, "7");
    CHECK_EQ(ada.name, "ada@example.com");
    CHECK_EQ(ada.full_name, "Ada");
    CHECK_EQ(ada.groups, std::vector<std::string>{"ops", "dev"});
    settings.groups_claim = "name";
    CHECK_EQ(ok(person_of(claims, settings)).groups, std::vector<std::string>{"Ada"});
    settings.user_claim = "upn";
    CHECK(contains(failure(person_of(claims, settings)).message, "no claim 'upn'"));
}

TEST_CASE("an e-mail address that nobody has verified is nobody's name") {
    const Settings settings{.user_claim = "email"};
    for (const char* unverified : {"false", "\"false\""}) {
        const Value claims =
            ok(parse_json(fmt::format(R"({{"sub": "7", "email": "a@b.c", "email_verified": {}}})", unverified)));
        CHECK(contains(failure(person_of(claims, settings)).message, "not verified"));
        CHECK_EQ(ok(person_of(claims, Settings{.user_claim = "sub"})).name, "7");
    }
    const Value silent = read(R"({"sub": "7", "email": "a@b.c"})");
    CHECK_FALSE(ok(person_of(silent, settings)).owns_name);
    CHECK(ok(person_of(silent, Settings{.user_claim = "email", .takes_unverified_email = true})).owns_name);
    CHECK_FALSE(ok(person_of(read(R"({"sub": "7", "email": "a@b.c", "email_verified": null})"), settings)).owns_name);
    CHECK(ok(person_of(read(R"({"sub": "7", "email": "a@b.c", "email_verified": true})"), settings)).owns_name);
}

TEST_CASE("keys that are too short, for something else, or of unknown kinds are left out") {
    const KeySet keys = ok(KeySet::parse(read(R"({"keys": [
        {"kty": "RSA", "kid": "short", "n": "sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQ", "e": "AQAB"},
        {"kty": "oct", "kid": "shared", "k": "AAAA"},
        {"kty": "EC", "crv": "P-256", "kid": "off the curve", "x": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "y": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
        {"kty": "EC", "crv": "P-256", "kid": "for secrets", "use": "enc", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        {"kty": "EC", "crv": "P-256", "kid": "good", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"},
        7]})")));
    CHECK_EQ(keys.size(), 1);
    CHECK_FALSE(KeySet::parse(read("{}")).has_value());
    const std::string nothing(64, '\0');
    CHECK_EQ(failure(keys.verify("ES256", "short", "text", nothing)).kind, "unknown key");
    for (const char* algorithm : {"none", "HS256", "", "ES256K", "RS1"}) {
        CHECK(contains(failure(keys.verify(algorithm, "good", "text", nothing)).message, "not accepted"));
    }
    for (const std::string& wrong : {nothing, std::string(), std::string(63, 'x'), std::string(64, '\xff')}) {
        CHECK(contains(failure(keys.verify("ES256", "good", "text", wrong)).message, "signature"));
    }
}

}  // namespace sluice::oidc
