#include "expr/text_walk.h"

#include "expr/failure.h"
#include "expr/java_hash.h"
#include "expr/session.h"
#include "expr/text_forms.h"

namespace sluice::expr {

Value with_changed_texts(const Value& value, const std::function<std::string(const std::string&)>& change,
                         Session& session) {
    session.budget().step();
    if (value.is_null()) throw null_operand("a null inside of the value cannot be changed as text");
    if (const List* items = value.if_list()) {
        List out;
        out.reserve(items->size());
        for (const Value& item : *items) out.push_back(with_changed_texts(item, change, session));
        return Value(std::move(out));
    }
    const Value& all = session.forced(value);
    if (const Map* map = all.if_map()) {
        Map out;
        for (const auto& [key, item] : *map) out.set(key, with_changed_texts(item, change, session));
        return Value(hash_ordered(out));
    }
    std::string out = change(java_text_of(value, session));
    session.budget().made_text(out.size());
    return Value(std::move(out));
}

}  // namespace sluice::expr
