// The files of a namespace: folders, contents, archives.
#include "http/content_type.h"
#include "webserver/file_source.h"
#include "webserver/namespace_files.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace namespace_file_routes {

using http::Request;

constexpr std::uint64_t kLargestUpload = 10ULL * 1024 * 1024 * 1024;

std::string space_of(const Request& request) {
    return std::string(request.parameter("namespace"));
}

Result<storage::Uri> uri_of(const Request& request, const char* parameter, bool needed = true) {
    const std::string path = text_parameter(request, parameter);
    if (path.empty() && needed)
        return refuse(ErrorCode::BadRequest, "Bad Request: the parameter '{}' is missing", parameter);
    return namespace_file(space_of(request), path);
}

Value attributes_of(const storage::FileInfo& info) {
    const auto ms = [](Timestamp at) {
        return static_cast<std::int64_t>(
            std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count());
    };
    return Value{{"fileName", info.uri.name()},
                 {"lastModifiedTime", ms(info.modified)},
                 {"creationTime", ms(info.created)},
                 {"type", info.is_folder ? "Directory" : "File"},
                 {"size", static_cast<std::int64_t>(info.size_bytes)}};
}

Result<http::Response> search(Api& api, const Request& request) {
    const std::string words = text_parameter(request, "q");
    const storage::Uri root = storage::namespace_files(space_of(request));
    List out;
    api.services.storage.walk(root, [&](const storage::FileInfo& info) {
        std::string path = "/" + info.uri.relative_to(root);
        if (path.find(words) != std::string::npos) out.emplace_back(std::move(path));
    });
    return http::Response::json(Value(std::move(out)));
}

/// A file has its present content only.
constexpr std::int64_t kOnlyRevision = 1;

void download(Api& api, const Request& request, http::Responder responder) {
    const auto uri = uri_of(request, "path");
    if (!uri) return responder.fail(uri.error());
    const auto revision = integer_parameter(request, "revision");
    if (!revision) return responder.fail(revision.error());
    if (revision->value_or(kOnlyRevision) != kOnlyRevision)
        return responder.send(not_found("Not Found: {} has no revision {}: only the present content is kept",
                                        text_parameter(request, "path"), **revision));
    auto etag = etag_of_file(api.services.storage, *uri);
    if (!etag) return responder.send(not_found("Not Found: there is no file {}", text_parameter(request, "path")));
    auto reader = api.services.storage.open(*uri);
    if (!reader) return responder.send(tl::unexpected(reader.error()));
    http::Response head;
    head.set("Content-Type", "application/octet-stream");
    head.set("Content-Disposition", http::as_attachment(uri->name()));
    head.set("ETag", std::move(*etag));
    responder.stream(std::move(head), std::make_unique<FileSource>(std::move(*reader)));
}

/// The root is there as soon as somebody asks for it.
Result<storage::FileInfo> info_of(Api& api, const storage::Uri& uri, const std::string& name_space) {
    auto info = api.services.storage.info(uri);
    if (info) return info;
    if (uri != storage::namespace_files(name_space)) return not_found("Not Found: there is no file {}", uri.name());
    if (auto made = api.services.storage.create_folder(uri); !made) return tl::unexpected(made.error());
    return api.services.storage.info(uri);
}

Result<http::Response> stats(Api& api, const Request& request) {
    const auto uri = uri_of(request, "path", false);
    if (!uri) return tl::unexpected(uri.error());
    const auto info = info_of(api, *uri, space_of(request));
    if (!info) return tl::unexpected(info.error());
    return http::Response::json(attributes_of(*info));
}

Result<http::Response> revisions(Api& api, const Request& request) {
    const auto uri = uri_of(request, "path");
    if (!uri) return tl::unexpected(uri.error());
    const auto info = api.services.storage.info(*uri);
    if (!info || info->is_folder) return not_found("Not Found: there is no file {}", text_parameter(request, "path"));
    return http::Response::json(Value(List{Value{{"revision", kOnlyRevision}}}));
}

Result<http::Response> list_folder(Api& api, const Request& request) {
    const auto uri = uri_of(request, "path", false);
    if (!uri) return tl::unexpected(uri.error());
    if (auto there = info_of(api, *uri, space_of(request)); !there) return tl::unexpected(there.error());
    const auto found = api.services.storage.list(*uri);
    if (!found) return tl::unexpected(found.error());
    List out;
    for (const storage::FileInfo& info : *found) out.push_back(attributes_of(info));
    return http::Response::json(Value(std::move(out)));
}

Result<http::Response> make_folder(Api& api, const Request& request) {
    const auto uri = uri_of(request, "path");
    if (!uri) return tl::unexpected(uri.error());
    if (auto made = api.services.storage.create_folder(*uri); !made) return tl::unexpected(made.error());
    return http::Response::empty(http::Status::Ok);
}

/// If-Match: what the author had seen; If-None-Match: *: there must be none yet.
std::optional<std::string> expected_by(const Request& request) {
    if (const auto seen = request.header("If-Match")) return std::string(*seen);
    if (request.header("If-None-Match").value_or("") == "*") return std::string();
    return {};
}

