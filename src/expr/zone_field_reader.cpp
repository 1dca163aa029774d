#include "expr/zone_field_reader.h"

#include <algorithm>

#include "expr/failure.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

struct ZoneAbbreviation {
    std::string_view text;
    std::string_view region;
};
constexpr ZoneAbbreviation kAbbreviations[] = {
    {"UTC", "UTC"},
    {"GMT", "GMT"},
    {"CET", "Europe/Paris"},
    {"CEST", "Europe/Paris"},
    {"WET", "Europe/Lisbon"},
    {"WEST", "Europe/Lisbon"},
    {"EET", "Europe/Athens"},
    {"EEST", "Europe/Athens"},
    {"BST", "Europe/London"},
    {"EST", "America/New_York"},
    {"EDT", "America/New_York"},
    {"CST", "America/Chicago"},
    {"CDT", "America/Chicago"},
    {"MST", "America/Denver"},
    {"MDT", "America/Denver"},
    {"PST", "America/Los_Angeles"},
    {"PDT", "America/Los_Angeles"},
    {"IST", "Asia/Kolkata"},
    {"JST", "Asia/Tokyo"},
};

}  // namespace

bool ZoneFieldReader::literal(std::string_view wanted) {
    const std::string_view given = text_.substr(at_, wanted.size());
    const bool fits = lenient_ ? lower_case(given) == lower_case(wanted) : given == wanted;
    if (fits) at_ += wanted.size();
    return fits;
}

bool ZoneFieldReader::zone_field(const PatternItem& item) {
    const int count = item.count;
    switch (item.letter) {
        case 'V':
            return region();
        case 'z':
        case 'v':
            return zone_name();
        case 'X':
            return zulu() || offset(count);
        case 'x':
            return offset(count);
        case 'O':
            return localized_offset();
        case 'Z':
            return count == 4 ? localized_offset() : count == 5 ? zulu() || offset(5) : offset(2);
        case kOffsetOrGmt:
            return literal("GMT") ? set(fields_.offset, std::chrono::seconds{0}) : offset(2);
        case kRegionInBrackets:
            return region_in_brackets();
        default:
            return false;  // a letter that only prints, such as F or B
    }
}

bool ZoneFieldReader::zulu() {
    const bool fits = peek() == 'Z' || (lenient_ && peek() == 'z');
    if (!fits || (fields_.offset && fields_.offset->count() != 0)) return false;
    ++at_;
    fields_.offset = std::chrono::seconds{0};
    return true;
}

std::optional<int> ZoneFieldReader::two_digits(std::size_t at) const {
    if (at + 1 >= text_.size() || !is_digit(text_[at]) || !is_digit(text_[at + 1])) return {};
    return (text_[at] - '0') * 10 + (text_[at + 1] - '0');
}

bool ZoneFieldReader::offset(int form) {
    if (peek() != '+' && peek() != '-') return false;
    const int sign = peek() == '-' ? -1 : 1;
    std::size_t at = at_ + 1;
    const auto hours = two_digits(at);
    if (!hours || *hours > 18) return false;
    at += 2;
    const bool colons = lenient_ ? at < text_.size() && text_[at] == ':' : form == 3 || form == 5;
    const auto next = [&] {
        const std::size_t begin = at + (colons ? 1 : 0);
        if (colons && (at >= text_.size() || text_[at] != ':')) return std::optional<int>();
        const auto value = two_digits(begin);
        if (value) at = begin + 2;
        return value;
    };
    const auto minutes = next();
    if (!minutes && form != 1 && !lenient_) return false;
    const auto seconds = minutes && (form >= 4 || lenient_) ? next() : std::nullopt;
    if (minutes.value_or(0) > 59 || seconds.value_or(0) > 59) return false;
    at_ = at;
    const int total = *hours * 3600 + minutes.value_or(0) * 60 + seconds.value_or(0);
    return set(fields_.offset, std::chrono::seconds{sign * total});
}

bool ZoneFieldReader::localized_offset() {
    if (!literal("GMT")) return false;
    if (peek() != '+' && peek() != '-') return set(fields_.offset, std::chrono::seconds{0});
    std::size_t end = at_ + 1;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == ':')) ++end;
    return zone_of(text_.substr(at_, end - at_), end);
}

bool ZoneFieldReader::zone_of(std::string_view id, std::size_t end) {
    try {
        const Zone zone = Zone::named(id);
        at_ = end;
        if (zone.is_region())
            fields_.region = zone;
        else
            return set(fields_.offset, zone.offset_at({})) && keep_name(zone);
        return true;
    } catch (const Failure&) {  // no zone: the text does not fit the pattern
        return false;
    }
}

bool ZoneFieldReader::keep_name(const Zone& zone) {
    fields_.region = zone;
    return true;
}

std::size_t ZoneFieldReader::end_of_id() const {
    std::size_t end = at_;
    const auto is_part = [](char c) {
        return is_letter_or_digit(static_cast<unsigned char>(c)) || c == '/' || c == '_' || c == '-' || c == '+' ||
               c == ':';
    };
    while (end < text_.size() && is_part(text_[end])) ++end;
    return end;
}

bool ZoneFieldReader::region() {
    // The text may go on without a blank: the longest id that is one counts.
    for (std::size_t end = std::min(end_of_id(), at_ + kLongestZoneName); end > at_; --end) {
        if (zone_of(text_.substr(at_, end - at_), end)) return true;
    }
    return false;
}

bool ZoneFieldReader::region_in_brackets() {
    if (peek() != '[') return true;
    ++at_;
    const std::size_t end = text_.find(']', at_);
    return end != std::string_view::npos && zone_of(text_.substr(at_, end - at_), end) && literal("]");
}

bool ZoneFieldReader::zone_name() {
    const std::size_t end = end_of_id();
    const std::string_view name = text_.substr(at_, end - at_);
    for (const ZoneAbbreviation& entry : kAbbreviations) {
        if (entry.text == name) return zone_of(entry.region, end);
    }
    return region();
}

}  // namespace sluice::expr
