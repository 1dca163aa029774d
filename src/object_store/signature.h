#pragma once
#include <string>
#include <string_view>

#include "base/time.h"
#include "net/message.h"

namespace sluice::object_store {

struct Credentials {
    std::string access_key{};  // empty: requests go out unsigned, for public buckets
    std::string secret_key{};
    std::string session_token{};
};

std::string lower_case(std::string_view text);
std::string sha256_hex(std::string_view bytes);
std::string md5_base64(std::string_view bytes);

/// Percent-encoded as signatures want it: everything but A-Z a-z 0-9 - . _ ~ and, in paths, '/'.
std::string encoded(std::string_view text, bool is_path);

/// Adds host, date, the hash of the body and Authorization (AWS signature version 4) to a request. Its URL is made of
/// encoded() parts, and its body a text or nothing.
/// Source  "Authenticating Requests (AWS Signature Version 4)" of the S3 API reference
void sign(net::Request& request, const Credentials& credentials, const std::string& region, Timestamp now,
          std::string_view service = "s3");

}  // namespace sluice::object_store