Result<std::unique_ptr<http::BodySink>> sink_of(Api& api, const Request& request, const http::PartHead& head) {
    if (head.name != "fileContent") return std::unique_ptr<http::BodySink>();
    if (head.filename.ends_with(".zip")) {
        const bool with_flows = may(request, {access::Resource::Flow, access::Action::Update}, space_of(request));
        return namespace_archive_sink(api, space_of(request), user_of(request), with_flows);
    }
    const auto uri = uri_of(request, "path");
    if (!uri) return tl::unexpected(uri.error());
    auto writer = api.services.storage.create(*uri);
    if (!writer) return tl::unexpected(writer.error());
    return namespace_file_sink(api, *uri, std::move(*writer), expected_by(request));
}

Result<http::Response> uploaded(const Request& request) {
    const auto form = http::form_of(request);
    if (!form) return tl::unexpected(form.error());
    const http::Part* part = form->find("fileContent");
    if (part == nullptr) return refuse(ErrorCode::BadRequest, "Bad Request: the part 'fileContent' is missing");
    auto response = http::Response::empty(http::Status::Ok);
    if (!part->head.filename.ends_with(".zip")) response.set("ETag", part->stored);
    return response;
}

Result<http::Response> move(Api& api, const Request& request) {
    const auto from = uri_of(request, "from");
    if (!from) return tl::unexpected(from.error());
    const auto to = uri_of(request, "to");
    if (!to) return tl::unexpected(to.error());
    if (api.services.storage.exists(*to))
        return conflict("Illegal state: there is already a file or folder {}", text_parameter(request, "to"));
    if (auto moved = api.services.storage.move(*from, *to); !moved) return tl::unexpected(moved.error());
    return http::Response::empty(http::Status::Ok);
}

/// Folders above that are empty then go too.
void remove_empty_parents(storage::Storage& storage, const storage::Uri& root, storage::Uri folder) {
    for (; folder != root && folder.is_within(root); folder = folder.parent()) {
        const auto left = storage.list(folder);
        if (!left || !left->empty() || !storage.remove(folder)) return;
    }
}

Result<http::Response> remove(Api& api, const Request& request) {
    const auto uri = uri_of(request, "path");
    if (!uri) return tl::unexpected(uri.error());
    const storage::Uri root = storage::namespace_files(space_of(request));
    if (*uri == root) return invalid("Illegal argument: the root can't be deleted; delete what is in it");
    api.services.storage.remove_all(*uri);
    remove_empty_parents(api.services.storage, root, uri->parent());
    return http::Response::empty(http::Status::Ok);
}

Result<http::Response> archive(Api& api, const Request& request) {
    const bool with_flows = may(request, {access::Resource::Flow, access::Action::Read}, space_of(request));
    auto bytes = namespace_archive(api, space_of(request), with_flows);
    if (!bytes) return tl::unexpected(bytes.error());
    auto response = http::Response::bytes(std::move(*bytes), "application/zip");
    response.set("Content-Disposition", http::as_attachment(space_of(request) + "_files.zip"));
    return response;
}

}  // namespace namespace_file_routes

void add_namespace_file_routes(http::Router& router, Api& api) {
    using namespace namespace_file_routes;
    using http::Method;
    const std::string files = "/namespaces/{namespace}/files";
    route(router, Method::Get, files + "/search", [&api](const Request& r) { return search(api, r); },
          {"Files whose path has this text", {"q"}});
    route(router, Method::Get, files, [&api](const Request& r, http::Responder to) { download(api, r, std::move(to)); },
          {"A file", {"path", "revision"}});
    route(router, Method::Get, files + "/revisions", [&api](const Request& r) { return revisions(api, r); },
          {"Revisions of a file: the present one", {"path"}});
    route(router, Method::Get, files + "/stats", [&api](const Request& r) { return stats(api, r); },
          {"What is known of a file", {"path"}});
    route(router, Method::Get, files + "/directory", [&api](const Request& r) { return list_folder(api, r); },
          {"What stands in a folder", {"path"}});
    route(router, Method::Post, files + "/directory", [&api](const Request& r) { return make_folder(api, r); },
          {"Makes a folder", {"path"}});
    for_both_roots(files, [&](std::string full) {
        router.add(Method::Post, std::move(full), [](const Request& r) { return uploaded(r); })
            .limit_body(kLargestUpload)
            .stream_parts([&api](const Request& r, const http::PartHead& head) { return sink_of(api, r, head); })
            .describe("Stores a file, or unpacks an archive", {"path"});
    });
    route(router, Method::Put, files, [&api](const Request& r) { return move(api, r); },
          {"Moves a file", {"from", "to"}});
    route(router, Method::Delete, files, [&api](const Request& r) { return remove(api, r); },
          {"Removes a file or a folder", {"path"}});
    route(router, Method::Get, files + "/export", [&api](const Request& r) { return archive(api, r); },
          {"All files and flows as a ZIP"});
}

}  // namespace sluice::webserver
