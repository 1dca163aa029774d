#pragma once
#include <archive.h>
#include <archive_entry.h>
#include <exception>
#include <locale.h>
#include <memory>

#include "plugin/task_context.h"
#include "storage/storage.h"

namespace sluice::tasks {

/// How a file is compressed.
enum class Compression { None, Bzip2, Deflate, Gzip, Lz4, Lzma, Xz, Z, Zstd };

/// GZIP, XZ … Errors  Invalid: another word
Result<Compression> compression_of(const std::string& word);
/// The words, for declarations
std::vector<std::string> compression_words();

struct FreeReadArchive {
    void operator()(archive* one) const { archive_read_free(one); }
};
struct FreeWriteArchive {
    void operator()(archive* one) const { archive_write_free(one); }
};

/// While it lives, libarchive takes names for UTF-8 on this thread: it goes by the locale, and crashes where that has
/// no way to write one.
class Utf8Names {
  public:
    /// Throws  OutsideError: the system has no locale C.UTF-8
    Utf8Names();
    ~Utf8Names();
    Utf8Names(const Utf8Names&) = delete;
    Utf8Names& operator=(const Utf8Names&) = delete;

  private:
    locale_t own_;
    locale_t before_;
};

/// A stored file as libarchive reads it.
class ArchiveSource {
  public:
    /// Errors  Invalid: no address of the internal storage; NotFound
    static Result<std::unique_ptr<ArchiveSource>> open(const storage::Storage& storage, const std::string& address);

    /// `setup` chooses formats and filters. Errors  Invalid: it is nothing of that kind
    Result<void> begin(const std::function<void(archive*)>& setup);
    archive* get() const { return archive_.get(); }

    /// Errors  Invalid: the file is broken. StorageError
    Result<void> check(la_ssize_t code) const;
    /// The next bytes of the entry; 0: its end. A warning here means bytes that are not those that were packed.
    /// Errors  as check
    Result<std::size_t> read_data(std::string& piece);
    std::uint64_t size_bytes() const { return size_; }

  private:
    ArchiveSource(const storage::Storage& storage, storage::Uri uri, std::unique_ptr<storage::Reader> reader);
    la_ssize_t read(const void** buffer);
    la_int64_t seek(la_int64_t offset, int whence);

    const storage::Storage& storage_;
    storage::Uri uri_;
    std::unique_ptr<storage::Reader> reader_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    std::string buffer_;
    std::exception_ptr outside_{};  // what the storage threw: it must not pass through libarchive
    std::unique_ptr<archive, FreeReadArchive> archive_;
};

/// A stored file as libarchive writes it.
class ArchiveTarget {
  public:
    static Result<std::unique_ptr<ArchiveTarget>> create(plugin::TaskContext& context, const std::string& name);

    Result<void> begin(const std::function<int(archive*)>& setup);
    archive* get() const { return archive_.get(); }
    Result<void> check(la_ssize_t code) const;
    /// Returns the file's address.
    Result<std::string> commit();

  private:
    ArchiveTarget(storage::Uri uri, std::unique_ptr<storage::Writer> writer);

    storage::Uri uri_;
    std::unique_ptr<storage::Writer> writer_;
    std::exception_ptr outside_{};
    std::unique_ptr<archive, FreeWriteArchive> archive_;
};

/// Stops what grows far beyond what a compressed file honestly holds.
class Expansion {
  public:
    explicit Expansion(std::uint64_t compressed_bytes) : most_(std::max(kAlways, compressed_bytes * kMostTimes)) {}
    /// Errors  TooLarge
    Result<void> grow(std::size_t bytes);

  private:
    static constexpr std::uint64_t kAlways = 64ULL * 1024 * 1024;
    static constexpr std::uint64_t kMostTimes = 2'000;  // gzip reaches 1,030 with zeros only
    std::uint64_t most_;
    std::uint64_t seen_ = 0;
};

/// Errors  Cancelled: the task is to stop
Result<void> may_go_on(plugin::TaskContext& context);

void add_read_filter(archive* to, Compression compression);
int add_write_filter(archive* to, Compression compression);

}  // namespace sluice::tasks
