#pragma once
#include <optional>
#include <string_view>
#include <vector>

#include "value/value.h"

namespace sluice::expr {

class Session;

// What flows reach by a dot on values that are no maps. There, in Java, it is reflection on any class; here it is a
// list.

/// s.length, l.size, entry.key, loop.index, date.year …; nothing when there is no such member.
/// Throws  Failure: access denied, for what must not be reached: class, wait, notify
std::optional<Value> member(const Value& of, std::string_view name, Session& session);

/// s.startsWith('a'), m.size() …; nothing when there is no such method for these arguments.
std::optional<Value> call_method(const Value& of, std::string_view name, const std::vector<Value>& arguments,
                                 Session& session);

}  // namespace sluice::expr
