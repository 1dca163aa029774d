#include <algorithm>
#include <array>

#include "expr/dates.h"
#include "expr/failure.h"
#include "expr/unicode.h"
#include "expr/zone_field_reader.h"

namespace sluice::expr {
namespace {

using Type = PatternItem::Type;
using Items = std::vector<PatternItem>;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Reads a text by a pattern, strictly as Java does.
class Reader : private ZoneFieldReader {
  public:
    Reader(std::string_view text, const DatePattern& pattern, const DateLocale& locale)
        : ZoneFieldReader(text, pattern.is_lenient()),
          items_(pattern.items()),
          names_(locale.names),
          resolving_(pattern.is_strict() ? Resolving::Strict : Resolving::Smart) {}

    std::optional<ReadDate> run() {
        if (!sequence(0, items_.size()) || at_ != text_.size()) return {};
        return resolved(fields_, resolving_);
    }

  private:
    using Field = DateFields::Field;

    // ---- sequences ----

    bool sequence(std::size_t from, std::size_t to) {
        for (std::size_t i = from; i < to; ++i) {
            const PatternItem& item = items_[i];
            if (item.type == Type::OptionalBegin) {
                const std::size_t end = end_of_optional(i);
                const std::size_t at = at_;
                const DateFields fields = fields_;
                if (!sequence(i + 1, end)) {
                    at_ = at;
                    fields_ = fields;
                }
                i = end;
            } else if (item.type == Type::Literal) {
                if (!literal(item.literal)) return false;
            } else if (item.type == Type::Field) {
                if (!padded_field(item, reserved_after(i, to))) return false;
            }
        }
        return true;
    }

    std::size_t end_of_optional(std::size_t begin) const {
        int depth = 0;
        for (std::size_t i = begin; i < items_.size(); ++i) {
            if (items_[i].type == Type::OptionalBegin) ++depth;
            if (items_[i].type == Type::OptionalEnd && --depth == 0) return i;
        }
        return items_.size();
    }

    /// How many digits the number fields directly behind this one need, which have a fixed width.
    std::size_t reserved_after(std::size_t index, std::size_t to) const {
        std::size_t digits = 0;
        for (std::size_t i = index + 1; i < to && items_[i].type == Type::Field; ++i) {
            const PatternItem& item = items_[i];
            const bool is_fixed =
                (item.count == 2 && std::string_view("uyYMLQqdhHkKmsw").find(item.letter) != std::string::npos) ||
                item.letter == 'S' || (item.letter == 'D' && item.count == 3);
            if (!is_fixed) break;
            digits += static_cast<std::size_t>(item.count);
        }
        return digits;
    }

    bool padded_field(const PatternItem& item, std::size_t reserved) {
        if (item.padded_to == 0) return field(item, reserved);
        const std::size_t end = at_ + static_cast<std::size_t>(item.padded_to);
        if (end > text_.size()) return false;
        while (at_ < end && text_[at_] == ' ') ++at_;
        return field(item, reserved) && at_ == end;
    }

    // ---- fields ----

    bool field(const PatternItem& item, std::size_t reserved) {
        const int count = item.count;
        switch (item.letter) {
            case 'u':
                return year(fields_.year, count, reserved);
            case 'y':
                return year(fields_.year_of_era, count, reserved);
            case 'Y':
                return year(fields_.local_week_year, count, reserved);
            case 'G':
                return text(fields_.era,
                            count == 4   ? names_.eras
                            : count == 5 ? names_.narrow_eras
                                         : names_.short_eras,
                            0);
            case 'M':
            case 'L':
                return month(item.letter == 'L', count, reserved);
            case 'Q':
            case 'q':
                if (count <= 2) return number(fields_.quarter, count, count, reserved);
                return text(fields_.quarter, count == 4 ? names_.quarters : names_.short_quarters, 1);
            case 'd':
                return short_number(fields_.day, count, reserved);
            case 'D':
                return number(fields_.day_of_year, count, 3, reserved);
            case 'w':
                return short_number(fields_.local_week, count, reserved);
            case 'E':
                return day_name(count);
            case 'e':
            case 'c':
                return count <= 2 ? number(fields_.local_weekday, count, count, reserved) : day_name(count);
            case kIsoWeekYear:
                return year(fields_.iso_week_year, 4, reserved);
            case kIsoWeek:
                return number(fields_.iso_week, 2, 2, reserved);
            case kIsoDayOfWeek:
                return number(fields_.weekday, 1, 1, reserved);
            default:
                return time_field(item, reserved);
        }
    }

