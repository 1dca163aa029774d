#include "object_store/documents.h"

#include <pugixml.hpp>
#include <sstream>

#include "base/utf8.h"

namespace sluice::object_store {
namespace {

constexpr std::size_t kShownBytes = 500;
constexpr const char* kNamespace = "http://s3.amazonaws.com/doc/2006-03-01/";

std::string text_of(const pugi::xml_node& node, const char* child) {
    return node.child(child).text().as_string();
}

std::string written(const pugi::xml_document& document) {
    std::ostringstream out;
    document.save(out, "", pugi::format_raw);
    return out.str();
}

ErrorCode code_of(int status, const std::string& word) {
    if (word == "NoSuchBucket" || word == "NoSuchKey" || word == "NoSuchVersion" || word == "NoSuchUpload") {
        return ErrorCode::NotFound;
    }
    switch (status) {
        case 401:
        case 403:
            return ErrorCode::Forbidden;
        case 404:
            return ErrorCode::NotFound;
        case 409:
        case 412:
            return ErrorCode::Conflict;
        case 408:
        case 429:
            return ErrorCode::Unavailable;
        default:
            return status >= 500 ? ErrorCode::Unavailable : ErrorCode::Invalid;
    }
}

/// What to do about the refusals that people meet most.
std::string_view advice_for(const std::string& word) {
    if (word == "SignatureDoesNotMatch") return "; is the secret key right, and the region?";
    if (word == "InvalidAccessKeyId") return "; is accessKeyId right, and does it belong to this endpoint?";
    if (word == "AuthorizationHeaderMalformed" || word == "PermanentRedirect") return "; set the bucket's region";
    if (word == "RequestTimeTooSkewed") return "; the clock of this machine is wrong";
    if (word == "AccessDenied") return "; the credentials have no right to this";
    return "";
}

ObjectInfo object_of(const pugi::xml_node& node) {
    ObjectInfo out;
    out.key = text_of(node, "Key");
    out.size_bytes = node.child("Size").text().as_ullong();
    out.etag = text_of(node, "ETag");
    out.storage_class = text_of(node, "StorageClass");
    out.owner =
        node.child("Owner").child("DisplayName").text().as_string(node.child("Owner").child("ID").text().as_string());
    if (auto modified = parse_iso(text_of(node, "LastModified"))) out.modified = *modified;
    return out;
}

pugi::xml_node found(const pugi::xml_node& from, const char* name) {
    return from.find_node([&](const pugi::xml_node& node) { return std::string_view(node.name()) == name; });
}

}  // namespace

Error error_of(const net::Response& response, std::string_view body, const Place& place) {
    pugi::xml_document document;
    std::string word, message;
    if (document.load_buffer(body.data(), body.size())) {
        word = found(document, "Code").text().as_string();
        message = found(document, "Message").text().as_string();
    }
    const std::string what = place.key.empty() ? fmt::format("bucket '{}'", place.bucket)
                                               : fmt::format("'{}' in bucket '{}'", place.key, place.bucket);
    const ErrorCode code = code_of(response.code, word);
    if (word.empty() && response.code == 404) return {code, fmt::format("there is no {}", what)};
    if (message.empty()) message = utf8_prefix(body, kShownBytes);
    if (word.empty()) {
        const char* reason = response.code == 403 ? "the credentials have no right to it, or it is not there" : "";
        return {code, fmt::format("the object store answered {} for {}{}{}", response.code, what,
                                  message.empty() && *reason == '\0' ? "" : ": ", message.empty() ? reason : message)};
    }
    Error out{code, fmt::format("{}: {} ({}){}", what, message, word, advice_for(word))};
    out.kind = word;
    return out;
}

Result<ListPage> list_page_of(const std::string& xml) {
    pugi::xml_document document;
    const auto parsed = document.load_buffer(xml.data(), xml.size());
    const pugi::xml_node root = document.child("ListBucketResult");
    if (!parsed || !root) {
        return refuse(ErrorCode::Unavailable,
                      "the object store's list can't be read ({}): is the endpoint that of an S3 server?",
                      parsed ? "no ListBucketResult" : parsed.description());
    }
    ListPage out;
    for (const pugi::xml_node& node : root.children("Contents")) out.objects.push_back(object_of(node));
    for (const pugi::xml_node& node : root.children("CommonPrefixes")) {
        out.objects.push_back({.key = text_of(node, "Prefix"), .is_prefix = true});
    }
    std::sort(out.objects.begin(), out.objects.end(), [](const auto& a, const auto& b) { return a.key < b.key; });
    if (root.child("IsTruncated").text().as_bool()) {
        out.continuation = text_of(root, "NextContinuationToken");
        if (out.continuation.empty()) {
            return refuse(ErrorCode::Unavailable,
                          "the object store's list is cut off and does not say how it goes on: does the server know "
                          "lists of version 2?");
        }
    }
    return out;
}

std::string element_of(const std::string& xml, const char* name) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size())) return "";
    return found(document, name).text().as_string();
}

std::string removal_errors_of(const std::string& xml) {
    pugi::xml_document document;
    if (!document.load_buffer(xml.data(), xml.size()) || !document.child("DeleteResult")) {
        return fmt::format("the answer is no DeleteResult: {}", utf8_prefix(xml, kShownBytes));
    }
    std::string out;
    for (const pugi::xml_node& node : document.child("DeleteResult").children("Error")) {
        out += fmt::format("{}'{}': {} ({})", out.empty() ? "" : ", ", text_of(node, "Key"), text_of(node, "Message"),
                           text_of(node, "Code"));
    }
    return out;
}

std::string removal_document(const std::vector<std::string>& keys) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("Delete");
    root.append_attribute("xmlns") = kNamespace;
    root.append_child("Quiet").text() = "true";
    for (const std::string& key : keys) root.append_child("Object").append_child("Key").text() = key.c_str();
    return written(document);
}

std::string completion_document(const std::vector<std::string>& etags) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("CompleteMultipartUpload");
    root.append_attribute("xmlns") = kNamespace;
    int number = 0;
    for (const std::string& etag : etags) {
        pugi::xml_node part = root.append_child("Part");
        part.append_child("PartNumber").text() = ++number;
        part.append_child("ETag").text() = etag.c_str();
    }
    return written(document);
}

std::string location_document(const std::string& region) {
    pugi::xml_document document;
    pugi::xml_node root = document.append_child("CreateBucketConfiguration");
    root.append_attribute("xmlns") = kNamespace;
    root.append_child("LocationConstraint").text() = region.c_str();
    return written(document);
}

}  // namespace sluice::object_store
