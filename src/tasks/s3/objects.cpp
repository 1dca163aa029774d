#include "plugin/fields.h"
#include "tasks/catalog.h"
#include "tasks/s3/s3_family.h"

namespace sluice::tasks {
namespace s3_objects {

using object_store::Client;
using object_store::Place;

Result<Value> list(const Client& client, const S3Properties& want, plugin::TaskContext& context) {
    const auto found = matching_objects(client, want);
    if (!found) return tl::unexpected(found.error());
    List out;
    for (const object_store::ObjectInfo& object : *found) out.push_back(object_output(want, object, ""));
    context.metric("size", "counter", static_cast<double>(out.size()));
    return Value{{"objects", Value(std::move(out))}};
}

Result<Place> place_of(const Value& value, const char* property) {
    Place out;
    plugin::Fields fields(value, property);
    fields.take("bucket", out.bucket).take("key", out.key).take("versionId", out.version);
    if (auto read = fields.done(); !read) return tl::unexpected(read.error());
    return out;
}

Result<Value> copy(const Client& client, const S3Properties& want, plugin::TaskContext&) {
    auto from = place_of(want.from, "from");
    if (!from) return tl::unexpected(from.error());
    auto to = place_of(want.to, "to");
    if (!to) return tl::unexpected(to.error());
    if (from->bucket.empty() || from->key.empty()) return invalid("property 'from': a bucket and a key are needed");
    if (to->bucket.empty()) to->bucket = from->bucket;
    if (to->key.empty()) to->key = from->key;
    if (to->bucket == from->bucket && to->key == from->key) return invalid("property 'to': it is the object itself");
    auto copied = client.copy(*from, *to);
    if (!copied) return tl::unexpected(copied.error());
    if (want.remove) {
        if (auto removed = client.remove(*from); !removed) return tl::unexpected(removed.error());
    }
    return Value{{"bucket", to->bucket},
                 {"key", to->key},
                 {"eTag", plain_etag(copied->etag)},
                 {"versionId", copied->version.empty() ? Value() : Value(copied->version)}};
}

Result<Value> remove(const Client& client, const S3Properties& want, plugin::TaskContext&) {
    bool marker = false;
    auto removed = client.remove({want.bucket, want.key, want.version_id}, &marker);
    if (!removed) return tl::unexpected(removed.error());
    return Value{{"versionId", removed->version.empty() ? Value() : Value(removed->version)},
                 {"deleteMarker", Value(marker)}};
}

Result<Value> remove_list(const Client& client, const S3Properties& want, plugin::TaskContext& context) {
    constexpr std::size_t kKeysAtOnce = 1000;
    const auto found = matching_objects(client, want);
    if (!found) return tl::unexpected(found.error());
    std::vector<std::string> keys;
    std::int64_t bytes = 0, count = 0;
    for (const object_store::ObjectInfo& object : *found) {
        if (object.is_prefix) continue;
        keys.push_back(object.key);
        bytes += static_cast<std::int64_t>(object.size_bytes);
        ++count;
        if (keys.size() < kKeysAtOnce) continue;
        if (auto removed = client.remove_many(want.bucket, keys); !removed) return tl::unexpected(removed.error());
        keys.clear();
    }
    if (auto removed = client.remove_many(want.bucket, keys); !removed) return tl::unexpected(removed.error());
    if (count == 0 && want.error_on_empty) {
        return not_found("bucket '{}' has no object that begins with '{}' and matches (errorOnEmpty)", want.bucket,
                         want.prefix);
    }
    context.metric("count", "counter", static_cast<double>(count));
    context.metric("size", "counter", static_cast<double>(bytes));
    return Value{{"count", Value(count)}, {"size", Value(bytes)}};
}

Result<Value> create_bucket(const Client& client, const S3Properties& want, plugin::TaskContext&) {
    net::Headers headers;
    if (!want.acl.empty()) headers.add("x-amz-acl", want.acl);
    if (auto made = client.create_bucket(want.bucket, headers); !made) return tl::unexpected(made.error());
    return Value{{"bucket", want.bucket}, {"region", want.region}};
}

}  // namespace s3_objects

plugin::TaskType s3_list_type(const S3Family& family, const Settings& settings) {
    S3Type type = s3_type(family, settings, "List", s3_objects::list);
    declare_s3_listing(type);
    return type.title(fmt::format("Lists objects of {}.", family.where))
        .description("By key, page by page, until there are `maxKeys`.")
        .example("List what there is", R"(id: list
namespace: company.team
tasks:
  - id: list
)" + s3_example(family, "List", "prefix: in/\nfilter: FILES\n") +
                                           R"(  - id: count
    type: io.kestra.plugin.core.log.Log
    message: "{{ outputs.list.objects | length }} objects"
)")
        .output("objects", "Each with key, etag, size, lastModified, storageClass …", flow::Shape::List);
}

