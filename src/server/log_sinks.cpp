#include "server/log_sinks.h"

#include <atomic>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/file_descriptor.h"
#include "base/utf8.h"
#include "server/config.h"
#include "value/json.h"

namespace sluice::server {
namespace log_sinks {

constexpr Duration kSinkPatience = 10s;
constexpr std::uint64_t kLongestAnswer = 64 * 1024;
constexpr std::size_t kLongestDatagram = 8192;  // what most receivers take

tl::unexpected<Error> sink_failed(const std::string& what, int number) {
    return refuse(ErrorCode::Unavailable, "{}: {}", what, std::strerror(number));
}

// -------------------------------------------------------------------------------------------------------- file

class FileSink : public LogSink {
  public:
    explicit FileSink(std::string path) : path_(std::move(path)) {}

    Result<void> take(std::span<const store::LogRow> lines, std::stop_token stop) override {
        if (auto open = open_if_needed(); !open) return open;
        std::string text = std::exchange(half_a_line_in_pipe_, false) ? "\n" : "";
        for (const store::LogRow& line : lines) text += json_line(line) + "\n";
        if (auto written = write(text, stop); !written) return written;
        // A pipe or a terminal can't be synchronised, and needs not.
        if (::fdatasync(file_.get()) != 0 && errno != EINVAL && errno != EROFS) return broken();
        return {};
    }

    void reopen() override { reopen_ = true; }

  private:
    /// A pipe takes what its reader makes room for: it is waited for, but not for ever.
    Result<void> write(std::string_view rest, const std::stop_token& stop) {
        const auto end = std::chrono::steady_clock::now() + kSinkPatience;
        while (!rest.empty()) {
            const ssize_t written = ::write(file_.get(), rest.data(), rest.size());
            if (written >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(written));
                continue;
            }
            if (errno != EAGAIN && errno != EINTR) return broken();
            const bool stopped = stop.stop_requested();
            if (stopped || std::chrono::steady_clock::now() > end) {
                half_a_line_in_pipe_ = true;
                file_.reset();
                if (stopped) return refuse(ErrorCode::Cancelled, "the server is stopping");
                return refuse(ErrorCode::Timeout, "log.shipping.path {} has taken nothing for ten seconds", path_);
            }
            pollfd look{file_.get(), POLLOUT, 0};
            ::poll(&look, 1, 100);
        }
        return {};
    }

    /// A full disk may have taken a part of a line: what follows begins on a line of its own.
    tl::unexpected<Error> broken() {
        const int number = errno;
        file_.reset();
        return sink_failed("log.shipping.path " + path_, number);
    }

    bool was_renamed() const {
        struct stat there {};
        struct stat here {};
        if (::stat(path_.c_str(), &there) != 0 || ::fstat(file_.get(), &here) != 0) return true;
        return there.st_dev != here.st_dev || there.st_ino != here.st_ino;
    }

    Result<void> open_if_needed() {
        if (file_ && !reopen_.exchange(false) && !was_renamed()) return {};
        constexpr mode_t kMode = 0640;
        // Without waiting for somebody to read a pipe: who opens one that nobody reads gets ENXIO.
        file_.reset(::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, kMode));
        if (!file_ && errno == ENXIO)
            return refuse(ErrorCode::Unavailable, "log.shipping.path {} is a pipe that nobody reads", path_);
        if (!file_) return sink_failed("log.shipping.path " + path_, errno);
        return end_half_a_line();
    }

