#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace sluice::tasks {

/// A program by its name, or none.
///
/// search  folders with colons between them: PATH
std::optional<std::filesystem::path> find_program(const std::string& name, std::string_view search);

/// The text as one word of a shell.
std::string shell_quoted(const std::string& text);

}  // namespace sluice::tasks
