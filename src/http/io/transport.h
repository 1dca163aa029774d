#pragma once
#include <memory>
#include <span>
#include <sys/types.h>
#include <sys/uio.h>

#include "http/response.h"
#include "http/tls.h"

namespace sluice::http {

/// How the bytes of a connection go over its socket: as they are, or encrypted. Calls never wait; they answer as the
/// system's do: a count, 0 for the end, or -1 with errno, EAGAIN when nothing can be done now.
/// Threads  the connection's loop
class Transport {
  public:
    virtual ~Transport() = default;

    /// With `peek` what is received comes again the next time; it is asked of one byte only.
    /// errno EPROTOTYPE: the client speaks HTTP where TLS is spoken; nothing has been taken yet
    virtual ssize_t receive(std::span<char> buffer, bool peek) = 0;
    /// `more`: something follows at once. A call after EAGAIN must begin with the same bytes.
    virtual ssize_t send(std::span<const iovec> pieces, bool more) = 0;
    virtual ssize_t send_file(const FilePiece& piece, std::uint64_t from, std::size_t size) = 0;
    /// No more is sent.
    virtual void finish() = 0;
    /// Either direction may wait for the other one.
    virtual bool is_coupled() const = 0;
};

std::unique_ptr<Transport> plain_transport(int socket);
std::unique_ptr<Transport> tls_transport(int socket, const Tls& tls);

}  // namespace sluice::http
