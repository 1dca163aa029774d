#pragma once
#include <string>
#include <string_view>

#include "base/error.h"
#include "value/value.h"

namespace sluice::flow {

/// The text of a flow with one task replaced by another of the same id, at any depth; all other text, comments too,
/// stays as it is.
///
/// Errors  Invalid: the text is no YAML, or one in which only a person finds where a task ends; NotFound: it has no
/// such task
Result<std::string> with_task(std::string_view source, std::string_view task_id, const Value& task);

/// The text of a task or a trigger as an entry of `section` ("tasks", "triggers") of an otherwise empty flow, to check
/// it by itself. Its lines begin at line kPartLine and column kPartColumn.
std::string flow_around(std::string_view part, std::string_view section);
inline constexpr int kPartLine = 5;
inline constexpr int kPartColumn = 5;

}  // namespace sluice::flow
