#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace sluice::http {

enum class Method : std::uint8_t { Get, Head, Post, Put, Patch, Delete, Options };

inline constexpr Method kMethods[] = {Method::Get,   Method::Head,   Method::Post,   Method::Put,
                                      Method::Patch, Method::Delete, Method::Options};

/// "GET"
std::string_view to_text(Method method);

/// Methods are case-sensitive. Empty: one that we do not serve (501)
std::optional<Method> parse_method(std::string_view text);

}  // namespace sluice::http
