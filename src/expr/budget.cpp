#include "expr/budget.h"

namespace sluice::expr {

void Budget::check() const {
    if (steps_ > limits_.steps) {
        throw limit_reached("rendering stopped after {} steps: is a loop too long?", limits_.steps);
    }
    if (std::chrono::steady_clock::now() > deadline()) {
        throw limit_reached("rendering stopped after {}", for_people(limits_.time));
    }
}

void Budget::too_much_text(std::size_t bytes) const {
    if (bytes > limits_.text_bytes) {
        throw limit_reached("a text of {} bytes is longer than the limit of {}", bytes, limits_.text_bytes);
    }
    throw limit_reached("rendering stopped after making {} bytes of text and lists", limits_.made_bytes);
}

void Budget::too_many_items(std::size_t items) const {
    if (items > limits_.list_items) {
        throw limit_reached("a list of {} entries is longer than the limit of {}", items, limits_.list_items);
    }
    throw limit_reached("rendering stopped after making {} bytes of text and lists", limits_.made_bytes);
}

void Budget::too_deep() {
    --depth_;  // the level that failed has no destructor to do it
    throw limit_reached("evaluations are nested deeper than {} levels: does a macro call itself for ever?",
                        limits_.depth);
}

}  // namespace sluice::expr
