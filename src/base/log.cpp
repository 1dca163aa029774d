#include "base/log_level.h"

#include <atomic>
#include <cctype>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/ansicolor_sink.h>
#include <spdlog/spdlog.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log_target.h"

namespace sluice {
namespace {

std::atomic<bool> as_json{false};

spdlog::level::level_enum level_of(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
            return spdlog::level::trace;
        case LogLevel::Debug:
            return spdlog::level::debug;
        case LogLevel::Info:
            return spdlog::level::info;
        case LogLevel::Warn:
            return spdlog::level::warn;
        case LogLevel::Error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            (out += '\\') += c;
        else if (c == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\u{:04x}", static_cast<int>(c));
        else
            out += c;
    }
    out += '"';
}

/// A value that can be misread (a blank, a quote, an equals sign, a line break) is quoted.
void append_plain_text(std::string& out, std::string_view text) {
    const bool plain = !text.empty() && text.find_first_of(" \"=\n\t") == std::string_view::npos;
    if (plain)
        out += text;
    else
        append_json_text(out, text);
}

/// "<4>": what syslog calls a warning
class PriorityFlag : public spdlog::custom_flag_formatter {
  public:
    void format(const spdlog::details::log_msg& line, const std::tm&, spdlog::memory_buf_t& out) override {
        const std::string_view text = line.level >= spdlog::level::err    ? "<3>"
                                      : line.level == spdlog::level::warn ? "<4>"
                                      : line.level == spdlog::level::info ? "<6>"
                                                                          : "<7>";
        out.append(text.data(), text.data() + text.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override { return std::make_unique<PriorityFlag>(); }
};

std::shared_ptr<spdlog::sinks::sink> sink_of(bool colours, bool to_stderr) {
    const auto mode = colours ? spdlog::color_mode::always : spdlog::color_mode::never;
    if (to_stderr) return std::make_shared<spdlog::sinks::ansicolor_stderr_sink_mt>(mode);
    return std::make_shared<spdlog::sinks::ansicolor_stdout_sink_mt>(mode);
}

std::string pattern_of(LogFormat format, bool journal) {
    const std::string priority = journal ? "%Q" : "";
    if (format == LogFormat::Json)
        return priority + "{\"time\":\"%Y-%m-%dT%H:%M:%S.%fZ\",\"level\":\"%l\",\"thread\":%t,%v}";
    return priority + (journal ? "%v" : "%Y-%m-%dT%H:%M:%S.%eZ %^%-5!l%$ %v");
}

std::shared_ptr<spdlog::logger> make(const LogConfig& config) {
    const int stream = config.to_stderr ? STDERR_FILENO : STDOUT_FILENO;
    const bool terminal = isatty(stream) != 0 && getenv("NO_COLOR") == nullptr;
    auto sink = sink_of(terminal && config.format == LogFormat::Text, config.to_stderr);
    auto formatter = std::make_unique<spdlog::pattern_formatter>(spdlog::pattern_time_type::utc);
    formatter->add_flag<PriorityFlag>('Q');
    formatter->set_pattern(pattern_of(config.format, is_journal(getenv("JOURNAL_STREAM"), stream)));
    sink->set_formatter(std::move(formatter));
    auto logger = std::make_shared<spdlog::logger>("sluice", sink);
    logger->set_level(level_of(config.level));
    logger->flush_on(spdlog::level::trace);
    return logger;
}

std::shared_ptr<spdlog::logger>& current() {
    static std::shared_ptr<spdlog::logger> logger = make({.level = LogLevel::Warn, .to_stderr = true});
    return logger;
}

}  // namespace

std::string_view to_text(LogLevel level) {
    switch (level) {
        case LogLevel::Trace:
            return "TRACE";
        case LogLevel::Debug:
            return "DEBUG";
        case LogLevel::Info:
            return "INFO";
        case LogLevel::Warn:
            return "WARN";
        case LogLevel::Error:
            return "ERROR";
    }
    return "INFO";
}

Result<LogLevel> parse_log_level(std::string_view text) {
    std::string upper(text);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    for (const LogLevel level : {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn, LogLevel::Error}) {
        if (upper == to_text(level)) return level;
    }
    return invalid("'{}' is not a log level; expected TRACE, DEBUG, INFO, WARN or ERROR", text);
}

bool is_journal(const char* journal_stream, int descriptor) {
    struct stat file {};
    if (journal_stream == nullptr || fstat(descriptor, &file) != 0) return false;
    return fmt::format("{}:{}", file.st_dev, file.st_ino) == journal_stream;
}

void configure_logging(const LogConfig& config) {
    as_json = config.format == LogFormat::Json;
    current() = make(config);
}

LogLevel log_level() {
    const auto now = current()->level();
    for (const LogLevel level : {LogLevel::Trace, LogLevel::Debug, LogLevel::Info, LogLevel::Warn}) {
        if (now == level_of(level)) return level;
    }
    return LogLevel::Error;
}

void set_log_level(LogLevel level) {
    current()->set_level(level_of(level));
}

void Logger::write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) const {
    auto& logger = *current();
    if (!logger.should_log(level_of(level))) return;
    std::string line;
    if (as_json) {
        line += "\"module\":";
        append_json_text(line, module_);
        line += ",\"event\":";
        append_json_text(line, event);
        for (const LogField& field : fields) {
            line += ',';
            append_json_text(line, field.key);
            line += ':';
            if (field.quoted)
                append_json_text(line, field.text);
            else
                line += field.text;
        }
    } else {
        line += fmt::format("[{}] {}", module_, event);
        for (const LogField& field : fields) {
            line += ' ';
            line += field.key;
            line += '=';
            append_plain_text(line, field.text);
        }
    }
    logger.log(level_of(level), "{}", line);
}

void Logger::trace(std::string_view e, std::initializer_list<LogField> f) const {
    write(LogLevel::Trace, e, f);
}
void Logger::debug(std::string_view e, std::initializer_list<LogField> f) const {
    write(LogLevel::Debug, e, f);
}
void Logger::info(std::string_view e, std::initializer_list<LogField> f) const {
    write(LogLevel::Info, e, f);
}
void Logger::warn(std::string_view e, std::initializer_list<LogField> f) const {
    write(LogLevel::Warn, e, f);
}
void Logger::error(std::string_view e, std::initializer_list<LogField> f) const {
    write(LogLevel::Error, e, f);
}

}  // namespace sluice
