#include "http/open_file.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sluice::http {

Result<std::shared_ptr<const OpenFile>> OpenFile::open(const std::string& path) {
    // O_NONBLOCK: opening a named pipe must not wait for its other end.
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) return not_found("there is no file {}", path);
    if (descriptor < 0) return refuse(ErrorCode::Internal, "cannot open {}: {}", path, std::strerror(errno));
    std::shared_ptr<OpenFile> file(new OpenFile());
    file->descriptor_ = descriptor;
    struct stat facts {};
    if (fstat(descriptor, &facts) != 0) {
        return refuse(ErrorCode::Internal, "cannot ask for the size of {}: {}", path, std::strerror(errno));
    }
    if (!S_ISREG(facts.st_mode)) return not_found("{} is not a file", path);
    file->size_ = static_cast<std::uint64_t>(facts.st_size);
    file->modified_ = facts.st_mtim.tv_sec;
    file->etag_ = fmt::format("\"{:x}-{:x}-{:x}\"", facts.st_ino, facts.st_size,
                              facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec);
    return file;
}

OpenFile::~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace sluice::http
