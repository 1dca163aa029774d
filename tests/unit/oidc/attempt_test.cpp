#include "oidc/attempt.h"

#include "support/test.h"

namespace sluice::oidc {
namespace {

using sluice::test::failure;
using sluice::test::ok;

const std::string kMine(64, 'a');
const std::string kOthers(64, 'b');
const Timestamp kNow = Timestamp(std::chrono::seconds(1'800'000'000));

}  // namespace

TEST_CASE("a log-in comes back to the browser that began it, with the same secrets") {
    const Attempt begun = Attempt::begin(kMine, "/ui/flows?q=a&x=1", kNow);
    const Attempt back = ok(Attempt::resume(kMine, begun.state(), kNow + 599s));
    CHECK_EQ(back.return_to(), "/ui/flows?q=a&x=1");
    CHECK_EQ(back.nonce(), begun.nonce());
    CHECK_EQ(back.verifier(), begun.verifier());
    CHECK_EQ(begun.verifier().size(), 43);
    CHECK_NE(begun.verifier(), begun.nonce());
    CHECK_NE(Attempt::begin(kMine, "/ui/", kNow).nonce(), Attempt::begin(kMine, "/ui/", kNow).nonce());
}

TEST_CASE("a log-in that took too long, or that another browser began, is over") {
    const std::string state = Attempt::begin(kMine, "/ui/", kNow).state();
    CHECK(test::contains(failure(Attempt::resume(kMine, state, kNow + 601s)).message, "took 601 s"));
    CHECK(test::contains(failure(Attempt::resume(kOthers, state, kNow)).message, "this browser"));
    for (const std::string& wrong : {std::string(), std::string("."), std::string("..."), "9" + state, state + "x",
                                     state.substr(1), std::string(10'000, '.')}) {
        CHECK_FALSE(Attempt::resume(kMine, wrong, kNow).has_value());
    }
    // Without a cookie there is no secret, and whoever knows that signs by none.
    CHECK_FALSE(Attempt::resume("", Attempt::begin("", "/ui/", kNow).state(), kNow).has_value());
}

TEST_CASE("a log-in never ends at another site") {
    for (const std::string& elsewhere :
         {std::string("https://evil.example/"), std::string("//evil.example"), std::string("/\\evil.example"),
          std::string("/a\r\nSet-Cookie: b=c"), std::string("flows"), std::string(), "/" + std::string(2000, 'a')}) {
        CAPTURE(elsewhere);
        CHECK_EQ(Attempt::begin(kMine, elsewhere, kNow).return_to(), "/ui/");
    }
}

}  // namespace sluice::oidc
