#pragma once
#include <string>
#include <vector>

#include "pg/pg.h"

namespace sluice::store {

/// The keys that secrets are sealed with: the present one, and those before it, which still open what they sealed.
struct SealingKeys {
    std::string present{};  // empty: none is configured, and no secret can be stored
    std::vector<std::string> previous{};
};

struct SecretName {
    std::string name_space{};
    std::string key{};
    std::string description{};
    Timestamp updated_at{};
    bool of_previous_key = false;
};

/// Secrets in the database, sealed by AES-GCM together with where they belong: a row that somebody copies to another
/// name or namespace does not open there. Names are kept in capitals, as those of the environment are.
class Secrets {
  public:
    explicit Secrets(SealingKeys keys) : keys_(std::move(keys)) {}

    /// That of `name_space`, else of the nearest one above it. Empty: nobody has it
    /// Errors  Invalid: none of the keys opens it
    Result<std::optional<std::string>> find(pg::Connection& connection, const std::string& name_space,
                                            const std::string& key) const;
    /// Errors  Invalid: the name, a value that is too long, or no key is configured
    Result<void> put(pg::Transaction& tx, const std::string& name_space, const std::string& key,
                     const std::string& value, const std::string& description) const;
    /// false: there was none
    static bool remove(pg::Transaction& tx, const std::string& name_space, const std::string& key);
    /// Of these namespaces; without any: of all
    std::vector<SecretName> list(pg::Connection& connection,
                                 const std::optional<std::vector<std::string>>& namespaces) const;
    /// Seals all by the present key. Returns how many another key had sealed
    /// Errors  Invalid: one that none of the keys opens; nothing is changed then
    Result<std::size_t> rotate(pg::Transaction& tx) const;

  private:
    Result<std::string> open(const std::string& name_space, const std::string& key, const std::string& sealed) const;
    std::string seal(const std::string& name_space, const std::string& key, const std::string& value) const;

    const SealingKeys keys_;
};

/// "a.b.c", "a.b", "a"
std::vector<std::string> with_those_above(std::string name_space);

}  // namespace sluice::store
