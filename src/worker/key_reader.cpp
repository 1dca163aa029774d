#include "worker/key_reader.h"

namespace sluice::worker {

std::optional<store::KvRow> KeyReader::find(store::KvName name) {
    Question own{.name = std::move(name)};
    std::vector<Question*> together;
    {
        std::unique_lock lock(mutex_);
        asked_.push_back(&own);
        if (reading_) own.changed.wait(lock, [&] { return own.turn != Question::Turn::Waits; });
        if (own.turn != Question::Turn::Over) {
            reading_ = true;
            together = std::exchange(asked_, {});
        }
    }
    if (!together.empty()) {
        read(together);
        hand_over(together);
    }
    if (own.failed) std::rethrow_exception(own.failed);
    return std::move(own.found);
}

/// A name that the database refuses fails alone.
void KeyReader::read(const std::vector<Question*>& questions) {
    try {
        std::vector<store::KvName> names;
        for (const Question* one : questions) names.push_back(one->name);
        auto found = pool_.with_connection([&](pg::Connection& connection) {
            if (names.size() > 1) return store::kv_get_many(connection, names);
            return std::vector{store::kv_get(connection, names.front().name_space, names.front().key)};
        });
        for (std::size_t i = 0; i < questions.size(); ++i) questions[i]->found = std::move(found[i]);
    } catch (const pg::StatementError&) {
        if (questions.size() == 1) {
            questions.front()->failed = std::current_exception();
            return;
        }
        for (Question* one : questions) read({one});
    } catch (...) {
        for (Question* one : questions) one->failed = std::current_exception();
    }
}

/// Wakes those that were read for, and the first of those who came meanwhile: it reads next.
void KeyReader::hand_over(const std::vector<Question*>& answered) {
    const std::lock_guard lock(mutex_);
    for (Question* one : answered) {
        one->turn = Question::Turn::Over;
        one->changed.notify_one();  // under the lock: it is gone as soon as its thread has seen its turn
    }
    reading_ = !asked_.empty();
    if (!reading_) return;
    asked_.front()->turn = Question::Turn::Reads;
    asked_.front()->changed.notify_one();
}

}  // namespace sluice::worker
