#pragma once
#include "object_store/client.h"

/// The XML of S3.
namespace sluice::object_store {

/// What a refusal says, as one of our errors: "the bucket 'x' does not exist (NoSuchBucket)".
Error error_of(const net::Response& response, std::string_view body, const Place& place);

Result<ListPage> list_page_of(const std::string& xml);
/// The text of an element anywhere in the document; "" when there is none.
std::string element_of(const std::string& xml, const char* name);
/// Errors of a DeleteObjects answer, joined, or that it is none; "": all went well.
std::string removal_errors_of(const std::string& xml);

std::string removal_document(const std::vector<std::string>& keys);
std::string completion_document(const std::vector<std::string>& etags);
std::string location_document(const std::string& region);

}  // namespace sluice::object_store
