#pragma once
#include <string_view>

#include "remote/files.h"

namespace sluice::remote {

/// The answer to MLSD: "type=file;size=12;modify=20261124051000; name" (RFC 3659).
std::vector<Entry> parse_mlsd(std::string_view text, const std::string& folder);

/// The answer to LIST of servers that know no MLSD, in the form of `ls -l` or of Windows. `now` tells the year of dates
/// without one. Lines that are no entries are left out.
std::vector<Entry> parse_list(std::string_view text, const std::string& folder, Timestamp now);

}  // namespace sluice::remote
