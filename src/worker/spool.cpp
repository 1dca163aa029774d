#include "worker/spool.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <zlib.h>

#include "base/id.h"

namespace sluice::worker {
namespace {

namespace fs = std::filesystem;
constexpr const char* kLockFile = "lock";
constexpr std::string_view kEnding = ".records";
constexpr std::uint32_t kMark = 0x50534c31;
constexpr std::size_t kReadBytes = 1 << 20;

/// In front of each record.
struct Header {
    std::uint32_t mark = kMark;
    std::uint32_t length = 0;
    std::uint32_t checksum = 0;  // of length and record
};

std::uint32_t checksum_of(std::string_view record) {
    const auto length = static_cast<std::uint32_t>(record.size());
    const auto start = ::crc32(0, reinterpret_cast<const Bytef*>(&length), sizeof length);
    return static_cast<std::uint32_t>(::crc32_z(start, reinterpret_cast<const Bytef*>(record.data()), record.size()));
}

/// The record that begins here; empty: none does.
std::optional<std::string_view> record_at(std::string_view bytes, std::size_t at) {
    Header header;
    if (bytes.size() < at + sizeof header) return {};
    std::memcpy(&header, bytes.data() + at, sizeof header);
    if (header.mark != kMark || bytes.size() - at - sizeof header < header.length) return {};
    const std::string_view record = bytes.substr(at + sizeof header, header.length);
    if (checksum_of(record) != header.checksum) return {};
    return record;
}

/// Where the next record begins that can be read; the end of the bytes when there is none.
std::size_t next_record(std::string_view bytes, std::size_t from) {
    std::string mark(sizeof kMark, '\0');
    std::memcpy(mark.data(), &kMark, sizeof kMark);
    for (std::size_t at = bytes.find(mark, from); at != std::string_view::npos; at = bytes.find(mark, at + 1)) {
        if (record_at(bytes, at)) return at;
    }
    return bytes.size();
}

FileDescriptor lock_of(const fs::path& folder, int flags) {
    FileDescriptor lock(::open((folder / kLockFile).c_str(), O_RDWR | O_CLOEXEC | flags, 0600));
    if (lock && ::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) lock.reset();
    return lock;
}

/// A new file is there after a loss of power only if its folder was synced, too.
void sync_folder(const fs::path& folder) {
    const FileDescriptor opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (opened) ::fsync(opened.get());
}

/// Empty: it can't be read, now or ever
/// Errors  OutsideError: not now (out of descriptors, say); what is in it must not be passed over for that
std::optional<std::string> contents(const fs::path& file) {
    const FileDescriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened && errno == ENOENT) return {};
    if (!opened) throw OutsideError(fmt::format("{} can't be opened: {}", file.string(), std::strerror(errno)));
    std::string out;
    std::string piece(kReadBytes, '\0');
    while (true) {
        const ssize_t n = ::read(opened.get(), piece.data(), piece.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return {};
        if (n == 0) return out;
        out.append(piece, 0, static_cast<std::size_t>(n));
    }
}

}  // namespace

Spool::Spool(SpoolConfig config) : Spool(std::move(config), fmt::format("{:016x}", random_bits()), {}) {}

Spool::Spool(SpoolConfig config, std::string id, FileDescriptor lock)
    : config_(std::move(config)), id_(std::move(id)), lock_(std::move(lock)) {}

Spool::~Spool() {
    if (lock_ && empty()) remove_all();
}

std::vector<Spool> Spool::orphans(const SpoolConfig& config) {
    std::vector<std::pair<fs::file_time_type, Spool>> found;
    try {
        if (!fs::exists(config.folder)) return {};
        for (const auto& entry : fs::directory_iterator(config.folder)) {
            FileDescriptor lock = lock_of(entry.path(), 0);
            if (!lock) continue;
            Spool one(config, entry.path().filename().string(), std::move(lock));
            one.find_segments();
            found.emplace_back(entry.last_write_time(), std::move(one));
        }
    } catch (const fs::filesystem_error& failed) {
        throw OutsideError(
            fmt::format("the folder of spools {} can't be read: {}", config.folder.string(), failed.what()));
    }
    std::ranges::sort(found, {}, [](const auto& one) { return one.first; });
    std::vector<Spool> out;
    for (auto& [time, one] : found) out.push_back(std::move(one));
    return out;
}

void Spool::find_segments() {
    for (const auto& entry : fs::directory_iterator(folder())) {
        const fs::path& file = entry.path();
        if (file.extension() != kEnding) continue;
        segments_.push_back({std::strtoull(file.stem().c_str(), nullptr, 10), fs::file_size(file)});
        used_ += segments_.back().bytes;
    }
    std::ranges::sort(segments_, {}, &Segment::number);
    if (!segments_.empty()) next_ = {segments_.front().number, 0};
}

fs::path Spool::file_of(std::uint64_t segment) const {
    return folder() / fmt::format("{:08}{}", segment, kEnding);
}

bool Spool::empty() const {
    return segments_.empty() || (next_.segment == segments_.back().number && next_.offset >= segments_.back().bytes);
}

// ----------------------------------------------------------------------------------------------------- writing

bool Spool::make_folder() {
    std::error_code failed;
    fs::create_directories(folder(), failed);
    if (failed) {
        errno = failed.value();
        return false;
    }
    fs::permissions(folder(), fs::perms::owner_all, failed);  // what tasks put out is nobody else's business
    lock_ = lock_of(folder(), O_CREAT);
    sync_folder(config_.folder);
    return static_cast<bool>(lock_);
}

bool Spool::open_segment() {
    if (writing_ && segments_.back().bytes < config_.segment_bytes) return true;
    if (!lock_ && !make_folder()) return false;
    const std::uint64_t number = segments_.empty() ? next_.segment + 1 : segments_.back().number + 1;
    writing_.reset(::open(file_of(number).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
    if (!writing_) return false;
    sync_folder(folder());
    if (segments_.empty()) next_ = {number, 0};
    segments_.push_back({number, 0});
    return true;
}

bool Spool::write(const std::string& record) {
    Header header{.length = static_cast<std::uint32_t>(record.size()), .checksum = checksum_of(record)};
    std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
    bytes += record;
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(writing_.get(), bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += static_cast<std::size_t>(n);
    }
    segments_.back().bytes += bytes.size();
    used_ += bytes.size();
    return true;
}

/// Half a record would hide what is written behind it, so the file ends where the last whole one does.
void Spool::take_back(std::uint64_t bytes) {
    used_ -= segments_.back().bytes - bytes;
    segments_.back().bytes = bytes;
    if (::ftruncate(writing_.get(), static_cast<off_t>(bytes)) != 0) writing_.reset();  // the next goes to a new one
}

void Spool::tell_trouble(std::string_view what) {
    if (std::exchange(in_trouble_, true)) return;
    log_.warn("spool.full", {{"folder", folder().string()}, {"used_bytes", used_}, {"reason", what}});
}

std::size_t Spool::append(std::span<const std::string> records) {
    std::size_t taken = 0;
    std::size_t synced = 0;
    std::uint64_t synced_bytes = 0;
    std::string trouble;
    const auto sync = [&] {
        if (taken == synced) return;
        if (::fdatasync(writing_.get()) == 0) {
            synced = taken;
            synced_bytes = segments_.back().bytes;
            return;
        }
        trouble = std::strerror(errno);
        take_back(synced_bytes);
        taken = synced;
    };
    for (const std::string& record : records) {
        if (used_ + sizeof(Header) + record.size() > config_.most_bytes) {
            trouble = "worker.spool-mib is reached";
            break;
        }
        if (writing_ && segments_.back().bytes >= config_.segment_bytes) sync();
        if (!trouble.empty()) break;
        if (!open_segment()) {
            trouble = std::strerror(errno);
            break;
        }
        const std::uint64_t before = segments_.back().bytes;
        if (taken == synced) synced_bytes = before;
        if (!write(record)) {
            trouble = std::strerror(errno);
            take_back(before);
            break;
        }
        ++taken;
    }
    if (writing_) sync();
    if (trouble.empty())
        in_trouble_ = false;
    else
        tell_trouble(trouble);
    return taken;
}

// ----------------------------------------------------------------------------------------------------- reading

void Spool::read_segment(const Segment& segment, std::uint64_t from, std::size_t most, Batch& into) {
    const auto whole = contents(file_of(segment.number));
    if (!whole) {
        log_.error("spool.segment_lost",
                   {{"file", file_of(segment.number).string()}, {"bytes_passed_over", segment.bytes - from}});
    }
    const std::string bytes = whole.value_or("");
    std::size_t at = from;
    std::size_t taken = 0;
    while (at < bytes.size() && into.records.size() < most && taken < kReadBytes) {
        if (const auto record = record_at(bytes, at)) {
            into.records.emplace_back(*record);
            taken += record->size();
            at += sizeof(Header) + record->size();
            continue;
        }
        const std::size_t next = next_record(bytes, at + 1);
        const bool torn = next == bytes.size() && segment.number == segments_.back().number;
        const std::string file = file_of(segment.number).string();
        if (torn)
            log_.warn("spool.record_torn", {{"file", file}, {"offset", at}, {"bytes_passed_over", next - at}});
        else
            log_.error("spool.record_damaged", {{"file", file}, {"offset", at}, {"bytes_passed_over", next - at}});
        at = next;
    }
    into.end = {segment.number, at};
    if (bytes.size() <= at) into.end.offset = std::max<std::uint64_t>(at, segment.bytes);
}

Spool::Batch Spool::read(std::size_t most) {
    Batch out{.end = next_};
    for (const Segment& segment : segments_) {
        if (segment.number < next_.segment) continue;
        const bool begun = segment.number == next_.segment;
        if (!begun && !out.records.empty()) break;
        read_segment(segment, begun ? next_.offset : 0, most, out);
        if (!out.records.empty()) break;
    }
    return out;
}

void Spool::drop(const Batch& batch) {
    next_ = batch.end;
    if (empty()) return remove_all();
    while (segments_.front().number < next_.segment) {
        std::error_code failed;
        fs::remove(file_of(segments_.front().number), failed);
        used_ -= segments_.front().bytes;
        segments_.erase(segments_.begin());
    }
}

void Spool::remove_all() {
    if (!segments_.empty()) next_ = {segments_.back().number, 0};
    writing_.reset();
    segments_.clear();
    used_ = 0;
    std::error_code failed;
    fs::remove_all(folder(), failed);
    if (failed) log_.warn("spool.not_removed", {{"folder", folder().string()}, {"reason", failed.message()}});
    lock_.reset();
}

}  // namespace sluice::worker
