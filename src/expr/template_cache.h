#pragma once
#include <array>
#include <cstddef>
#include <list>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/guarded.h"
#include "expr/template.h"

namespace sluice::expr {

/// Parsed templates by their text, the most recently used ones. Texts that do not parse are not kept.
///
/// Threads  any number
class TemplateCache {
  public:
    explicit TemplateCache(std::size_t capacity = kCapacity);

    /// Errors  those of parse()
    Result<TemplatePtr> get(std::string_view text);
    std::size_t size() const;

    static constexpr std::size_t kCapacity = 4096;
    static constexpr std::size_t kMaxTextBytes = 64 * 1024;  // longer texts are parsed each time

  private:
    // Its key is a view of the template's own source.
    using Order = std::list<TemplatePtr>;
    struct Shard {
        Order recent_first{};
        std::unordered_map<std::string_view, Order::iterator> by_text{};
    };
    static constexpr std::size_t kShards = 16;

    Guarded<Shard>& shard_of(std::string_view text);

    std::size_t shard_capacity_;
    std::array<Guarded<Shard>, kShards> shards_{};
};

}  // namespace sluice::expr
