#pragma once
#include <memory>
#include <type_traits>

#include "value/value.h"

namespace sluice::expr::jq {

/// Whether the one who makes values shall go on.
enum class Flow : bool { Stop, Go };

/// The way from the input of path() to a value, as a chain of keys that live on the stack. In a computation without
/// paths there is none.
struct Path {
    const Path* before = nullptr;
    const Value* key = nullptr;
};

/// A value that goes through a program, with its path where paths are asked for.
struct Item {
    const Value& value;
    const Path* path = nullptr;
    bool tracks_path = false;  // with a null path: this value was made and has none
};

/// An item that was made, and has no path
inline Item plain(const Value& value, const Item& like) {
    return {value, nullptr, like.tracks_path};
}

/// Who takes the values that an expression makes: a reference to a function object, which it does not own.
class Emit {
  public:
    template <class Function, class = std::enable_if_t<!std::is_same_v<std::decay_t<Function>, Emit>>>
    Emit(const Function& function)
        : object_(std::addressof(function)),
          call_([](const void* object, const Item& item) { return (*static_cast<const Function*>(object))(item); }) {}

    Flow operator()(const Item& item) const { return call_(object_, item); }

  private:
    const void* object_;
    Flow (*call_)(const void*, const Item&);
};

}  // namespace sluice::expr::jq
