#pragma once
#include <fmt/format.h>
#include <initializer_list>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.h"

namespace sluice {

/// error: someone must act. warn: it healed, we count it. info: a life cycle. debug: one item. trace: a step of one.
enum class LogLevel { Trace, Debug, Info, Warn, Error };

std::string_view to_text(LogLevel level);
/// Errors  Invalid: not one of TRACE DEBUG INFO WARN ERROR, in any case
Result<LogLevel> parse_log_level(std::string_view text);

/// One value of a log line; units belong in the key ("took_ms").
struct LogField {
    std::string_view key;
    std::string text;
    bool quoted;

    template <class T>
    LogField(std::string_view key_, const T& value) : key(key_), text(), quoted(true) {
        if constexpr (std::is_same_v<T, bool>) {
            text = value ? "true" : "false";
            quoted = false;
        } else if constexpr (std::is_floating_point_v<T>) {
            text = fmt::format("{:.3f}", value);
            quoted = false;
        } else {
            text = fmt::format("{}", value);
            quoted = !std::is_arithmetic_v<T>;
        }
    }
};

/// Writes lines of a fixed event name and fields: `log.info("task.finished", {{"task_run_id", id}})`.
/// Threads any
class Logger {
  public:
    explicit Logger(std::string_view module) : module_(module) {}

    void trace(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void warn(std::string_view event, std::initializer_list<LogField> fields = {}) const;
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) const;

  private:
    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const;
    std::string_view module_;
};

enum class LogFormat { Text, Json };

struct LogConfig {
    LogLevel level = LogLevel::Info;
    LogFormat format = LogFormat::Text;
    bool to_stderr = false;  // commands keep their standard output for results
};

/// Called once by main() before any thread starts; until then lines from Warn up go to standard error.
void configure_logging(const LogConfig& config);

}  // namespace sluice
