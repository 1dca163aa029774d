#include "support/pooler.h"

#include <arpa/inet.h>
#include <csignal>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file_descriptor.h"
#include "support/test.h"

namespace sluice::test {
namespace {

sockaddr_in loopback(int port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int free_port() {
    const FileDescriptor socket_(socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(getsockname(socket_.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    return ntohs(address.sin_port);
}

bool answers(int port) {
    const FileDescriptor socket_(socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(port);
    return connect(socket_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

/// The first words of a libpq string: without the database and the user, which clients name.
std::string host_of(const std::string& server) { return server.substr(0, server.find(" user=")); }

}  // namespace

Pooler::Pooler(std::filesystem::path folder, const std::string& server) : folder_(std::move(folder)), port_(free_port()) {
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "users.txt") << "\"sluice\" \"\"\n";
    std::ofstream(folder_ / "pgbouncer.ini") << "[databases]\n* = " << host_of(server) << "\n[pgbouncer]\n"
                                             << "listen_addr = 127.0.0.1\nlisten_port = " << port_ << "\n"
                                             << "unix_socket_dir =\nauth_type = trust\nauth_file = "
                                             << (folder_ / "users.txt").string() << "\npool_mode = transaction\n"
                                             << "max_client_conn = 500\ndefault_pool_size = 8\nlogfile = "
                                             << (folder_ / "log").string() << "\n";
    std::filesystem::permissions(folder_, std::filesystem::perms::all);
    const std::string settings = (folder_ / "pgbouncer.ini").string();
    pid_ = fork();
    if (pid_ == 0) {
        if (geteuid() == 0) {  // it refuses root
            execlp("pgbouncer", "pgbouncer", "-q", "-u", "postgres", settings.c_str(), nullptr);
        } else {
            execlp("pgbouncer", "pgbouncer", "-q", settings.c_str(), nullptr);
        }
        _exit(127);
    }
    REQUIRE_MESSAGE(eventually([this] { return answers(port_); }), "no pgbouncer, see ", (folder_ / "log").string());
}

Pooler::~Pooler() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
}

std::string Pooler::url(const std::string& database) const {
    return "host=127.0.0.1 port=" + std::to_string(port_) + " user=sluice dbname=" + database;
}

}  // namespace sluice::test
