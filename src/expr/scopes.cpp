#include "expr/scopes.h"

#include "expr/java_hash.h"

namespace sluice::expr {

const Value* Scopes::find_in(const Frame& frame, std::string_view name) {
    for (const auto& [known, value] : frame) {
        if (known == name) return &value;
    }
    return nullptr;
}

const Value* Scopes::find_local(std::string_view name) const {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
        if (const Value* found = find_in(*frame, name)) return found;
    }
    return nullptr;
}

void Scopes::declare(std::string_view name, Value value) {
    for (auto& [known, old] : frames_.back()) {
        if (known != name) continue;
        old = std::move(value);
        return;
    }
    frames_.back().emplace_back(name, std::move(value));
}

void Scopes::assign(std::string_view name, Value value) {
    for (auto frame = frames_.rbegin(); frame != frames_.rend(); ++frame) {
        for (auto& [known, old] : *frame) {
            if (known != name) continue;
            old = std::move(value);
            return;
        }
    }
    const bool is_in_context = sees_context() && context_->get(name).has_value();
    Frame& frame = is_in_context ? frames_.front() : frames_.back();
    frame.emplace_back(name, std::move(value));
}

Scopes Scopes::for_macro() const {
    Scopes inner(*context_);
    inner.is_in_macro_ = true;
    inner.around_macro_ = this;
    return inner;
}

Scopes Scopes::for_text() const {
    if (is_in_macro_) return around_macro_->for_text();
    Scopes inner(*context_);
    inner.frames_ = frames_;
    inner.push();
    return inner;
}

Map Scopes::globals() const {
    if (is_in_macro_) return around_macro_->globals();
    Value all = context_->is_lazy() ? context_->as_lazy().force() : *context_;
    if (!all.is_map()) all = Map();
    for (const Frame& frame : frames_) {
        for (const auto& [name, value] : frame) all.mutable_map().set(name, value);
    }
    return hash_ordered(all.as_map());
}

}  // namespace sluice::expr
