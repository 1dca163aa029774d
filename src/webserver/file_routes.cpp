// Files of executions: download, size, preview.
#include "http/content_type.h"
#include "http/range.h"
#include "storage/layout.h"
#include "store/executions.h"
#include "webserver/api.h"
#include "webserver/file_preview.h"
#include "webserver/file_source.h"
#include "webserver/parameters.h"

namespace sluice::webserver {
namespace file_routes {

using http::Request;

/// A file that may be read by way of an execution, or where to ask for it.
struct Place {
    storage::Uri uri{};
    std::string other_execution{};  // it belongs to this one
};

/// ".../executions/<id>/…": whose file it is.
std::string owner_of(const storage::Uri& uri) {
    constexpr std::string_view kFolder = "/executions/";
    const auto at = uri.path().find(kFolder);
    if (at == std::string::npos) return "";
    const std::string rest = uri.path().substr(at + kFolder.size());
    const std::string id = rest.substr(0, rest.find('/'));
    return looks_like_id(id) ? id : "";
}

Result<Place> place_of(Api& api, const Request& request) {
    const ExecutionId id{std::string(request.parameter("id"))};
    const std::string path = text_parameter(request, "path");
    if (path.empty()) return refuse(ErrorCode::BadRequest, "Bad Request: the parameter 'path' is missing");
    const auto uri = storage::Uri::parse(path);
    if (!uri) return invalid("Illegal argument: Invalid prefix path: {}", uri.error().message);
    const auto execution = api.services.pool.with_connection(
        [&](pg::Connection& connection) { return store::load_execution(connection, id); });
    if (!execution) return not_found("Not Found: execution {} does not exist", id);
    const storage::ExecutionPlace own{execution->flow.namespace_name, execution->flow.id, id.text()};
    if (uri->is_within(storage::execution_folder(own))) return Place{*uri, ""};
    const std::string owner = owner_of(*uri);
    if (!owner.empty() && owner != id.text()) return Place{*uri, owner};
    return invalid("Illegal argument: Invalid prefix path: {} is not a file of execution {}", path, id);
}

/// The same question to the execution that the file belongs to.
http::Response redirected(const Request& request, const Place& place) {
    std::string address =
        "/api/v1/main/executions/" + place.other_execution + request.pattern.substr(request.pattern.find("/file"));
    char joint = '?';
    for (const auto& [name, value] : request.query) {
        address += joint + http::percent_encode(name) + "=" + http::percent_encode(value);
        joint = '&';
    }
    return http::Response::redirect(address);
}

void download(Api& api, const Request& request, http::Responder responder) {
    const auto place = place_of(api, request);
    if (!place) return responder.fail(place.error());
    if (!place->other_execution.empty()) return responder.send(redirected(request, *place));
    const auto info = api.services.storage.info(place->uri);
    if (!info || info->is_folder) return responder.send(not_found("Not Found: there is no file {}", place->uri.text()));

    http::Response head;
    storage::Range range;
    head.set("Accept-Ranges", "bytes");
    head.set("Content-Type", std::string(http::content_type_of(place->uri.name())));
    head.set("Content-Disposition",
             flag_parameter(request, "inline").value_or(false) ? "inline" : http::as_attachment(place->uri.name()));
    if (const auto wanted = request.header("Range")) {
        const http::RangeChoice choice = http::choose_range(*wanted, info->size_bytes);
        if (choice.kind == http::RangeChoice::Kind::Unsatisfiable) {
            auto refused = http::Response::text("", http::Status::RangeNotSatisfiable);
            refused.set("Content-Range", fmt::format("bytes */{}", info->size_bytes));
            return responder.send(std::move(refused));
        }
        if (choice.kind == http::RangeChoice::Kind::Part) {
            range = {.first = choice.first, .length = choice.size};
            head.status = http::Status::PartialContent;
            head.set("Content-Range",
                     fmt::format("bytes {}-{}/{}", choice.first, choice.first + choice.size - 1, info->size_bytes));
        }
    }
    auto reader = api.services.storage.open(place->uri, range);
    if (!reader) return responder.send(tl::unexpected(reader.error()));
    responder.stream(std::move(head), std::make_unique<FileSource>(std::move(*reader)));
}

Result<http::Response> metas(Api& api, const Request& request) {
    const auto place = place_of(api, request);
    if (!place) return tl::unexpected(place.error());
    if (!place->other_execution.empty()) return redirected(request, *place);
    const auto info = api.services.storage.info(place->uri);
    if (!info) return not_found("Not Found: there is no file {}", place->uri.text());
    return http::Response::json(Value{{"size", static_cast<std::int64_t>(info->size_bytes)}});
}

Result<http::Response> preview(Api& api, const Request& request) {
    const auto rows = integer_parameter(request, "maxRows");
    if (!rows) return tl::unexpected(rows.error());
    const auto place = place_of(api, request);
    if (!place) return tl::unexpected(place.error());
    if (!place->other_execution.empty()) return redirected(request, *place);
    store::Environment environment(store::connection_of(api.services.pool), api.services.instance, "", "",
                                   api.services.pool.clock().now());
    const auto made = preview_of(api.services.storage, place->uri, rows->value_or(100), environment);
    if (!made) return tl::unexpected(made.error());
    return http::Response::json(*made);
}

}  // namespace file_routes

void add_file_routes(http::Router& router, Api& api) {
    using namespace file_routes;
    using http::Method;
    route(router, Method::Get, "/executions/{id}/file",
          [&api](const Request& r, http::Responder to) { download(api, r, std::move(to)); },
          {"Downloads a file", {"path", "inline"}});
    route(router, Method::Get, "/executions/{id}/file/metas", [&api](const Request& r) { return metas(api, r); },
          {"The size of a file", {"path"}});
    route(router, Method::Get, "/executions/{id}/file/preview", [&api](const Request& r) { return preview(api, r); },
          {"The beginning of a file", {"path", "maxRows"}});
}

}  // namespace sluice::webserver
