#include "webserver/client_address.h"

#include <arpa/inet.h>

namespace sluice::webserver {
namespace client_address {

/// 4 or 16 bytes; an IPv4 address inside of an IPv6 one is that address. Empty: it is none
std::vector<unsigned char> bytes_of(std::string text) {
    constexpr std::string_view kMapped = "::ffff:";
    if (text.size() > 2 && text.front() == '[' && text.back() == ']') text = text.substr(1, text.size() - 2);
    if (text.starts_with(kMapped) && text.find('.') != std::string::npos) text.erase(0, kMapped.size());
    std::vector<unsigned char> out(16);
    if (inet_pton(AF_INET, text.c_str(), out.data()) == 1) {
        out.resize(4);
        return out;
    }
    if (inet_pton(AF_INET6, text.c_str(), out.data()) == 1) return out;
    return {};
}

/// "a, b , c" from the last to the first. A proxy may append to the line that is there, or add one of its own: of
/// several, the last says what was nearest to us.
std::vector<std::string> backwards(const std::vector<std::string_view>& lines) {
    std::vector<std::string> out;
    for (std::string_view line : lines) {
        for (bool more = true; more;) {
            const auto comma = line.find(',');
            out.emplace_back(http::trimmed(line.substr(0, comma)));
            more = comma != std::string_view::npos;
            line.remove_prefix(more ? comma + 1 : 0);
        }
    }
    std::reverse(out.begin(), out.end());
    return out;
}

}  // namespace client_address

Result<Network> Network::parse(const std::string& text) {
    const auto slash = text.find('/');
    Network out{.address = client_address::bytes_of(text.substr(0, slash))};
    const auto wrong = [&] { return invalid("expected an address or a network such as 10.0.0.0/8, found '{}'", text); };
    if (out.address.empty()) return wrong();
    out.bits = static_cast<unsigned>(out.address.size()) * 8;
    if (slash == std::string::npos) return out;
    const std::string bits = text.substr(slash + 1);
    if (bits.empty() || bits.size() > 3 || bits.find_first_not_of("0123456789") != std::string::npos) return wrong();
    const auto wanted = static_cast<unsigned>(std::stoul(bits));
    if (wanted > out.bits) return wrong();
    out.bits = wanted;
    return out;
}

bool Network::has(const std::string& text) const {
    const std::vector<unsigned char> other = client_address::bytes_of(text);
    if (other.size() != address.size()) return false;
    for (unsigned bit = 0; bit < bits; ++bit) {
        const unsigned mask = 0x80U >> (bit % 8);
        if (((other[bit / 8] ^ address[bit / 8]) & mask) != 0) return false;
    }
    return true;
}

bool TrustedProxies::trust(const std::string& address) const {
    return std::any_of(networks_.begin(), networks_.end(), [&](const Network& one) { return one.has(address); });
}

std::string TrustedProxies::client_of(const http::Request& request) const {
    if (networks_.empty() || !trust(request.remote)) return request.remote;
    std::string client = request.remote;
    for (const std::string& one : client_address::backwards(request.headers.all("X-Forwarded-For"))) {
        if (client_address::bytes_of(one).empty()) break;  // what is no address nobody vouches for
        client = one;
        if (!trust(one)) break;
    }
    return client;
}

bool TrustedProxies::is_secure(const http::Request& request) const {
    return trust(request.remote) && request.header("X-Forwarded-Proto").value_or("") == "https";
}

}  // namespace sluice::webserver
