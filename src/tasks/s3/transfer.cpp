#include "object_store/upload.h"
#include "plugin/task_files.h"
#include "storage/storage.h"
#include "tasks/catalog.h"
#include "tasks/files/storage_source.h"
#include "tasks/s3/s3_family.h"

namespace sluice::tasks {
namespace s3_transfer {

constexpr std::size_t kPiece = 256 * 1024;

/// Headers can't hold anything but visible ASCII.
Result<void> add_header(net::Headers& headers, std::string name, const std::string& value) {
    if (value.empty()) return {};
    const auto shows = [](char c) { return c >= ' ' && c <= '~'; };
    if (!std::all_of(value.begin(), value.end(), shows)) {
        return invalid("'{}' of {} can't stand in a header: only visible ASCII characters can", value, name);
    }
    headers.add(std::move(name), value);
    return {};
}

Result<net::Headers> headers_of(const S3Properties& want) {
    net::Headers out;
    std::vector<std::pair<std::string, std::string>> all{
        {"Content-Type", want.content_type},
        {"Content-Encoding", want.content_encoding},
        {"Content-Disposition", want.content_disposition},
        {"Content-Language", want.content_language},
        {"Cache-Control", want.cache_control},
        {"x-amz-storage-class", want.storage_class},
        {"x-amz-acl", want.acl},
        {"x-amz-server-side-encryption", want.server_side_encryption},
    };
    std::string tags;
    for (const auto& [name, value] : want.tagging) {
        tags += fmt::format("{}{}={}", tags.empty() ? "" : "&", object_store::encoded(name, false),
                            object_store::encoded(value, false));
    }
    all.emplace_back("x-amz-tagging", tags);
    for (const auto& [name, value] : want.metadata) all.emplace_back("x-amz-meta-" + name, value);
    for (const auto& [name, value] : all) {
        if (auto added = add_header(out, name, value); !added) return tl::unexpected(added.error());
    }
    return out;
}

Result<object_store::Written> upload_one(const object_store::Client& client, const S3Properties& want,
                                         const std::string& address, const std::string& key,
                                         plugin::TaskContext& context) {
    auto source = StorageSource::open(context.storage(), address);
    if (!source) return tl::unexpected(source.error());
    auto headers = headers_of(want);
    if (!headers) return tl::unexpected(headers.error());
    object_store::Upload upload(client, {.bucket = want.bucket, .key = key}, std::move(*headers));
    std::string piece(kPiece, '\0');
    while (const std::size_t n = (*source)->read(piece)) {
        if (auto written = upload.write({piece.data(), n}); !written) return tl::unexpected(written.error());
    }
    context.metric("file.size", "counter", static_cast<double>((*source)->size_bytes().value_or(0)));
    return upload.finish();
}

Value written_output(const S3Properties& want, const std::string& key, const object_store::Written& written) {
    return Value{{"bucket", want.bucket},
                 {"key", key},
                 {"eTag", plain_etag(written.etag)},
                 {"versionId", written.version.empty() ? Value() : Value(written.version)}};
}

/// One address with its key; or several, whose names follow the key.
Result<Value> upload(const object_store::Client& client, const S3Properties& want, plugin::TaskContext& context) {
    std::map<std::string, std::string> named;
    std::vector<std::string> addresses;
    const std::string* one = want.from.if_string();
    const bool several = one == nullptr || !plugin::is_storage_address(*one);
    if (!plugin::convert(want.from, named)) {
        if (auto read = plugin::convert(want.from, addresses); !read)
            return invalid("property 'from': {}", read.error().message);
    }
    const std::string folder = want.key + (want.key.empty() || want.key.ends_with('/') ? "" : "/");
    for (const std::string& address : addresses) {
        const auto uri = storage::Uri::parse(address);
        if (!uri) return tl::unexpected(uri.error());
        if (const auto [other, is_new] = named.emplace(uri->name(), address); !is_new && other->second != address) {
            return invalid("property 'from': two of the files are called '{}'; give them names in a map", uri->name());
        }
    }
    if (named.empty()) return invalid("property 'from': there is no file to upload");
    Value out;
    for (const auto& [name, address] : named) {
        const std::string key = several || want.key.empty() || want.key.ends_with('/') ? folder + name : want.key;
        auto written = upload_one(client, want, address, key, context);
        if (!written) return tl::unexpected(written.error());
        out = written_output(want, several ? want.key : key, *written);
    }
    return out;
}

Result<Value> download(const object_store::Client& client, const S3Properties& want, plugin::TaskContext& context) {
    object_store::ObjectInfo info;
    auto uri = download_object(client, {want.bucket, want.key, want.version_id}, context, &info);
    if (!uri) return tl::unexpected(uri.error());
    Map metadata;
    for (const auto& [name, value] : info.metadata) metadata.set(name, Value(value));
    return Value{
        {"uri", std::move(*uri)},           {"contentLength", Value(static_cast<std::int64_t>(info.size_bytes))},
        {"contentType", info.content_type}, {"metadata", Value(std::move(metadata))},
        {"eTag", plain_etag(info.etag)},    {"versionId", info.version.empty() ? Value() : Value(info.version)}};
}

Result<Value> downloads(const object_store::Client& client, const S3Properties& want, plugin::TaskContext& context) {
    if (auto checked = check_action(want); !checked) return tl::unexpected(checked.error());
    const auto found = matching_objects(client, want);
    if (!found) return tl::unexpected(found.error());
    List objects;
    Map files;
    std::vector<object_store::ObjectInfo> taken;
    for (const object_store::ObjectInfo& object : *found) {
        if (object.is_prefix || object.key.ends_with('/')) continue;
        auto uri = download_object(client, {.bucket = want.bucket, .key = object.key}, context);
        if (!uri) return tl::unexpected(uri.error());
        files.set(object.key, Value(*uri));
        objects.push_back(object_output(want, object, *uri));
        taken.push_back(object);
    }
    // All are safe before the first is touched.
    for (const object_store::ObjectInfo& object : taken) {
        const auto done = act_on(client, want, object);
        if (!done) return tl::unexpected(done.error());
        if (*done) continue;
        context.log(LogLevel::Warn,
                    fmt::format("'{}' was changed or taken by another since it was listed: it stays", object.key));
    }
    return Value{{"objects", Value(std::move(objects))}, {"outputFiles", Value(std::move(files))}};
}

}  // namespace s3_transfer

plugin::TaskType s3_upload_type(const S3Family& family, const Settings& settings) {
    return s3_type(family, settings, "Upload", s3_transfer::upload)
        .title(fmt::format("Puts files of the internal storage into {}.", family.where))
        .description("Large files go in parts, in constant memory; a failure leaves nothing behind.")
        .example("Put a report there", R"(id: upload
namespace: company.team
tasks:
  - id: report
    type: io.kestra.plugin.core.storage.Write
    content: "id,amount\n1,10\n"
    extension: .csv
  - id: upload
)" + s3_example(family, "Upload",
                "from: \"{{ outputs.report.uri }}\"\nkey: reports/{{ execution.id }}.csv\ncontentType: "
                "text/csv\nmetadata:\n  flow: \"{{ flow.id }}\"\n"))
        .property("bucket", &S3Properties::bucket, "The bucket", plugin::required)
        .property("from", &S3Properties::from,
                  "Address of the file; a list, or names with addresses, puts several below the key", plugin::required)
        .property("key", &S3Properties::key,
                  "Key of the object; with a '/' at its end, the prefix before the file's name")
        .property("metadata", &S3Properties::metadata, "Kept with the object")
        .property("contentType", &S3Properties::content_type, "Content type of the object")
        .property("contentEncoding", &S3Properties::content_encoding, "Content encoding of the object")
        .property("contentDisposition", &S3Properties::content_disposition, "Content disposition of the object")
        .property("contentLanguage", &S3Properties::content_language, "Content language of the object")
        .property("cacheControl", &S3Properties::cache_control, "Cache control of the object")
        .property("storageClass", &S3Properties::storage_class, "STANDARD, STANDARD_IA, GLACIER …")
        .property("acl", &S3Properties::acl, "A canned access control list: private, public-read …")
        .property("tagging", &S3Properties::tagging, "Tags of the object")
        .property("serverSideEncryption", &S3Properties::server_side_encryption, "AES256 or aws:kms")
        .output("bucket", "The bucket", flow::Shape::Text)
        .output("key", "Key of the object", flow::Shape::Text)
        .output("eTag", "What the server calls this content", flow::Shape::Text)
        .output("versionId", "Where the bucket keeps versions", flow::Shape::Text);
}

