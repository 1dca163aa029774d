#pragma once
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/file_descriptor.h"
#include "base/log.h"

namespace sluice::worker {

struct SpoolConfig {
    std::filesystem::path folder{};  // that the spools of all processes here share
    std::uint64_t most_bytes = 256ULL << 20;
    std::uint64_t segment_bytes = 4ULL << 20;
};

/// Records on disk, in order: written at one end, read and dropped at the other.
///
/// Promises
/// - A record is there whole or not at all. One that was torn by a crash, or damaged, is told and passed over.
/// - What append() has taken survives the process, and the machine too: it is synced before append() returns.
/// - It never grows beyond its size: append() takes less then, and the rest stays with the caller.
/// - Whoever has it holds a lock, which ends with the process: the next one on the same folder finds it by orphans().
/// Nothing is on disk until the first record is.
/// Threads  one
class Spool {
  public:
    explicit Spool(SpoolConfig config);
    ~Spool();
    Spool(Spool&&) noexcept = default;
    Spool& operator=(Spool&&) noexcept = default;

    /// What processes left behind that are gone. Their locks are ours now.
    static std::vector<Spool> orphans(const SpoolConfig& config);

    /// The same after a restart: the name of its folder.
    const std::string& id() const { return id_; }

    /// Returns how many of the records it took, from the first: fewer when it is full, or the disk is.
    std::size_t append(std::span<const std::string> records);

    struct Place {
        std::uint64_t segment = 0;
        std::uint64_t offset = 0;
    };
    struct Batch {
        std::vector<std::string> records{};
        Place end{};
    };
    /// The next records, at most so many, and about a megabyte or one.
    Batch read(std::size_t most);
    /// These were dealt with. Space is given back a segment at a time, and all of it when nothing is left.
    void drop(const Batch& batch);

    bool empty() const;
    std::uint64_t used_bytes() const { return used_; }

  private:
    struct Segment {
        std::uint64_t number = 0;
        std::uint64_t bytes = 0;
    };
    Spool(SpoolConfig config, std::string id, FileDescriptor lock);

    std::filesystem::path folder() const { return config_.folder / id_; }
    std::filesystem::path file_of(std::uint64_t segment) const;
    bool make_folder();
    void find_segments();
    bool open_segment();
    bool write(const std::string& record);
    void take_back(std::uint64_t bytes);
    void tell_trouble(std::string_view what);
    void read_segment(const Segment& segment, std::uint64_t from, std::size_t most, Batch& into);
    void remove_all();

    SpoolConfig config_;
    std::string id_;
    Logger log_{"spool"};
    FileDescriptor lock_{};
    FileDescriptor writing_{};  // the last segment, if it is being written
    std::vector<Segment> segments_{};
    Place next_{};  // to read
    std::uint64_t used_ = 0;
    bool in_trouble_ = false;
};

}  // namespace sluice::worker
