#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "value/value.h"

namespace sluice::expr {

class TemplateCache;

/// What `http(…)` asks for. Absent parts are null.
struct HttpCall {
    std::string uri{};
    std::string method = "GET";
    Value query{};
    Value body{};
    std::string content_type = "application/json";
    Value headers{};
    Value options{};
    std::string accept = "application/json";
};

/// Everything that an expression may need from outside. The evaluator itself does no I/O and reads no clock.
///
/// One environment serves one render at a time. What is not overridden answers "not available here", so that each
/// place where expressions are rendered offers exactly what makes sense there.
/// Errors  NotFound, Forbidden and Invalid become the classes "not found", "access denied" and "bad argument"; the
///         codes Unavailable, Timeout and Cancelled are kept, so that the caller can try again
class Environment {
  public:
    virtual ~Environment() = default;

    /// The time that now() tells
    virtual Timestamp now() = 0;
    /// "Europe/Paris": where dates are shown that say no zone
    virtual std::string time_zone() { return "UTC"; }
    virtual std::uint64_t random();

    /// The server's setting that rendered text is rendered again until it no longer changes. render() and
    /// renderOnce() do not exist then.
    virtual bool is_recursive() { return false; }
    /// Where parsed templates are kept: those of trees and of render(). Null: each is parsed when it is met.
    virtual TemplateCache* templates() { return nullptr; }

    /// Of this namespace, or of the flow's when it is empty.
    virtual Result<std::string> secret(std::string_view key, std::string_view name_space);
    /// The plain text of a sealed value; see aes_gcm.h.
    virtual Result<std::string> open_sealed(const std::string& text);
    /// Empty when there is no such key.
    virtual Result<std::optional<Value>> kv(std::string_view key, std::string_view name_space);
    /// Whether files, and executions' files, of another namespace may be read
    virtual bool may_read_namespace(std::string_view name_space);

    // `uri` is complete and was checked to be one that this execution may read: kestra:///company/team/_files/a.txt
    virtual Result<std::string> read_file(const std::string& uri);
    /// Empty when there is no such file.
    virtual Result<std::optional<std::int64_t>> file_size(const std::string& uri);

    /// The error log lines of this execution, as a list of maps
    virtual Result<Value> error_logs();
    /// The parsed body of the answer
    virtual Result<Value> http(const HttpCall& call);
    /// Country as in ISO 3166-1, subdivision as in ISO 3166-2; empty: the server's country, or all of it
    virtual Result<bool> is_public_holiday(std::chrono::local_days day, std::string_view country,
                                           std::string_view subdivision);
    /// A TCP port of this machine that nobody listens on
    virtual Result<int> free_port();

    /// What secret() answered during the renders so far, so that the caller can mask it wherever it shows up.
    const std::vector<std::string>& secrets_read() const { return secrets_read_; }
    /// For the functions of the language: a part of a secret is a secret.
    void remember_secret(std::string text);

  private:
    std::vector<std::string> secrets_read_{};
};

}  // namespace sluice::expr
