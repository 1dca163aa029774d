#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "http/headers.h"

namespace sluice::http {

/// "Tue, 24 Nov 2026 05:10:00 GMT"
std::string to_http_date(std::int64_t seconds_since_1970);
/// Reads the form above; the two obsolete forms are taken as no date.
std::optional<std::int64_t> parse_http_date(std::string_view text);

/// Does a list of entity tags (If-None-Match) hold `etag`, weakly compared? `*` holds all.
bool etag_matches(std::string_view list, std::string_view etag);

/// Has the client got this version already? Looks at If-None-Match, and at If-Modified-Since where that is missing.
bool is_not_modified(const Headers& request, const Headers& response);

/// May a Range be answered with a part? Not when If-Range names another version.
bool range_still_applies(const Headers& request, const Headers& response);

}  // namespace sluice::http
