#pragma once
#include "http/error_body.h"

namespace sluice::webserver {

/// The body of every failed request: the members that Kestra's clients read (message, _links, _embedded) and those of
/// RFC 7807 (status, title, detail), in one object.
/// Source  api.md §5
http::Response error_body(const http::Request* request, const Error& error, http::Status status);

}  // namespace sluice::webserver
