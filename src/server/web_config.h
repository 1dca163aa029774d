#pragma once
#include "server/config.h"
#include "webserver/webserver.h"

namespace sluice::server {

/// What the web server takes from the configuration.
webserver::WebConfig web_config(const Config& config, const std::vector<http::StaticFile>& page);
http::TlsConfig tls_config(const Config& config);

}  // namespace sluice::server
