#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"

namespace sluice::http {

enum class Plus { IsPlus, IsBlank };

/// Undoes %XX once, and `+` where it stands for a blank.
/// Errors  BadRequest: an incomplete escape, a NUL, or bytes that are not UTF-8
Result<std::string> percent_decode(std::string_view text, Plus plus = Plus::IsPlus);

/// Letters, digits and -._~ stay, all else becomes %XX.
std::string percent_encode(std::string_view text);

bool is_utf8(std::string_view text);

/// The names and values behind the question mark, or of a form, decoded and in their order.
class Query {
  public:
    Query() = default;

    /// Errors  BadRequest: bad escapes
    static Result<Query> parse(std::string_view text);

    /// The first value of that name.
    std::optional<std::string_view> first(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const { return first(name).has_value(); }
    void add(std::string name, std::string value) { entries_.emplace_back(std::move(name), std::move(value)); }

    bool empty() const { return entries_.empty(); }
    std::size_t size() const { return entries_.size(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }

  private:
    std::vector<std::pair<std::string, std::string>> entries_{};
};

/// A request target taken apart; nothing is decoded yet.
struct Target {
    std::string_view path{};  // starts with a slash; "*" of OPTIONS stays
    std::string_view query{};
    std::string_view authority{};  // of the absolute form only
};

/// Takes "/path?query", "http://host/path?query" and "*". A fragment is cut off.
/// Errors  BadRequest: anything else
Result<Target> parse_target(std::string_view target);

/// The segments of a path, each decoded once: a %2F stays inside its segment. A slash at the end adds none.
/// Errors  BadRequest: bad escapes, or a segment that is "." or ".."
Result<std::vector<std::string>> split_path(std::string_view path);

}  // namespace sluice::http
