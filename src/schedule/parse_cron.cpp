#include <algorithm>
#include <bit>
#include <cctype>
#include <charconv>
#include <span>
#include <vector>

#include "base/nearest.h"
#include "schedule/cron.h"

namespace sluice::schedule {
namespace {

using Bits = std::uint64_t;

struct Field {
    std::string_view name;
    int first;
    int last;
    std::string_view allowed;
    std::span<const std::string_view> words{};  // the first one means `first`
};

constexpr std::string_view kMonths[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                        "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::string_view kWeekdays[] = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

constexpr Field kSecond{"second", 0, 59, "0-59"};
constexpr Field kMinute{"minute", 0, 59, "0-59"};
constexpr Field kHour{"hour", 0, 23, "0-23"};
constexpr Field kDay{"day of month", 1, 31, "1-31, L, L-3, LW, 15W"};
constexpr Field kMonth{"month", 1, 12, "1-12, JAN-DEC", kMonths};
constexpr Field kWeekday{"day of week", 0, 7, "0-7 (0 and 7 are Sunday), SUN-SAT, FRI#2, FRIL", kWeekdays};

struct Nickname {
    std::string_view name;
    std::string_view fields;
};
constexpr Nickname kNicknames[] = {
    {"@yearly", "0 0 1 1 *"}, {"@annually", "0 0 1 1 *"}, {"@monthly", "0 0 1 * *"}, {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},  {"@midnight", "0 0 * * *"}, {"@hourly", "0 * * * *"},
};

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return out;
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at <= text.size();) {
        const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
        out.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out = split(text, " \t\r\n");
    std::erase_if(out, [](const std::string& word) { return word.empty(); });
    return out;
}

std::optional<int> number(std::string_view text) {
    int out = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (text.empty() || failed != std::errc{} || end != text.data() + text.size() || text[0] == '-') return {};
    return out;
}

tl::unexpected<Error> wrong(const Field& field, std::string_view word, std::string_view why) {
    return invalid("{} '{}' {}", field.name, word, why);
}

/// A number of the field, or its name.
Result<int> value_of(const Field& field, std::string_view text, std::string_view word) {
    for (std::size_t i = 0; i < field.words.size(); ++i) {
        if (field.words[i] == text) return field.first + static_cast<int>(i);
    }
    const auto value = number(text);
    if (value && *value >= field.first && *value <= field.last) return *value;
    std::string hint;
    if (!value && text.size() > 1 && !field.words.empty()) {
        if (const auto near = nearest(text, field.words)) hint = fmt::format("; did you mean '{}'?", *near);
    }
    if (value) return wrong(field, word, fmt::format("is out of range: allowed are {}", field.allowed));
    return wrong(field, word,
                 fmt::format("is not understood: allowed are {}, with *, lists 1,2, ranges 1-5 and steps */5{}",
                             field.allowed, hint));
}

Bits bits_between(int from, int to, int step) {
    Bits out = 0;
    for (int i = from; i <= to; i += step) out |= Bits{1} << i;
    return out;
}

struct Range {
    int from = 0;
    int to = 0;
    bool single = false;
};

/// `*`, `5`, `1-5`
Result<Range> range_of(const Field& field, std::string_view text, std::string_view word) {
    const int last = &field == &kWeekday ? 6 : field.last;  // 7 is only another name of 0
    if (text == "*" || text == "?") return Range{field.first, last};
    const std::size_t dash = text.find('-');
    const auto from = value_of(field, text.substr(0, dash), word);
    if (!from) return tl::unexpected(from.error());
    if (dash == std::string_view::npos) return Range{*from, *from, true};
    auto to = value_of(field, text.substr(dash + 1), word);
    if (!to) return tl::unexpected(to.error());
    Range out{*from, *to};
    if (&field == &kWeekday) {  // a week may end with Sunday, and begin with it
        if (out.to == 0 && out.from > 0) out.to = 7;
        if (out.from == 7) out = {0, out.to % 7};
    }
    if (out.from > out.to) {
        return wrong(field, word,
                     fmt::format("runs backwards: write two ranges, {}-{},{}-{}", out.from, last, field.first, out.to));
    }
    return out;
}

/// One item of a list: a range with or without a step.
Result<Bits> item_bits(const Field& field, std::string_view word) {
    const std::size_t slash = word.find('/');
    auto range = range_of(field, word.substr(0, slash), word);
    if (!range) return tl::unexpected(range.error());
    if (slash == std::string_view::npos) return bits_between(range->from, range->to, 1);

    const auto step = number(word.substr(slash + 1));
    const int most = field.last - field.first;
    if (!step || *step < 1 || *step > most) {
        return wrong(field, word, fmt::format("has a step that is not allowed: use 1 to {}", most));
    }
    if (range->single) range->to = &field == &kWeekday ? 6 : field.last;
    return bits_between(range->from, range->to, *step);
}

struct SimpleField {
    Bits bits = 0;
    bool any = false;      // nothing but * or ?
    bool stepped = false;  // * or a step in it
};

Result<SimpleField> simple_field(const Field& field, std::string_view text) {
    SimpleField out;
    out.any = text == "*" || text == "?" || text == "*/1";
    for (const std::string& word : split(text, ",")) {
        const auto bits = item_bits(field, word);
        if (!bits) return tl::unexpected(bits.error());
        out.bits |= *bits;
        out.stepped = out.stepped || word[0] == '*' || word.find('/') != std::string::npos;
    }
    out.stepped = out.stepped && std::popcount(out.bits) > 1;
    return out;
}

/// L, L-3, LW, 15W; false: something else
Result<bool> special_day(const std::string& word, CronFields& out) {
    if (word == "L") {
        out.days_before_last |= 1U;
    } else if (word == "LW" || word == "WL") {
        out.workdays_near |= 1U;
    } else if (word.starts_with("L-")) {
        const auto back = number(std::string_view(word).substr(2));
        if (!back || *back > 30) return wrong(kDay, word, "counts back too far: use L-1 to L-30");
        out.days_before_last |= 1U << *back;
    } else if (word.size() > 1 && word.back() == 'W') {
        const auto near = number(std::string_view(word).substr(0, word.size() - 1));
        if (!near || *near < 1 || *near > 31) return wrong(kDay, word, "is not understood: use 1W to 31W, or LW");
        out.workdays_near |= 1U << *near;
    } else {
        return false;
    }
    return true;
}

/// FRIL, 5L, FRI#2; false: something else
Result<bool> special_weekday(const std::string& word, CronFields& out) {
    const std::size_t hash = word.find('#');
    if (hash != std::string::npos) {
        const auto day = value_of(kWeekday, word.substr(0, hash), word);
        if (!day) return tl::unexpected(day.error());
        const auto nth = number(std::string_view(word).substr(hash + 1));
        if (!nth || *nth < 1 || *nth > 5) return wrong(kWeekday, word, "counts from #1 to #5");
        out.nth_weekdays[static_cast<std::size_t>(*nth - 1)] |= static_cast<std::uint8_t>(1U << *day % 7);
        return true;
    }
    if (word == "L") return wrong(kWeekday, word, "is ambiguous: write SATL for the last Saturday, or SAT");
    if (word.back() != 'L') return false;
    const auto day = value_of(kWeekday, word.substr(0, word.size() - 1), word);
    if (!day) return tl::unexpected(day.error());
    out.last_weekdays |= static_cast<std::uint8_t>(1U << *day % 7);
    return true;
}

/// Reads a field in which some words are special; `special` takes those, the rest is returned.
Result<SimpleField> field_with(const Field& field, const std::string& text, CronFields& out,
                               Result<bool> (*special)(const std::string&, CronFields&)) {
    std::string rest;
    for (const std::string& word : split(text, ",")) {
        if (!word.empty()) {
            const auto taken = special(word, out);
            if (!taken) return tl::unexpected(taken.error());
            if (*taken) continue;
        }
        rest += (rest.empty() ? "" : ",") + word;
        if (word.empty()) return wrong(field, text, "has an empty place in its list");
    }
    if (rest.empty()) return SimpleField{};
    return simple_field(field, rest);
}

Result<void> read_times(const std::vector<std::string>& words, std::size_t first, CronFields& out) {
    if (first == 1) {
        const auto seconds = simple_field(kSecond, words[0]);
        if (!seconds) return tl::unexpected(seconds.error());
        out.seconds = seconds->bits;
        out.stepped = seconds->stepped;
    }
    const auto minutes = simple_field(kMinute, words[first]);
    if (!minutes) return tl::unexpected(minutes.error());
    const auto hours = simple_field(kHour, words[first + 1]);
    if (!hours) return tl::unexpected(hours.error());
    out.minutes = minutes->bits;
    out.hours = static_cast<std::uint32_t>(hours->bits);
    out.stepped = out.stepped || minutes->stepped;
    return {};
}

Result<void> read_days(const std::vector<std::string>& words, std::size_t first, CronFields& out) {
    const auto days = field_with(kDay, words[first + 2], out, special_day);
    if (!days) return tl::unexpected(days.error());
    const auto months = simple_field(kMonth, words[first + 3]);
    if (!months) return tl::unexpected(months.error());
    const auto weekdays = field_with(kWeekday, words[first + 4], out, special_weekday);
    if (!weekdays) return tl::unexpected(weekdays.error());
    out.days = static_cast<std::uint32_t>(days->bits);
    out.months = static_cast<std::uint16_t>(months->bits);
    out.weekdays = static_cast<std::uint8_t>((weekdays->bits | weekdays->bits >> 7) & 0x7F);
    out.any_day = days->any;
    out.any_weekday = weekdays->any;
    return {};
}

/// 30 February never comes.
Result<void> check_possible(const CronFields& fields, const std::string& day, const std::string& month) {
    if (fields.any_day || !fields.any_weekday || (fields.days_before_last | fields.workdays_near) != 0) return {};
    constexpr int kDays[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    for (int m = 1; m <= 12; ++m) {
        if ((fields.months >> m & 1U) != 0 && std::countr_zero(fields.days) <= kDays[m - 1]) return {};
    }
    return invalid("{} '{}' does not exist in {} '{}': it would never run", kDay.name, day, kMonth.name, month);
}

Result<CronFields> read_fields(std::string_view text, bool with_seconds) {
    const std::vector<std::string> words = words_of(upper(text));
    const std::size_t wanted = with_seconds ? 6 : 5;
    if (words.size() != wanted) {
        return invalid("expected {} fields ({}minute hour day-of-month month day-of-week), found {}{}", wanted,
                       with_seconds ? "second " : "", words.size(),
                       words.size() == 6   ? "; for seconds in the first one set `withSeconds: true`"
                       : words.size() == 7 ? "; there is no field for the year"
                                           : "");
    }
    CronFields out;
    const std::size_t first = with_seconds ? 1 : 0;
    if (auto read = read_times(words, first, out); !read) return tl::unexpected(read.error());
    if (auto read = read_days(words, first, out); !read) return tl::unexpected(read.error());
    if (auto read = check_possible(out, words[first + 2], words[first + 3]); !read) return tl::unexpected(read.error());
    return out;
}

Result<CronFields> read_nickname(std::string_view text) {
    std::vector<std::string> names;
    for (const Nickname& nickname : kNicknames) {
        if (upper(nickname.name) == upper(text)) return read_fields(nickname.fields, false);
        names.emplace_back(nickname.name);
    }
    return invalid("'{}' is not a nickname: allowed are {}{}", text, fmt::join(names, ", "), did_you_mean(text, names));
}

}  // namespace

Result<Cron> parse_cron(std::string_view text, bool with_seconds) {
    const std::vector<std::string> words = words_of(text);
    const bool nickname = words.size() == 1 && words[0][0] == '@';
    auto fields = nickname ? read_nickname(words[0]) : read_fields(text, with_seconds);
    if (!fields) return invalid("invalid cron expression '{}': {}", text, fields.error().message);
    return Cron(std::string(text), *fields);
}

}  // namespace sluice::schedule
