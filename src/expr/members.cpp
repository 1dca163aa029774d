#include "expr/members.h"

#include <algorithm>

#include "expr/collections.h"
#include "expr/failure.h"
#include "expr/java_regex.h"
#include "expr/operators.h"
#include "expr/own_values.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"
#include "value/extension.h"
#include "value/temporal.h"

namespace sluice::expr {
namespace {

Value integer(std::int64_t number) {
    return Value(static_cast<std::int32_t>(number));
}

/// `name` itself, or with get, is or has in front, whatever its case: `empty`, `isEmpty`.
bool is_named(std::string_view name, std::string_view member) {
    const std::string wanted = lower_case(member);
    const std::string given = lower_case(name);
    return given == wanted || given == "get" + wanted || given == "is" + wanted || given == "has" + wanted;
}

void refuse_forbidden(std::string_view name) {
    for (const std::string_view forbidden : {"class", "wait", "notify", "notifyAll"}) {
        if (is_named(name, forbidden)) {
            throw failure(FailureKind::AccessDenied, "the member '{}' must not be used in an expression", name);
        }
    }
}

std::optional<Value> member_of_text(const std::string& text, std::string_view name) {
    if (is_named(name, "length")) return integer(static_cast<std::int64_t>(utf16_length(text)));
    if (is_named(name, "empty")) return Value(text.empty());
    if (is_named(name, "blank")) return Value(trim_left(text).empty());
    if (is_named(name, "toUpperCase")) return Value(upper_case(text));
    if (is_named(name, "toLowerCase")) return Value(lower_case(text));
    if (is_named(name, "trim") || is_named(name, "strip")) return Value(trim_left(trim_right(text)));
    if (is_named(name, "toString")) return Value(text);
    return {};
}

std::optional<Value> member_of_list(const Value& list, std::string_view name) {
    const List& items = list.as_list();
    if (list.flavour() == ListFlavour::Array) return {};
    if (is_named(name, "size")) return integer(static_cast<std::int64_t>(items.size()));
    if (is_named(name, "empty")) return Value(items.empty());
    if (list.flavour() == ListFlavour::Collection || items.empty()) return {};
    if (is_named(name, "first")) return items.front();
    if (is_named(name, "last")) return items.back();
    return {};
}

std::optional<Value> member_of_day(std::chrono::local_days day, std::string_view name) {
    static constexpr std::string_view kDays[] = {"SUNDAY",   "MONDAY", "TUESDAY", "WEDNESDAY",
                                                 "THURSDAY", "FRIDAY", "SATURDAY"};
    static constexpr std::string_view kMonths[] = {"JANUARY",   "FEBRUARY", "MARCH",    "APRIL",
                                                   "MAY",       "JUNE",     "JULY",     "AUGUST",
                                                   "SEPTEMBER", "OCTOBER",  "NOVEMBER", "DECEMBER"};
    const std::chrono::year_month_day date(day);
    const auto constant = [](std::string_view text) { return make_value<EnumConstant>(std::string(text)); };
    if (is_named(name, "year")) return integer(static_cast<int>(date.year()));
    if (is_named(name, "monthValue")) return integer(static_cast<unsigned>(date.month()));
    if (is_named(name, "month")) return constant(kMonths[static_cast<unsigned>(date.month()) - 1]);
    if (is_named(name, "dayOfMonth")) return integer(static_cast<unsigned>(date.day()));
    if (is_named(name, "dayOfWeek")) return constant(kDays[std::chrono::weekday(day).c_encoding()]);
    if (is_named(name, "dayOfYear")) {
        return integer((day - std::chrono::local_days{date.year() / 1 / 1}).count() + 1);
    }
    return {};
}

std::optional<Value> member_of_time(std::int64_t nano_of_day, std::string_view name) {
    const std::int64_t seconds = nano_of_day / 1'000'000'000;
    if (is_named(name, "hour")) return integer(seconds / 3600);
    if (is_named(name, "minute")) return integer(seconds / 60 % 60);
    if (is_named(name, "second")) return integer(seconds % 60);
    if (is_named(name, "nano")) return integer(nano_of_day % 1'000'000'000);
    return {};
}

std::optional<Value> member_of_wall(const WallTime& wall, std::string_view name) {
    auto found = member_of_day(wall.day(), name);
    return found ? found : member_of_time(wall.nano_of_day(), name);
}

std::optional<Value> member_of_extension(const Extension& extension, std::string_view name) {
    if (const auto* zoned = if_a<ZonedDateTime>(extension)) return member_of_wall(zoned->wall(), name);
    if (const auto* at = if_a<LocalDateTime>(extension)) return member_of_wall(at->at(), name);
    if (const auto* date = if_a<LocalDate>(extension)) return member_of_day(date->day(), name);
    if (const auto* time = if_a<LocalTime>(extension)) return member_of_time(time->nano_of_day(), name);
    if (const auto* instant = if_a<Instant>(extension)) {
        if (is_named(name, "epochSecond")) return Value(instant->at().seconds.time_since_epoch().count());
        if (is_named(name, "nano")) return integer(instant->at().nanos);
    }
    if (const auto* amount = if_a<TimeAmount>(extension)) {
        if (is_named(name, "seconds")) return Value(amount->seconds());
        if (is_named(name, "nano")) return integer(amount->nanos());
    }
    if (if_a<EnumConstant>(extension) != nullptr && is_named(name, "name")) return Value(extension.text());
    return {};
}

std::optional<Value> text_method(const std::string& text, std::string_view name, const std::vector<std::string>& with,
                                 Session& session) {
    const auto position = [&](std::size_t at) {
        return integer(at == std::string::npos ? -1 : static_cast<std::int64_t>(utf16_length(text.substr(0, at))));
    };
    if (with.size() == 1) {
        if (name == "contains") return Value(text.find(with[0]) != std::string::npos);
        if (name == "startsWith") return Value(text.starts_with(with[0]));
        if (name == "endsWith") return Value(text.ends_with(with[0]));
        if (name == "equals") return Value(text == with[0]);
        if (name == "equalsIgnoreCase") return Value(lower_case(text) == lower_case(with[0]));
        if (name == "compareTo") return integer(compare_utf16(text, with[0]));
        if (name == "concat") return Value(text + with[0]);
        if (name == "indexOf") return position(text.find(with[0]));
        if (name == "lastIndexOf") return position(text.rfind(with[0]));
        if (name == "matches") return Value(JavaRegex::of(with[0], session).matches_all(text));
        if (name == "split") return split_by_regex(text, with[0], 0, session);
    }
    if (with.size() == 2) {
        if (name == "replace") return Value(replaced_literally(text, with[0], with[1], session));
        if (name == "replaceAll") return Value(JavaRegex::of(with[0], session).replace_all(text, with[1]));
        if (name == "replaceFirst") return Value(JavaRegex::of(with[0], session).replace_first(text, with[1]));
    }
    return {};
}

std::optional<Value> map_method(const Value& value, std::string_view name, const std::vector<Value>& arguments,
                                Session& session) {
    const Map& map = value.as_map();
    if (arguments.empty()) {
        if (is_named(name, "size")) return integer(static_cast<std::int64_t>(map.size()));
        if (is_named(name, "empty")) return Value(map.empty());
        if (name == "keySet") return keys_of(value);
        if (name == "values") return values_of(value);
        return {};
    }
    const std::string key = java_text_of(arguments[0], session);
    if (arguments.size() == 1 && name == "containsKey") return Value(map.contains(key));
    if (arguments.size() == 1 && name == "get") return value[key];
    if (arguments.size() == 2 && name == "getOrDefault") return value.get(key).value_or(arguments[1]);
    return {};
}

}  // namespace

std::optional<Value> member(const Value& of, std::string_view name, Session& session) {
    if (of.is_null()) return {};
    refuse_forbidden(name);
    if (const std::string* text = if_text(of)) return member_of_text(*text, name);
    if (of.is_list()) return member_of_list(of, name);
    if (const auto* loop = if_own<Loop>(of)) {
        bool found = false;
        Value value = loop->member(name, found);
        return found ? std::optional(std::move(value)) : std::nullopt;
    }
    if (const auto* entry = if_own<MapEntry>(of)) {
        if (is_named(name, "key")) return entry->key();
        if (is_named(name, "value")) return entry->value();
    }
    if (const Extension* extension = of.if_extension()) {
        auto found = member_of_extension(*extension, name);
        if (found) return found;
    }
    if (name == "toString") return Value(java_text_of(of, session));
    return {};
}

std::optional<Value> call_method(const Value& of, std::string_view name, const std::vector<Value>& arguments,
                                 Session& session) {
    refuse_forbidden(name);
    if (of.is_map()) return map_method(of, name, arguments, session);
    if (arguments.empty()) return member(of, name, session);
    if (of.is_list() && arguments.size() == 1 && name == "contains") return Value(contains(of, arguments[0], session));
    const std::string* text = if_text(of);
    std::vector<std::string> texts;
    for (const Value& argument : arguments) {
        const std::string* one = if_text(argument);
        if (one == nullptr) return {};
        texts.push_back(*one);
    }
    return text != nullptr ? text_method(*text, name, texts, session) : std::nullopt;
}

}  // namespace sluice::expr
