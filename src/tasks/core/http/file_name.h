#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace sluice::tasks {

/// The name in a Content-Disposition header: filename* goes before filename, and only the last path segment counts.
std::optional<std::string> disposition_file_name(std::string_view header);

/// The last path segment of a URL, decoded; "" when it ends with '/' or has no path.
std::string url_file_name(std::string_view url);

}  // namespace sluice::tasks
