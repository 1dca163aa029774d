#include "net/address.h"

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <span>

namespace sluice::net {
namespace {

struct Network4 {
    std::uint32_t first;
    int bits;
};

constexpr std::uint32_t ip(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
    return (a << 24) | (b << 16) | (c << 8) | d;
}

// From the registry of special-purpose addresses (RFC 6890 and its updates), and multicast.
constexpr std::array kSpecial4{
    Network4{ip(0, 0, 0, 0), 8},      Network4{ip(10, 0, 0, 0), 8},     Network4{ip(100, 64, 0, 0), 10},
    Network4{ip(127, 0, 0, 0), 8},    Network4{ip(169, 254, 0, 0), 16}, Network4{ip(172, 16, 0, 0), 12},
    Network4{ip(192, 0, 0, 0), 24},   Network4{ip(192, 0, 2, 0), 24},   Network4{ip(192, 88, 99, 0), 24},
    Network4{ip(192, 168, 0, 0), 16}, Network4{ip(198, 18, 0, 0), 15},  Network4{ip(198, 51, 100, 0), 24},
    Network4{ip(203, 0, 113, 0), 24}, Network4{ip(224, 0, 0, 0), 3},
};

bool is_special4(std::uint32_t address) {
    for (const Network4& network : kSpecial4) {
        if ((address ^ network.first) >> (32 - network.bits) == 0) return true;
    }
    return false;
}

std::uint32_t number_at(std::span<const std::uint8_t> bytes, std::size_t at) {
    return ip(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]);
}

bool is_special6(std::span<const std::uint8_t, 16> a) {
    const auto zeros = [&](std::size_t first, std::size_t end) {
        for (std::size_t i = first; i < end; ++i) {
            if (a[i] != 0) return false;
        }
        return true;
    };
    if (zeros(0, 10) && a[10] == 0xFF && a[11] == 0xFF) return is_special4(number_at(a, 12));  // ::ffff:a.b.c.d
    if (zeros(0, 12)) return true;                                       // ::, ::1, and IPv4 as it was once wrapped
    if (a[0] == 0x00 && a[1] == 0x64 && a[2] == 0xFF && a[3] == 0x9B) {  // 64:ff9b::/96, 64:ff9b:1::/48
        return !zeros(4, 12) || is_special4(number_at(a, 12));
    }
    if (a[0] == 0x20 && a[1] == 0x02) return is_special4(number_at(a, 2));  // 6to4
    if (a[0] == 0x20 && a[1] == 0x01 && (a[2] & 0xFE) == 0) return true;    // 2001::/23: Teredo and other protocols
    if (a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8) return true;  // documentation
    return (a[0] & 0xE0) != 0x20;  // only 2000::/3 is given out: not fc00::/7, fe80::/10, ff00::/8 …
}

}  // namespace

bool is_special(const sockaddr_storage& address) {
    if (address.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof(four));
        return is_special4(ntohl(four.sin_addr.s_addr));
    }
    if (address.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof(six));
        return is_special6(std::span<const std::uint8_t, 16>(six.sin6_addr.s6_addr, 16));
    }
    return true;
}

std::string text_of(const sockaddr_storage& address) {
    std::array<char, INET6_ADDRSTRLEN> out{};
    if (address.ss_family == AF_INET) {
        sockaddr_in four{};
        std::memcpy(&four, &address, sizeof(four));
        ::inet_ntop(AF_INET, &four.sin_addr, out.data(), out.size());
    } else if (address.ss_family == AF_INET6) {
        sockaddr_in6 six{};
        std::memcpy(&six, &address, sizeof(six));
        ::inet_ntop(AF_INET6, &six.sin6_addr, out.data(), out.size());
    }
    return out.data();
}

}  // namespace sluice::net
