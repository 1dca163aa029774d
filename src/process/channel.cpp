#include "process/channel.h"

#include <cerrno>
#include <cstring>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace sluice::process {
namespace {

class Encoder {
  public:
    void put(std::uint64_t number) { bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number)); }
    void put(std::string_view text) {
        put(text.size());
        bytes_ += text;
    }
    void put(const std::optional<std::uint64_t>& number) {
        put(std::uint64_t{number.has_value()});
        put(number.value_or(0));
    }
    std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_{};
};

class Decoder {
  public:
    explicit Decoder(std::string_view bytes) : rest_(bytes) {}
    std::uint64_t number() {
        std::uint64_t out = 0;
        std::memcpy(&out, next(sizeof(out)).data(), sizeof(out));
        return out;
    }
    std::string text() {
        const std::uint64_t size = number();
        return std::string(next(size));
    }
    std::optional<std::uint64_t> maybe() {
        const bool there = number() != 0;
        const std::uint64_t value = number();
        return there ? std::optional(value) : std::nullopt;
    }

  private:
    std::string_view next(std::uint64_t size) {
        ensure(size <= rest_.size(), "a request to a guard ends {} bytes early", size - rest_.size());
        const std::string_view out = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return out;
    }
    std::string_view rest_;
};

std::optional<std::uint64_t> thousandths(std::optional<double> number) {
    if (!number) return {};
    return static_cast<std::uint64_t>(*number * 1000);
}

}  // namespace

std::string encode(const Request& request) {
    const Command& command = request.command;
    Encoder out;
    out.put(command.arguments.size());
    for (const std::string& argument : command.arguments) out.put(argument);
    out.put(command.environment.size());
    for (const auto& [name, value] : command.environment) out.put(name + "=" + value);
    out.put(command.directory);
    out.put(static_cast<std::uint64_t>(command.linger.count()));
    out.put(command.limits.memory_bytes);
    out.put(command.limits.address_space_bytes);
    out.put(command.limits.processes);
    out.put(thousandths(command.limits.cpus));
    out.put(command.limits.cpu_seconds);
    out.put(command.limits.open_files);
    out.put(command.limits.file_bytes);
    out.put(request.cgroup_folder);
    out.put(std::uint64_t{request.cgroup_memory});
    out.put(std::uint64_t{request.cgroup_processes});
    out.put(std::uint64_t{request.cgroup_cpu});
    return out.take();
}

Request decode_request(std::string_view bytes) {
    Decoder in(bytes);
    Request out;
    Command& command = out.command;
    for (std::uint64_t left = in.number(); left > 0; --left) command.arguments.push_back(in.text());
    for (std::uint64_t left = in.number(); left > 0; --left) {
        const std::string entry = in.text();
        const std::size_t equals = entry.find('=');
        command.environment.emplace(entry.substr(0, equals), entry.substr(equals + 1));
    }
    command.directory = in.text();
    command.linger = Duration{in.number()};
    command.limits.memory_bytes = in.maybe();
    command.limits.address_space_bytes = in.maybe();
    command.limits.processes = in.maybe();
    if (const auto cpus = in.maybe()) command.limits.cpus = static_cast<double>(*cpus) / 1000;
    command.limits.cpu_seconds = in.maybe();
    command.limits.open_files = in.maybe();
    command.limits.file_bytes = in.maybe();
    out.cgroup_folder = in.text();
    out.cgroup_memory = in.number() != 0;
    out.cgroup_processes = in.number() != 0;
    out.cgroup_cpu = in.number() != 0;
    return out;
}

std::pair<FileDescriptor, FileDescriptor> connected_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
        throw OutsideError(fmt::format("cannot make a socket pair: {}", std::strerror(errno)));
    }
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

FileDescriptor file_with(const char* name, std::string_view bytes) {
    constexpr unsigned kNoExecSeal = 0x0008;  // newer kernels may demand it, older ones do not know it
    FileDescriptor file(::memfd_create(name, MFD_CLOEXEC | kNoExecSeal));
    if (!file && errno == EINVAL) file.reset(::memfd_create(name, MFD_CLOEXEC));
    if (!file) throw OutsideError(fmt::format("cannot make an anonymous file: {}", std::strerror(errno)));
    const auto size = static_cast<ssize_t>(bytes.size());
    for (ssize_t done = 0; done < size;) {
        const ssize_t n =
            ::pwrite(file.get(), bytes.data() + done, bytes.size() - static_cast<std::size_t>(done), done);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) throw OutsideError(fmt::format("cannot fill an anonymous file: {}", std::strerror(errno)));
        done += n;
    }
    return file;
}

std::string contents_of(int descriptor) {
    struct stat status {};
    ensure(::fstat(descriptor, &status) == 0, "the request to a guard has no size: {}", std::strerror(errno));
    std::string out(static_cast<std::size_t>(status.st_size), '\0');
    const ssize_t n = ::pread(descriptor, out.data(), out.size(), 0);
    ensure(n == status.st_size, "{} of {} bytes of a request could be read", n, out.size());
    return out;
}

bool send_bytes(int socket, const void* bytes, std::size_t size, std::span<const int> descriptors) {
    iovec part{const_cast<void*>(bytes), size};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kDescriptors)> extra{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    if (!descriptors.empty()) {
        message.msg_control = extra.data();
        message.msg_controllen = CMSG_SPACE(descriptors.size_bytes());
        cmsghdr* header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(descriptors.size_bytes());
        std::memcpy(CMSG_DATA(header), descriptors.data(), descriptors.size_bytes());
    }
    ssize_t n = -1;
    do n = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    while (n < 0 && errno == EINTR);
    return n == static_cast<ssize_t>(size);
}

long receive_bytes(int socket, void* bytes, std::size_t size, std::vector<FileDescriptor>* descriptors) {
    iovec part{bytes, size};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * kDescriptors)> extra{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = extra.data();
    message.msg_controllen = extra.size();
    ssize_t n = -1;
    // A peer that closed before it had read all of ours shows as a reset first, once; what it sent is still there.
    do n = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
    while (n < 0 && (errno == EINTR || errno == ECONNRESET));
    if (n <= 0 || descriptors == nullptr) return n;
    for (cmsghdr* header = CMSG_FIRSTHDR(&message); header != nullptr; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        const std::size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        std::array<int, kDescriptors> numbers{};
        std::memcpy(numbers.data(), CMSG_DATA(header), std::min(count, numbers.size()) * sizeof(int));
        for (std::size_t i = 0; i < std::min(count, numbers.size()); ++i) descriptors->emplace_back(numbers[i]);
    }
    return n;
}

}  // namespace sluice::process
