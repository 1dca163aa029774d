#include "databases/iso_text.h"

#include "value/temporal.h"

namespace sluice::databases {
namespace {

/// Reads a text from left to right; once something was not as wanted, nothing is.
class Digits {
  public:
    explicit Digits(std::string_view text) : text_(text) {}

    int number(std::size_t digits) {
        int out = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') {
                good_ = false;
                return 0;
            }
            out = out * 10 + (text_[at_++] - '0');
        }
        return out;
    }
    bool take(char wanted) {
        if (at_ >= text_.size() || text_[at_] != wanted) return false;
        ++at_;
        return true;
    }
    void want(char wanted) { good_ = take(wanted) && good_; }
    int nanos() {
        int out = 0;
        int digits = 0;
        for (; at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9' && digits < 9; ++digits) {
            out = out * 10 + (text_[at_++] - '0');
        }
        if (digits == 0) good_ = false;
        for (; digits < 9; ++digits) out *= 10;
        return out;
    }
    bool at_end() const { return at_ == text_.size(); }
    void refuse() { good_ = false; }
    bool good() const { return good_; }

    std::chrono::local_days day() {
        const int year = number(4);
        want('-');
        const int month = number(2);
        want('-');
        const auto day = static_cast<unsigned>(number(2));
        const std::chrono::year_month_day date{std::chrono::year(year),
                                               std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(day)};
        if (!date.ok()) good_ = false;
        return good_ ? std::chrono::local_days(date) : std::chrono::local_days();
    }
    /// Nanoseconds of the day
    std::int64_t time() {
        const int hours = number(2);
        want(':');
        const int minutes = number(2);
        int seconds = 0;
        int nanos_read = 0;
        if (take(':')) {
            seconds = number(2);
            if (take('.')) nanos_read = nanos();
        }
        if (hours > 23 || minutes > 59 || seconds > 59) good_ = false;  // 24:00:00 is one of PostgreSQL's
        return ((hours * 60 + minutes) * 60LL + seconds) * 1'000'000'000 + nanos_read;
    }
    std::chrono::seconds offset() {
        if (take('Z')) return {};
        const bool behind = take('-');
        if (!behind) want('+');
        int seconds = number(2) * 3600;
        if (take(':')) seconds += number(2) * 60;
        if (take(':')) seconds += number(2);
        return std::chrono::seconds{behind ? -seconds : seconds};
    }

  private:
    std::string_view text_;
    std::size_t at_ = 0;
    bool good_ = true;
};

WallTime wall(std::chrono::local_days day, std::int64_t nanos) {
    return {std::chrono::local_seconds(day) + std::chrono::seconds(nanos / 1'000'000'000),
            static_cast<std::int32_t>(nanos % 1'000'000'000)};
}

WallTime wall_time(Digits& digits) {
    const auto day = digits.day();
    if (!digits.take('T')) digits.want(' ');
    return wall(day, digits.time());
}

}  // namespace

std::optional<Value> date_of(std::string_view text) {
    Digits digits(text);
    const auto day = digits.day();
    if (!digits.good() || !digits.at_end()) return {};
    return make_value<LocalDate>(day);
}

std::optional<Value> time_of(std::string_view text) {
    Digits digits(text);
    const auto nanos = digits.time();
    if (!digits.good() || !digits.at_end()) return {};
    return make_value<LocalTime>(nanos);
}

std::optional<Value> wall_time_of(std::string_view text) {
    Digits digits(text);
    const WallTime at = wall_time(digits);
    if (!digits.good() || !digits.at_end()) return {};
    return make_value<LocalDateTime>(at);
}

std::optional<Value> zoned_time_of(std::string_view text, const std::string& zone) {
    Digits digits(text);
    const WallTime at = wall_time(digits);
    const auto offset = digits.offset();
    if (!digits.good() || !digits.at_end()) return {};
    return make_value<ZonedDateTime>(at, offset, zone);
}

std::optional<std::string> iso_interval_of(std::string_view text) {
    std::string date;
    std::string time;
    while (!text.empty()) {
        const std::string_view word = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), word.size() + 1));
        if (word.find(':') != std::string_view::npos) {  // [-]04:05:06.5
            const bool negative = word.starts_with('-');
            const std::string_view clock = word.substr(negative || word.starts_with('+') ? 1 : 0);
            const std::size_t first = clock.find(':');
            const std::size_t second = clock.find(':', first + 1);
            if (second == std::string_view::npos) return {};
            const std::string_view parts[] = {clock.substr(0, first), clock.substr(first + 1, second - first - 1),
                                              clock.substr(second + 1)};
            for (std::size_t i = 0; i < 3; ++i) {
                std::string_view digits = parts[i];
                while (digits.size() > 1 && digits[0] == '0' && digits[1] != '.') digits.remove_prefix(1);
                if (digits != "0") time.append(negative ? "-" : "").append(digits) += "HMS"[i];
            }
            continue;
        }
        const std::string_view unit = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), unit.size() + 1));
        const char letter = unit.starts_with("year")  ? 'Y'
                            : unit.starts_with("mon") ? 'M'
                            : unit.starts_with("day") ? 'D'
                                                      : '\0';
        if (letter == '\0' || word.find_first_not_of("+-0123456789") != std::string_view::npos) return {};
        date.append(word.substr(word.starts_with('+') ? 1 : 0)) += letter;
    }
    if (date.empty() && time.empty()) return "PT0S";
    return "P" + date + (time.empty() ? "" : "T" + time);
}

}  // namespace sluice::databases
