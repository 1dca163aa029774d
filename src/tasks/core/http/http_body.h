#pragma once
#include "tasks/core/http/http_properties.h"

namespace sluice::tasks {

/// Gives the request its body and content type: a form, a form with files, a text, or nothing.
/// Errors  NotFound: a file of the form is not there; Invalid: formData is no map
/// Source  flows.md §4.4
Result<void> set_http_body(const HttpProperties& want, plugin::TaskContext& context, net::Request& request);

/// A body as text: from the charset of its Content-Type, or else of `otherwise`, to UTF-8.
/// Errors  Invalid: a charset that is not known, or bytes that are none of its characters
Result<std::string> body_text(const net::Response& response, const std::string& otherwise);

}  // namespace sluice::tasks
