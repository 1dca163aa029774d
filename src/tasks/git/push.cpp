#include "tasks/git/push.h"

namespace sluice::tasks {

Result<Value> push_to_git(const GitPush& what, const GitProperties& want, plugin::TaskContext& context) {
    auto repository = GitRepository::in(context.scratch_directory() / "repository", want, context);
    if (!repository) return tl::unexpected(repository.error());
    if (auto ready = repository->check_out_to_push(what.branch); !ready) return tl::unexpected(ready.error());
    if (auto written = what.write(*repository); !written) return tl::unexpected(written.error());
    const auto rows = repository->stage(what.folder);
    if (!rows) return tl::unexpected(rows.error());
    auto address = store_git_rows(*rows, context);
    if (!address) return tl::unexpected(address.error());
    Value out{{what.output, *address}};
    context.log(LogLevel::Info, fmt::format("{}{} files differ", want.dry_run ? "dry run: " : "", rows->size()));
    if (rows->empty() || want.dry_run) return out;
    const std::string user = want.username.empty() ? "sluice" : want.username;
    const GitIdentity author{want.author_name.empty() ? user : want.author_name,
                             want.author_email.empty() ? "sluice@localhost" : want.author_email};
    const auto id = repository->commit(want.commit_message.empty() ? what.message : want.commit_message, author);
    if (!id) return tl::unexpected(id.error());
    if (auto pushed = repository->push(what.branch); !pushed) return tl::unexpected(pushed.error());
    out.mutable_map().set("commitId", *id);
    const std::string page = repository->page_of(*id);
    if (!page.empty()) out.mutable_map().set("commitURL", page);
    return out;
}

}  // namespace sluice::tasks
