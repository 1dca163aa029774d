#include "tasks/files/arrivals.h"

namespace sluice::tasks {

Arrivals::Arrivals(const Value& remembered, On on) : on_(on) {
    if (remembered.is_map()) seen_ = remembered.as_map();
}

Arrivals::Look Arrivals::look(const std::vector<Thing>& there, std::size_t most) {
    Look out;
    for (std::size_t i = 0; i < there.size(); ++i) {
        const Value* before = seen_.find(there[i].name);
        const bool same = before != nullptr && *before == Value(there[i].version);
        const bool wanted = before != nullptr ? on_ != On::Create : on_ != On::Update;
        if (same) {
            out.taken.push_back(i);
        } else if (wanted) {
            if (out.fresh.size() == most) continue;  // the next look's
            out.fresh.push_back(i);
        }
        memory_.set(there[i].name, Value(there[i].version));
    }
    return out;
}

Value Arrivals::memory() const {
    return Value(memory_);
}

Result<Arrivals::On> arrivals_on(const std::string& word) {
    if (word == "CREATE") return Arrivals::On::Create;
    if (word == "UPDATE") return Arrivals::On::Update;
    if (word == "CREATE_OR_UPDATE") return Arrivals::On::Both;
    return invalid("property 'on': '{}' is not one of CREATE, UPDATE, CREATE_OR_UPDATE", word);
}

}  // namespace sluice::tasks
