#include <algorithm>
#include <array>

#include "expr/builtin_tables.h"
#include "expr/session.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

constexpr std::string_view kBase62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// A big-endian number in base 62, without zeros in front.
template <std::size_t size>
std::string base62_of(std::array<unsigned char, size> number) {
    std::string out;
    while (std::any_of(number.begin(), number.end(), [](unsigned char byte) { return byte != 0; })) {
        unsigned rest = 0;
        for (unsigned char& byte : number) {
            const unsigned value = rest * 256 + byte;
            byte = static_cast<unsigned char>(value / 62);
            rest = value % 62;
        }
        out += kBase62[rest];
    }
    std::reverse(out.begin(), out.end());
    return out;
}

template <std::size_t size>
void fill_with_random(std::array<unsigned char, size>& bytes, std::size_t from, Environment& environment) {
    std::uint64_t bits = 0;
    for (std::size_t i = from; i < size; ++i) {
        if ((i - from) % 8 == 0) bits = environment.random();
        bytes[i] = static_cast<unsigned char>(bits >> ((i - from) % 8 * 8) & 255U);
    }
}

std::array<unsigned char, 16> random_uuid(Environment& environment) {
    std::array<unsigned char, 16> bytes{};
    fill_with_random(bytes, 0, environment);
    bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0fU) | 0x40U);  // version 4
    bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3fU) | 0x80U);  // variant 1
    return bytes;
}

Value uuid(Call& call) {
    std::string out;
    const auto bytes = random_uuid(call.session().environment());
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        out += fmt::format("{:02x}", bytes[i]);
    }
    return Value(std::move(out));
}

Value id(Call& call) {
    return Value(base62_of(random_uuid(call.session().environment())));
}

/// 4 bytes of seconds since the epoch of KSUIDs, and 16 random ones
Value ksuid(Call& call) {
    constexpr std::int64_t kEpoch = 1'400'000'000;
    constexpr std::size_t kLength = 27;
    Environment& environment = call.session().environment();
    const auto since_1970 = std::chrono::floor<std::chrono::seconds>(environment.now()).time_since_epoch().count();
    const auto seconds = static_cast<std::uint32_t>(since_1970 - kEpoch);
    std::array<unsigned char, 20> bytes{};
    for (std::size_t i = 0; i < 4; ++i) bytes[i] = static_cast<unsigned char>(seconds >> (24 - 8 * i) & 255U);
    fill_with_random(bytes, 4, environment);
    const std::string digits = base62_of(bytes);
    return Value(std::string(kLength - digits.size(), '0') + digits);
}

Value nano_id(Call& call) {
    constexpr std::int64_t kLongest = 1'000;
    constexpr std::string_view kAlphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_";
    const std::int64_t length = call.integer_or(0, 21);
    const std::string alphabet = call.text_or(1, kAlphabet);
    if (length < 0 || length > kLongest) throw bad_argument("function 'nanoId': the length must be 0 to {}", kLongest);
    if (alphabet.empty()) throw bad_argument("function 'nanoId': the alphabet is empty");
    std::vector<std::string> characters;
    for (std::size_t at = 0; at < alphabet.size(); at += characters.back().size()) {
        characters.push_back(alphabet.substr(at, code_point_at(alphabet, at).length));
    }
    std::string out;
    for (std::int64_t i = 0; i < length; ++i) {
        out += characters[call.session().environment().random() % characters.size()];
    }
    return Value(std::move(out));
}

Value random_int(Call& call) {
    const std::int64_t lower = call.long_integer(0);
    const std::int64_t upper = call.long_integer(1);
    if (upper < lower) throw bad_argument("function 'randomInt': upper {} is less than lower {}", upper, lower);
    const std::uint64_t range = static_cast<std::uint64_t>(upper) - static_cast<std::uint64_t>(lower);
    const std::uint64_t offset = range == 0 ? 0 : call.session().environment().random() % range;
    const auto number = static_cast<std::int64_t>(static_cast<std::uint64_t>(lower) + offset);
    const bool is_small = number >= INT32_MIN && number <= INT32_MAX;
    return is_small ? Value(static_cast<std::int32_t>(number)) : Value(number);
}

Value random_port(Call& call) {
    const auto port = call.session().environment().free_port();
    if (!port) throw from_outside(port.error());
    return Value(*port);
}

constexpr BuiltinRow kFunctionsIds[] = {
    {"uuid", "", uuid, "A random UUID"},
    {"id", "", id, "A random UUID in base 62"},
    {"ksuid", "", ksuid, "An id that sorts by its time, 27 characters long"},
    {"nanoId", "length=21, alphabet", nano_id, "A random text of these characters"},
    {"randomInt", "lower, upper", random_int, "A random integer, at least lower and less than upper"},
    {"randomPort", "", random_port, "A TCP port that nobody listens on"},
};

}  // namespace

const std::span<const BuiltinRow> kIdFunctions = kFunctionsIds;

}  // namespace sluice::expr