    bool time_field(const PatternItem& item, std::size_t reserved) {
        const int count = item.count;
        switch (item.letter) {
            case 'a':
                return text(fields_.half_of_day, names_.halves_of_day, 0);
            case 'h':
                return short_number(fields_.clock_hour_of_half, count, reserved);
            case 'K':
                return short_number(fields_.hour_of_half, count, reserved);
            case 'H':
                return short_number(fields_.hour, count, reserved);
            case 'k':
                return short_number(fields_.clock_hour, count, reserved);
            case 'm':
                return short_number(fields_.minute, count, reserved);
            case 's':
                return short_number(fields_.second, count, reserved);
            case 'S':
                return fraction(count, count);
            case 'A':
                return number(fields_.milli_of_day, count, 19, reserved);
            case 'n':
                return number(fields_.nano, count, 19, reserved);
            case 'N':
                return number(fields_.nano_of_day, count, 19, reserved);
            case kFractionAsNeeded:
                if (peek() != '.') return true;
                ++at_;
                return fraction(0, 9);
            default:
                return zone_field(item);
        }
    }

    // ---- numbers ----

    std::size_t digits_here() const {
        std::size_t count = 0;
        while (at_ + count < text_.size() && is_digit(text_[at_ + count])) ++count;
        return count;
    }

    bool take_number(Field& field, std::size_t digits, std::int64_t sign = 1, std::int64_t base = 0) {
        if (digits > 18) return false;
        std::int64_t value = 0;
        for (std::size_t i = 0; i < digits; ++i) value = value * 10 + (text_[at_ + i] - '0');
        at_ += digits;
        return set(field, base + sign * value);
    }

    bool number(Field& field, int least, int most, std::size_t reserved) {
        const std::size_t present = digits_here();
        const auto wanted = static_cast<std::size_t>(least);
        std::size_t digits = std::min(present, static_cast<std::size_t>(most));
        if (least != most && present > reserved) digits = std::min(digits, std::max(present - reserved, wanted));
        return digits >= wanted && digits > 0 && take_number(field, digits);
    }

    /// One letter takes as many digits as there are, two take exactly two.
    bool short_number(Field& field, int count, std::size_t reserved) {
        return number(field, count, count == 1 ? 19 : count, reserved);
    }

    bool year(Field& field, int count, std::size_t reserved) {
        if (count == 2) return digits_here() >= 2 && take_number(field, 2, 1, 2000);
        std::int64_t sign = 1;
        const bool has_plus = peek() == '+';
        if (has_plus || peek() == '-') sign = text_[at_++] == '-' ? -1 : 1;
        const std::size_t present = digits_here();
        std::size_t digits =
            present > reserved ? std::max(present - reserved, static_cast<std::size_t>(count)) : present;
        digits = std::min(digits, present);
        const bool too_long = count >= 4 && digits > static_cast<std::size_t>(count) && !has_plus;
        if (digits < static_cast<std::size_t>(count) || too_long) return false;
        return take_number(field, digits, sign);
    }

    bool fraction(int least, int most) {
        const std::size_t digits = std::min(digits_here(), static_cast<std::size_t>(most));
        if (digits < static_cast<std::size_t>(least)) return false;
        std::int64_t nanos = 0;
        for (std::size_t i = 0; i < 9; ++i) nanos = nanos * 10 + (i < digits ? text_[at_ + i] - '0' : 0);
        at_ += digits;
        return set(fields_.nano, nanos);
    }

    // ---- names ----

    /// The longest name that the text goes on with; the first one of the list counts as `base`.
    bool text(Field& field, std::string_view list, std::int64_t base) {
        std::size_t longest = 0;
        std::int64_t found = 0;
        std::int64_t index = base;
        for (std::size_t from = 0; from <= list.size(); ++index) {
            const std::size_t end = std::min(list.find('|', from), list.size());
            const std::string_view name = list.substr(from, end - from);
            const std::string_view given = text_.substr(at_, name.size());
            const bool fits = lenient_ ? lower_case(given) == lower_case(name) : given == name;
            if (fits && name.size() > longest) {
                longest = name.size();
                found = index;
            }
            from = end + 1;
        }
        at_ += longest;
        return longest > 0 && set(field, found);
    }

    bool month(bool alone, int count, std::size_t reserved) {
        if (count <= 2) return short_number(fields_.month, count, reserved);
        if (count == 4) return text(fields_.month, names_.months, 1);
        return count == 3 && text(fields_.month, alone ? names_.lone_short_months : names_.short_months, 1);
    }

    bool day_name(int count) {
        if (count == 5) return false;  // one letter stands for two days
        return text(fields_.weekday, count == 4 ? names_.days : names_.short_days, 1);
    }

    const Items& items_;
    const DateNames& names_;
    Resolving resolving_;
};

std::optional<ReadDate> try_read(std::string_view text, const DatePattern& pattern) {
    return Reader(text, pattern, DateLocale::english()).run();
}

}  // namespace

ReadDate read_date(std::string_view text, const DatePattern& pattern) {
    auto read = try_read(text, pattern);
    if (!read)
        throw failure(FailureKind::DateError, "the text '{}' is no date of the format '{}'", text, pattern.source());
    return std::move(*read);
}

}  // namespace sluice::expr
