#pragma once
#include <memory>

#include "net/client.h"
#include "pg/pool.h"
#include "server/config.h"
#include "server/vault.h"
#include "storage/storage.h"
#include "store/environment.h"
#include "tasks/settings.h"

namespace sluice::server {

/// What seals and opens stored secrets.
store::SealingKeys sealing_keys(const Config& config);

/// What expressions see of this installation: environment variables with the prefix, globals, the address of the page,
/// the secrets of SECRET_<NAME> (base64), and where else secrets are.
/// vault  null: none is configured
store::Instance make_instance(const Config& config, const std::map<std::string, std::string>& environment,
                              const storage::Storage& storage, expr::TemplateCache& templates, Vault* vault = nullptr);

/// Null: the configuration names none.
std::unique_ptr<Vault> make_vault(const Config& config, net::Client& http);

/// What the configuration and the environment (AWS_…) tell task types.
tasks::Settings task_settings(const Config& config, const std::map<std::string, std::string>& environment);

/// The internal storage that the configuration names.
/// storage_pool  of the type postgres; else it may be null
/// Errors  StorageError (thrown)
std::unique_ptr<storage::Storage> make_storage(const Config& config,
                                               const std::map<std::string, std::string>& environment,
                                               pg::Pool* storage_pool, net::Client& http);

}  // namespace sluice::server
