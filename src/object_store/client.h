#pragma once
/// Amazon S3, and what speaks like it (MinIO, Ceph, R2 …).
///
/// Promises
///  - Memory is constant whatever the size of an object: one part is held while it is sent.
///  - An object shows as a whole or not at all. What a killed process had uploaded of one stays on the server as an
///    unfinished upload, which a lifecycle rule of the bucket removes; who fails or is stopped removes it at once.
///  - What may be repeated is, when the server is busy or the connection breaks: three times in all.
///  - Credentials come from the caller only: neither files nor the metadata service of a cloud are asked.
#include <functional>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "net/client.h"
#include "object_store/signature.h"

namespace sluice::object_store {

struct ClientConfig {
    std::string endpoint{};  // "https://minio.example.com:9000"; empty: Amazon's, of the region
    std::string region = "us-east-1";
    Credentials credentials{};
    bool path_style = false;  // the bucket in the path, not in the host's name
    net::Options options{};
    std::function<Timestamp()> clock{};    // of signatures; empty: the system's
    Duration pause_before_repeat = 200ms;  // doubled each time
};

struct Place {
    std::string bucket{};
    std::string key{};
    std::string version{};  // empty: the latest
};

struct ObjectInfo {
    std::string key{};
    bool is_prefix = false;  // what stands for several, up to the delimiter
    std::uint64_t size_bytes = 0;
    std::string etag{};  // with its quotes
    std::optional<Timestamp> modified{};
    std::string storage_class{};
    std::string content_type{};
    std::string version{};
    std::map<std::string, std::string> metadata{};
    std::string owner{};
};

struct ListRequest {
    std::string bucket{};
    std::string prefix{};
    std::string delimiter{};
    std::string start_after{};
    std::string continuation{};
    std::int64_t most = 1000;
};
struct ListPage {
    std::vector<ObjectInfo> objects{};
    std::string continuation{};  // empty: that was all
};

struct Written {
    std::string etag{};
    std::string version{};
};

/// Threads  one; it is cheap to make
class Client {
  public:
    Client(net::Client& http, ClientConfig config, std::stop_token stop);

    // Errors  all: NotFound: no such bucket or object; Forbidden: the credentials; Conflict; Invalid: what the server
    //         finds wrong with the request; Unavailable, Timeout: after the last try; Cancelled
    Result<ObjectInfo> head(const Place& place) const;
    /// Bytes from `first` on, at most `length`; of the object with this etag, if one is given.
    /// Errors  Conflict: it is another one by now
    Result<std::string> get(const Place& place, std::uint64_t first, std::uint64_t length, const std::string& etag,
                            ObjectInfo* info = nullptr) const;
    /// All of it, in order; a connection that breaks is taken up where it broke.
    Result<ObjectInfo> download(const Place& place, const std::function<Result<void>(std::string_view)>& take) const;
    Result<Written> put(const Place& place, std::string bytes, const net::Headers& headers) const;
    Result<ListPage> list(const ListRequest& request) const;
    /// All pages, up to `most` objects.
    Result<std::vector<ObjectInfo>> list_all(ListRequest request, std::size_t most) const;
    Result<Written> copy(const Place& from, const Place& to, const net::Headers& headers = {}) const;
    /// Returns the version that was removed or is the delete marker; removing what is not there is no error.
    Result<Written> remove(const Place& place, bool* delete_marker = nullptr) const;
    /// At most 1000 keys.
    Result<void> remove_many(const std::string& bucket, const std::vector<std::string>& keys) const;
    Result<void> create_bucket(const std::string& bucket, const net::Headers& headers) const;

    // Uploads in parts
    Result<std::string> begin_upload(const Place& place, const net::Headers& headers) const;
    Result<std::string> put_part(const Place& place, const std::string& upload, int number,
                                 const std::string& bytes) const;
    Result<Written> complete_upload(const Place& place, const std::string& upload,
                                    const std::vector<std::string>& etags) const;
    void abort_upload(const Place& place, const std::string& upload) const;

  private:
    struct Call;
    net::Request request_for(const Call& call) const;
    Result<net::Response> send(const Call& call) const;
    Result<net::Response> send(const Call& call, const net::Receiver& receiver) const;
    Result<net::Response> repeated(const std::function<Result<net::Response>()>& once) const;
    std::string url_of(const Call& call) const;

    net::Client& http_;
    ClientConfig config_;
    std::stop_token stop_;
};

}  // namespace sluice::object_store
