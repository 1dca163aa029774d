#pragma once
#include "http/request.h"
#include "webserver/api.h"

namespace sluice::webserver {

/// Some answers differ between the generations of the API. The second one is asked for by the header "X-Api-Profile:
/// 2", or by an address that only it has: verbs below /actions/.
bool is_second_profile(const http::Request& request);

}  // namespace sluice::webserver
