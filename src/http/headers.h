#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::http {

/// ASCII letters only, as HTTP compares names and tokens.
bool equal_ignoring_case(std::string_view a, std::string_view b);
/// Without blanks and tabs at both ends.
std::string_view trimmed(std::string_view text);

struct Header {
    std::string name;
    std::string value;
};

/// The header fields of a message in their order; names are compared without regard to case.
class Headers {
  public:
    Headers() = default;
    Headers(std::initializer_list<Header> fields) : fields_(fields) {}

    void add(std::string name, std::string value);
    /// Replaces all fields of that name.
    void set(std::string name, std::string value);
    void remove(std::string_view name);

    /// The first field of that name.
    std::optional<std::string_view> find(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    bool has(std::string_view name) const { return find(name).has_value(); }
    /// Is `token` one of the comma-separated words of the fields of that name ("Connection: close, x")?
    bool has_token(std::string_view name, std::string_view token) const;

    std::size_t size() const { return fields_.size(); }
    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }

  private:
    std::vector<Header> fields_{};
};

/// The words of a comma-separated list, trimmed, empty ones left out.
std::vector<std::string_view> split_list(std::string_view list, char separator = ',');

/// A parameter of a value such as `form-data; name="a b"`, quotes and backslashes taken away. Empty: not there
std::optional<std::string> parameter_of(std::string_view value, std::string_view name);

/// The weight that an Accept or Accept-Encoding header gives to `wanted`: 0 is refused. `*` counts for all.
double weight_of(std::string_view accept, std::string_view wanted);

}  // namespace sluice::http
