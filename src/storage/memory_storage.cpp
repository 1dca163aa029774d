#include "storage/memory_storage.h"

#include "storage/folder_walk.h"

namespace sluice::storage {
namespace {

class MemoryReader : public Reader {
  public:
    MemoryReader(std::shared_ptr<const std::string> bytes, std::string_view part)
        : bytes_(std::move(bytes)), rest_(part), size_(part.size()) {}

    std::size_t read(std::span<char> buffer) override {
        const std::size_t n = rest_.copy(buffer.data(), buffer.size());
        rest_.remove_prefix(n);
        return n;
    }
    std::uint64_t size_bytes() const override { return size_; }

  private:
    std::shared_ptr<const std::string> bytes_;  // keeps what rest_ points into
    std::string_view rest_;
    std::uint64_t size_;
};

}  // namespace

class MemoryWriter : public Writer {
  public:
    MemoryWriter(MemoryStorage& storage, Uri uri, Metadata metadata)
        : storage_(storage), uri_(std::move(uri)), metadata_(std::move(metadata)) {}

    void write(std::string_view bytes) override { bytes_ += bytes; }
    Result<void> commit() override {
        return storage_.store(
            uri_, {.bytes = std::make_shared<const std::string>(std::move(bytes_)), .metadata = std::move(metadata_)});
    }

  private:
    MemoryStorage& storage_;
    Uri uri_;
    Metadata metadata_;
    std::string bytes_{};
};

MemoryStorage::MemoryStorage(std::function<Timestamp()> clock) : clock_(std::move(clock)) {
    if (!clock_) clock_ = [] { return Timestamp{}; };
    nodes_.with([](Nodes& nodes) { nodes.emplace(Uri(), Node{}); });
}

FileInfo MemoryStorage::info_of(const Uri& uri, const Node& node) {
    return {.uri = uri,
            .is_folder = !node.bytes,
            .size_bytes = node.bytes ? node.bytes->size() : 0,
            .created = node.created,
            .modified = node.modified};
}

Result<void> MemoryStorage::make_folder(Nodes& nodes, const Uri& uri) const {
    const auto there = nodes.find(uri);
    if (there != nodes.end()) {
        if (there->second.bytes) return conflict("'{}' in {} is not a folder", uri.name(), uri);
        return {};
    }
    if (const auto above = make_folder(nodes, uri.parent()); !above) return above;
    nodes.emplace(uri, Node{.created = clock_(), .modified = clock_()});
    return {};
}

Result<void> MemoryStorage::store(const Uri& uri, Node node) {
    return nodes_.with([&](Nodes& nodes) -> Result<void> {
        if (const auto above = make_folder(nodes, uri.parent()); !above) return above;
        Node& stored = nodes[uri];
        node.created = node.modified = clock_();
        stored = std::move(node);
        return {};
    });
}

Result<std::unique_ptr<Reader>> MemoryStorage::open(const Uri& uri, Range range) const {
    return nodes_.with([&](const Nodes& nodes) -> Result<std::unique_ptr<Reader>> {
        const auto found = nodes.find(uri);
        if (found == nodes.end() || !found->second.bytes) return no_file(uri);
        const auto& bytes = found->second.bytes;
        if (range.first > bytes->size()) {
            return invalid("{} has only {} bytes; {} was asked for", uri, bytes->size(), range.first);
        }
        const std::string_view part =
            std::string_view(*bytes).substr(range.first, range.length.value_or(bytes->size()));
        return std::make_unique<MemoryReader>(bytes, part);
    });
}

Result<std::unique_ptr<Writer>> MemoryStorage::create(const Uri& uri, const Metadata& metadata) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    if (std::string_view(uri.name()).starts_with(kMetadataPrefix)) {
        return invalid("names that start with {} are reserved: {}", kMetadataPrefix, uri);
    }
    return nodes_.with([&](Nodes& nodes) -> Result<std::unique_ptr<Writer>> {
        if (const auto above = make_folder(nodes, uri.parent()); !above) return tl::unexpected(above.error());
        const auto there = nodes.find(uri);
        if (there != nodes.end() && !there->second.bytes) {
            return conflict("there is a folder {}: a file can't replace it", uri);
        }
        return std::make_unique<MemoryWriter>(*this, uri, metadata);
    });
}

