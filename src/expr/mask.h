#pragma once
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "value/value.h"

namespace sluice::expr {

/// Finds secrets in texts: as they are, line by line, and in the forms in which programs pass them on (base64, percent
/// encoding, JSON strings). A text is read once, however many secrets there are.
/// Source  flows.md §5.4
class Mask {
  public:
    Mask() = default;
    /// Secrets of fewer than three bytes are left: they would blot out everything.
    explicit Mask(const std::vector<std::string>& secrets);

    bool is_empty() const { return nodes_.size() == 1; }
    bool finds_any(std::string_view text) const;
    /// Every secret as so many stars as it has characters; nine and more begin with "**masked*".
    std::string masked(std::string text) const;

  private:
    struct Node {
        std::uint32_t fallback = 0;  // the node of the longest proper suffix
        std::uint32_t longest = 0;   // bytes of the longest secret that ends here
    };
    struct Span {
        std::size_t from = 0, to = 0;
    };

    void add(std::string_view form);
    void add_pieces(std::string_view secret);
    void link();
    std::uint32_t child(std::uint32_t node, unsigned char byte) const;
    std::uint32_t after(std::uint32_t node, unsigned char byte) const;
    std::vector<Span> spans(std::string_view text, bool first_only) const;

    std::vector<Node> nodes_{Node{}};
    std::array<std::uint32_t, 256> first_{};  // children of the root; 0: none
    std::unordered_map<std::uint64_t, std::uint32_t> children_{};
};

/// Values as they are stored and shown: a text that holds a secret is sealed with the key, so that expressions still
/// read it, or masked where there is no key.
Value without_secrets(const Value& value, const Mask& mask, const std::string& key);

}  // namespace sluice::expr
