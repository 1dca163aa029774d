#include "webserver/api_profile.h"

namespace sluice::webserver {

bool is_second_profile(const http::Request& request) {
    return request.header("X-Api-Profile").value_or("") == "2" ||
           request.pattern.find("/actions/") != std::string::npos;
}

}  // namespace sluice::webserver