Result<FileInfo> MemoryStorage::info(const Uri& uri) const {
    return nodes_.with([&](const Nodes& nodes) -> Result<FileInfo> {
        const auto found = nodes.find(uri);
        if (found == nodes.end()) return no_file(uri);
        return info_of(uri, found->second);
    });
}

Result<Metadata> MemoryStorage::metadata(const Uri& uri) const {
    return nodes_.with([&](const Nodes& nodes) -> Result<Metadata> {
        const auto found = nodes.find(uri);
        if (found == nodes.end()) return no_file(uri);
        return found->second.metadata;
    });
}

Result<std::vector<FileInfo>> MemoryStorage::list(const Uri& folder) const {
    return nodes_.with([&](const Nodes& nodes) -> Result<std::vector<FileInfo>> {
        const auto found = nodes.find(folder);
        if (found == nodes.end() || found->second.bytes) return not_found("there is no folder {}", folder);
        std::vector<FileInfo> out;
        for (const auto& [uri, node] : nodes) {
            if (!uri.is_root() && uri.parent() == folder) out.push_back(info_of(uri, node));
        }
        return out;
    });
}

Result<void> MemoryStorage::create_folder(const Uri& uri) {
    return nodes_.with([&](Nodes& nodes) { return make_folder(nodes, uri); });
}

Result<void> MemoryStorage::move(const Uri& from, const Uri& to) {
    if (to != from && to.is_within(from)) return conflict("{} can't be moved into itself, to {}", from, to);
    return nodes_.with([&](Nodes& nodes) -> Result<void> {
        const auto source = nodes.find(from);
        if (source == nodes.end()) return not_found("there is no file {}", from);
        if (from == to) return {};
        const auto target = nodes.find(to);
        if (target != nodes.end() && !target->second.bytes) return conflict("there is a folder {} already", to);
        if (target != nodes.end() && !source->second.bytes) {
            return conflict("there is a file {}: a folder can't replace it", to);
        }
        if (const auto above = make_folder(nodes, to.parent()); !above) return above;
        Nodes moved;
        for (const auto& [uri, node] : nodes) {
            if (uri.is_within(from)) moved.emplace(to / uri.relative_to(from), node);
        }
        std::erase_if(nodes, [&](const auto& entry) { return entry.first.is_within(from) || entry.first == to; });
        nodes.merge(moved);
        return {};
    });
}

Result<bool> MemoryStorage::remove(const Uri& uri) {
    if (uri.is_root()) return invalid("the root of the internal storage is not a file");
    return nodes_.with([&](Nodes& nodes) -> Result<bool> {
        const auto below = [&](const auto& entry) { return entry.first != uri && entry.first.is_within(uri); };
        if (std::any_of(nodes.begin(), nodes.end(), below)) return conflict("the folder {} is not empty", uri);
        return nodes.erase(uri) > 0;
    });
}

std::uint64_t MemoryStorage::remove_all(const Uri& uri, const std::function<void(const Uri&)>& removed) {
    std::vector<Uri> files;
    nodes_.with([&](Nodes& nodes) {
        for (const auto& [found, node] : nodes) {
            if (found.is_within(uri) && node.bytes) files.push_back(found);
        }
        std::erase_if(nodes, [&](const auto& entry) { return !entry.first.is_root() && entry.first.is_within(uri); });
    });
    if (removed) std::for_each(files.begin(), files.end(), removed);
    return files.size();
}

std::uint64_t MemoryStorage::sweep_abandoned(Duration) {
    return 0;
}

}  // namespace sluice::storage
