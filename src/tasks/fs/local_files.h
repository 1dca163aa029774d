#pragma once
#include <filesystem>

#include "base/file_descriptor.h"
#include "remote/files.h"

namespace sluice::tasks {

/// Files of the worker's own machine, within the folders that its configuration allows. The kernel resolves names
/// beneath an open descriptor of such a folder, so that neither '..' nor a link leads out.
class LocalFiles : public remote::Files {
  public:
    explicit LocalFiles(std::vector<std::filesystem::path> allowed) : allowed_(std::move(allowed)) {}

    Result<remote::Entry> info(const std::string& path) override;
    Result<std::vector<remote::Entry>> list(const std::string& folder) override;
    Result<void> read(const std::string& path, const remote::Take& take) override;
    /// The file shows when it is whole.
    Result<void> write(const std::string& path, net::Source& content) override;
    Result<void> make_folder(const std::string& path) override;
    Result<void> remove(const remote::Entry& entry) override;
    Result<void> rename(const std::string& from, const std::string& to) override;
    bool rename_replaces() const override { return true; }
    /// A regular file.
    Result<void> copy(const std::string& from, const std::string& to);

  private:
    struct Beneath {
        FileDescriptor root{};
        std::string path{};  // relative to it; "." for itself
    };
    Result<Beneath> beneath(const std::string& path) const;
    Result<FileDescriptor> open(const std::string& path, std::uint64_t flags) const;
    Result<FileDescriptor> open_regular(const std::string& path) const;
    Result<FileDescriptor> open_parent(const std::string& path) const;

    std::vector<std::filesystem::path> allowed_;
};

}  // namespace sluice::tasks
