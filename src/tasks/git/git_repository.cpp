#include "tasks/git/git_repository.h"

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>

#include "base/file_descriptor.h"
#include "plugin/task_files.h"
#include "process/supervisor.h"
#include "tasks/git/git_text.h"
#include "value/json.h"

namespace sluice::tasks {
namespace git_repository {

/// git asks this program for what it needs; it answers for the one host that the credentials are for.
constexpr const char* kAnswers = R"(#!/bin/sh
case "$1" in
    Username*"//$SLUICE_GIT_HOST'"* | Username*"@$SLUICE_GIT_HOST'"*) printf '%s\n' "$SLUICE_GIT_USERNAME" ;;
    Password*"//$SLUICE_GIT_HOST'"* | Password*"@$SLUICE_GIT_HOST'"*) printf '%s\n' "$SLUICE_GIT_PASSWORD" ;;
    *passphrase*) printf '%s\n' "$SLUICE_GIT_PASSPHRASE" ;;
    *) exit 1 ;;
esac
)";

/// A file that nobody else may read, from its first moment.
void write_private(const std::filesystem::path& file, std::string_view text, mode_t mode) {
    const FileDescriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));
    while (out && !text.empty()) {
        const ssize_t wrote = ::write(out.get(), text.data(), text.size());
        if (wrote <= 0) break;
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
    if (!out || !text.empty()) {
        throw OutsideError(fmt::format("the file {} can't be written: {}", file.string(), std::strerror(errno)));
    }
}

}  // namespace git_repository

GitRepository::GitRepository(std::filesystem::path folder, const GitProperties& want, plugin::TaskContext& context)
    : folder_(std::move(folder)),
      private_folder_(context.scratch_directory() / "git"),
      want_(&want),
      context_(&context) {}

Result<GitRepository> GitRepository::in(std::filesystem::path folder, const GitProperties& want,
                                        plugin::TaskContext& context) {
    if (auto fits = check_git_url(want.url); !fits) return tl::unexpected(fits.error());
    GitRepository out(std::move(folder), want, context);
    if (auto ready = out.prepare(); !ready) return tl::unexpected(ready.error());
    return out;
}

Result<void> GitRepository::prepare() {
    std::filesystem::create_directories(folder_);
    std::filesystem::create_directories(private_folder_);
    std::filesystem::permissions(private_folder_, std::filesystem::perms::owner_all);
    environment_ = process::harmless_environment();
    environment_["HOME"] = private_folder_.string();
    environment_["LC_ALL"] = "C.UTF-8";
    environment_["GIT_CONFIG_NOSYSTEM"] = "1";
    environment_["GIT_CONFIG_GLOBAL"] = (private_folder_ / "config").string();
    environment_["GIT_TERMINAL_PROMPT"] = "0";
    environment_["GIT_ALLOW_PROTOCOL"] = "http:https:ssh:git:file";
    // A folder that is shared with scripts may have a .git of theirs: none of its programs is run, as they might stand
    // in a sandbox or a container, and git does not.
    environment_["GIT_CONFIG_COUNT"] = "2";
    environment_["GIT_CONFIG_KEY_0"] = "core.hooksPath";
    environment_["GIT_CONFIG_VALUE_0"] = "/dev/null";
    environment_["GIT_CONFIG_KEY_1"] = "core.fsmonitor";
    environment_["GIT_CONFIG_VALUE_1"] = "false";
    environment_["GIT_HTTP_LOW_SPEED_LIMIT"] = "1";
    environment_["GIT_HTTP_LOW_SPEED_TIME"] = std::to_string(std::max<std::int64_t>(1, want_->read_timeout / 1000));
    if (!want_->trusted_ca_pem_path.empty()) environment_["GIT_SSL_CAINFO"] = want_->trusted_ca_pem_path;
    // Repositories of other users are read as much as any other: git would refuse those of file:// URLs.
    git_repository::write_private(private_folder_ / "config",
                                  "[safe]\n\tdirectory = *\n[advice]\n\tdetachedHead = false\n[core]\n\tquotePath = "
                                  "false\n[init]\n\tdefaultBranch = "
                                  "main\n",
                                  0600);
    if (auto ready = prepare_credentials(); !ready) return ready;
    for (const auto& [key, value] : want_->git_config) {
        if (key.starts_with('-')) return invalid("property 'gitConfig': '{}' is no name of a setting", key);
        const auto set = git({"config", "--global", key, value});
        if (!set) return tl::unexpected(set.error());
    }
    return {};
}

