#include "tasks/s3/s3_family.h"

#include "plugin/fields.h"
#include "storage/glob.h"
#include "storage/storage.h"

namespace sluice::tasks {
namespace s3_family {

constexpr const char* kAmazon =
    "accessKeyId: \"{{ secret('AWS_ACCESS_KEY_ID') }}\"\n"
    "secretKeyId: \"{{ secret('AWS_SECRET_KEY') }}\"\nregion: eu-central-1\nbucket: my-bucket\n";
constexpr const char* kMinio =
    "endpoint: https://minio.example.com:9000\naccessKeyId: \"{{ secret('MINIO_ACCESS_KEY') }}\"\n"
    "secretKeyId: \"{{ secret('MINIO_SECRET_KEY') }}\"\nbucket: my-bucket\n";

struct MoveTarget {
    std::string bucket{};
    std::string prefix{};
};
Result<MoveTarget> move_target(const S3Properties& want) {
    MoveTarget out{want.bucket, {}};
    plugin::Fields fields(want.move_to, "moveTo");
    fields.take("bucket", out.bucket).take("key", out.prefix);
    if (auto read = fields.done(); !read) return tl::unexpected(read.error());
    if (out.bucket == want.bucket && out.prefix.empty())
        return invalid("property 'moveTo': a key or another bucket is needed");
    return out;
}

/// Lists tell the time in thousandths of a second, answers about one object in seconds.
bool is_same(const object_store::ObjectInfo& now, const object_store::ObjectInfo& taken) {
    const auto second = [](const std::optional<Timestamp>& at) {
        return at ? std::optional(std::chrono::floor<std::chrono::seconds>(*at)) : std::nullopt;
    };
    return now.etag == taken.etag &&
           (!now.modified || !taken.modified || second(now.modified) == second(taken.modified));
}

std::string last_segment(const std::string& key) {
    const auto slash = key.find_last_of('/', key.ends_with('/') ? key.size() - 2 : std::string::npos);
    return slash == std::string::npos ? key : key.substr(slash + 1);
}

}  // namespace s3_family

using namespace s3_family;

const std::vector<S3Family>& s3_families() {
    static const std::vector<S3Family> families{
        {"aws.s3.", "a bucket of Amazon S3", kAmazon, true},
        {"minio.", "a bucket of MinIO, or of anything that speaks S3", kMinio, false},
    };
    return families;
}

S3Type s3_type(const S3Family& family, const char* name, S3Type::Run run) {
    S3Type type(std::string(family.prefix) + name, std::move(run));
    if (family.is_amazon) {
        type.property("endpointOverride", &S3Properties::endpoint, "Another server that speaks S3: https://host:port")
            .also_called("endpoint");
    } else {
        type.property("endpoint", &S3Properties::endpoint, "The server: https://host:port", plugin::required);
    }
    return type
        .property(
            "region", &S3Properties::region,
            family.is_amazon ? "Of the bucket; default: AWS_REGION of the worker, or us-east-1" : "Default us-east-1")
        .property("accessKeyId", &S3Properties::access_key_id,
                  family.is_amazon ? "Default: AWS_ACCESS_KEY_ID of the worker; with neither, requests are not signed"
                                   : "Without it requests are not signed")
        .property("secretKeyId", &S3Properties::secret_key_id, "The secret of the access key")
        .property("sessionToken", &S3Properties::session_token, "Of credentials that were lent")
        .property("forcePathStyle", &S3Properties::force_path_style,
                  "The bucket stands in the path, not in the host's name; default: with an endpoint of one's own")
        .property("ca", &S3Properties::ca, "Certificates to trust, as PEM text; default: the system's")
        .property("insecureTrustAllCertificates", &S3Properties::insecure_trust_all_certificates,
                  "Accept any certificate");
}

S3Type s3_type(const S3Family& family, const Settings& settings, const char* name,
               Result<Value> (*run)(const object_store::Client&, const S3Properties&, plugin::TaskContext&)) {
    return s3_type(family, name,
                   [&family, settings, run](const S3Properties& want, plugin::TaskContext& context) -> Result<Value> {
                       const auto client = s3_client(family, want, settings, context);
                       if (!client) return tl::unexpected(client.error());
                       return run(*client, want, context);
                   });
}

std::string s3_example(const S3Family& family, const char* name, const std::string& lines) {
    std::string out = fmt::format("    type: io.kestra.plugin.{}{}\n", family.prefix, name);
    const std::string all = family.example + lines;
    for (std::size_t at = 0; at < all.size();) {
        const auto end = all.find('\n', at);
        out += "    " + all.substr(at, end - at + 1);
        at = end + 1;
    }
    return out;
}

Result<object_store::Client> s3_client(const S3Family& family, const S3Properties& want, const Settings& settings,
                                       plugin::TaskContext& context) {
    object_store::ClientConfig config;
    config.endpoint = want.endpoint;
    config.region = want.region;
    config.credentials = {want.access_key_id, want.secret_key_id, want.session_token};
    if (family.is_amazon) {
        if (config.endpoint.empty()) config.endpoint = settings.aws_endpoint;
        if (config.region.empty()) config.region = settings.aws_region;
        if (config.credentials.access_key.empty()) config.credentials = settings.aws;
    } else if (config.endpoint.empty()) {
        return invalid("property 'endpoint': a server is needed, for example https://minio.example.com:9000");
    }
    if (!config.credentials.access_key.empty() && config.credentials.secret_key.empty()) {
        return invalid("property 'secretKeyId': the secret of accessKeyId is needed");
    }
    config.path_style = want.force_path_style.value_or(!config.endpoint.empty());
    config.options.insecure_tls = want.insecure_trust_all_certificates;
    config.options.ca_pem = want.ca;
    return object_store::Client(context.http(), std::move(config), context.stop_token());
}

Result<std::vector<object_store::ObjectInfo>> matching_objects(const object_store::Client& client,
                                                               const S3Properties& want) {
    if (want.max_keys < 1) return invalid("property 'maxKeys': {} is no number of objects", want.max_keys);
    if (want.filter != "BOTH" && want.filter != "FILES" && want.filter != "DIRECTORY") {
        return invalid("property 'filter': '{}' is not one of FILES, DIRECTORY, BOTH", want.filter);
    }
    std::optional<storage::Glob> pattern;
    if (!want.regexp.empty()) {
        auto parsed = storage::Glob::parse("regex:" + want.regexp);
        if (!parsed) return invalid("property 'regexp': {}", parsed.error().message);
        pattern = std::move(*parsed);
    }
    const auto wanted = [&](const object_store::ObjectInfo& object) {
        const bool folder = object.is_prefix || object.key.ends_with('/');
        if (want.filter == "FILES" ? folder : want.filter == "DIRECTORY" && !folder) return false;
        return !pattern || pattern->matches(object.key);
    };
    // Page by page, so that maxKeys counts what is selected, and a bucket of millions is not held in memory.
    object_store::ListRequest request{
        .bucket = want.bucket, .prefix = want.prefix, .delimiter = want.delimiter, .start_after = want.marker};
    std::vector<object_store::ObjectInfo> out;
    const auto most = static_cast<std::size_t>(want.max_keys);
    do {
        auto page = client.list(request);
        if (!page) return tl::unexpected(page.error());
        for (object_store::ObjectInfo& object : page->objects) {
            if (out.size() < most && wanted(object)) out.push_back(std::move(object));
        }
        request.continuation = std::move(page->continuation);
    } while (!request.continuation.empty() && out.size() < most);
    return out;
}

std::string plain_etag(const std::string& etag) {
    return etag.size() > 1 && etag.front() == '"' && etag.back() == '"' ? etag.substr(1, etag.size() - 2) : etag;
}

Value object_output(const S3Properties& want, const object_store::ObjectInfo& object, const std::string& uri) {
    Value out{{"bucket", want.bucket},
              {"key", object.key},
              {"etag", plain_etag(object.etag)},
              {"size", Value(static_cast<std::int64_t>(object.size_bytes))},
              {"lastModified", object.modified ? Value(to_iso(*object.modified)) : Value()},
              {"storageClass", object.storage_class},
              {"owner", object.owner}};
    if (!uri.empty()) out.mutable_map().set("uri", Value(uri));
    return out;
}

Result<std::string> download_object(const object_store::Client& client, const object_store::Place& place,
                                    plugin::TaskContext& context, object_store::ObjectInfo* info) {
    // The key's folders stay, so that objects of the same name don't meet; what is no path is called by its hash.
    auto address = context.file_address(place.key);
    if (!address) address = context.file_address(object_store::sha256_hex(place.key));
    if (!address) return tl::unexpected(address.error());
    auto writer = context.storage().create(*address);
    if (!writer) return tl::unexpected(writer.error());
    auto done = client.download(place, [&](std::string_view bytes) -> Result<void> {
        (*writer)->write(bytes);
        return {};
    });
    if (!done) return tl::unexpected(done.error());
    if (auto stored = (*writer)->commit(); !stored) return tl::unexpected(stored.error());
    context.metric("file.size", "counter", static_cast<double>(done->size_bytes));
    if (info != nullptr) *info = std::move(*done);
    return address->text();
}

Result<void> check_action(const S3Properties& want) {
    if (want.action == "NONE" || want.action == "DELETE") return {};
    if (want.action != "MOVE") return invalid("property 'action': '{}' is not one of MOVE, DELETE, NONE", want.action);
    const auto target = move_target(want);
    return target ? Result<void>{} : tl::unexpected(target.error());
}

Result<bool> act_on(const object_store::Client& client, const S3Properties& want,
                    const object_store::ObjectInfo& taken) {
    if (want.action == "NONE") return true;
    const object_store::Place from{.bucket = want.bucket, .key = taken.key};
    const auto now = client.head(from);
    if (!now && now.error().code != ErrorCode::NotFound) return tl::unexpected(now.error());
    if (!now || !is_same(*now, taken)) return false;
    if (want.action == "MOVE") {
        const auto target = move_target(want);
        if (!target) return tl::unexpected(target.error());
        std::string to = target->prefix;
        if (!to.empty() && !to.ends_with('/')) to += '/';
        to += last_segment(taken.key);
        if (target->bucket == want.bucket && to == taken.key) return true;  // to be removed it would have to be a copy
        net::Headers only_this;
        if (!taken.etag.empty()) only_this.add("x-amz-copy-source-if-match", taken.etag);
        const auto copied = client.copy(from, {.bucket = target->bucket, .key = to}, only_this);
        if (!copied && copied.error().kind == "PreconditionFailed") return false;
        if (!copied) return tl::unexpected(copied.error());
    }
    auto removed = client.remove(from);
    if (!removed) return tl::unexpected(removed.error());
    return true;
}

void declare_s3_listing(S3Type& type) {
    type.property("bucket", &S3Properties::bucket, "The bucket", plugin::required)
        .property("prefix", &S3Properties::prefix, "Keys that begin with it")
        .property("delimiter", &S3Properties::delimiter,
                  "Keys that are the same up to it, after the prefix, are one entry: '/' lists as a folder is listed")
        .property("marker", &S3Properties::marker, "Keys after this one")
        .property("maxKeys", &S3Properties::max_keys, "How many, at most")
        .property("regexp", &S3Properties::regexp, "Regular expression for the whole key")
        .property("filter", &S3Properties::filter, "FILES: objects; DIRECTORY: what ends with '/'")
        .values({"FILES", "DIRECTORY", "BOTH"});
}

void declare_s3_action(S3Type& type) {
    type.property("action", &S3Properties::action, "What is done with an object that was taken")
        .values({"MOVE", "DELETE", "NONE"})
        .property("moveTo", &S3Properties::move_to, "Where the action MOVE puts them")
        .fields({{.name = "bucket", .shape = flow::Shape::Text, .description = "Default: the same"},
                 {.name = "key", .shape = flow::Shape::Text, .description = "The prefix before their names"}});
}

}  // namespace sluice::tasks
