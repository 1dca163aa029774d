#include "unit/net/loopback_server.h"

#include <algorithm>
#include <cstring>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sstream>
#include <stdexcept>
#include <sys/socket.h>

#include "net/message.h"

namespace sluice::test {
namespace {

void must(bool holds, const char* what) {
    if (!holds) throw std::runtime_error(what);
}

/// A key and a certificate of its own for 127.0.0.1.
std::string certify(SSL_CTX* context) {
    std::string curve = "P-256";
    const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve.data()),
                                                             EVP_PKEY_free);
    const std::unique_ptr<X509, void (*)(X509*)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("loopback"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_EXTENSION* names = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1");
    X509_add_ext(certificate.get(), names, -1);
    X509_EXTENSION_free(names);
    must(X509_sign(certificate.get(), key.get(), EVP_sha256()) != 0, "no signature");
    must(SSL_CTX_use_certificate(context, certificate.get()) == 1, "no certificate");
    must(SSL_CTX_use_PrivateKey(context, key.get()) == 1, "no key");
    const std::unique_ptr<BIO, int (*)(BIO*)> memory(BIO_new(BIO_s_mem()), BIO_free);
    PEM_write_bio_X509(memory.get(), certificate.get());
    char* text = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

Seen parse_head(const std::string& head) {
    Seen out{.text = head};
    std::istringstream lines(head);
    std::string line;
    std::getline(lines, line);
    std::istringstream(line) >> out.method >> out.target;
    while (std::getline(lines, line) && line != "\r") {
        const std::size_t colon = line.find(':');
        const std::size_t value = line.find_first_not_of(' ', colon + 1);
        out.headers[lower(line.substr(0, colon))] = line.substr(value, line.find('\r') - value);
    }
    return out;
}

}  // namespace

std::string response(const std::string& status, const std::string& body, const std::string& header_lines) {
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + header_lines +
           "\r\n" + body;
}

/// A connection that reads whole requests; throws when the client has gone.
class LoopbackServer::Connection {
  public:
    Connection(int socket, SSL_CTX* context) : socket_(socket), tls_(nullptr, SSL_free) {
        if (context == nullptr) return;
        tls_.reset(SSL_new(context));
        SSL_set_fd(tls_.get(), socket);
        must(SSL_accept(tls_.get()) == 1, "no TLS");
    }

    Seen request() {
        while (buffer_.find("\r\n\r\n") == std::string::npos) fill();
        Seen out = parse_head(take(buffer_.find("\r\n\r\n") + 4));
        if (out.headers["expect"] == "100-continue") send("HTTP/1.1 100 Continue\r\n\r\n");
        if (out.headers["transfer-encoding"] == "chunked") {
            while (const std::size_t size = std::stoul(take_line(), nullptr, 16)) {
                out.body += take(size);
                take_line();
            }
            take_line();
        } else if (out.headers.contains("content-length")) {
            out.body = take(std::stoul(out.headers["content-length"]));
        }
        return out;
    }

    void send(const std::string& bytes) {
        std::size_t done = 0;
        while (done < bytes.size()) {
            const char* from = bytes.data() + done;
            const std::size_t size = bytes.size() - done;
            const long n =
                tls_ ? SSL_write(tls_.get(), from, static_cast<int>(size)) : ::send(socket_, from, size, MSG_NOSIGNAL);
            must(n > 0, "the client has gone");
            done += static_cast<std::size_t>(n);
        }
    }

    /// Until the client closes.
    void drain() {
        for (;;) fill();
    }

  private:
    void fill() {
        std::array<char, 65536> part{};
        const long n =
            tls_ ? SSL_read(tls_.get(), part.data(), part.size()) : ::recv(socket_, part.data(), part.size(), 0);
        must(n > 0, "the client has gone");
        buffer_.append(part.data(), static_cast<std::size_t>(n));
    }
    std::string take(std::size_t size) {
        while (buffer_.size() < size) fill();
        std::string out = buffer_.substr(0, size);
        buffer_.erase(0, size);
        return out;
    }
    std::string take_line() {
        while (buffer_.find("\r\n") == std::string::npos) fill();
        return take(buffer_.find("\r\n") + 2);
    }

    int socket_;
    std::unique_ptr<SSL, void (*)(SSL*)> tls_;
    std::string buffer_{};
};

LoopbackServer::LoopbackServer(Handler handler, Tls tls) : handler_(std::move(handler)), tls_(nullptr, SSL_CTX_free) {
    if (tls == Tls::On) {
        tls_.reset(SSL_CTX_new(TLS_server_method()));
        certificate_ = certify(tls_.get());
    }
    listener_.reset(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    must(::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0, "no port");
    must(::listen(listener_.get(), 16) == 0, "no listener");
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::jthread([this] { accept_all(); });
}

LoopbackServer::~LoopbackServer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    acceptor_.join();
    open_.with([](const std::vector<int>& sockets) {
        for (const int socket : sockets) ::shutdown(socket, SHUT_RDWR);
    });
    connections_.clear();
}

std::string LoopbackServer::url(const std::string& target) const {
    return (tls_ ? "https" : "http") + std::string("://127.0.0.1:") + std::to_string(port_) + target;
}

std::vector<Seen> LoopbackServer::seen() const {
    return seen_.with([](const std::vector<Seen>& seen) { return seen; });
}

void LoopbackServer::wait_for_close() {
    std::unique_lock lock(mutex_);
    must(changed_.wait_for(lock, std::chrono::seconds{20}, [this] { return closed_ > 0; }), "no connection was closed");
}

void LoopbackServer::accept_all() {
    for (int number = 1;; ++number) {
        FileDescriptor socket(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!socket) return;
        open_.with([&](std::vector<int>& sockets) { sockets.push_back(socket.get()); });
        connections_.emplace_back([this, number, s = std::move(socket)]() mutable { serve(std::move(s), number); });
    }
}

void LoopbackServer::serve(FileDescriptor socket, int number) {
    try {
        Connection connection(socket.get(), tls_.get());
        for (bool open = true; open;) {
            Seen request = connection.request();
            request.connection = number;
            seen_.with([&](std::vector<Seen>& seen) { seen.push_back(request); });
            const Reply reply = handler_(request);
            connection.send(reply.bytes);
            if (reply.then_hang) connection.drain();
            open = !reply.then_close;
        }
    } catch (const std::runtime_error&) {  // the client has gone, which some tests are about
    }
    open_.with([&](std::vector<int>& sockets) { std::erase(sockets, socket.get()); });
    socket.reset();
    {
        const std::lock_guard lock(mutex_);
        ++closed_;
    }
    changed_.notify_all();
}

}  // namespace sluice::test
