#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.h"
#include "base/time.h"

namespace sluice::pg {

/// The values of a statement's $1, $2, … in PostgreSQL's text form.
///
/// Errors  BugError when a text holds U+0000, which the server can't store: refuse or escape it at the border
class Parameters {
  public:
    template <class... Args>
    static Parameters of(const Args&... args) {
        Parameters out;
        out.values_.reserve(sizeof...(args));
        (out.add(args), ...);
        return out;
    }

    void add(std::string_view text) { values_.emplace_back(checked(text)); }
    void add(const std::string& text) { add(std::string_view(text)); }
    void add(const char* text) { add(std::string_view(text)); }
    void add(bool b) { values_.emplace_back(b ? "t" : "f"); }
    void add(int i) { values_.emplace_back(std::to_string(i)); }
    void add(std::int64_t i) { values_.emplace_back(std::to_string(i)); }
    void add(std::size_t n) { values_.emplace_back(std::to_string(n)); }
    void add(double d) { values_.emplace_back(fmt::format("{}", d)); }
    void add(Timestamp at) { values_.emplace_back(to_iso(at)); }
    void add(Duration d) { values_.emplace_back(fmt::format("{} microseconds", d.count())); }
    void add(std::nullptr_t) { values_.emplace_back(); }
    void add(std::nullopt_t) { values_.emplace_back(); }
    template <class Tag>
    void add(const Id<Tag>& id) {
        add(id.text());
    }
    template <class T>
    void add(const std::optional<T>& maybe) {
        if (maybe)
            add(*maybe);
        else
            values_.emplace_back();
    }
    /// An array: one parameter
    template <class T>
    void add(const std::vector<T>& items) {
        std::string array = "{";
        for (const T& item : items) append_element(array, item);
        if (array.size() > 1)
            array.back() = '}';
        else
            array += '}';
        values_.emplace_back(std::move(array));
    }

    const std::vector<std::optional<std::string>>& values() const { return values_; }
    std::size_t size() const { return values_.size(); }

  private:
    static std::string checked(std::string_view text);
    static void append_quoted(std::string& array, std::string_view text);

    static void append_element(std::string& array, const std::string& text) { append_quoted(array, text); }
    static void append_element(std::string& array, std::string_view text) { append_quoted(array, text); }
    template <class Tag>
    static void append_element(std::string& array, const Id<Tag>& id) {
        append_quoted(array, id.text());
    }
    static void append_element(std::string& array, bool b) { array += b ? "t," : "f,"; }
    static void append_element(std::string& array, int i) { fmt::format_to(std::back_inserter(array), "{},", i); }
    static void append_element(std::string& array, std::int64_t i) {
        fmt::format_to(std::back_inserter(array), "{},", i);
    }
    static void append_element(std::string& array, double d) { fmt::format_to(std::back_inserter(array), "{},", d); }
    static void append_element(std::string& array, Timestamp at) { (array += to_iso(at)) += ','; }
    template <class T>
    static void append_element(std::string& array, const std::optional<T>& maybe) {
        if (maybe)
            append_element(array, *maybe);
        else
            array += "NULL,";
    }

    std::vector<std::optional<std::string>> values_{};
};

}  // namespace sluice::pg
