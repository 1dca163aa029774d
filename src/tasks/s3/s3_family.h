#pragma once
#include "object_store/client.h"
#include "plugin/task_type.h"
#include "tasks/settings.h"

namespace sluice::tasks {

/// Two names for one thing: aws.s3.* asks Amazon unless told another endpoint, minio.* needs one.
struct S3Family {
    const char* prefix;   // "aws.s3."
    const char* where;    // "a bucket of Amazon S3"
    const char* example;  // lines of a task that say where
    bool is_amazon;
};
const std::vector<S3Family>& s3_families();

struct S3Properties {
    // Where
    std::string endpoint;
    std::string region;
    std::string access_key_id;
    std::string secret_key_id;
    std::string session_token;
    std::optional<bool> force_path_style;
    bool insecure_trust_all_certificates = false;
    std::string ca;
    std::string bucket;
    // What
    std::string key;
    std::string version_id;
    Value from;
    Value to;
    std::map<std::string, std::string> metadata;
    std::string content_type;
    std::string content_encoding;
    std::string content_disposition;
    std::string content_language;
    std::string cache_control;
    std::string storage_class;
    std::string acl;
    std::map<std::string, std::string> tagging;
    std::string server_side_encryption;
    bool remove = false;
    // Lists
    std::string prefix;
    std::string delimiter;
    std::string marker;
    std::int64_t max_keys = 1000;
    std::string regexp;
    std::string filter = "BOTH";
    bool error_on_empty = false;
    std::string action = "NONE";
    Value move_to;
    std::string interval = "PT60S";
    std::string on = "CREATE_OR_UPDATE";
};

using S3Type = plugin::TaskTypeMaker<S3Properties>;
S3Type s3_type(const S3Family& family, const char* name, S3Type::Run run);
/// A type whose code needs the family and the settings too.
S3Type s3_type(const S3Family& family, const Settings& settings, const char* name,
               Result<Value> (*run)(const object_store::Client&, const S3Properties&, plugin::TaskContext&));
std::string s3_example(const S3Family& family, const char* name, const std::string& lines);

/// Errors  Invalid: no endpoint where one is needed
Result<object_store::Client> s3_client(const S3Family& family, const S3Properties& want, const Settings& settings,
                                       plugin::TaskContext& context);

/// What prefix, delimiter, regexp and filter select, at most maxKeys.
Result<std::vector<object_store::ObjectInfo>> matching_objects(const object_store::Client& client,
                                                               const S3Properties& want);
/// `uri`: its address when it was downloaded, else "".
Value object_output(const S3Properties& want, const object_store::ObjectInfo& object, const std::string& uri);
/// Copies an object into the internal storage. Returns its address.
Result<std::string> download_object(const object_store::Client& client, const object_store::Place& place,
                                    plugin::TaskContext& context, object_store::ObjectInfo* info = nullptr);
/// MOVE to moveTo, DELETE or NONE.
Result<void> check_action(const S3Properties& want);
/// false: the object is not there any more, or another one has its key by now, which nobody has taken: that stays.
Result<bool> act_on(const object_store::Client& client, const S3Properties& want,
                    const object_store::ObjectInfo& taken);
/// etag without its quotes
std::string plain_etag(const std::string& etag);

void declare_s3_listing(S3Type& type);
void declare_s3_action(S3Type& type);

}  // namespace sluice::tasks
