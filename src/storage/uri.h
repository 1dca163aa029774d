#pragma once
#include <ostream>
#include <string>
#include <string_view>

#include "base/error.h"

namespace sluice::storage {

/// The name of a file or folder of the internal storage: kestra:///company/team/flow/executions/…
/// Its path starts with '/', has no empty, '.' or '..' segments and no zero byte, and does not end with '/'.
class Uri {
  public:
    /// The root
    Uri() = default;

    /// Reads the text form. Percent-encoded bytes are decoded; a scheme may be missing ("/a/b").
    /// Errors  Invalid: another scheme, a host, '..' segments, a broken encoding
    static Result<Uri> parse(std::string_view text);
    /// From a path that is not encoded. Errors  Invalid, as above
    static Result<Uri> of_path(std::string_view path);

    /// "/a/b c"
    const std::string& path() const { return path_; }
    /// "kestra:///a/b%20c": only characters that survive in commands and scripts
    std::string text() const;
    /// The last segment; "" for the root
    std::string name() const;
    Uri parent() const;
    bool is_root() const { return path_ == "/"; }

    /// Something below this folder. Errors  Invalid: as of_path
    Result<Uri> below(std::string_view relative) const;
    /// The same with a name that is known to be good; anything else is our bug.
    Uri operator/(std::string_view name) const;
    /// This is the folder itself or stands in it, at any depth.
    bool is_within(const Uri& folder) const;
    /// "b/c" of /a/b/c within /a
    std::string relative_to(const Uri& folder) const;

    auto operator<=>(const Uri&) const = default;

  private:
    explicit Uri(std::string path) : path_(std::move(path)) {}
    std::string path_ = "/";
};

std::string percent_encoded(std::string_view text);
/// Errors  Invalid: a '%' without two hexadecimal digits
Result<std::string> percent_decoded(std::string_view text);

std::ostream& operator<<(std::ostream& out, const Uri& uri);

}  // namespace sluice::storage

template <>
struct fmt::formatter<sluice::storage::Uri> : fmt::formatter<std::string_view> {
    auto format(const sluice::storage::Uri& uri, fmt::format_context& context) const {
        return fmt::formatter<std::string_view>::format(uri.text(), context);
    }
};
