#include "expr/list_changes.h"

#include <algorithm>

namespace sluice::expr {

const Value& ListChanges::current(const Value& value) const {
    const Value* at = &value;
    while (at->is_list()) {
        const auto found = now_.find(at->shared_list().get());
        if (found == now_.end()) break;
        at = &found->second.now;
    }
    return *at;
}

Value ListChanges::deep(const Value& value) const {
    if (empty()) return value;
    Value out = current(value);
    if (out.is_list()) {
        const Value before = out;
        for (std::size_t i = 0; i < before.as_list().size(); ++i) {
            const Value& item = before.as_list()[i];
            if (!item.is_list() && !item.is_map()) continue;
            out.mutable_list()[i] = deep(item);
        }
    } else if (out.is_map()) {
        const Value before = out;
        for (const auto& [key, item] : before.as_map()) {
            if (item.is_list() || item.is_map()) *out.mutable_map().find(key) = deep(item);
        }
    }
    return out;
}

Value ListChanges::replace(const Value& list, List items) {
    const Value before = current(list);
    Value now(std::move(items), before.flavour());
    now_[before.shared_list().get()] = Change{before, now};
    const auto slice = slices_.find(before.shared_list().get());
    if (slice != slices_.end()) {
        const Slice found = slice->second;
        List whole = current(found.whole).as_list();
        const std::size_t count = std::min(now.as_list().size(), whole.size() - std::min(found.from, whole.size()));
        std::copy_n(now.as_list().begin(), count, whole.begin() + static_cast<std::ptrdiff_t>(found.from));
        replace(found.whole, std::move(whole));
        add_slice(now, found.whole, found.from);
    }
    return now;
}

void ListChanges::add_slice(const Value& part, const Value& whole, std::size_t from) {
    slices_[part.shared_list().get()] = Slice{part, whole, from};
}

}  // namespace sluice::expr
