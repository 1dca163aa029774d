#pragma once
#include <string>
#include <vector>

#include "base/error.h"

namespace sluice::tasks {

// What git is told, and what it says, as text.

/// Errors  Invalid: no address of a repository, or one with a password in it, which is not shown
Result<void> check_git_url(const std::string& url);

/// The host of a URL with its port, as git names it when it asks for a password; empty: the URL has none.
std::string git_host(const std::string& url);

/// Errors  Invalid: a name that no branch, tag or commit can have, or that git would take for an option
Result<void> check_git_name(const std::string& name, const char* property);

/// A folder of a repository as "a/b", "" for its root.
/// Errors  Invalid: it would lie outside
Result<std::string> git_folder(const std::string& text);

/// The lines of an output that are not empty, and the last few of them for an error.
std::vector<std::string> git_lines(const std::string& text);
std::string last_git_lines(const std::vector<std::string>& lines);

/// A path as git prints it: in quotes, with C's escapes, when it holds quotes or control characters.
std::string unquoted_git_path(const std::string& path);

/// Where people see a commit of a repository; empty: the URL is no page's
std::string git_commit_page(const std::string& url, const std::string& commit_id);

}  // namespace sluice::tasks
