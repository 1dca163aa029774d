#include "expr/builtin_tables.h"
#include "expr/date_call.h"
#include "expr/session.h"
#include "value/decimal.h"

namespace sluice::expr {

DateFormatting date_formatting(Call& call, std::size_t first) {
    DateFormatting out;
    const Value& format = call[first];
    if (!format.is_null()) out.format = call.text(first);
    const std::string zone = call.text_or(first + 1, "");
    out.zone = zone.empty() ? call.session().zone() : Zone::named(zone);
    out.existing_format = call.text_or(first + 2, "");
    out.locale = call.text_or(first + 3, "en_US");
    return out;
}

Value formatted_date(const DateInZone& date, const DateFormatting& how) {
    const DateLocale locale = DateLocale::of(how.locale);
    const DateInZone shown{date.moment, how.zone};
    return Value(format_date(shown, DatePattern::of(how.format, locale), locale));
}

namespace {

Value date(Call& call) {
    const DateFormatting how = date_formatting(call, 0);
    return formatted_date(to_date(call.input(), how.zone, how.existing_format), how);
}

Value date_add(Call& call) {
    const std::int64_t amount = call.long_integer(0);
    const std::string& unit = call.text(1);
    const DateFormatting how = date_formatting(call, 2);
    if (call.input().is_null()) return {};
    return formatted_date(date_plus(to_date(call.input(), how.zone, how.existing_format), amount, unit), how);
}

Moment moment_of(Call& call) {
    const std::string zone = call.text_or(0, "");
    return to_date(call.input(), zone.empty() ? call.session().zone() : Zone::named(zone), call.text_or(1, "")).moment;
}

std::int64_t seconds_of(const Moment& moment) {
    return moment.seconds.time_since_epoch().count();
}

Value timestamp(Call& call) {
    return Value(seconds_of(moment_of(call)));
}

Value timestamp_milli(Call& call) {
    const Moment moment = moment_of(call);
    return Value(seconds_of(moment) * 1'000 + moment.nanos / 1'000'000);
}

Value timestamp_micro(Call& call) {
    const Moment moment = moment_of(call);
    return Value(std::to_string(seconds_of(moment) * 1'000'000 + moment.nanos / 1'000));
}

Value timestamp_nano(Call& call) {
    const Moment moment = moment_of(call);
    // Beyond the year 2262 this does not fit 64 bits, and it is a text anyway.
    const Decimal seconds = *Decimal::parse(std::to_string(seconds_of(moment)) + "E9");
    return Value(seconds.plus(*Decimal::parse(std::to_string(moment.nanos))).plain_text());
}

constexpr std::string_view kStampParameters = "timeZone, existingFormat";

constexpr BuiltinRow kFiltersDates[] = {
    {"date", "format='iso', timeZone, existingFormat, locale='en_US'", date, "The date as text, in this format"},
    {"dateAdd", "amount, unit, format='iso', timeZone, existingFormat, locale='en_US'", date_add,
     "The date so many units later, as text: dateAdd(-1, 'DAYS')"},
    {"timestamp", kStampParameters, timestamp, "Seconds since 1970"},
    {"timestampMilli", kStampParameters, timestamp_milli, "Milliseconds since 1970"},
    {"timestampMicro", kStampParameters, timestamp_micro, "Microseconds since 1970, as text"},
    {"timestampNano", kStampParameters, timestamp_nano, "Nanoseconds since 1970, as text"},
};

}  // namespace

const std::span<const BuiltinRow> kDateFilters = kFiltersDates;

}  // namespace sluice::expr
