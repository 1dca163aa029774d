// Reading and checking of time windows.
#include <array>

#include "base/nearest.h"
#include "schedule/windows.h"

namespace sluice::schedule {
namespace {

struct KindName {
    TimeWindow::Kind kind;
    std::string_view name;
};
constexpr KindName kWindowKinds[] = {
    {TimeWindow::Kind::Duration, "DURATION_WINDOW"},
    {TimeWindow::Kind::Sliding, "SLIDING_WINDOW"},
    {TimeWindow::Kind::DailyDeadline, "DAILY_TIME_DEADLINE"},
    {TimeWindow::Kind::DailyWindow, "DAILY_TIME_WINDOW"},
};

struct Part {
    std::string_view property;
    std::string_view words;
};
constexpr Part kWindow{"window", "a window"};
constexpr Part kAdvance{"windowAdvance", "a window advance"};
constexpr Part kDeadline{"deadline", "a deadline"};
constexpr Part kStart{"startTime", "a start time"};
constexpr Part kEnd{"endTime", "an end time"};

/// Which parts a kind must have, and which it can't have.
struct Rules {
    std::vector<Part> required;
    std::vector<Part> forbidden;
};

Rules rules_of(TimeWindow::Kind kind) {
    switch (kind) {
        case TimeWindow::Kind::Duration:
            return {{}, {kDeadline, kStart, kEnd}};
        case TimeWindow::Kind::Sliding:
            return {{}, {kAdvance, kDeadline, kStart, kEnd}};
        case TimeWindow::Kind::DailyDeadline:
            return {{kDeadline}, {kWindow, kAdvance, kStart, kEnd}};
        case TimeWindow::Kind::DailyWindow:
            return {{kStart, kEnd}, {kWindow, kAdvance, kDeadline}};
    }
    return {};
}

Error mistake(std::string_view property, std::string message) {
    return Error{ErrorCode::Invalid, std::move(message), Place{.property = std::string(property)}};
}

std::string text_of(const Value& value) {
    if (const std::string* text = value.if_string()) return *text;
    return value.if_integer() ? std::to_string(*value.if_integer()) : std::string();
}

class WindowReader {
  public:
    explicit WindowReader(Value map) : map_(std::move(map)) {}

    Result<TimeWindow> read() {
        TimeWindow out;
        const std::string type = map_.text("type");
        if (!type.empty()) {
            const KindName* found = kind_named(type);
            if (found == nullptr) return tl::unexpected(failed());
            out.kind = found->kind;
        }
        check_parts(out.kind);
        duration(kWindow, out.window);
        duration(kAdvance, out.advance);
        time(kDeadline, out.deadline);
        time(kStart, out.start);
        time(kEnd, out.end);
        if (out.window <= Duration{0}) errors_.push_back(mistake("window", "must be longer than nothing"));
        if (!errors_.empty()) return tl::unexpected(failed());
        return out;
    }

  private:
    const KindName* kind_named(const std::string& type) {
        std::vector<std::string> names;
        for (const KindName& known : kWindowKinds) {
            if (known.name == type) return &known;
            names.emplace_back(known.name);
        }
        errors_.push_back(mistake(
            "type", fmt::format("'{}' is not one of {}{}", type, fmt::join(names, ", "), did_you_mean(type, names))));
        return nullptr;
    }

    void check_parts(TimeWindow::Kind kind) {
        const std::string_view name = kWindowKinds[static_cast<std::size_t>(kind)].name;
        const Rules rules = rules_of(kind);
        for (const Part& part : rules.required) {
            if (!map_[part.property].is_null()) continue;
            errors_.push_back(
                mistake(part.property, fmt::format("Time window of type `{}` must have {}.", name, part.words)));
        }
        for (const Part& part : rules.forbidden) {
            if (map_[part.property].is_null()) continue;
            errors_.push_back(
                mistake(part.property, fmt::format("Time window of type `{}` cannot have {}.", name, part.words)));
        }
    }

    template <class T, class Read>
    void part(const Part& which, T& out, Read read) {
        const Value value = map_[which.property];
        if (value.is_null()) return;
        const auto result = read(text_of(value));
        if (result)
            out = *result;
        else
            errors_.push_back(mistake(which.property, result.error().message));
    }
    void duration(const Part& which, Duration& out) {
        part(which, out, [](const std::string& text) { return parse_duration(text); });
    }
    void time(const Part& which, OffsetTime& out) {
        part(which, out, [](const std::string& text) { return parse_offset_time(text); });
    }

    Error failed() const {
        Error all = errors_.front();
        if (errors_.size() > 1) all.message = "the time window has several mistakes";
        all.details = errors_;
        return all;
    }

    Value map_;
    std::vector<Error> errors_{};
};

}  // namespace

Result<TimeWindow> read_time_window(const Value& time_window, const Value& flat_window, const Value& flat_advance) {
    if (!time_window.is_null() && !time_window.is_map()) {
        return invalid("expected a time window such as {{type: DURATION_WINDOW, window: PT6H}}");
    }
    Value map = time_window.is_map() ? time_window : Value(Map());
    if (!flat_window.is_null() && map["window"].is_null()) map.mutable_map().set("window", flat_window);
    if (!flat_advance.is_null() && map["windowAdvance"].is_null()) map.mutable_map().set("windowAdvance", flat_advance);
    return WindowReader(std::move(map)).read();
}

}  // namespace sluice::schedule
