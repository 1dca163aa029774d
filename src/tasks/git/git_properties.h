#pragma once
#include "plugin/task_type.h"

namespace sluice::tasks {

/// What all tasks take that talk to a repository.
struct GitProperties {
    std::string url;
    std::string branch;
    std::string username;
    std::string password;
    std::string private_key;
    std::string passphrase;
    std::string known_hosts;
    std::string trusted_ca_pem_path;
    bool clone_submodules = false;
    std::int64_t connect_timeout = 10000;
    std::int64_t read_timeout = 60000;
    bool no_proxy = false;
    std::map<std::string, std::string> git_config;

    // of Clone
    std::string directory;
    std::string tag;
    std::string commit;
    std::int64_t depth = 1;

    // of those that carry things to and fro
    std::string git_directory;
    bool dry_run = false;
    bool remove = false;       // of those that read a repository: what is missing there
    bool remove_there = true;  // of those that write one: what is missing here
    std::string name_space;
    std::string target_namespace;
    bool include_child_namespaces = false;
    bool ignore_invalid_flows = false;
    std::vector<std::string> globs;
    std::string commit_message;
    std::string author_name;
    std::string author_email;

    // of those that keep two sides alike
    std::string source_of_truth = "KESTRA";
    std::string when_missing = "DELETE";
    std::string on_invalid = "FAIL";
    std::vector<std::string> protected_namespaces{"system"};
};

/// Declares those that all have.
void declare_git(plugin::TaskTypeMaker<GitProperties>& type);
/// And those of tasks that commit.
void declare_commit(plugin::TaskTypeMaker<GitProperties>& type);

}  // namespace sluice::tasks
