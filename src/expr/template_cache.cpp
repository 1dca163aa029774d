#include "expr/template_cache.h"

#include <algorithm>
#include <functional>

namespace sluice::expr {

TemplateCache::TemplateCache(std::size_t capacity) : shard_capacity_(std::max<std::size_t>(capacity / kShards, 1)) {}

Guarded<TemplateCache::Shard>& TemplateCache::shard_of(std::string_view text) {
    return shards_[std::hash<std::string_view>{}(text) % kShards];
}

Result<TemplatePtr> TemplateCache::get(std::string_view text) {
    if (text.size() > kMaxTextBytes) return parse(text);
    Guarded<Shard>& shard = shard_of(text);
    const TemplatePtr known = shard.with([&](Shard& entries) -> TemplatePtr {
        const auto found = entries.by_text.find(text);
        if (found == entries.by_text.end()) return nullptr;
        entries.recent_first.splice(entries.recent_first.begin(), entries.recent_first, found->second);
        return *found->second;
    });
    if (known) return known;
    auto parsed = parse(text);  // not under the lock
    if (!parsed) return parsed;
    shard.with([&](Shard& entries) {
        if (entries.by_text.contains(text)) return;  // another thread was faster
        entries.recent_first.push_front(*parsed);
        entries.by_text.emplace((*parsed)->source(), entries.recent_first.begin());
        if (entries.recent_first.size() <= shard_capacity_) return;
        entries.by_text.erase(entries.recent_first.back()->source());
        entries.recent_first.pop_back();
    });
    return parsed;
}

std::size_t TemplateCache::size() const {
    std::size_t count = 0;
    for (const auto& shard : shards_) count += shard.with([](const Shard& entries) { return entries.by_text.size(); });
    return count;
}

}  // namespace sluice::expr
