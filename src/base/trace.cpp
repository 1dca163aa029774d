#include "base/trace.h"

#include <fmt/format.h>

namespace sluice {
namespace {

__extension__ using Number = unsigned __int128;

int digit_of(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
    return c >= 'a' && c <= 'z' ? c - 'a' + 36 : 0;
}

}  // namespace

std::string trace_id_of(std::string_view execution_id) {
    Number number = 0;
    for (const char c : execution_id) number = number * 62 + static_cast<Number>(digit_of(c));
    return fmt::format("{:016x}{:016x}", static_cast<std::uint64_t>(number >> 64), static_cast<std::uint64_t>(number));
}

std::string span_id_of(std::string_view id) {
    std::uint64_t hash = 14695981039346656037ULL;  // 64-bit FNV-1a
    for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return fmt::format("{:016x}", hash == 0 ? 1 : hash);
}

std::string traceparent_of(std::string_view execution_id, std::string_view task_run_id) {
    return fmt::format("00-{}-{}-01", trace_id_of(execution_id), span_id_of(task_run_id));
}

}  // namespace sluice
