#pragma once
#include "webserver/api_profile.h"
#include "webserver/operations.h"

namespace sluice::webserver {

/// The second profile's answer to a change of many: 202 with the operation that carries it out, and how many it is
/// about; 200 where there is nothing to do. `wish` has the resource, the action and the members or filters; options and
/// rights come from the request.
/// Errors  Invalid: an option that the action can't take
Result<http::Response> in_background(Api& api, const http::Request& request, OperationWish wish);

}  // namespace sluice::webserver
