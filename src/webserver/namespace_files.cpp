#include "webserver/namespace_files.h"

#include "sql/webserver.h"
#include "store/find_flows.h"
#include "webserver/flow_changes.h"
#include "webserver/zip.h"

namespace sluice::webserver {
namespace {

constexpr std::uint64_t kMostHashed = 16 * 1024 * 1024;
constexpr std::uint64_t kMostArchived = 512 * 1024 * 1024;
constexpr std::string_view kFlows = "_flows";

/// FNV-1a: it tells contents apart, and keeps no secrets.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t out = 14695981039346656037ULL;
    for (const char c : bytes) out = (out ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return out;
}

class NamespaceFileSink : public http::BodySink {
  public:
    NamespaceFileSink(Api& api, storage::Uri uri, std::unique_ptr<storage::Writer> writer,
                      std::optional<std::string> expected)
        : api_(api), uri_(std::move(uri)), writer_(std::move(writer)), expected_(std::move(expected)) {}

    Result<void> write(std::string_view piece) override {
        writer_->write(piece);
        return {};
    }

    Result<std::string> finish() override {
        if (!expected_) return published();
        // The lock is all that the transaction is for: two who save the same file must not both find it unchanged.
        return api_.services.pool.in_transaction([&](pg::Transaction& tx) -> Result<std::string> {
            tx.run(sql::lock_namespace_file, uri_.text());
            const auto present = etag_of_file(api_.services.storage, uri_);
            const std::string found = present.value_or("");
            if (found == *expected_ || (*expected_ == "*" && present)) return published();
            if (!present)
                return conflict("Illegal state: {} does not exist any more; nothing was written", uri_.name());
            return conflict("Illegal state: somebody else changed {} meanwhile; nothing was overwritten", uri_.name());
        });
    }

  private:
    Result<std::string> published() {
        if (auto done = writer_->commit(); !done) return tl::unexpected(done.error());
        return etag_of_file(api_.services.storage, uri_);
    }

    Api& api_;
    const storage::Uri uri_;
    std::unique_ptr<storage::Writer> writer_;
    const std::optional<std::string> expected_;
};

class NamespaceArchiveSink : public http::BodySink {
  public:
    NamespaceArchiveSink(Api& api, std::string name_space, std::string user, bool with_flows)
        : api_(api), name_space_(std::move(name_space)), user_(std::move(user)), with_flows_(with_flows) {}

    Result<void> write(std::string_view piece) override {
        if (bytes_.size() + piece.size() > kMostArchived)
            return refuse(ErrorCode::TooLarge, "an archive may have at most {} bytes", kMostArchived);
        bytes_ += piece;
        return {};
    }

    Result<std::string> finish() override {
        const auto entries = unzip(bytes_, {.bytes = kMostArchived});
        if (!entries) return tl::unexpected(entries.error());
        const auto is_flow = [](const ZipEntry& entry) { return entry.first.starts_with(std::string(kFlows) + "/"); };
        if (!with_flows_ && std::any_of(entries->begin(), entries->end(), is_flow))
            return refuse(ErrorCode::Forbidden, "the archive holds flows (below {}/): FLOW:UPDATE is needed in {}",
                          kFlows, name_space_);
        for (const auto& entry : *entries) {
            const auto& [name, content] = entry;
            if (auto done = is_flow(entry) ? save_flow_of(name, content) : put_file(name, content); !done)
                return tl::unexpected(done.error());
        }
        api_.services.signals.notify(pg::kTriggersChannel);
        return std::to_string(entries->size());
    }

  private:
    Result<void> put_file(const std::string& name, const std::string& content) {
        const auto uri = namespace_file(name_space_, name);
        if (!uri) return tl::unexpected(uri.error());
        return api_.services.storage.put(*uri, content);
    }

