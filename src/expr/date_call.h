#pragma once
#include <string>

#include "expr/builtin.h"
#include "expr/dates.h"

namespace sluice::expr {

/// The arguments format, timeZone, existingFormat and locale, which the date filters and now() have in common.
struct DateFormatting {
    std::string format = "iso";
    Zone zone = Zone::utc();
    std::string existing_format{};
    std::string locale{};
};

/// `first` is where `format` stands among the arguments.
DateFormatting date_formatting(Call& call, std::size_t first);
Value formatted_date(const DateInZone& date, const DateFormatting& how);

}  // namespace sluice::expr
