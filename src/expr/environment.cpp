#include "expr/environment.h"

#include <algorithm>

#include "base/id.h"

namespace sluice::expr {
namespace {
tl::unexpected<Error> not_available(std::string_view what) {
    return refuse(ErrorCode::Internal, "{} is not available where this expression is rendered", what);
}
}  // namespace

std::uint64_t Environment::random() {
    return random_bits();
}

Result<std::string> Environment::secret(std::string_view, std::string_view) {
    return not_available("secret()");
}

Result<std::string> Environment::open_sealed(const std::string&) {
    return not_available("an encrypted value");
}
Result<std::optional<Value>> Environment::kv(std::string_view, std::string_view) {
    return not_available("kv()");
}
bool Environment::may_read_namespace(std::string_view) {
    return true;
}
Result<std::string> Environment::read_file(const std::string&) {
    return not_available("read()");
}
Result<std::optional<std::int64_t>> Environment::file_size(const std::string&) {
    return not_available("the size of files");
}
Result<Value> Environment::error_logs() {
    return not_available("errorLogs()");
}
Result<Value> Environment::http(const HttpCall&) {
    return not_available("http()");
}
Result<bool> Environment::is_public_holiday(std::chrono::local_days, std::string_view, std::string_view) {
    return not_available("isPublicHoliday()");
}
Result<int> Environment::free_port() {
    return not_available("randomPort()");
}

void Environment::remember_secret(std::string text) {
    const bool known = std::find(secrets_read_.begin(), secrets_read_.end(), text) != secrets_read_.end();
    if (!text.empty() && !known) secrets_read_.push_back(std::move(text));
}

}  // namespace sluice::expr