    Result<void> save_flow_of(const std::string& name, const std::string& content) {
        const std::string source = in_namespace(content, name_space_);
        const auto parsed = parse_text(api_, source, name);
        if (!parsed.ok()) return tl::unexpected(parsed.error());
        if (parsed.id.namespace_name != name_space_)
            return invalid("{}: its namespace can't be replaced; write it as one line, 'namespace: {}'", name,
                           name_space_);
        const auto saved = api_.services.pool.in_transaction([&](pg::Transaction& tx) {
            return store::save_flow(tx, parsed, source, store::Save::Either, user_, api_.services.instance);
        });
        if (!saved) return tl::unexpected(saved.error());
        return {};
    }

    Api& api_;
    const std::string name_space_;
    const std::string user_;
    const bool with_flows_;
    std::string bytes_{};
};

}  // namespace

Result<storage::Uri> namespace_file(const std::string& name_space, const std::string& path) {
    const storage::Uri root = storage::namespace_files(name_space);
    const std::size_t begin = path.find_first_not_of('/');
    if (begin == std::string::npos) return root;
    auto uri = root.below(path.substr(begin, path.find_last_not_of('/') - begin + 1));
    if (!uri) return invalid("Forbidden path: {}: {}", path, uri.error().message);
    const std::string inside = uri->relative_to(root);
    if (inside == kFlows || inside.starts_with(std::string(kFlows) + "/")) return invalid("Forbidden path: {}", path);
    return uri;
}

Result<std::string> etag_of_file(const storage::Storage& storage, const storage::Uri& uri) {
    const auto info = storage.info(uri);
    if (!info) return tl::unexpected(info.error());
    if (info->is_folder) return not_found("Not Found: {} is a folder", uri.name());
    if (info->size_bytes > kMostHashed)
        return fmt::format("\"{}-{}\"", info->size_bytes, info->modified.time_since_epoch().count());
    const auto bytes = storage.get(uri, kMostHashed);
    if (!bytes) return tl::unexpected(bytes.error());
    return fmt::format("\"{}-{:016x}\"", bytes->size(), hash_of(*bytes));
}

std::unique_ptr<http::BodySink> namespace_file_sink(Api& api, storage::Uri uri, std::unique_ptr<storage::Writer> writer,
                                                    std::optional<std::string> expected) {
    return std::make_unique<NamespaceFileSink>(api, std::move(uri), std::move(writer), std::move(expected));
}

std::unique_ptr<http::BodySink> namespace_archive_sink(Api& api, std::string name_space, std::string user,
                                                       bool with_flows) {
    return std::make_unique<NamespaceArchiveSink>(api, std::move(name_space), std::move(user), with_flows);
}

Result<std::string> namespace_archive(Api& api, const std::string& name_space, bool with_flows) {
    std::vector<ZipEntry> entries;
    const storage::Uri root = storage::namespace_files(name_space);
    std::uint64_t total = 0;
    std::vector<storage::FileInfo> files;
    api.services.storage.walk(root, [&](const storage::FileInfo& info) {
        files.push_back(info);
        total += info.size_bytes;
    });
    if (total > kMostArchived)
        return refuse(ErrorCode::TooLarge, "the files of {} have {} bytes; an archive holds at most {}", name_space,
                      total, kMostArchived);
    for (const storage::FileInfo& info : files) {
        auto bytes = api.services.storage.get(info.uri, kMostArchived);
        if (!bytes) return tl::unexpected(bytes.error());
        entries.emplace_back(info.uri.relative_to(root), std::move(*bytes));
    }
    if (!with_flows) return zip_of(entries);
    const auto rows = api.services.pool.with_connection([&](pg::Connection& connection) {
        return store::find_flow_sources(connection, {{"namespace", store::Operation::Equals, "", {name_space}}});
    });
    if (!rows) return tl::unexpected(rows.error());
    for (const store::FlowRow& row : *rows)
        entries.emplace_back(std::string(kFlows) + "/" + row.id.id + ".yml", row.source);
    return zip_of(entries);
}

}  // namespace sluice::webserver
