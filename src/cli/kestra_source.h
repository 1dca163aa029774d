#pragma once
/// What a Kestra installation has: read from its API, from its database, or from files that it exported.
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/time.h"
#include "value/value.h"

namespace sluice::cli {

struct KestraFlow {
    std::string origin{};  // the file, or the address: for messages
    std::string source{};  // byte for byte
};

struct KestraKey {
    std::string key{};
    std::string kind{};  // STRING, NUMBER …
    Value value{};
    std::string description{};
    std::optional<Timestamp> expires_at{};
};

/// The state of a trigger.
struct KestraTrigger {
    std::string name_space{};
    std::string flow_id{};
    std::string trigger_id{};
    bool disabled = false;
    std::optional<Timestamp> next_at{};
    std::optional<Timestamp> last_at{};
    bool has_backfill = false;
    std::string execution_id{};  // that holds it
};

/// Errors  every function: Unavailable, Unauthorized, NotFound, Invalid: what can't be read, and where
class KestraSource {
  public:
    virtual ~KestraSource() = default;
    virtual Result<std::vector<KestraFlow>> flows() = 0;
    /// Paths of the files of a namespace, without a leading slash.
    virtual Result<std::vector<std::string>> files(const std::string& name_space) = 0;
    virtual Result<std::string> file(const std::string& name_space, const std::string& path) = 0;
    virtual Result<std::vector<KestraKey>> keys(const std::string& name_space) = 0;
    virtual Result<std::vector<KestraTrigger>> triggers() = 0;
    /// What is there, but not to be had from here: a sentence for each.
    virtual std::vector<std::string> out_of_reach() { return {}; }
};

/// The state of a trigger as any version writes it: {"triggerContext": {…}}, {"state": {…}}, or the state itself.
KestraTrigger kestra_trigger(const Value& row);

struct KestraAddress {
    std::string url{};  // "https://kestra.example.com"
    std::string tenant = "main";
    std::string user{};
    std::string password{};
    std::string token{};
    std::string name_space{};  // only this one and those below it; empty: all
};
/// A running server, of any version: those before 0.23 have no tenant in their paths.
std::unique_ptr<KestraSource> kestra_api(KestraAddress address);

struct KestraDatabase {
    std::string url{};  // postgresql://…, jdbc:postgresql://…
    std::string schema = "public";
    std::string tenant = "main";
    std::string name_space{};  // only this one and those below it; empty: all
};
/// Its PostgreSQL database, read at once and in one snapshot: flows and the state of triggers.
/// Errors  Unavailable; Invalid: a table or column is missing
Result<std::unique_ptr<KestraSource>> kestra_database(KestraDatabase where);

/// A ZIP of flows, a ZIP of a namespace (its flows below _flows/, which is the namespace whose files the rest are), a
/// folder of such files, or one YAML file. Errors  NotFound, Invalid
Result<std::unique_ptr<KestraSource>> kestra_files(const std::string& path, const std::string& name_space);

}  // namespace sluice::cli
