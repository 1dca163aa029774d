#include "remote/files.h"

#include "base/id.h"

namespace sluice::remote {
namespace {

constexpr int kDeepest = 64;

Result<void> collect(Files& files, const std::string& folder, const ListRules& rules, int depth,
                     std::vector<Entry>& out) {
    auto entries = files.list(folder);
    if (!entries) return tl::unexpected(entries.error());
    for (Entry& entry : *entries) {
        if (out.size() >= rules.most) return {};
        if (!entry.is_folder) {
            if (!rules.wanted || rules.wanted(entry)) out.push_back(std::move(entry));
            continue;
        }
        if (!rules.recursive || entry.is_link) continue;
        if (depth == kDeepest)
            return refuse(ErrorCode::TooLarge, "folders are nested deeper than {}: {}", kDeepest, entry.path);
        if (auto below = collect(files, entry.path, rules, depth + 1, out); !below) return below;
    }
    return {};
}

}  // namespace

std::string Entry::name() const {
    return name_of(path);
}

std::string parent_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    if (slash == std::string::npos) return "";
    return slash == 0 ? "/" : path.substr(0, slash);
}

std::string name_of(const std::string& path) {
    const auto slash = path.find_last_of('/');
    return slash == std::string::npos ? path : path.substr(slash + 1);
}

std::string joined(const std::string& folder, std::string_view name) {
    if (folder.empty()) return std::string(name);
    return fmt::format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", name);
}

Result<void> make_folders(Files& files, const std::string& folder) {
    if (folder.empty() || folder == "/" || folder == ".") return {};
    if (const auto there = files.info(folder)) {
        if (there->is_folder || there->is_link) return {};
        return refuse(ErrorCode::Conflict, "{} is a file, not a folder", folder);
    } else if (there.error().code != ErrorCode::NotFound) {
        return tl::unexpected(there.error());
    }
    if (auto above = make_folders(files, parent_of(folder)); !above) return above;
    return files.make_folder(folder);
}

namespace {

/// What is replaced stands aside until its successor is in its place: when the source has gone meanwhile (another took
/// it) or the connection breaks, both contents still exist.
Result<void> replace(Files& files, const std::string& from, const Entry& target) {
    Entry aside = target;
    aside.path = joined(parent_of(target.path), fmt::format(".{}.{:x}.replaced", target.name(), random_bits()));
    if (auto done = files.rename(target.path, aside.path); !done) return done;
    if (auto done = files.rename(from, target.path); !done) {
        if (auto back = files.rename(aside.path, target.path); !back) {
            return refuse(done.error().code, "{}; the file that was to be replaced is {} now, because {}",
                          done.error().message, aside.path, back.error().message);
        }
        return done;
    }
    return files.remove(aside);
}

}  // namespace

Result<void> move(Files& files, const std::string& from, const std::string& to, bool overwrite) {
    if (from == to) return {};
    const auto source = files.info(from);
    if (!source) return tl::unexpected(source.error());
    if (auto made = make_folders(files, parent_of(to)); !made) return made;
    const auto target = files.info(to);
    if (!target) {
        if (target.error().code != ErrorCode::NotFound) return tl::unexpected(target.error());
        return files.rename(from, to);
    }
    if (target->is_folder) return conflict("there is a folder {} already", to);
    if (!overwrite) return conflict("there is a file {} already; overwrite: true replaces it", to);
    return files.rename_replaces() ? files.rename(from, to) : replace(files, from, *target);
}

Result<std::vector<Entry>> list_files(Files& files, const std::string& folder, const ListRules& rules) {
    std::vector<Entry> out;
    if (auto collected = collect(files, folder, rules, 0, out); !collected) return tl::unexpected(collected.error());
    return out;
}

}  // namespace sluice::remote
