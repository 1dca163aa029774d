#pragma once
#include <string>
#include <sys/socket.h>

namespace sluice::net {

/// An address that only means something inside a host, a network or a protocol: loopback, private, link-local (cloud
/// metadata), shared, unique local, multicast, documentation, reserved; also when wrapped into IPv6.
bool is_special(const sockaddr_storage& address);

/// "10.0.0.1", "fe80::1"
std::string text_of(const sockaddr_storage& address);

}  // namespace sluice::net
