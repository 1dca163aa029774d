#pragma once
#include <functional>
#include <map>
#include <string>

#include "base/guarded.h"
#include "expr/environment.h"
#include "expr/mask.h"
#include "expr/render.h"
#include "expr/template_cache.h"
#include "pg/pg.h"
#include "store/secrets.h"
#include "value/value.h"

namespace sluice::store {

/// What expressions may see of this installation: the same for all executions.
struct Instance {
    Map context{};                                 // envs, globals, kestra
    std::map<std::string, std::string> secrets{};  // by name
    /// Asks where else secrets are kept, for that of a namespace or of one above it. Not set: nowhere
    std::function<Result<std::optional<std::string>>(const std::string& name_space, const std::string& key)>
        other_secret{};
    std::string encryption_key{};              // of SECRET inputs and outputs; empty: none is configured
    std::vector<std::string> previous_keys{};  // that still open what they sealed
    SealingKeys sealing_keys() const { return {encryption_key, previous_keys}; }
    std::string time_zone = "UTC";
    /// Reads a file of the internal storage. Not set: expressions here can't read files
    std::function<Result<std::string>(const std::string& uri)> read_file{};
    std::function<Result<std::optional<std::int64_t>>(const std::string& uri)> file_size{};
    std::function<Result<Value>(const expr::HttpCall& call)> http{};
    expr::TemplateCache* templates = nullptr;
    expr::Limits limits{};
};

/// Lends a connection for the length of one call: that of a transaction, or one of a pool.
using WithConnection = std::function<void(const std::function<void(pg::Connection&)>& use)>;
WithConnection connection_of(pg::Transaction& tx);
WithConnection connection_of(pg::Pool& pool);

/// Whether a stored text that holds a secret is sealed, so that expressions still read it, or masked.
enum class Sealing { WithKey, Never };

/// What is hidden in values that are stored, and in texts that are shown.
struct SecretMasks {
    std::size_t secrets = 0, credentials = 0;    // that they were made of
    std::shared_ptr<const expr::Mask> stored{};  // null: nothing is hidden
    std::shared_ptr<const expr::Mask> shown{};
};

/// The outside of expressions, answered from the database and the instance.
/// Threads  one
class Environment : public expr::Environment {
  public:
    Environment(WithConnection connection, const Instance& instance, std::string name_space, std::string execution_id,
                Timestamp now);

    Timestamp now() override { return now_; }
    std::string time_zone() override { return instance_.time_zone; }
    expr::TemplateCache* templates() override { return instance_.templates; }
    Result<std::string> secret(std::string_view key, std::string_view name_space) override;
    Result<std::string> open_sealed(const std::string& text) override;
    Result<std::optional<Value>> kv(std::string_view key, std::string_view name_space) override;
    bool may_read_namespace(std::string_view) override { return true; }
    Result<std::string> read_file(const std::string& uri) override;
    Result<std::optional<std::int64_t>> file_size(const std::string& uri) override;
    Result<Value> error_logs() override;
    Result<Value> http(const expr::HttpCall& call) override;
    Result<bool> is_public_holiday(std::chrono::local_days day, std::string_view country,
                                   std::string_view subdivision) override;

    /// What expressions of a flow of this namespace see besides the flow and the execution: what belongs to the
    /// instance, and `namespace`, whose variables are read when one is asked for.
    Map names(const std::string& name_space) const;
    Map names() const { return names(name_space_); }

    const expr::Limits& limits() const { return instance_.limits; }

    /// A text for people: what expressions read of secrets is masked, and so are the credentials of hide().
    std::string masked(std::string text);
    Error masked(Error error);
    bool holds_secret(std::string_view text);
    /// A value to be stored: texts that hold what expressions read of secrets are sealed, or masked without a key.
    Value without_secrets(Value value, Sealing sealing = Sealing::WithKey);
    void hide(std::string credential);

  private:
    SecretMasks masks();

    const WithConnection connection_;
    const Instance& instance_;
    const std::string name_space_;
    const std::string execution_id_;
    const Timestamp now_;
    std::vector<std::string> credentials_{};
    Guarded<SecretMasks> masks_{};
};

}  // namespace sluice::store