Result<void> GitRepository::prepare_credentials() {
    using git_repository::write_private;
    const std::string answers = (private_folder_ / "answers").string();
    write_private(answers, git_repository::kAnswers, 0700);
    environment_["GIT_ASKPASS"] = answers;
    environment_["SSH_ASKPASS"] = answers;
    environment_["SSH_ASKPASS_REQUIRE"] = "force";
    if (!want_->username.empty() || !want_->password.empty()) {
        environment_["SLUICE_GIT_HOST"] = git_host(want_->url);
        environment_["SLUICE_GIT_USERNAME"] = want_->username.empty() ? "git" : want_->username;
        environment_["SLUICE_GIT_PASSWORD"] = want_->password;
    } else {
        environment_["SLUICE_GIT_HOST"] = "\n";  // no prompt holds that
    }
    // Not the user's own settings, keys or agent.
    std::string ssh = fmt::format("ssh -F /dev/null -o IdentityAgent=none -o ConnectTimeout={}",
                                  std::max<std::int64_t>(1, want_->connect_timeout / 1000));
    const std::string known = (private_folder_ / "known_hosts").string();
    write_private(known, want_->known_hosts.empty() ? "" : want_->known_hosts + "\n", 0600);
    ssh += fmt::format(" -o 'UserKnownHostsFile=\"{}\"' -o GlobalKnownHostsFile=/dev/null -o StrictHostKeyChecking={}",
                       known, want_->known_hosts.empty() ? "accept-new" : "yes");
    if (!want_->private_key.empty()) {
        const std::string key = (private_folder_ / "key").string();
        write_private(key, want_->private_key + "\n", 0600);
        ssh += fmt::format(" -i '{}' -o IdentitiesOnly=yes", key);
        environment_["SLUICE_GIT_PASSPHRASE"] = want_->passphrase;
    }
    environment_["GIT_SSH_COMMAND"] = ssh;
    return {};
}

std::string GitRepository::without_secrets(std::string text) const {
    for (const std::string* secret : {&want_->password, &want_->passphrase}) {
        if (secret->size() < 3) continue;
        for (std::size_t at = 0; (at = text.find(*secret, at)) != std::string::npos; at += 3) {
            text.replace(at, secret->size(), "***");
        }
    }
    return text;
}

Result<std::string> GitRepository::git(std::vector<std::string> arguments, std::string input) {
    const std::string verb = arguments.front();
    process::Command command;
    command.arguments = {"git"};
    command.arguments.insert(command.arguments.end(), std::make_move_iterator(arguments.begin()),
                             std::make_move_iterator(arguments.end()));
    command.environment = environment_;
    command.directory = folder_.string();
    command.input = std::move(input);
    std::string output;
    std::vector<std::string> errors;
    const process::Callbacks callbacks{.on_line = [&](process::Line&& line) {
        if (line.stream == process::Stream::Output)
            output += line.text + (line.continues ? "" : "\n");
        else
            errors.push_back(std::move(line.text));
    }};
    const auto outcome = context_->processes().run(command, callbacks, context_->stop_token());
    if (!outcome) {
        if (outcome.error().code == ErrorCode::NotFound) return not_found("git is not installed on this worker");
        return tl::unexpected(outcome.error());
    }
    if (outcome->end == process::End::Stopped || outcome->end == process::End::Fenced) {
        return refuse(ErrorCode::Cancelled, "git {} was stopped before its end", verb);
    }
    if (outcome->succeeded()) return output;
    return refuse(ErrorCode::Unavailable, "git {} failed: {}", verb, without_secrets(last_git_lines(errors)));
}