plugin::TaskType s3_download_type(const S3Family& family, const Settings& settings) {
    return s3_type(family, settings, "Download", s3_transfer::download)
        .title(fmt::format("Takes an object of {} into the internal storage.", family.where))
        .description("It is streamed, whatever its size; a connection that breaks is taken up where it broke.")
        .example("Take an object and count its lines", R"(id: download
namespace: company.team
tasks:
  - id: file
)" + s3_example(family, "Download", "key: data/orders.csv\n") +
                                                           R"(  - id: count
    type: io.kestra.plugin.scripts.shell.Commands
    commands:
      - wc -l < {{ outputs.file.uri }}
)")
        .property("bucket", &S3Properties::bucket, "The bucket", plugin::required)
        .property("key", &S3Properties::key, "Key of the object", plugin::required)
        .property("versionId", &S3Properties::version_id, "Default: the latest")
        .output("uri", "Address in the internal storage", flow::Shape::Text)
        .output("contentLength", "Bytes", flow::Shape::Integer)
        .output("contentType", "Content type of the object", flow::Shape::Text)
        .output("metadata", "What was kept with the object", flow::Shape::Map)
        .output("eTag", "What the server calls this content", flow::Shape::Text)
        .output("versionId", "Where the bucket keeps versions", flow::Shape::Text);
}

plugin::TaskType s3_downloads_type(const S3Family& family, const Settings& settings) {
    S3Type type = s3_type(family, settings, "Downloads", s3_transfer::downloads);
    declare_s3_listing(type);
    declare_s3_action(type);
    return type.title(fmt::format("Takes objects of {} into the internal storage.", family.where))
        .description("When all are there, they are moved or deleted at their place, as `action` says.")
        .example("Take what is there, and put it into an archive", R"(id: downloads
namespace: company.team
tasks:
  - id: orders
)" + s3_example(family, "Downloads", "prefix: in/\nregexp: .*\\.csv\naction: MOVE\nmoveTo:\n  key: archive/\n"))
        .output("objects", "Each with key, uri (its address in the internal storage), etag, size, lastModified …",
                flow::Shape::List)
        .output("outputFiles", "Addresses by key", flow::Shape::Map);
}

}  // namespace sluice::tasks
