#pragma once
#include <functional>

#include "expr/case_file.h"
#include "expr/environment.h"
#include "value/value.h"

namespace sluice::expr {

/// The outside world of a case: what it has under `env`, and nothing else. Its random numbers are always the same.
class CaseEnvironment final : public Environment {
  public:
    CaseEnvironment(Value fixtures, bool recursive, const HolidayLookup& holidays)
        : fixtures_(std::move(fixtures)), recursive_(recursive), holidays_(holidays) {}

    Timestamp now() override;
    std::string time_zone() override;
    std::uint64_t random() override;
    bool is_recursive() override { return recursive_; }
    Result<std::string> secret(std::string_view key, std::string_view name_space) override;
    Result<std::optional<Value>> kv(std::string_view key, std::string_view name_space) override;
    Result<std::string> read_file(const std::string& uri) override;
    Result<std::optional<std::int64_t>> file_size(const std::string& uri) override;
    Result<Value> error_logs() override;
    Result<bool> is_public_holiday(std::chrono::local_days day, std::string_view country,
                                   std::string_view subdivision) override;
    Result<int> free_port() override;

  private:
    Value fixtures_;
    bool recursive_;
    const HolidayLookup& holidays_;
    std::uint64_t random_ = 0x9e3779b97f4a7c15;
};

}  // namespace sluice::expr
