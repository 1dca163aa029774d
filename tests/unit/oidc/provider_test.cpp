#include "oidc/provider.h"

#include "support/test.h"
#include "unit/net/loopback_server.h"

using namespace sluice;
using namespace sluice::oidc;
using namespace sluice::test;

namespace {

struct ProviderRig {
    LoopbackServer server{[this](const Seen&) {
        return Reply{answers
                         ? response("200 OK", fmt::format(R"({{"issuer": "{0}", "authorization_endpoint": "{0}/go"}})",
                                                          server.url("/realm")))
                         : response("500 Oh", "")};
    }};
    std::atomic<bool> answers = true;

    std::size_t asked() const { return server.seen().size(); }
    Provider provider(Duration kept) const {
        return Provider({.issuer = server.url("/realm"), .client_id = "us"}, kept);
    }
    static Result<std::string> ask(Provider& provider) {
        return provider.address_for(Attempt::begin(std::string(64, 'a'), "/ui/", Timestamp{}), "https://here/callback");
    }
};

}  // namespace

TEST_CASE("a description that can't be renewed is used for a while without asking each time") {
    ProviderRig rig;
    Provider provider = rig.provider(Duration{0});
    CHECK(ProviderRig::ask(provider).has_value());
    rig.answers = false;
    CHECK(ProviderRig::ask(provider).has_value());
    CHECK(ProviderRig::ask(provider).has_value());
    CHECK(rig.asked() == 2);
}

TEST_CASE("a provider that does not answer is not waited for by each who wants to log in") {
    ProviderRig rig;
    rig.answers = false;
    Provider provider = rig.provider(1h);
    CHECK(failure(ProviderRig::ask(provider)).code == ErrorCode::Unavailable);
    CHECK(contains(failure(ProviderRig::ask(provider)).message, "answered 500"));
    CHECK(rig.asked() == 1);
}
