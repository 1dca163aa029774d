#pragma once
#include "http/router.h"
#include "value/value.h"
#include "webserver/access_table.h"

namespace sluice::webserver {

/// The description of the API in OpenAPI 3, made from the routes themselves: what is not served is not described, and
/// the other way round. Routes without a tenant in their path are left out where the same stands below one.
Value openapi_of(const std::vector<const http::Route*>& routes, const AccessRules& rules, const std::string& version,
                 const std::string& url);

}  // namespace sluice::webserver
