#pragma once
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
#include <string>

#include "base/error.h"
#include "net/client.h"
#include "store/find_logs.h"

namespace sluice::server {

struct Config;

/// Where lines are shipped to. Used by one thread, but for reopen().
class LogSink {
  public:
    virtual ~LogSink() = default;
    /// Takes all of them, or fails; then the same come again.
    /// Errors  TooLarge: fewer at once may do; Invalid: never these; all else: later
    virtual Result<void> take(std::span<const store::LogRow> lines, std::stop_token stop) = 0;
    /// Opens anew what somebody has renamed. Threads  any
    virtual void reopen() {}
};

/// A line as JSON, without a line break.
std::string json_line(const store::LogRow& line);
/// A line as RFC 5424 has it.
std::string syslog_line(const store::LogRow& line, int facility, const std::string& host);

struct SyslogAddress {
    enum class Kind { Udp, Tcp, Unix } kind = Kind::Unix;
    std::string host{};  // or the path of a socket
    std::string port{};
};
/// "udp://host:514", "tcp://[::1]:601", "unix:///dev/log"
Result<SyslogAddress> syslog_address_of(const std::string& text);
/// Empty: there is none of this name
std::optional<int> syslog_facility_of(const std::string& name);

/// Null: nothing is to be shipped.
std::unique_ptr<LogSink> make_log_sink(const Config& config, const std::string& host, net::Client& http);

}  // namespace sluice::server
