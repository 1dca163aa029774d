#include <array>
#include <openssl/evp.h>

#include "expr/builtin_tables.h"
#include "expr/encoding.h"
#include "expr/session.h"
#include "expr/text_forms.h"
#include "expr/unicode.h"

namespace sluice::expr {
namespace {

Value base64encode(Call& call) {
    return Value(base64_of(java_text_of(call.input(), call.session())));
}

Value base64decode(Call& call) {
    auto decoded = from_base64(call.text_input());
    if (!decoded) throw failure(FailureKind::Base64Error, "the text is no base64");
    return Value(std::move(*decoded));
}

Value urlencode(Call& call) {
    return Value(url_encoded(call.text_input()));
}

Value urldecode(Call& call) {
    auto decoded = url_decoded(call.text_input());
    if (!decoded)
        throw failure(FailureKind::UrlDecodeError, "a '%' in the text is not followed by two hexadecimal digits");
    return Value(std::move(*decoded));
}

Value digest(Call& call, const EVP_MD* algorithm) {
    const std::string& text = call.text_input();
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
    unsigned int length = 0;
    if (EVP_Digest(text.data(), text.size(), bytes.data(), &length, algorithm, nullptr) != 1) {
        throw failure(FailureKind::CryptoError, "filter '{}': the digest could not be computed", call.name());
    }
    return Value(hexadecimal({reinterpret_cast<const char*>(bytes.data()), length}));
}

Value md5(Call& call) {
    return digest(call, EVP_md5());
}
Value sha1(Call& call) {
    return digest(call, EVP_sha1());
}
Value sha256(Call& call) {
    return digest(call, EVP_sha256());
}
Value sha512(Call& call) {
    return digest(call, EVP_sha512());
}

constexpr BuiltinRow kFiltersEncoding[] = {
    {"base64encode", "", base64encode, "The text in base64"},
    {"base64decode", "", base64decode, "The text that this base64 stands for"},
    {"urlencode", "", urlencode, "The text as a part of a form or a query"},
    {"urldecode", "", urldecode, "The text that this part of a form or a query stands for"},
    {"md5", "", md5, "The MD5 digest, in hexadecimal digits"},
    {"sha1", "", sha1, "The SHA-1 digest, in hexadecimal digits"},
    {"sha256", "", sha256, "The SHA-256 digest, in hexadecimal digits"},
    {"sha512", "", sha512, "The SHA-512 digest, in hexadecimal digits"},
};

}  // namespace

const std::span<const BuiltinRow> kEncodingFilters = kFiltersEncoding;

}  // namespace sluice::expr
