#include "flow/flow.h"

#include <algorithm>
#include <cmath>

namespace sluice::flow {

void put_label(std::vector<Label>& labels, Label label) {
    const auto same = std::ranges::find(labels, label.key, &Label::key);
    if (same != labels.end())
        *same = std::move(label);
    else
        labels.push_back(std::move(label));
}

const Branch* Task::branch(std::string_view name) const {
    for (const Branch& one : branches) {
        if (one.name == name) return &one;
    }
    return nullptr;
}

const TaskPlace* Flow::place(std::string_view task_id) const {
    const auto found = places.find(std::string(task_id));
    return found != places.end() ? &found->second : nullptr;
}

const Retry* Flow::retry_of(std::string_view task_id) const {
    const TaskPlace* at = place(task_id);
    const Task* task = at != nullptr ? at->task : nullptr;
    while (task != nullptr) {
        if (task->retry) return &*task->retry;
        task = place(task->id)->parent;
    }
    return retry ? &*retry : nullptr;
}

std::optional<Timestamp> Retry::next_try(int attempts, Timestamp first_start, Timestamp last_end, double chance) const {
    if (max_attempts && attempts >= *max_attempts) return {};
    Duration pause = interval;
    if (kind == Kind::Exponential) {
        const double grown = static_cast<double>(interval.count()) * std::pow(factor, std::max(0, attempts - 1));
        pause = grown < static_cast<double>(max_interval.count()) ? Duration{static_cast<std::int64_t>(grown)}
                                                                  : max_interval;
    } else if (kind == Kind::Random) {
        const auto span = static_cast<double>((max_interval - min_interval).count());
        pause = min_interval + Duration{static_cast<std::int64_t>(span * chance)};
    }
    const Timestamp next = last_end + pause;
    if (max_duration && next > first_start + *max_duration) return {};
    return next;
}

}  // namespace sluice::flow
