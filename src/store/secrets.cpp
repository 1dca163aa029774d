#include "store/secrets.h"

#include <openssl/evp.h>

#include "expr/aes_gcm.h"
#include "sql/store.h"
#include "value/json.h"

namespace sluice::store {
namespace {

constexpr std::size_t kLongestKey = 128;
constexpr std::size_t kLongestSecret = 256 * 1024;

/// Says which key it is, and nothing about it.
std::string id_of_key(const std::string& key) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    ensure(EVP_Digest(key.data(), key.size(), digest, &size, EVP_sha256(), nullptr) == 1, "SHA-256 failed");
    std::string out;
    for (int i = 0; i < 8; ++i) out += fmt::format("{:02x}", digest[i]);
    return out;
}

std::string in_capitals(std::string key) {
    for (char& c : key) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return key;
}

bool is_secret_name(std::string_view key) {
    return !key.empty() && key.size() <= kLongestKey && std::all_of(key.begin(), key.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
    });
}

}  // namespace

std::vector<std::string> with_those_above(std::string name_space) {
    std::vector<std::string> out{name_space};
    for (auto dot = name_space.rfind('.'); dot != std::string::npos; dot = name_space.rfind('.')) {
        name_space.resize(dot);
        out.push_back(name_space);
    }
    return out;
}

std::string Secrets::seal(const std::string& name_space, const std::string& key, const std::string& value) const {
    const Value whole{{"namespace", name_space}, {"key", key}, {"value", value}};
    return *expr::sealed_text(expr::sealed_value(keys_.present, to_json(whole)));
}

Result<std::string> Secrets::open(const std::string& name_space, const std::string& key,
                                  const std::string& sealed) const {
    std::vector<std::string> keys = keys_.previous;
    if (!keys_.present.empty()) keys.insert(keys.begin(), keys_.present);
    for (const std::string& one : keys) {
        const auto plain = expr::aes_gcm_opened(one, sealed);
        if (!plain) continue;
        const auto whole = parse_json(*plain);
        if (whole && whole->text("namespace") == name_space && whole->text("key") == key) return whole->text("value");
        return invalid("the secret {} of {} was sealed for another place: somebody moved its row", key, name_space);
    }
    return invalid(
        "the secret {} of {} can't be opened: configure encryption.secret-key, or encryption.previous-keys, with the "
        "key "
        "that sealed it",
        key, name_space);
}

Result<std::optional<std::string>> Secrets::find(pg::Connection& connection, const std::string& name_space,
                                                 const std::string& key) const {
    const std::string name = in_capitals(key);
    if (!is_secret_name(name)) return std::optional<std::string>();
    const pg::Rows rows = connection.run(sql::find_secret, with_those_above(name_space), name);
    if (rows.empty()) return std::optional<std::string>();
    pg::Row row = rows[0];
    const std::string owner = row.text();
    auto plain = open(owner, name, row.text());
    if (!plain) return tl::unexpected(plain.error());
    return std::optional(std::move(*plain));
}

Result<void> Secrets::put(pg::Transaction& tx, const std::string& name_space, const std::string& key,
                          const std::string& value, const std::string& description) const {
    if (keys_.present.empty())
        return invalid(
            "no secret can be stored: encryption.secret-key is not configured (openssl rand -base64 32 makes one)");
    if (!is_secret_name(key))
        return invalid("the name of a secret has 1 to {} letters, digits and characters of '_.-', found '{}'",
                       kLongestKey, key);
    if (value.empty() || value.size() > kLongestSecret)
        return invalid("a secret has 1 to {} bytes, found {}", kLongestSecret, value.size());
    const std::string name = in_capitals(key);
    tx.run(sql::put_secret, name_space, name, seal(name_space, name, value), id_of_key(keys_.present),
           description.empty() ? std::nullopt : std::optional(description));
    return {};
}

bool Secrets::remove(pg::Transaction& tx, const std::string& name_space, const std::string& key) {
    return tx.run(sql::delete_secret, name_space, in_capitals(key)).affected() > 0;
}

std::vector<SecretName> Secrets::list(pg::Connection& connection,
                                      const std::optional<std::vector<std::string>>& namespaces) const {
    const std::string present = id_of_key(keys_.present);
    std::vector<SecretName> out;
    for (pg::Row row : connection.run(sql::list_secrets, namespaces)) {
        SecretName one;
        one.name_space = row.text();
        one.key = row.text();
        one.description = row.maybe_text().value_or("");
        one.updated_at = row.timestamp();
        one.of_previous_key = row.text() != present;
        out.push_back(std::move(one));
    }
    return out;
}

Result<std::size_t> Secrets::rotate(pg::Transaction& tx) const {
    if (keys_.present.empty()) return invalid("encryption.secret-key is not configured: there is no key to rotate to");
    const std::string present = id_of_key(keys_.present);
    const pg::Rows rows = tx.run(sql::lock_secrets_of_other_keys, present);
    for (pg::Row row : rows) {
        const std::string name_space = row.text();
        const std::string key = row.text();
        const auto plain = open(name_space, key, row.text());
        if (!plain) return tl::unexpected(plain.error());
        tx.run(sql::put_secret, name_space, key, seal(name_space, key, *plain), present, std::nullopt);
    }
    return rows.size();
}

}  // namespace sluice::store
