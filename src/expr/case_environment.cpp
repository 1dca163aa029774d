#include "expr/case_environment.h"

namespace sluice::expr {

Timestamp CaseEnvironment::now() {
    const std::string text = fixtures_.text("now");
    const auto at = parse_iso(text.empty() ? "2024-01-02T03:04:05.123456Z" : text);
    return at ? *at : Timestamp{};
}

std::string CaseEnvironment::time_zone() {
    const std::string zone = fixtures_.text("zone");
    return zone.empty() ? "UTC" : zone;
}

/// xorshift64: any sequence will do, as long as its numbers differ.
std::uint64_t CaseEnvironment::random() {
    random_ ^= random_ << 13U;
    random_ ^= random_ >> 7U;
    random_ ^= random_ << 17U;
    return random_;
}

Result<std::string> CaseEnvironment::secret(std::string_view key, std::string_view) {
    const auto found = fixtures_.get("secrets", key);
    if (!found || !found->is_string()) return not_found("there is no secret '{}'", key);
    return found->as_string();
}

Result<std::optional<Value>> CaseEnvironment::kv(std::string_view key, std::string_view name_space) {
    return fixtures_.get("kv", name_space, key);
}

Result<std::string> CaseEnvironment::read_file(const std::string& uri) {
    const auto found = fixtures_.get("files", std::string_view(uri));
    if (!found || !found->is_string()) return not_found("there is no file {}", uri);
    return found->as_string();
}

Result<std::optional<std::int64_t>> CaseEnvironment::file_size(const std::string& uri) {
    const auto found = fixtures_.get("files", std::string_view(uri));
    if (!found || !found->is_string()) return std::optional<std::int64_t>();
    return std::optional(static_cast<std::int64_t>(found->as_string().size()));
}

Result<Value> CaseEnvironment::error_logs() {
    return fixtures_.get("errorLogs").value_or(Value(List()));
}

Result<bool> CaseEnvironment::is_public_holiday(std::chrono::local_days day, std::string_view country,
                                                std::string_view subdivision) {
    return holidays_ ? holidays_(day, country, subdivision) : Environment::is_public_holiday(day, country, subdivision);
}

Result<int> CaseEnvironment::free_port() {
    return 40'000;
}

}  // namespace sluice::expr
