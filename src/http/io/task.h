#pragma once
#include <memory>
#include <utility>

namespace sluice::http {

/// A call that is made once, possibly on another thread; it may own what cannot be copied.
class Task {
  public:
    Task() = default;
    template <class F>
    Task(F call) : call_(std::make_unique<Holder<F>>(std::move(call))) {}

    void operator()() { call_->run(); }
    explicit operator bool() const { return call_ != nullptr; }

  private:
    struct Callable {
        virtual ~Callable() = default;
        virtual void run() = 0;
    };
    template <class F>
    struct Holder final : Callable {
        explicit Holder(F call) : call_(std::move(call)) {}
        void run() override { call_(); }
        F call_;
    };
    std::unique_ptr<Callable> call_{};
};

}  // namespace sluice::http
