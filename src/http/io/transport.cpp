#include "http/io/transport.h"

#include <array>
#include <cerrno>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

namespace sluice::http {
namespace {

constexpr std::size_t kRecord = 16 * 1024;  // the most that one record of TLS holds

class PlainTransport final : public Transport {
  public:
    explicit PlainTransport(int socket) : socket_(socket) {}

    ssize_t receive(std::span<char> buffer, bool peek) override {
        return ::recv(socket_, buffer.data(), buffer.size(), peek ? MSG_PEEK : 0);
    }
    ssize_t send(std::span<const iovec> pieces, bool more) override {
        msghdr message{};
        message.msg_iov = const_cast<iovec*>(pieces.data());  // sendmsg only reads from it
        message.msg_iovlen = pieces.size();
        return ::sendmsg(socket_, &message, MSG_NOSIGNAL | MSG_DONTWAIT | (more ? MSG_MORE : 0));
    }
    ssize_t send_file(const FilePiece& piece, std::uint64_t from, std::size_t size) override {
        auto offset = static_cast<off_t>(from);
        return ::sendfile(socket_, piece.file->descriptor(), &offset, size);
    }
    void finish() override { ::shutdown(socket_, SHUT_WR); }
    bool is_coupled() const override { return false; }

  private:
    const int socket_;
};

/// The handshake is part of the first read or write: OpenSSL goes on with it in whichever is called. So its time is
/// that of the first header (Timeouts::header), and needs no limit of its own.
class TlsTransport final : public Transport {
  public:
    TlsTransport(int socket, const Tls& tls)
        : socket_(socket), context_(tls.context()), ssl_(SSL_new(context_.get()), SSL_free) {
        ensure(ssl_ && SSL_set_fd(ssl_.get(), socket) == 1, "OpenSSL takes no more connections");
        SSL_set_accept_state(ssl_.get());
    }

    ssize_t receive(std::span<char> buffer, bool peek) override {
        if (is_new_ && !begins_with_tls()) return -1;
        ERR_clear_error();
        std::size_t count = 0;
        const int done = peek ? SSL_peek_ex(ssl_.get(), buffer.data(), buffer.size(), &count)
                              : SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &count);
        return outcome(done, count);
    }

    ssize_t send(std::span<const iovec> pieces, bool) override {
        return write(pieces.front().iov_base, std::min(pieces.front().iov_len, kRecord));
    }

    ssize_t send_file(const FilePiece& piece, std::uint64_t from, std::size_t size) override {
        std::array<char, kRecord> buffer;
        const ssize_t count =
            ::pread(piece.file->descriptor(), buffer.data(), std::min(size, buffer.size()), static_cast<off_t>(from));
        return count <= 0 ? count : write(buffer.data(), static_cast<std::size_t>(count));
    }

    void finish() override {
        ERR_clear_error();
        if (!failed_ && SSL_is_init_finished(ssl_.get()) != 0) SSL_shutdown(ssl_.get());
        ERR_clear_error();
        ::shutdown(socket_, SHUT_WR);
    }

    bool is_coupled() const override { return true; }

  private:
    /// false, with errno: nothing has come yet, or a request in plain HTTP
    bool begins_with_tls() {
        char first = 0;
        if (::recv(socket_, &first, 1, MSG_PEEK) < 0) return false;
        if (first >= 'A' && first <= 'Z') {
            errno = EPROTOTYPE;
            return false;
        }
        is_new_ = false;
        return true;
    }

    ssize_t write(const void* bytes, std::size_t size) {
        ERR_clear_error();
        std::size_t count = 0;
        const int done = SSL_write_ex(ssl_.get(), bytes, size, &count);
        return outcome(done, count);
    }

    ssize_t outcome(int done, std::size_t count) {
        if (done == 1) return static_cast<ssize_t>(count);
        switch (SSL_get_error(ssl_.get(), done)) {
            case SSL_ERROR_WANT_READ:
            case SSL_ERROR_WANT_WRITE:
                errno = EAGAIN;
                return -1;
            case SSL_ERROR_ZERO_RETURN:
                return 0;
            default:
                failed_ = true;
                ERR_clear_error();
                errno = EPROTO;
                return -1;
        }
    }

    const int socket_;
    const std::shared_ptr<SSL_CTX> context_;
    const std::unique_ptr<SSL, void (*)(SSL*)> ssl_;
    bool is_new_ = true;
    bool failed_ = false;
};

}  // namespace

std::unique_ptr<Transport> plain_transport(int socket) {
    return std::make_unique<PlainTransport>(socket);
}

std::unique_ptr<Transport> tls_transport(int socket, const Tls& tls) {
    return std::make_unique<TlsTransport>(socket, tls);
}

}  // namespace sluice::http
