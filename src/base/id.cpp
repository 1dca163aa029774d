#include "base/id.h"

#include <random>

namespace sluice {
namespace {

constexpr std::string_view kDigits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
constexpr std::size_t kLength = 22;
__extension__ using Wide = unsigned __int128;  // a UUID

std::string to_base62(Wide number) {
    std::string out(kLength, '0');
    for (std::size_t i = kLength; i-- > 0; number /= 62) out[i] = kDigits[static_cast<std::size_t>(number % 62)];
    return out;
}

Wide from_base62(std::string_view text) {
    Wide number = 0;
    for (const char c : text) {
        const std::size_t digit = kDigits.find(c);
        if (digit == std::string_view::npos) return 0;
        number = number * 62 + digit;
    }
    return number;
}

/// UUIDv7: 48 bits of milliseconds, version 7, 12 bits, variant 2, 62 bits
Wide uuid_v7(std::uint64_t milliseconds, std::uint64_t high, std::uint64_t low) {
    const std::uint64_t first = (milliseconds << 16) | 0x7000 | (high & 0x0fff);
    const std::uint64_t second = (low & 0x3fffffffffffffff) | 0x8000000000000000;
    return (static_cast<Wide>(first) << 64) | second;
}

std::uint64_t milliseconds_of(Timestamp at) {
    const auto ms = std::chrono::floor<std::chrono::milliseconds>(at).time_since_epoch().count();
    return ms < 0 ? 0 : static_cast<std::uint64_t>(ms);
}

/// 64-bit FNV-1a with a final mix; only used to spread places over ids, never for security.
std::uint64_t hash(std::string_view text, std::uint64_t seed) {
    std::uint64_t h = 14695981039346656037ULL ^ seed;
    for (const char c : text) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdULL;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53ULL;
    return h ^ (h >> 33);
}

}  // namespace

std::uint64_t random_bits() {
    thread_local std::mt19937_64 source = [] {
        std::random_device device;
        std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
        return std::mt19937_64{seed};
    }();
    return source();
}

std::string time_ordered_id(Timestamp at, std::uint64_t random_high, std::uint64_t random_low) {
    return to_base62(uuid_v7(milliseconds_of(at), random_high, random_low));
}

std::string time_ordered_id(Timestamp at) {
    return time_ordered_id(at, random_bits(), random_bits());
}

std::string lowest_id(Timestamp at) {
    return to_base62(static_cast<Wide>(milliseconds_of(at)) << 80);
}

Timestamp time_of_id(std::string_view id) {
    if (id.size() != kLength) return Timestamp{};
    const auto ms = static_cast<std::int64_t>(static_cast<std::uint64_t>(from_base62(id) >> 80));
    return Timestamp{std::chrono::milliseconds{ms}};
}

std::string derived_id(Timestamp at, std::string_view origin, std::string_view place) {
    return time_ordered_id(at, hash(place, hash(origin, 1)), hash(place, hash(origin, 2)));
}

std::string derived_id(std::string_view origin, std::string_view place) {
    return derived_id(time_of_id(origin), origin, place);
}

bool looks_like_id(std::string_view text) {
    if (text.size() < 20 || text.size() > kLength) return false;
    return text.find_first_not_of(kDigits) == std::string_view::npos;
}

}  // namespace sluice