    Result<void> end_half_a_line() {
        const FileDescriptor reading(::open(path_.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
        struct stat now {};
        if (!reading || ::fstat(reading.get(), &now) != 0 || !S_ISREG(now.st_mode) || now.st_size == 0) return {};
        char last = '\n';
        if (::pread(reading.get(), &last, 1, now.st_size - 1) == 1 && last != '\n' &&
            ::write(file_.get(), "\n", 1) != 1)
            return broken();
        return {};
    }

    const std::string path_;
    FileDescriptor file_{};
    bool half_a_line_in_pipe_ = false;  // perhaps: nobody can look
    std::atomic<bool> reopen_{false};
};

// ------------------------------------------------------------------------------------------------------ syslog

class SyslogSink : public LogSink {
  public:
    SyslogSink(SyslogAddress address, int facility, std::string host)
        : address_(std::move(address)), facility_(facility), host_(std::move(host)) {}

    Result<void> take(std::span<const store::LogRow> lines, std::stop_token stop) override {
        if (socket_ && is_stream_ && was_closed()) socket_.reset();
        if (!socket_) {
            if (auto connected = connect(); !connected) return connected;
        }
        for (const store::LogRow& line : lines) {
            std::string text = syslog_line(line, facility_, host_);
            if (!is_stream_)
                text = std::string(utf8_prefix(text, kLongestDatagram));
            else if (address_.kind == SyslogAddress::Kind::Tcp)
                text = fmt::format("{} {}", text.size(), text);  // RFC 6587: octet counting
            else
                text += '\n';
            if (auto sent = send(text, stop); !sent) {
                socket_.reset();
                return sent;
            }
        }
        return {};
    }

    void reopen() override { reopen_ = true; }

  private:
    std::string name() const {
        return address_.kind == SyslogAddress::Kind::Unix ? address_.host : address_.host + ":" + address_.port;
    }

    /// A receiver that has ended says so by an end of file; what is written after that would be lost.
    bool was_closed() {
        if (reopen_.exchange(false)) return true;
        pollfd look{socket_.get(), POLLIN, 0};
        if (::poll(&look, 1, 0) <= 0) return false;
        char ignored[256];
        const ssize_t got = ::recv(socket_.get(), ignored, sizeof ignored, MSG_DONTWAIT);
        return got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR);
    }

    Result<void> send(std::string_view rest, const std::stop_token& stop) {
        const auto end = std::chrono::steady_clock::now() + kSinkPatience;
        while (!rest.empty()) {
            const ssize_t sent = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (sent >= 0) {
                rest.remove_prefix(static_cast<std::size_t>(sent));
                continue;
            }
            const bool is_full = errno == EAGAIN || errno == ENOBUFS;
            if (!is_full && errno != EINTR) return sink_failed("syslog at " + name(), errno);
            if (stop.stop_requested()) return refuse(ErrorCode::Cancelled, "the server is stopping");
            if (std::chrono::steady_clock::now() > end)
                return refuse(ErrorCode::Timeout, "syslog at {} has taken nothing for ten seconds", name());
            pollfd look{socket_.get(), POLLOUT, 0};
            ::poll(&look, 1, 100);
        }
        return {};
    }

    Result<void> connect() {
        if (address_.kind == SyslogAddress::Kind::Unix) return connect_to_path();
        is_stream_ = address_.kind == SyslogAddress::Kind::Tcp;
        addrinfo hints{};
        hints.ai_socktype = is_stream_ ? SOCK_STREAM : SOCK_DGRAM;
        addrinfo* found = nullptr;
        const int code = ::getaddrinfo(address_.host.c_str(), address_.port.c_str(), &hints, &found);
        if (code != 0) return refuse(ErrorCode::Unavailable, "syslog at {}: {}", name(), ::gai_strerror(code));
        const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, &::freeaddrinfo);
        int number = 0;
        for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
            if (connect_to(one->ai_family, hints.ai_socktype, one->ai_addr, one->ai_addrlen)) return {};
            number = errno;
        }
        return sink_failed("syslog at " + name(), number);
    }

    Result<void> connect_to_path() {
        sockaddr_un to{};
        to.sun_family = AF_UNIX;
        address_.host.copy(to.sun_path, sizeof to.sun_path - 1);
        for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
            is_stream_ = type == SOCK_STREAM;
            if (connect_to(AF_UNIX, type, reinterpret_cast<const sockaddr*>(&to), sizeof to)) return {};
            if (errno != EPROTOTYPE) break;
        }
        return sink_failed("syslog at " + name(), errno);
    }

    bool connect_to(int family, int type, const sockaddr* to, socklen_t size) {
        FileDescriptor made(::socket(family, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
        if (!made) return false;
        if (::connect(made.get(), to, size) != 0) {
            if (errno != EINPROGRESS) return false;
            pollfd look{made.get(), POLLOUT, 0};
            int code = ETIMEDOUT;
            socklen_t length = sizeof code;
            if (::poll(&look, 1, static_cast<int>(kSinkPatience / 1ms)) > 0)
                ::getsockopt(made.get(), SOL_SOCKET, SO_ERROR, &code, &length);
            errno = code;
            if (code != 0) return false;
        }
        socket_ = std::move(made);
        return true;
    }

    const SyslogAddress address_;
    const int facility_;
    const std::string host_;
    FileDescriptor socket_{};
    bool is_stream_ = false;
    std::atomic<bool> reopen_{false};
};

// -------------------------------------------------------------------------------------------------------- HTTP

class HttpSink : public LogSink {
  public:
    HttpSink(net::Client& http, std::string url, std::string authorization, std::string ca_file)
        : http_(http), url_(std::move(url)), authorization_(std::move(authorization)), ca_file_(std::move(ca_file)) {}

    Result<void> take(std::span<const store::LogRow> lines, std::stop_token stop) override {
        std::string body;
        for (const store::LogRow& line : lines) body += json_line(line) + "\n";
        net::Request request{.method = "POST", .url = url_};
        request.headers.add("Content-Type", "application/x-ndjson");
        if (!authorization_.empty()) request.headers.add("Authorization", authorization_);
        request.body = std::move(body);
        request.options.deadline = kSinkPatience;
        request.options.follow_redirects = false;  // lines and credentials are for this host
        request.options.longest_body_bytes = kLongestAnswer;
        request.options.ca_file = ca_file_;
        Answer answer;
        const auto sent = http_.send(request, answer.receiver(), std::move(stop));
        // What follows a status is of no interest: lines that were taken are not sent again for its length.
        if (!sent && (sent.error().code != ErrorCode::TooLarge || answer.code == 0))
            return refuse(ErrorCode::Unavailable, "log.shipping.url: {}", sent.error().message);
        if (sent) answer.code = sent->code;
        return judged(answer);
    }

  private:
    struct Answer {
        int code = 0;
        std::string body{};

        net::Receiver receiver() {
            return {.on_head = [this](const net::Response& head) -> Result<void> {
                        code = head.code;
                        return {};
                    },
                    .on_bytes = [this](std::string_view bytes) -> Result<void> {
                        body += bytes;
                        return {};
                    }};
        }
    };

    static Result<void> judged(const Answer& answer) {
        constexpr int kFirstGood = 200, kFirstOther = 300, kBad = 400, kTooLarge = 413, kUnprocessable = 422;
        if (answer.code >= kFirstGood && answer.code < kFirstOther) return {};
        const std::string told =
            fmt::format("log.shipping.url answered {}: {}", answer.code, utf8_prefix(answer.body, 200));
        if (answer.code == kTooLarge) return refuse(ErrorCode::TooLarge, "{}", told);
        if (answer.code == kBad || answer.code == kUnprocessable) return invalid("{}", told);
        return refuse(ErrorCode::Unavailable, "{}", told);
    }

    net::Client& http_;
    const std::string url_;
    const std::string authorization_;
    const std::string ca_file_;
};

/// A value of structured data: '"', '\' and ']' are escaped.
std::string sd_parameter(const char* name, const std::string& value) {
    std::string out = fmt::format(" {}=\"", name);
    for (const char c : value) {
        if (c == '"' || c == '\\' || c == ']') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace log_sinks

using namespace log_sinks;

std::string json_line(const store::LogRow& line) {
    Map out;
    out.set("timestamp", to_iso(line.at));
    out.set("level", to_text(line.level));
    out.set("namespace", line.flow.namespace_name);
    out.set("flowId", line.flow.id);
    if (line.trigger_id.empty()) out.set("executionId", line.execution_id.text());
    if (!line.task_id.empty()) out.set("taskId", line.task_id);
    if (!line.task_run_id.empty()) out.set("taskRunId", line.task_run_id.text());
    if (line.attempt) out.set("attemptNumber", *line.attempt);
    if (!line.trigger_id.empty()) out.set("triggerId", line.trigger_id);
    out.set("message", line.message);
    out.set("seq", line.seq);
    return to_json(Value(std::move(out)));
}

std::string syslog_line(const store::LogRow& line, int facility, const std::string& host) {
    constexpr int kSeverities[] = {7, 7, 6, 4, 3};  // debug, debug, informational, warning, error
    const std::string id = line.trigger_id.empty() ? line.execution_id.text() : "-";
    std::string data = "[sluice@32473";  // the number of examples: nobody else's names are meant
    data += sd_parameter("namespace", line.flow.namespace_name) + sd_parameter("flow", line.flow.id);
    if (!line.task_id.empty()) data += sd_parameter("task", line.task_id);
    if (!line.task_run_id.empty()) data += sd_parameter("taskRun", line.task_run_id.text());
    if (line.attempt) data += sd_parameter("attempt", std::to_string(*line.attempt));
    if (!line.trigger_id.empty()) data += sd_parameter("trigger", line.trigger_id);
    data += sd_parameter("seq", std::to_string(line.seq)) + "]";
    std::string message = line.message;
    for (char& c : message) {
        if (c == '\n' || c == '\r' || c == '\0') c = ' ';
    }
    return fmt::format("<{}>1 {} {} sluice - {} {} \xEF\xBB\xBF{}",
                       facility * 8 + kSeverities[static_cast<int>(line.level)], to_iso(line.at),
                       host.empty() ? "-" : host, id, data, message);
}

Result<SyslogAddress> syslog_address_of(const std::string& text) {
    SyslogAddress out;
    const std::string wanted = "must be udp://host:514, tcp://host:601 or unix:///path";
    if (text.starts_with("unix://")) {
        out.host = text.substr(7);
        if (!out.host.starts_with('/') || out.host.size() >= sizeof(sockaddr_un::sun_path))
            return invalid("{}", wanted);
        return out;
    }
    if (!text.starts_with("udp://") && !text.starts_with("tcp://")) return invalid("{}", wanted);
    out.kind = text.starts_with("udp") ? SyslogAddress::Kind::Udp : SyslogAddress::Kind::Tcp;
    const std::string place = text.substr(6);
    const auto colon = place.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == place.size()) return invalid("{}", wanted);
    out.host = place.substr(0, colon);
    out.port = place.substr(colon + 1);
    if (out.host.starts_with('[') && out.host.ends_with(']')) out.host = out.host.substr(1, out.host.size() - 2);
    return out;
}

std::optional<int> syslog_facility_of(const std::string& name) {
    if (name == "user") return 1;
    if (name == "daemon") return 3;
    if (name.size() == 6 && name.starts_with("local") && name[5] >= '0' && name[5] <= '7') return 16 + (name[5] - '0');
    return {};
}

std::unique_ptr<LogSink> make_log_sink(const Config& config, const std::string& host, net::Client& http) {
    const auto& wanted = config.log.shipping;
    if (wanted.to == "file") return std::make_unique<FileSink>(wanted.path);
    if (wanted.to == "http") return std::make_unique<HttpSink>(http, wanted.url, wanted.authorization, wanted.ca_file);
    if (wanted.to != "syslog") return nullptr;
    return std::make_unique<SyslogSink>(syslog_address_of(wanted.address).value(),  // checked when it was read
                                        syslog_facility_of(wanted.facility).value(), host);
}

}  // namespace sluice::server
