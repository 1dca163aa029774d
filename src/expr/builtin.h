#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "expr/failure.h"
#include "value/value.h"

namespace sluice::expr {

class Evaluator;
class Session;
class Call;

enum class BuiltinKind : std::uint8_t { Filter, Function, Test };
/// What a filter gets as its input: a null is answered with null, and a missing name is an error, before it runs;
/// unless it wants null too, or even a missing name (as null).
enum class Accepts : std::uint8_t { Values, Null, Missing };

/// One line of the tables at the end of the files filters_*.cpp, functions_*.cpp and tests.cpp. A new filter is a
/// function and such a line.
struct BuiltinRow {
    std::string_view name;
    std::string_view parameters;  // "format='iso', timeZone": names, and defaults for people. "": takes and ignores all
    Value (*run)(Call&);
    std::string_view summary;
    Accepts accepts = Accepts::Values;
    std::string_view reads = {};  // variables that it looks up by itself: "outputs taskrun"
};

/// "": arguments are evaluated and ignored. kAnyArguments: as many positional ones as one likes.
constexpr std::string_view kAnyArguments = "...";

struct Builtin {
    const BuiltinRow* row = nullptr;
    BuiltinKind kind = BuiltinKind::Filter;
    std::vector<std::string_view> parameters{};
    bool takes_any = false;
};

/// Null when there is none of this name.
const Builtin* find_builtin(BuiltinKind kind, std::string_view name);
/// In the order of the tables
const std::vector<Builtin>& builtins();

/// "filter", "function", "test"
std::string_view to_text(BuiltinKind kind);
/// "there is no filter 'uper'; did you mean 'upper'?"
std::string unknown_name(BuiltinKind kind, std::string_view name);

/// What a filter, function or test is called with. Arguments are counted as in its row; absent ones are null.
class Call {
  public:
    Call(Evaluator& evaluator, const Builtin& builtin) : evaluator_(evaluator), builtin_(builtin) {}

    Evaluator& evaluator() { return evaluator_; }
    Session& session();
    std::string_view name() const { return builtin_.row->name; }

    const Value& input() const { return input_; }
    void set_input(Value input) { input_ = std::move(input); }

    std::size_t count() const { return values_.size(); }
    bool has(std::size_t index) const {
        return index < values_.size() && (builtin_.takes_any || (given_ >> index & 1U) != 0);
    }
    const Value& operator[](std::size_t index) const;
    void add_positional(Value value);
    void add_named(std::string_view name, Value value);

    // Typed access; what does not fit is a bad argument or a type error that tells the filter and the argument.

    /// The argument itself, which must be given and not be null.
    const Value& required(std::size_t index) const;
    const std::string& text(std::size_t index) const;
    std::string text_or(std::size_t index, std::string_view otherwise) const;
    /// An integer literal or the result of arithmetic; a 32-bit integer from the context is refused, as flows expect.
    std::int64_t long_integer(std::size_t index) const;
    /// Any number, cut to an integer.
    std::int64_t integer_or(std::size_t index, std::int64_t otherwise) const;
    bool flag_or(std::size_t index, bool otherwise) const;

    const std::string& text_input() const;
    const List& list_input() const;

    [[noreturn]] void refuse(std::size_t index, std::string_view expected) const;
    [[noreturn]] void refuse_input(std::string_view expected) const;

  private:
    std::string label(std::size_t index) const;
    void set(std::size_t index, Value value);

    Evaluator& evaluator_;
    const Builtin& builtin_;
    Value input_{};
    std::vector<Value> values_{};
    std::size_t positional_ = 0;
    std::uint64_t given_ = 0;  // a bit for each of the values
};

}  // namespace sluice::expr
