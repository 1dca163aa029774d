#pragma once
#include <stop_token>
#include <string>

#include "base/file_descriptor.h"
#include "base/time.h"

namespace sluice::remote {

struct Address {
    std::string host{};
    int port = 0;

    std::string text() const {
        return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port)
                                                   : fmt::format("[{}]:{}", host, port);
    }
};

/// A TCP connection; one whose other end has vanished breaks after a minute.
/// Errors  Unavailable: no such host, no answer; Timeout; Cancelled
Result<FileDescriptor> connect_to(const Address& address, Duration patience, const std::stop_token& stop);

}  // namespace sluice::remote
