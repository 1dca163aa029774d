#include "webserver/uploads.h"

#include "store/executions.h"
#include "value/json.h"

namespace sluice::webserver {
namespace {

/// Which input a file is for. Clients of old send them all under one name.
const std::string& input_of(const http::PartHead& head) {
    return head.name == "files" ? head.filename : head.name;
}

class StorageSink : public http::BodySink {
  public:
    StorageSink(storage::Uri uri, std::unique_ptr<storage::Writer> writer)
        : uri_(std::move(uri)), writer_(std::move(writer)) {}

    Result<void> write(std::string_view piece) override {
        writer_->write(piece);
        return {};
    }
    Result<std::string> finish() override {
        if (auto done = writer_->commit(); !done) return tl::unexpected(done.error());
        return uri_.text();
    }

  private:
    const storage::Uri uri_;
    std::unique_ptr<storage::Writer> writer_;
};

class NoSink : public http::BodySink {
  public:
    Result<void> write(std::string_view) override { return {}; }
    Result<std::string> finish() override { return std::string("kestra:///not-stored"); }
};

/// The last segment of a client's path, with what a storage can't have in a name taken out.
std::string name_of_file(const http::PartHead& head) {
    std::string name = head.filename.substr(head.filename.find_last_of("/\\") + 1);
    for (char& c : name) {
        if (static_cast<unsigned char>(c) < 0x20) c = '_';
    }
    return name.empty() || name == "." || name == ".." ? "file" : name;
}

/// A sink for one file of an execution.
Result<std::unique_ptr<http::BodySink>> sink_for(Api& api, const storage::ExecutionPlace& place,
                                                 const http::PartHead& head) {
    if (input_of(head).empty()) return invalid("Illegal argument: a file part must be named by its input");
    auto folder = storage::execution_folder(place).below("inputs/" + storage::slug(input_of(head)));
    if (!folder) return tl::unexpected(folder.error());
    auto uri = folder->below(name_of_file(head));
    if (!uri) return tl::unexpected(uri.error());
    auto writer = api.services.storage.create(*uri);
    if (!writer) return tl::unexpected(writer.error());
    return std::unique_ptr<http::BodySink>(std::make_unique<StorageSink>(*uri, std::move(*writer)));
}

}  // namespace

http::PartSinkFactory store_files(Api& api, std::function<storage::ExecutionPlace(const http::Request&)> place) {
    return [&api, place = std::move(place)](const http::Request& request,
                                            const http::PartHead& head) -> Result<std::unique_ptr<http::BodySink>> {
        if (!head.is_file) return std::unique_ptr<http::BodySink>();
        return sink_for(api, place(request), head);
    };
}

http::PartSinkFactory store_files_of_execution(Api& api) {
    return [&api](const http::Request& request, const http::PartHead& head) -> Result<std::unique_ptr<http::BodySink>> {
        if (!head.is_file) return std::unique_ptr<http::BodySink>();
        const ExecutionId id{std::string(request.parameter("id"))};
        const auto execution = api.services.pool.with_connection(
            [&](pg::Connection& connection) { return store::load_execution(connection, id); });
        if (!execution) return not_found("Not Found: execution {} does not exist", id);
        return sink_for(api, {execution->flow.namespace_name, execution->flow.id, id.text()}, head);
    };
}

http::PartSinkFactory pass_over_files() {
    return [](const http::Request&, const http::PartHead& head) -> Result<std::unique_ptr<http::BodySink>> {
        if (!head.is_file) return std::unique_ptr<http::BodySink>();
        return std::unique_ptr<http::BodySink>(std::make_unique<NoSink>());
    };
}

Result<Value> inputs_of(const http::Request& request) {
    if (request.content_type() == "application/json" && !request.body.empty()) {
        auto body = parse_json(request.body);
        if (!body || !body->is_map()) return invalid("Invalid json: expected an object with inputs");
        const auto nested = body->get("inputs");
        return nested && nested->is_map() ? *nested : *body;
    }
    auto form = http::form_of(request);
    if (!form) return tl::unexpected(form.error());
    Map inputs;
    for (const http::Part& part : form->parts) {
        if (!part.went_to_sink) {
            inputs.set(part.head.name, part.text);
            continue;
        }
        if (part.size == 0) return invalid("Illegal argument: the file for input '{}' is empty", input_of(part.head));
        inputs.set(input_of(part.head), part.stored);
    }
    return Value(std::move(inputs));
}

bool has_stored_files(const http::Request& request) {
    return std::any_of(request.parts.begin(), request.parts.end(),
                       [](const http::Part& part) { return part.went_to_sink; });
}

}  // namespace sluice::webserver