Result<void> GitRepository::initialize(bool links) {
    for (const auto& step : std::vector<std::vector<std::string>>{
             {"init", "--quiet"},
             {"config", "core.symlinks", links ? "true" : "false"},
             {"config", "remote.origin.url", want_->url},
             {"config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*"}}) {
        if (const auto done = git(step); !done) return tl::unexpected(done.error());
    }
    return {};
}

Result<void> GitRepository::fetch(const std::string& refspec, std::int64_t depth) {
    std::vector<std::string> arguments{"fetch", "--quiet", "--no-recurse-submodules"};
    if (depth > 0) arguments.push_back("--depth=" + std::to_string(depth));
    arguments.insert(arguments.end(), {"origin", refspec});
    if (const auto done = git(std::move(arguments)); !done) return tl::unexpected(done.error());
    return {};
}

/// Empty: the repository has no commit yet.
Result<std::string> GitRepository::own_branch() {
    const auto heads = git({"ls-remote", "--symref", "origin", "HEAD"});
    if (!heads) return heads;
    constexpr std::string_view kBefore = "ref: refs/heads/";
    for (const std::string& line : git_lines(*heads)) {
        if (!line.starts_with(kBefore)) continue;
        return line.substr(kBefore.size(), line.find('\t') - kBefore.size());
    }
    return std::string();
}

Result<void> GitRepository::check_out(const GitCheckout& what) {
    if (auto ready = initialize(what.links); !ready) return ready;
    std::vector<std::string> arguments{"checkout", "--quiet"};
    if (!what.commit.empty()) {
        if (auto fits = check_git_name(what.commit, "commit"); !fits) return fits;
        if (auto done = fetch("+refs/heads/*:refs/remotes/origin/*", 0); !done) return done;
        arguments.insert(arguments.end(), {"--detach", what.commit});
    } else if (!what.tag.empty()) {
        if (auto fits = check_git_name(what.tag, "tag"); !fits) return fits;
        if (auto done = fetch(fmt::format("+refs/tags/{0}:refs/tags/{0}", what.tag), 0); !done) return done;
        arguments.insert(arguments.end(), {"--detach", "refs/tags/" + what.tag});
    } else {
        auto branch = what.branch.empty() ? own_branch() : Result<std::string>(what.branch);
        if (!branch) return tl::unexpected(branch.error());
        if (branch->empty()) return not_found("the repository has no commit yet, and no branch was named");
        if (auto fits = check_git_name(*branch, "branch"); !fits) return fits;
        if (auto done = fetch(fmt::format("+refs/heads/{0}:refs/remotes/origin/{0}", *branch), what.depth); !done) {
            return done;
        }
        arguments.insert(arguments.end(), {"-B", *branch, "refs/remotes/origin/" + *branch});
    }
    arguments.emplace_back("--");
    if (const auto done = git(std::move(arguments)); !done) return tl::unexpected(done.error());
    if (!what.submodules) return {};
    const auto done = git({"submodule", "update", "--quiet", "--init", "--recursive"});
    if (!done) return tl::unexpected(done.error());
    return {};
}

