#include "tasks/git/git_text.h"

#include <algorithm>
#include <filesystem>

namespace sluice::tasks {
namespace {
constexpr std::size_t kShownGitLines = 6;
}  // namespace

std::string git_host(const std::string& url) {
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return "";
    const std::string rest = url.substr(scheme + 3);
    const std::string authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.substr(authority.rfind('@') == std::string::npos ? 0 : authority.rfind('@') + 1);
}

Result<void> check_git_url(const std::string& url) {
    const auto has_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 127; };
    if (url.empty() || url.front() == '-' || std::any_of(url.begin(), url.end(), has_control)) {
        return invalid("property 'url': it is no address of a repository");
    }
    const auto scheme = url.find("://");
    if (scheme == std::string::npos) return {};
    const std::string rest = url.substr(scheme + 3);
    const std::string authority = rest.substr(0, rest.find_first_of("/?#"));
    const auto at = authority.rfind('@');
    if (at != std::string::npos && authority.substr(0, at).find(':') != std::string::npos) {
        return invalid("property 'url': it holds a password; put it into username and password");
    }
    return {};
}

Result<void> check_git_name(const std::string& name, const char* property) {
    const auto is_bad = [](char c) {
        return static_cast<unsigned char>(c) <= ' ' ||
               std::string_view(":?*[\\^~\x7f").find(c) != std::string_view::npos;
    };
    if (name.empty() || name.front() == '-' || name.find("..") != std::string::npos || name.ends_with(".lock") ||
        std::any_of(name.begin(), name.end(), is_bad)) {
        return invalid("property '{}': '{}' can't be the name of a branch, tag or commit", property, name);
    }
    return {};
}

std::vector<std::string> git_lines(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t from = 0; from < text.size();) {
        const std::size_t end = std::min(text.find('\n', from), text.size());
        if (end > from) out.push_back(text.substr(from, end - from));
        from = end + 1;
    }
    return out;
}

std::string unquoted_git_path(const std::string& path) {
    if (path.size() < 2 || path.front() != '"') return path;
    constexpr std::string_view kLetters = "abtnvfr";
    constexpr std::string_view kControls = "\a\b\t\n\v\f\r";
    std::string out;
    for (std::size_t i = 1; i + 1 < path.size(); ++i) {
        if (path[i] != '\\') {
            out += path[i];
            continue;
        }
        const char next = path[++i];
        if (const auto at = kLetters.find(next); at != std::string_view::npos) {
            out += kControls[at];
        } else if (next >= '0' && next <= '7' && i + 2 < path.size()) {
            out += static_cast<char>(std::stoi(path.substr(i, 3), nullptr, 8));
            i += 2;
        } else {
            out += next;
        }
    }
    return out;
}

std::string last_git_lines(const std::vector<std::string>& lines) {
    std::string out;
    const std::size_t from = lines.size() > kShownGitLines ? lines.size() - kShownGitLines : 0;
    for (std::size_t i = from; i < lines.size(); ++i) out += (out.empty() ? "" : "\n") + lines[i];
    return out;
}

std::string git_commit_page(const std::string& url, const std::string& commit_id) {
    std::string page = url;
    if (const auto at = page.find('@'); page.find("://") == std::string::npos && at != std::string::npos) {
        const auto colon = page.find(':', at);  // git@host:path
        if (colon == std::string::npos) return "";
        page = fmt::format("https://{}/{}", page.substr(at + 1, colon - at - 1), page.substr(colon + 1));
    } else if (page.starts_with("ssh://")) {
        page = "https://" + git_host(page) + page.substr(std::min(page.find('/', 6), page.size()));
    }
    if (!page.starts_with("http://") && !page.starts_with("https://")) return "";
    while (page.ends_with('/')) page.pop_back();
    if (page.ends_with(".git")) page.resize(page.size() - 4);
    const bool bitbucket = page.find("bitbucket.org") != std::string::npos;
    const bool gitlab = page.find("gitlab") != std::string::npos;
    return fmt::format("{}/{}/{}", page, bitbucket ? "commits" : gitlab ? "-/commit" : "commit", commit_id);
}

Result<std::string> git_folder(const std::string& text) {
    const std::filesystem::path path = std::filesystem::path("/" + text).lexically_normal();
    for (const auto& part : std::filesystem::path(text)) {
        if (part == "..") return invalid("property 'gitDirectory': '{}' leaves the repository", text);
        if (part == ".git") return invalid("property 'gitDirectory': '{}' is git's own folder", text);
    }
    std::string out = path.string().substr(1);
    while (out.ends_with('/')) out.pop_back();
    return out == "." ? "" : out;
}

}  // namespace sluice::tasks
