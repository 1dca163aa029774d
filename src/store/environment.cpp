#include "store/environment.h"

#include <algorithm>

#include "expr/aes_gcm.h"
#include "schedule/holidays.h"
#include "sql/store.h"
#include "store/kv.h"
#include "store/namespaces.h"

namespace sluice::store {
namespace {

class NamespaceVariables final : public LazyMap {
  public:
    NamespaceVariables(WithConnection connection, std::string name_space)
        : connection_(std::move(connection)), name_space_(std::move(name_space)) {}

    std::optional<Value> find(std::string_view key) const override {
        const Value* found = variables().find(key);
        return found != nullptr ? std::optional(*found) : std::nullopt;
    }
    Value force() const override { return Value(variables()); }

  private:
    const Map& variables() const {
        if (!read_)
            connection_([&](pg::Connection& connection) { read_ = namespace_variables(connection, name_space_); });
        return *read_;
    }

    const WithConnection connection_;
    const std::string name_space_;
    mutable std::optional<Map> read_{};  // one render, one thread
};

}  // namespace

WithConnection connection_of(pg::Transaction& tx) {
    return [&tx](const std::function<void(pg::Connection&)>& use) { use(tx.connection()); };
}

WithConnection connection_of(pg::Pool& pool) {
    return [&pool](const std::function<void(pg::Connection&)>& use) { pool.with_connection(use); };
}

Environment::Environment(WithConnection connection, const Instance& instance, std::string name_space,
                         std::string execution_id, Timestamp now)
    : connection_(std::move(connection)),
      instance_(instance),
      name_space_(std::move(name_space)),
      execution_id_(std::move(execution_id)),
      now_(now) {}

Map Environment::names(const std::string& name_space) const {
    Map out = instance_.context;
    out.set("namespace",
            Value(std::shared_ptr<const LazyMap>(std::make_shared<NamespaceVariables>(connection_, name_space))));
    return out;
}

/// The namespace's own, or of one above it; then what the servers are configured to ask (Vault, files); then that of
/// their environment.
Result<std::string> Environment::secret(std::string_view key, std::string_view name_space) {
    const std::string place = name_space.empty() ? name_space_ : std::string(name_space);
    Result<std::optional<std::string>> stored = std::optional<std::string>();
    connection_([&](pg::Connection& connection) {
        stored = Secrets(instance_.sealing_keys()).find(connection, place, std::string(key));
    });
    if (!stored) return tl::unexpected(stored.error());
    if (*stored) return **stored;
    if (instance_.other_secret) {
        auto other = instance_.other_secret(place, std::string(key));
        if (!other) return tl::unexpected(other.error());
        if (*other) return **other;
    }
    std::string upper(key);
    for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const auto found = instance_.secrets.find(upper);
    if (found == instance_.secrets.end()) {
        return not_found(
            "Cannot find secret for key '{}'; store it in the namespace {}, or set the environment variable "
            "SECRET_{} (base64)",
            key, place, upper);
    }
    return found->second;
}

Result<std::string> Environment::open_sealed(const std::string& text) {
    if (instance_.encryption_key.empty()) {
        return invalid("an encrypted value can't be read: encryption.secret-key is not configured");
    }
    return expr::aes_gcm_opened(instance_.encryption_key, text);
}

/// They are made when there is a new secret, and then kept: a script may log a million lines.
SecretMasks Environment::masks() {
    return masks_.with([this](SecretMasks& known) {
        const bool fresh = known.secrets == secrets_read().size();
        if (!fresh) known.stored = std::make_shared<const expr::Mask>(secrets_read());
        if (!fresh || known.credentials != credentials_.size()) {
            std::vector<std::string> all = secrets_read();
            all.insert(all.end(), credentials_.begin(), credentials_.end());
            known.shown = credentials_.empty() ? known.stored : std::make_shared<const expr::Mask>(all);
            known.secrets = secrets_read().size();
            known.credentials = credentials_.size();
        }
        return known;
    });
}

std::string Environment::masked(std::string text) {
    const auto mask = masks().shown;
    return mask ? mask->masked(std::move(text)) : text;
}

Error Environment::masked(Error error) {
    error.message = masked(std::move(error.message));
    for (Error& detail : error.details) detail = masked(std::move(detail));
    return error;
}

bool Environment::holds_secret(std::string_view text) {
    const auto mask = masks().shown;
    return mask && mask->finds_any(text);
}

Value Environment::without_secrets(Value value, Sealing sealing) {
    if (secrets_read().empty()) return value;
    const auto mask = masks().stored;
    if (mask->is_empty()) return value;
    return expr::without_secrets(value, *mask, sealing == Sealing::Never ? "" : instance_.encryption_key);
}

void Environment::hide(std::string credential) {
    const bool known = std::ranges::find(credentials_, credential) != credentials_.end();
    if (!credential.empty() && !known) credentials_.push_back(std::move(credential));
}

Result<std::optional<Value>> Environment::kv(std::string_view key, std::string_view name_space) {
    const std::string wanted = name_space.empty() ? name_space_ : std::string(name_space);
    std::optional<KvRow> row;
    connection_([&](pg::Connection& connection) { row = kv_get(connection, wanted, std::string(key)); });
    if (!row || row->expired) return std::optional<Value>();
    return std::optional(row->value);
}

Result<std::string> Environment::read_file(const std::string& uri) {
    if (!instance_.read_file) return expr::Environment::read_file(uri);
    return instance_.read_file(uri);
}

Result<std::optional<std::int64_t>> Environment::file_size(const std::string& uri) {
    if (!instance_.file_size) return expr::Environment::file_size(uri);
    return instance_.file_size(uri);
}

Result<Value> Environment::http(const expr::HttpCall& call) {
    if (!instance_.http) return expr::Environment::http(call);
    return instance_.http(call);
}

Result<Value> Environment::error_logs() {
    List list;
    connection_([&](pg::Connection& connection) {
        for (pg::Row row : connection.run(sql::error_logs, execution_id_)) {
            Map line;
            line.set("taskId", Value(row.maybe_text()));
            line.set("message", row.text());
            line.set("timestamp", to_iso(row.timestamp()));
            line.set("level", "ERROR");
            line.set("taskRunId", Value(row.maybe_text()));
            line.set("attemptNumber", Value(row.maybe_integer()));
            list.push_back(Value(std::move(line)));
        }
    });
    return Value(std::move(list));
}

Result<bool> Environment::is_public_holiday(std::chrono::local_days day, std::string_view country,
                                            std::string_view subdivision) {
    const auto name = schedule::public_holiday(country, subdivision, day);
    if (!name) return tl::unexpected(name.error());
    return !name->empty();
}

}  // namespace sluice::store
