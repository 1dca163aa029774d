#include "http/tls.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <fstream>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include "base/log.h"

namespace sluice::http {
namespace {

const Logger kTlsLog("http");
constexpr unsigned char kOurProtocol[] = "\x08http/1.1";
// With forward secrecy and authenticated encryption; those of TLS 1.3 are all of that kind.
constexpr const char* kCiphers = "ECDHE+AESGCM:ECDHE+CHACHA20";
constexpr const char* kSessionContext = "sluice";
constexpr Duration kSoon = std::chrono::hours(14 * 24);

/// What OpenSSL has to say, which is nothing more afterwards.
std::string reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* text = ERR_reason_error_string(code);
    return text != nullptr ? text : "no reason given";
}

Result<void> check_readable(const char* what, const std::string& file) {
    const std::ifstream in(file);
    if (in) return {};
    return not_found("the TLS {} {} can't be read: {}", what, file, std::strerror(errno));
}

/// Without it OpenSSL would ask at the terminal.
int give_password(char* buffer, int size, int, void* password) {
    const auto& text = *static_cast<const std::string*>(password);
    const int count = std::min(size, static_cast<int>(text.size()));
    std::memcpy(buffer, text.data(), static_cast<std::size_t>(count));
    return count;
}

int choose_protocol(SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
                    unsigned int offered_size, void*) {
    unsigned char* chosen = nullptr;
    const int found =
        SSL_select_next_proto(&chosen, size, kOurProtocol, sizeof kOurProtocol - 1, offered, offered_size);
    *out = chosen;
    return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_ALERT_FATAL;
}

std::shared_ptr<SSL_CTX> new_context() {
    std::shared_ptr<SSL_CTX> out(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    ensure(out != nullptr, "OpenSSL makes no context: {}", reason());
    SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(out.get(), kCiphers);
    // An end without a farewell is no attack here: HTTP says itself where a message ends.
    SSL_CTX_set_options(out.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE |
                                       SSL_OP_IGNORE_UNEXPECTED_EOF);
    SSL_CTX_set_mode(out.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    SSL_CTX_set_session_cache_mode(out.get(), SSL_SESS_CACHE_OFF);  // tickets do, and cost us no memory
    SSL_CTX_set_session_id_context(out.get(), reinterpret_cast<const unsigned char*>(kSessionContext),
                                   static_cast<unsigned int>(std::strlen(kSessionContext)));
    SSL_CTX_set_alpn_select_cb(out.get(), choose_protocol, nullptr);
    return out;
}

Result<void> take_certificate(SSL_CTX* context, const TlsConfig& config) {
    if (auto there = check_readable("certificate", config.certificate); !there) return there;
    if (auto there = check_readable("key", config.key); !there) return there;
    if (SSL_CTX_use_certificate_chain_file(context, config.certificate.c_str()) != 1)
        return invalid("the file {} has no certificate in PEM: {}", config.certificate, reason());
    std::string password = config.key_password;
    SSL_CTX_set_default_passwd_cb(context, give_password);
    SSL_CTX_set_default_passwd_cb_userdata(context, &password);
    const bool taken = SSL_CTX_use_PrivateKey_file(context, config.key.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    SSL_CTX_set_default_passwd_cb(context, nullptr);
    if (taken && SSL_CTX_check_private_key(context) == 1) return {};
    if (ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_VALUES_MISMATCH ||
        ERR_GET_REASON(ERR_peek_last_error()) == X509_R_KEY_TYPE_MISMATCH) {
        ERR_clear_error();
        return invalid("the key {} does not belong to the certificate {}", config.key, config.certificate);
    }
    return invalid("the file {} has no key in PEM that can be read{}: {}", config.key,
                   password.empty() ? "; an encrypted one needs its password" : " with that password", reason());
}

Result<void> take_client_authorities(SSL_CTX* context, const std::string& file) {
    if (file.empty()) return {};
    if (auto there = check_readable("client authorities file", file); !there) return there;
    STACK_OF(X509_NAME)* names = SSL_load_client_CA_file(file.c_str());
    if (names == nullptr || SSL_CTX_load_verify_locations(context, file.c_str(), nullptr) != 1)
        return invalid("the file {} has no certificates in PEM: {}", file, reason());
    SSL_CTX_set_client_CA_list(context, names);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    return {};
}

Timestamp time_of(const ASN1_TIME* at) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(at, &parts) != 1) return {};
    return Timestamp(std::chrono::seconds(timegm(&parts)));
}

/// Clients will refuse it; we go on all the same: what runs must not stand still because a date went by.
void tell_of_dates(const X509* certificate, const std::string& file) {
    const auto expires = time_of(X509_get0_notAfter(certificate));
    const Timestamp now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    const std::string when = to_iso(expires);
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        kTlsLog.error("tls.certificate_not_yet_valid", {{"file", file}});
    if (expires <= now)
        kTlsLog.error("tls.certificate_expired", {{"file", file}, {"expired_at", when}});
    else if (expires - now < kSoon)
        kTlsLog.warn("tls.certificate_expires_soon", {{"file", file}, {"expires_at", when}});
}

}  // namespace

Result<Tls::Loaded> Tls::read(const TlsConfig& config) {
    Loaded out;
    out.context = new_context();
    if (auto taken = take_certificate(out.context.get(), config); !taken) return tl::unexpected(taken.error());
    if (auto taken = take_client_authorities(out.context.get(), config.client_ca); !taken)
        return tl::unexpected(taken.error());
    const X509* certificate = SSL_CTX_get0_certificate(out.context.get());
    out.expires_at = time_of(X509_get0_notAfter(certificate));
    tell_of_dates(certificate, config.certificate);
    ERR_clear_error();
    return out;
}

Result<std::shared_ptr<Tls>> Tls::load(const TlsConfig& config) {
    auto out = std::make_shared<Tls>();
    if (auto done = out->reload(config); !done) return tl::unexpected(done.error());
    return out;
}

Result<void> Tls::reload(const TlsConfig& config) {
    auto read_now = read(config);
    if (!read_now) return tl::unexpected(read_now.error());
    loaded_.with([&](Loaded& loaded) { loaded = std::move(*read_now); });
    return {};
}

std::shared_ptr<ssl_ctx_st> Tls::context() const {
    return loaded_.with([](const Loaded& loaded) { return loaded.context; });
}

Timestamp Tls::expires_at() const {
    return loaded_.with([](const Loaded& loaded) { return loaded.expires_at; });
}

}  // namespace sluice::http
