#pragma once
#include <optional>
#include <string>
#include <vector>

#include "flow/flow.h"
#include "http/request.h"

namespace sluice::webserver {

// Query parameters by type.
// Errors  BadRequest: not of that type
Result<std::optional<std::int64_t>> integer_parameter(const http::Request& request, std::string_view name);
Result<bool> flag_parameter(const http::Request& request, std::string_view name, bool otherwise = false);
Result<std::optional<Timestamp>> date_parameter(const http::Request& request, std::string_view name);
std::string text_parameter(const http::Request& request, std::string_view name);
/// Repeated, or separated by commas.
std::vector<std::string> list_parameter(const http::Request& request, std::string_view name);
/// labels=key:value, repeatable; divided at the first colon.
Result<std::vector<flow::Label>> label_parameters(const http::Request& request, std::string_view name = "labels");

}  // namespace sluice::webserver
