#include "tasks/core/storage/split_items.h"

#include <charconv>

#include "rows/item_reader.h"

namespace sluice::tasks {
namespace {

/// "10MB", "1 KB", "500"; units of 1024
Result<std::uint64_t> parse_size(std::string_view text) {
    std::uint64_t number = 0;
    const auto [at, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
    std::string unit;
    for (const char* c = at; c != text.data() + text.size(); ++c) {
        if (*c != ' ') unit += static_cast<char>(std::toupper(static_cast<unsigned char>(*c)));
    }
    constexpr std::string_view kUnits[] = {"B", "KB", "MB", "GB", "TB"};
    std::uint64_t factor = 1;
    for (const std::string_view known : kUnits) {
        const bool same = unit == known || unit == known.substr(0, 1) || (unit.empty() && known == "B");
        if (failed == std::errc{} && same && number > 0) return number * factor;
        factor *= 1024;
    }
    return invalid("'{}' is no size such as 10MB", text);
}

/// The files that are being written.
class Parts {
  public:
    Parts(plugin::TaskContext& context, std::string extension) : context_(context), extension_(std::move(extension)) {}

    Result<std::size_t> begin() {
        const auto address = context_.file_address(fmt::format("part-{:05}{}", parts_.size() + 1, extension_));
        if (!address) return tl::unexpected(address.error());
        auto writer = context_.storage().create(*address);
        if (!writer) return tl::unexpected(writer.error());
        parts_.push_back({address->text(), std::move(*writer)});
        return parts_.size() - 1;
    }
    void write(std::size_t part, std::string_view item, std::string_view separator) {
        parts_[part].writer->write(item);
        parts_[part].writer->write(separator);
    }
    Result<void> end(std::size_t part) {
        auto done = parts_[part].writer->commit();
        parts_[part].writer.reset();  // there may be very many
        return done;
    }
    Result<std::vector<std::string>> finish() {
        std::vector<std::string> out;
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (parts_[i].writer) {
                if (auto done = end(i); !done) return tl::unexpected(done.error());
            }
            out.push_back(parts_[i].address);
        }
        return out;
    }

  private:
    struct Part {
        std::string address;
        std::unique_ptr<storage::Writer> writer;
    };
    plugin::TaskContext& context_;
    std::string extension_;
    std::vector<Part> parts_{};
};

/// One part after the other; `is_full(items, bytes)` ends one.
template <class IsFull>
Result<std::vector<std::string>> one_after_the_other(rows::ItemReader& items, const std::string& separator,
                                                     Parts& parts, const IsFull& is_full) {
    std::size_t part = 0;
    bool is_open = false;
    std::uint64_t count = 0;
    std::uint64_t bytes = 0;
    while (const auto item = items.next()) {
        if (!is_open) {
            const auto begun = parts.begin();
            if (!begun) return tl::unexpected(begun.error());
            part = *begun;
            is_open = true;
            count = bytes = 0;
        }
        parts.write(part, *item, separator);
        bytes += item->size() + separator.size();
        if (!is_full(++count, bytes)) continue;
        if (auto done = parts.end(part); !done) return tl::unexpected(done.error());
        is_open = false;
    }
    return parts.finish();
}

Result<std::vector<std::string>> in_turn(rows::ItemReader& items, const SplitRules& rules, Parts& parts) {
    const auto partitions = static_cast<std::size_t>(rules.partitions);
    std::size_t begun = 0;
    for (std::size_t i = 0; const auto item = items.next(); ++i) {
        if (begun < partitions) {
            if (auto part = parts.begin(); !part) return tl::unexpected(part.error());
            ++begun;
        }
        parts.write(i % partitions, *item, rules.separator);
    }
    return parts.finish();
}

}  // namespace

Result<std::vector<std::string>> split_items(const std::string& address, const SplitRules& rules,
                                             plugin::TaskContext& context) {
    auto items = rows::open_items(context.storage(), address, rules.separator);
    if (!items) return tl::unexpected(items.error());
    Parts parts(context, rows::extension_of(address));
    if (!rules.bytes.empty()) {
        const auto size = parse_size(rules.bytes);
        if (!size) return tl::unexpected(size.error());
        return one_after_the_other(*items, rules.separator, parts,
                                   [&](std::uint64_t, std::uint64_t bytes) { return bytes >= *size; });
    }
    if (rules.partitions > 0) return in_turn(*items, rules, parts);
    if (rules.rows > 0) {
        const auto rows = static_cast<std::uint64_t>(rules.rows);
        return one_after_the_other(*items, rules.separator, parts,
                                   [&](std::uint64_t count, std::uint64_t) { return count >= rows; });
    }
    return invalid("Invalid configuration with no size, count, nor rows");
}

}  // namespace sluice::tasks
