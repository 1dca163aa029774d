#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>

#include "expr/failure.h"
#include "expr/render.h"
#include "value/value.h"

namespace sluice::expr {

/// Holds a render to its limits.
/// Throws  Failure, of the kind "render limit"
class Budget {
  public:
    explicit Budget(const Limits& limits) : limits_(limits), started_(std::chrono::steady_clock::now()) {}

    void step() {
        if ((++steps_ & kClockMask) == 0) check();
    }
    /// For work that is not a step of the evaluator: so and so many characters, entries or attempts.
    void spend(std::int64_t steps) {
        steps_ += steps;
        check();
    }
    /// A text of this many bytes, or a list of this many entries, was made or is about to be.
    void made_text(std::size_t bytes) {
        made_bytes_ += bytes;
        if (bytes > limits_.text_bytes || made_bytes_ > limits_.made_bytes) too_much_text(bytes);
    }
    void made_list(std::size_t items) {
        made_bytes_ += items * sizeof(Value);
        if (items > limits_.list_items || made_bytes_ > limits_.made_bytes) too_many_items(items);
    }
    void check() const;
    const Limits& limits() const { return limits_; }
    std::chrono::steady_clock::time_point deadline() const { return started_ + limits_.time; }

    void enter() {
        if (++depth_ > limits_.depth) too_deep();
    }
    void leave() { --depth_; }

  private:
    static constexpr std::int64_t kClockMask = 1023;  // the clock is read every 1024 steps

    [[noreturn]] void too_much_text(std::size_t bytes) const;
    [[noreturn]] void too_many_items(std::size_t items) const;
    [[noreturn]] void too_deep();

    Limits limits_;
    std::chrono::steady_clock::time_point started_;
    std::int64_t steps_ = 0;
    std::size_t made_bytes_ = 0;
    int depth_ = 0;
};

/// One level of evaluation inside of another.
class Level {
  public:
    explicit Level(Budget& budget) : budget_(budget) { budget_.enter(); }
    ~Level() { budget_.leave(); }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

  private:
    Budget& budget_;
};

}  // namespace sluice::expr
