#include <filesystem>
#include <fstream>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "base/id.h"
#include "support/test.h"
#include "unit/http/client.h"

using namespace sluice;
using namespace sluice::http;
using namespace sluice::http::test;

namespace {

using sluice::test::contains;
using sluice::test::failure;
using sluice::test::ok;

/// A key and a certificate for it that lasts an hour, in a folder that goes with it.
class TlsFiles {
  public:
    TlsFiles() : folder_(std::filesystem::temp_directory_path() / fmt::format("sluice-tls-{:x}", random_bits())) {
        std::filesystem::create_directory(folder_);
        make("one");
    }
    ~TlsFiles() { std::filesystem::remove_all(folder_); }
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    void make(const std::string& name, const char* password = nullptr) const {
        std::string curve = "P-256";
        const std::shared_ptr<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()), EVP_PKEY_free);
        const std::shared_ptr<X509> certificate(X509_new(), X509_free);
        X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
        X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
        X509_set_pubkey(certificate.get(), key.get());
        X509_sign(certificate.get(), key.get(), EVP_sha256());
        const std::shared_ptr<BIO> out(BIO_new_file(path(name + ".pem").c_str(), "w"), BIO_free);
        PEM_write_bio_X509(out.get(), certificate.get());
        const std::shared_ptr<BIO> secret(BIO_new_file(path(name + ".key").c_str(), "w"), BIO_free);
        PEM_write_bio_PrivateKey(secret.get(), key.get(), password != nullptr ? EVP_aes_256_cbc() : nullptr, nullptr, 0,
                                 nullptr, const_cast<char*>(password));
    }
    std::string path(const std::string& name) const { return (folder_ / name).string(); }
    TlsConfig of(const std::string& certificate, const std::string& key) const {
        return {.certificate = path(certificate + ".pem"), .key = path(key + ".key")};
    }

  private:
    std::filesystem::path folder_;
};

Router a_greeter() {
    Router router;
    router.get("/", [](const Request&) { return Response::text("here"); }).run(Runs::Inline);
    return router;
}

}  // namespace

TEST_CASE("whoever speaks plain HTTP to TLS is told so") {
    const TlsFiles files;
    const TestServer test(a_greeter(), {.tls = files.of("one", "one")});
    Client client = test.connect();
    client.send(get_request("/"));
    const auto reply = client.reply();
    REQUIRE(reply.has_value());
    CHECK(reply->status == 400);
    CHECK(contains(reply->body, "https://"));
    CHECK(client.at_end());
    CHECK(test.server.counters().requests == 0);
}

TEST_CASE("a handshake that is never finished, or is none, costs its client the connection") {
    const TlsFiles files;
    const TestServer test(a_greeter(), {.tls = files.of("one", "one"), .timeouts = {.header = 50ms}});
    Client silent = test.connect(), stalls = test.connect(), garbage = test.connect();
    stalls.send(std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11));  // begins a hello of 508 bytes
    garbage.send(std::string("\x00\xff\x00\xff", 4) + std::string(2000, '\x80'));
    for (Client* one : {&silent, &stalls, &garbage}) one->read_to_end();
    CHECK(eventually([&] { return test.server.counters().open_connections == 0; }));
}

TEST_CASE("what is wrong with the files of TLS is said with their names") {
    const TlsFiles files;
    files.make("two");
    files.make("locked", "opens it");
    std::ofstream(files.path("empty.pem")) << "";
    std::ofstream(files.path("empty.key")) << "";
    const auto wrong = [&](const std::string& certificate, const std::string& key) {
        return failure(Tls::load(files.of(certificate, key))).message;
    };
    CHECK(contains(wrong("none", "one"), "none.pem can't be read: No such file"));
    CHECK(contains(wrong("one", "none"), "none.key can't be read: No such file"));
    CHECK(contains(wrong("empty", "one"), "no certificate in PEM"));
    CHECK(contains(wrong("one", "empty"), "no key in PEM"));
    CHECK(contains(wrong("one", "two"), "two.key does not belong to the certificate"));
    CHECK(contains(wrong("locked", "locked"), "needs its password"));
    TlsConfig locked = files.of("locked", "locked");
    locked.key_password = "no";
    CHECK(contains(failure(Tls::load(locked)).message, "with that password"));
    locked.key_password = "opens it";
    locked.client_ca = files.path("empty.pem");
    CHECK(contains(failure(Tls::load(locked)).message, "no certificates in PEM"));
    locked.client_ca.clear();
    CHECK(ok(Tls::load(locked))->context() != nullptr);
}

TEST_CASE("a wrong change of certificates is refused, and what was there stays") {
    const TlsFiles files;
    files.make("two");
    const auto tls = ok(Tls::load(files.of("one", "one")));
    const auto first = tls->context();
    CHECK_FALSE(tls->reload(files.of("one", "two")).has_value());
    CHECK(tls->context() == first);
    CHECK(tls->reload(files.of("two", "two")).has_value());
    CHECK(tls->context() != first);
}
