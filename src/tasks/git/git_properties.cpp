#include "tasks/git/git_properties.h"

namespace sluice::tasks {

void declare_git(plugin::TaskTypeMaker<GitProperties>& type) {
    type.property("url", &GitProperties::url, "Of the repository: http(s), ssh, git, file, or git@host:path",
                  plugin::required)
        .property("username", &GitProperties::username, "User, for http(s)")
        .property("password", &GitProperties::password, "Password or token of that user")
        .property("privateKey", &GitProperties::private_key, "Private key, for ssh")
        .property("passphrase", &GitProperties::passphrase, "Of the private key")
        .property("knownHosts", &GitProperties::known_hosts,
                  "Lines of known_hosts, for ssh: other hosts are refused then; default: any host is trusted")
        .property("trustedCaPemPath", &GitProperties::trusted_ca_pem_path,
                  "File on the worker with the authorities to trust, for https")
        .property("cloneSubmodules", &GitProperties::clone_submodules, "Submodules, too")
        .property("connectTimeout", &GitProperties::connect_timeout, "Milliseconds for a connection, for ssh")
        .property("readTimeout", &GitProperties::read_timeout, "Milliseconds without a byte, for http(s)")
        .property("noProxy", &GitProperties::no_proxy, "Has no effect: proxies of the environment are never used")
        .outdated()
        .property("gitConfig", &GitProperties::git_config, "More settings for git, such as core.autocrlf");
}

void declare_commit(plugin::TaskTypeMaker<GitProperties>& type) {
    type.property("commitMessage", &GitProperties::commit_message, "Message of the commit")
        .property("authorName", &GitProperties::author_name, "Author; default: username")
        .property("authorEmail", &GitProperties::author_email, "Mail address of the author")
        .output("commitId", "Of the commit that was pushed; nothing: there was nothing to push", flow::Shape::Text)
        .output("commitURL", "Its page, where the server has one", flow::Shape::Text);
}

}  // namespace sluice::tasks
