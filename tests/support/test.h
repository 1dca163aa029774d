#pragma once
#include <doctest/doctest.h>
#include <chrono>
#include <ostream>
#include <thread>
#include <string>

#include "base/error.h"
#include "base/time.h"

namespace sluice::test {

/// The value of a Result that must be there; otherwise the test ends with the error's text.
template <class T>
T ok(Result<T> result) {
    if (!result) FAIL(result.error().text());
    return std::move(*result);
}
inline void ok(Result<void> result) {
    if (!result) FAIL(result.error().text());
}

/// The error of a Result that must have failed.
template <class T>
Error failure(Result<T> result) {
    if (result) FAIL("expected an error");
    return result.error();
}

/// Whether a condition comes true; asked again and again, for 30 seconds at most.
template <class Condition>
bool eventually(const Condition& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}

inline bool contains(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

/// An instant of the day on which all tests play.
inline Timestamp at(const std::string& time) {
    return ok(parse_iso("2026-01-05T" + time + "Z"));
}

}  // namespace sluice::test

namespace std::chrono {
inline std::ostream& operator<<(std::ostream& out, const sluice::Timestamp& at) {
    return out << sluice::to_iso(at);
}
inline std::ostream& operator<<(std::ostream& out, const sluice::Duration& d) {
    return out << sluice::to_iso(d);
}
}  // namespace std::chrono
