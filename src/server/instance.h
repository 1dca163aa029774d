#pragma once
#include "server/config.h"
#include "storage/storage.h"
#include "store/environment.h"

namespace sluice::server {

/// What expressions see of this installation: environment variables with the prefix, globals, the address of the page,
/// and the secrets of SECRET_<NAME> (base64).
store::Instance make_instance(const Config& config, const std::map<std::string, std::string>& environment,
                              const storage::Storage& storage, expr::TemplateCache& templates);

}  // namespace sluice::server
