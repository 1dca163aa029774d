#include "net/message.h"

#include <arpa/inet.h>
#include <cstring>

#include "net/address.h"
#include "support/test.h"

namespace sluice::net {
namespace {

bool special(const std::string& text) {
    sockaddr_storage out{};
    const bool six = text.find(':') != std::string::npos;
    if (six) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        REQUIRE(::inet_pton(AF_INET6, text.c_str(), &address.sin6_addr) == 1);
        std::memcpy(&out, &address, sizeof(address));
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        REQUIRE(::inet_pton(AF_INET, text.c_str(), &address.sin_addr) == 1);
        std::memcpy(&out, &address, sizeof(address));
    }
    CHECK(text_of(out) == text);
    return is_special(out);
}

}  // namespace

TEST_CASE("forms and queries are encoded") {
    CHECK(form_urlencoded({{"a b", "1&2"}, {"ż", "*-._~"}}) == "a+b=1%262&%C5%BC=*-._%7E");
    CHECK(with_query("http://h/p", {{"a b", "x/y"}}) == "http://h/p?a%20b=x%2Fy");
    CHECK(with_query("http://h/p?q=1#part", {{"a", "b"}}) == "http://h/p?q=1&a=b#part");
    CHECK(with_query("http://h/p#part", {}) == "http://h/p#part");
}

TEST_CASE("public addresses are told from all others") {
    for (const char* text : {"8.8.8.8", "172.15.0.1", "172.32.0.1", "100.128.0.1", "192.169.0.1", "2606:4700::1111",
                             "2a00:1450:4001::1", "64:ff9b::808:808", "::ffff:8.8.8.8", "2002:808:808::1"}) {
        CAPTURE(text);
        CHECK_FALSE(special(text));
    }
    for (const char* text : {"0.0.0.0",
                             "10.1.2.3",
                             "100.64.0.1",
                             "127.0.0.1",
                             "127.255.0.1",
                             "169.254.169.254",
                             "172.16.0.1",
                             "172.31.255.255",
                             "192.168.1.1",
                             "198.18.0.1",
                             "224.0.0.1",
                             "255.255.255.255",
                             "::",
                             "::1",
                             "::ffff:10.0.0.1",
                             "::ffff:127.0.0.1",
                             "64:ff9b::a00:1",
                             "64:ff9b:1::1",
                             "2002:a00:1::1",
                             "2001::1",
                             "2001:db8::1",
                             "fc00::1",
                             "fd12::1",
                             "fe80::1",
                             "fec0::1",
                             "ff02::1"}) {
        CAPTURE(text);
        CHECK(special(text));
    }
}

}  // namespace sluice::net