Result<void> GitRepository::check_out_to_push(const std::string& branch) {
    if (auto fits = check_git_name(branch, "branch"); !fits) return fits;
    if (auto ready = initialize(false); !ready) return ready;
    const auto there = git({"ls-remote", "origin", "refs/heads/" + branch});
    if (!there) return tl::unexpected(there.error());
    std::string from = branch;
    if (there->empty()) {
        auto own = own_branch();
        if (!own) return tl::unexpected(own.error());
        from = *own;
    }
    if (from.empty()) {
        const auto begun = git({"symbolic-ref", "HEAD", "refs/heads/" + branch});
        return begun ? Result<void>() : tl::unexpected(begun.error());
    }
    if (auto done = fetch(fmt::format("+refs/heads/{0}:refs/remotes/origin/{0}", from), 1); !done) return done;
    const auto done = git({"checkout", "--quiet", "--no-track", "-B", branch, "refs/remotes/origin/" + from, "--"});
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<std::vector<std::string>> GitRepository::files(const std::string& below) {
    const std::string pathspec = below.empty() ? "." : below + "/";
    const auto ignored = git(
        {"ls-files", "--cached", "--ignored", "--exclude-per-directory=.kestraignore", "--", ":(literal)" + pathspec});
    if (!ignored) return tl::unexpected(ignored.error());
    const auto all = git({"ls-files", "--stage", "--", ":(literal)" + pathspec});
    if (!all) return tl::unexpected(all.error());
    std::set<std::string> left_out;
    for (const std::string& path : git_lines(*ignored)) left_out.insert(unquoted_git_path(path));
    std::vector<std::string> out;
    for (const std::string& entry : git_lines(*all)) {
        const auto tab = entry.find('\t');
        // "100644 id 0<tab>path"; links and submodules are no files of ours.
        if (tab == std::string::npos || !entry.starts_with("100")) continue;
        std::string path = unquoted_git_path(entry.substr(tab + 1));
        if (!left_out.contains(path) && !path.ends_with(".kestraignore")) out.push_back(std::move(path));
    }
    return out;
}

Result<List> GitRepository::stage(const std::string& below) {
    const std::string pathspec = ":(literal)" + (below.empty() ? "." : below);
    std::error_code missing;
    if (std::filesystem::exists(folder_ / below, missing)) {
        if (const auto added = git({"add", "--all", "--force", "--", pathspec}); !added) {
            return tl::unexpected(added.error());
        }
    } else if (const auto gone = git({"rm", "-r", "--quiet", "--cached", "--ignore-unmatch", "--", pathspec}); !gone) {
        return tl::unexpected(gone.error());
    }
    const auto counts = git({"diff", "--cached", "--numstat", "--no-renames"});
    if (!counts) return tl::unexpected(counts.error());
    List out;
    for (const std::string& row : git_lines(*counts)) {
        const auto first = row.find('\t');
        const auto second = row.find('\t', first + 1);
        if (second == std::string::npos) continue;
        const auto number = [](const std::string& text) { return text == "-" ? 0L : std::atol(text.c_str()); };
        const long added = number(row.substr(0, first));
        const long removed = number(row.substr(first + 1, second - first - 1));
        out.push_back(Value{{"file", unquoted_git_path(row.substr(second + 1))},
                            {"additions", fmt::format("+{}", added)},
                            {"deletions", fmt::format("-{}", removed)},
                            {"changes", std::to_string(added + removed)}});
    }
    return out;
}

Result<std::string> GitRepository::commit(const std::string& message, const GitIdentity& author) {
    for (const char* who : {"AUTHOR", "COMMITTER"}) {
        environment_[fmt::format("GIT_{}_NAME", who)] = author.name;
        environment_[fmt::format("GIT_{}_EMAIL", who)] = author.email;
    }
    const auto done = git({"commit", "--quiet", "--no-verify", "--file=-"}, message);
    if (!done) return done;
    auto id = git({"rev-parse", "HEAD"});
    if (id) id->erase(id->find_last_not_of('\n') + 1);
    return id;
}

Result<void> GitRepository::push(const std::string& branch) {
    auto done = git({"push", "--quiet", "origin", "HEAD:refs/heads/" + branch});
    if (!done) return tl::unexpected(done.error());
    return {};
}

std::string GitRepository::page_of(const std::string& commit_id) const {
    return git_commit_page(want_->url, commit_id);
}

Result<std::string> store_git_rows(const List& rows, plugin::TaskContext& context) {
    std::string text;
    for (const Value& row : rows) text += to_json(row) + "\n";
    return plugin::store_text(context, text, "changes.ion");
}

}  // namespace sluice::tasks
