#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluice::expr {

// `{% raw %} … {% endraw %}` on one line is lifted out before a text is lexed, and put back when it is rendered.
// In between stands a placeholder that carries the body itself, so that it survives any number of renders.

struct Lifted {
    std::string text{};  // with placeholders
    /// Where each placeholder ends, and where the section that it stands for ends in the source
    struct End {
        std::uint32_t placeholder = 0;
        std::uint32_t section = 0;
    };
    std::vector<End> ends{};

    std::uint32_t position_in_source(std::uint32_t position) const;
};

bool may_have_raw(std::string_view text);
Lifted lift_raw(std::string_view text);

/// The bodies in place of their placeholders, and without the raw markers that came out of variables.
std::string lower_raw(std::string text);

}  // namespace sluice::expr
