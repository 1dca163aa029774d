// Secrets in texts and values, in every form in which programs pass them on.
#include "expr/mask.h"

#include "expr/aes_gcm.h"
#include "expr/encoding.h"
#include "support/environment.h"
#include "value/json.h"

using namespace sluice;
using namespace sluice::test;

namespace {

const std::string kKey(32, 'k');

std::string masked(const std::string& text, const std::vector<std::string>& secrets) {
    return expr::Mask(secrets).masked(text);
}

}  // namespace

TEST_CASE("a secret becomes as many stars as it has characters") {
    CHECK(masked("it is sesame.", {"sesame"}) == "it is ******.");
    CHECK(masked("it is opensesame!.", {"opensesame!"}) == "it is **masked***.");
    CHECK(masked("naïveté", {"naïveté"}) == "*******");
    CHECK(masked("abab", {"aba", "bab"}) == "****");
    CHECK(masked(R"(a pw1 in {"password":"pw1"})", {R"({"password":"pw1"})", "pw1"}) ==
          "a *** in **masked*" + std::string(9, '*'));
}

TEST_CASE("a secret of two characters is left, and so is everything else") {
    CHECK(masked("no pi here", {"pi", ""}) == "no pi here");
    CHECK(expr::Mask({"pi"}).is_empty());
    CHECK_FALSE(expr::Mask({"sesame"}).finds_any("sesam, esame"));
}

TEST_CASE("a secret is found in base64 wherever it begins, in addresses and in JSON") {
    const std::string secret = "p@ss/w0rd+\"x\"";
    for (const std::string before : {"", "u", "us", "user:"}) {
        const std::string text = expr::base64_of(before + secret + " and more");
        const std::string hidden = masked(text, {secret});
        CAPTURE(text);
        CHECK(contains(hidden, "**masked*"));
        const auto left = expr::from_base64(hidden.substr(0, hidden.find('*')));
        CHECK((!left || !contains(*left, secret.substr(0, 4))));
    }
    CHECK(masked("https://x/?t=" + expr::url_encoded(secret), {secret}).starts_with("https://x/?t=**masked*"));
    CHECK(masked("a%2fb%20secret%21", {"a/b secret!"}).starts_with("**masked*"));
    CHECK(masked("a%2Fb+secret%21", {"a/b secret!"}).starts_with("**masked*"));
    std::string json;
    append_json_string(json, secret);
    CHECK(masked(json, {secret}).starts_with("\"**masked*"));
}

TEST_CASE("a secret of several lines is found line by line") {
    const std::string key = "-----BEGIN KEY-----\nMIIEvQIBADANBg\n  kqhkiG9w0BAQ\n}\n-----END KEY-----\n";
    CHECK(masked("loading MIIEvQIBADANBg done", {key}) == "loading **masked****** done");
    CHECK(masked("kqhkiG9w0BAQ", {key}) == "**masked****");
    CHECK(masked("a } brace", {key}) == "a } brace");
}

TEST_CASE("a secret as long as a file is found in pieces") {
    std::string secret;
    for (int i = 0; i < 6000; ++i) secret += std::to_string(i * 7919);
    const std::string hidden = masked("x" + secret + "y", {secret});
    CHECK(hidden.starts_with("x**masked*"));
    CHECK_FALSE(contains(hidden, secret.substr(5000, 40)));
}

TEST_CASE("a text is read once, however many secrets nearly match") {
    std::vector<std::string> secrets;
    for (int i = 0; i < 200; ++i) secrets.push_back(std::string(static_cast<std::size_t>(100 + i), 'a') + "b");
    const expr::Mask mask(secrets);
    const std::string text(1'000'000, 'a');
    const auto began = std::chrono::steady_clock::now();
    CHECK_FALSE(mask.finds_any(text));
    CHECK(std::chrono::steady_clock::now() - began < 5s);  // 200 searches for each byte would take minutes
}

TEST_CASE("a stored text that holds a secret is sealed, and an expression reads it as it was") {
    const expr::Mask mask({"sesame"});
    const Value outputs{{"token", "Bearer sesame"}, {"rows", 7}, {"list", Value(List{Value("x sesame"), Value("y")})}};
    const Value stored = expr::without_secrets(outputs, mask, kKey);
    CHECK_FALSE(contains(to_json(stored), "sesame"));
    CHECK(stored["rows"] == Value(7));
    CHECK(stored["list"].as_list()[1] == Value("y"));
    const std::string* sealed = expr::sealed_text(stored["token"]);
    REQUIRE(sealed != nullptr);
    CHECK(ok(expr::aes_gcm_opened(kKey, *sealed)) == "Bearer sesame");
}

TEST_CASE("without a key a stored text is masked, names too") {
    const expr::Mask mask({"sesame", "31415926535"});
    const Value stored =
        expr::without_secrets(Value{{"sesame", "a sesame"}, {"pi", Value(31415926535)}, {"n", 314}}, mask, "");
    CHECK(to_json(stored) == R"({"******":"a ******","pi":"**masked***","n":314})");
}
