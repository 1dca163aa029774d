#pragma once
/// What the server, the supervisor process and the guards say to each other. All three are the same binary, so the
/// messages are plain structs; only the request, which has no limit, goes as bytes in an anonymous file.
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "process/process.h"

namespace sluice::process {

/// Asks the supervisor process for a guard. Descriptors: see kDescriptors.
struct GuardRequest {
    std::uint32_t magic = 0x51a1ce;
};
enum Descriptor { kControl, kRequest, kInput, kOutput, kError, kDescriptors };

/// The server to a guard.
struct Order {
    enum class Kind : std::uint32_t {
        Terminate,  // SIGTERM, and SIGKILL after the grace period
        Kill,
        Fence,  // as Kill, and the report will say so
        Look,   // at the lease, which ends sooner than it did, or goes on after it was over
    } kind = Kind::Terminate;
    std::int64_t grace_us = 0;  // of Terminate
};

/// Where in a child's start something failed.
enum class Step : std::uint32_t { Guard, Cgroup, Fork, Directory, Limits, Program };

/// A guard to the server.
struct Report {
    enum class Kind : std::uint32_t {
        Started,    // the program runs
        Refused,    // it does not: step and error
        MainEnded,  // the main process has ended, others have not
        TreeEnded,  // all is over; the last report
    } kind = Kind::Started;
    std::int32_t pid = 0;
    Step step = Step::Guard;
    std::int32_t error = 0;
    std::int32_t wait_status = 0;
    bool out_of_memory = false;
    bool fenced = false;
    std::int32_t survivors = 0;
    std::int64_t wall_us = 0;
    std::int64_t user_us = 0;
    std::int64_t system_us = 0;
    std::int64_t peak_rss_bytes = 0;
};

/// A command as a guard gets it.
struct Request {
    Command command{};
    std::string cgroup_folder{};  // where it may make a cgroup; empty: nowhere
    bool cgroup_memory = false;   // which controllers that folder gives to its children
    bool cgroup_processes = false;
    bool cgroup_cpu = false;
};
std::string encode(const Request& request);
Request decode_request(std::string_view bytes);

/// Both ends of a connection that keeps messages apart.
/// Errors  OutsideError: no descriptors left
std::pair<FileDescriptor, FileDescriptor> connected_pair();

/// An anonymous file with these bytes, at its beginning.
/// Errors  OutsideError
FileDescriptor file_with(const char* name, std::string_view bytes);
std::string contents_of(int descriptor);

/// false: the other side is gone, or (with `error` in errno) it could not be sent. Never blocks for long: a message is
/// small, and the other side always reads. Never raises SIGPIPE.
bool send_bytes(int socket, const void* bytes, std::size_t size, std::span<const int> descriptors = {});
/// The size of the message; 0: the other side is gone; -1: nothing there, see errno.
long receive_bytes(int socket, void* bytes, std::size_t size, std::vector<FileDescriptor>* descriptors = nullptr);

template <class Message>
bool send_message(int socket, const Message& message, std::span<const int> descriptors = {}) {
    return send_bytes(socket, &message, sizeof(message), descriptors);
}

}  // namespace sluice::process