plugin::TaskType s3_copy_type(const S3Family& family, const Settings& settings) {
    const std::vector<flow::Property> place{
        {.name = "bucket", .shape = flow::Shape::Text, .description = "The bucket"},
        {.name = "key", .shape = flow::Shape::Text, .description = "Key of the object"},
        {.name = "versionId", .shape = flow::Shape::Text, .description = "Default: the latest"}};
    std::string lines =
        "from:\n  bucket: my-bucket\n  key: in/orders.csv\nto:\n  key: archive/orders.csv\ndelete: true\n";
    std::string example = s3_example(family, "Copy", lines);
    example.erase(example.find("    bucket: my-bucket\n"), std::string("    bucket: my-bucket\n").size());
    return s3_type(family, settings, "Copy", s3_objects::copy)
        .title(fmt::format("Copies an object of {}.", family.where))
        .description("The server copies: nothing passes through here. Objects of more than 5 GiB can't be copied so.")
        .example("Put an object into the archive",
                 "id: copy\nnamespace: company.team\ntasks:\n  - id: copy\n" + example)
        .property("from", &S3Properties::from, "The object", plugin::required)
        .fields(place)
        .property("to", &S3Properties::to, "Where to; what is left out stays the same", plugin::required)
        .fields({place[0], place[1]})
        .property("delete", &S3Properties::remove, "The original is deleted then")
        .output("bucket", "The bucket", flow::Shape::Text)
        .output("key", "Key of the copy", flow::Shape::Text)
        .output("eTag", "What the server calls this content", flow::Shape::Text)
        .output("versionId", "Where the bucket keeps versions", flow::Shape::Text);
}

plugin::TaskType s3_delete_type(const S3Family& family, const Settings& settings) {
    return s3_type(family, settings, "Delete", s3_objects::remove)
        .title(fmt::format("Deletes an object of {}.", family.where))
        .description("It is no failure when it is not there: the server does not tell.")
        .example("Delete what was loaded", "id: delete\nnamespace: company.team\ntasks:\n  - id: delete\n" +
                                               s3_example(family, "Delete", "key: in/orders.csv\n"))
        .property("bucket", &S3Properties::bucket, "The bucket", plugin::required)
        .property("key", &S3Properties::key, "Key of the object", plugin::required)
        .property("versionId", &S3Properties::version_id,
                  "Default: the latest, which leaves a mark where the bucket keeps versions")
        .output("versionId", "Of what was deleted, or of the mark", flow::Shape::Text)
        .output("deleteMarker", "Whether there is a mark now", flow::Shape::Boolean);
}

plugin::TaskType s3_delete_list_type(const S3Family& family, const Settings& settings) {
    S3Type type = s3_type(family, settings, "DeleteList", s3_objects::remove_list);
    declare_s3_listing(type);
    return type.title(fmt::format("Deletes objects of {}.", family.where))
        .description("A thousand at once.")
        .example("Clean up", "id: clean_up\nnamespace: company.team\ntasks:\n  - id: delete\n" +
                                 s3_example(family, "DeleteList", "prefix: tmp/\n"))
        .property("errorOnEmpty", &S3Properties::error_on_empty, "It is a failure when there is none")
        .output("count", "How many", flow::Shape::Integer)
        .output("size", "Bytes", flow::Shape::Integer);
}

plugin::TaskType s3_create_bucket_type(const S3Family& family, const Settings& settings) {
    return s3_type(family, settings, "CreateBucket", s3_objects::create_bucket)
        .title(family.is_amazon ? "Makes a bucket of Amazon S3."
                                : "Makes a bucket of MinIO, or of anything that speaks S3.")
        .description("It is a failure when there is one of that name.")
        .example("Make a bucket", "id: create_bucket\nnamespace: company.team\ntasks:\n  - id: bucket\n" +
                                      s3_example(family, "CreateBucket", ""))
        .property("bucket", &S3Properties::bucket, "Its name", plugin::required)
        .property("acl", &S3Properties::acl, "A canned access control list: private, public-read …")
        .output("bucket", "Its name", flow::Shape::Text)
        .output("region", "Its region", flow::Shape::Text);
}

}  // namespace sluice::tasks
