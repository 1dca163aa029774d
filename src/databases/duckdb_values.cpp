#include "databases/duckdb_values.h"

#include <algorithm>

#include "expr/encoding.h"
#include "value/extension.h"
#include "value/temporal.h"

namespace sluice::databases {
namespace {

__extension__ typedef unsigned __int128 Wide;

struct Huge {
    std::uint64_t lower;
    std::uint64_t upper;
};
struct ListEntry {
    std::uint64_t offset, length;
};
struct DuckInterval {
    std::int32_t months, days;
    std::int64_t micros;
};
/// Short texts stand in it, longer ones behind a pointer.
struct DuckText {
    std::uint32_t length;
    char start[4];
    const char* elsewhere;

    std::string_view view() const {
        constexpr std::uint32_t kInlined = 12;
        return {length <= kInlined ? start : elsewhere, length};
    }
};

std::string digits_of(Wide number) {
    std::string out;
    do out += static_cast<char>('0' + static_cast<int>(number % 10));
    while ((number /= 10) != 0);
    std::reverse(out.begin(), out.end());
    return out;
}

struct Signed {
    bool negative;
    std::string digits;
};
Signed signed_digits(const Huge& huge, bool is_signed) {
    const Wide bits = static_cast<Wide>(huge.upper) << 64 | huge.lower;
    const bool negative = is_signed && huge.upper >> 63 != 0;
    return {negative, digits_of(negative ? ~bits + 1 : bits)};
}
Huge widened(std::int64_t number) {
    return {static_cast<std::uint64_t>(number), number < 0 ? ~std::uint64_t{0} : 0};
}

Value integer_of(std::int64_t number) {
    if (number >= INT32_MIN && number <= INT32_MAX) return Value(static_cast<std::int32_t>(number));
    return Value(number);
}
Value big_of(const Huge& huge, bool is_signed) {
    const Signed number = signed_digits(huge, is_signed);
    return big_integer((number.negative ? "-" : "") + number.digits);
}

std::string uuid_of(Huge huge) {
    huge.upper ^= std::uint64_t{1} << 63;  // so that they sort as texts do
    const std::string hex = fmt::format("{:016x}{:016x}", huge.upper, huge.lower);
    return hex.substr(0, 8) + "-" + hex.substr(8, 4) + "-" + hex.substr(12, 4) + "-" + hex.substr(16, 4) + "-" +
           hex.substr(20);
}

Moment moment_of(std::int64_t count, std::int64_t per_second) {
    const std::int64_t seconds = count / per_second - (count % per_second < 0 ? 1 : 0);
    const std::int64_t rest = count - seconds * per_second;
    return {std::chrono::sys_seconds(std::chrono::seconds(seconds)),
            static_cast<std::int32_t>(rest * (1'000'000'000 / per_second))};
}
Value wall_of(std::int64_t count, std::int64_t per_second) {
    const Moment at = moment_of(count, per_second);
    return make_value<LocalDateTime>(WallTime{std::chrono::local_seconds(at.seconds.time_since_epoch()), at.nanos});
}

std::string interval_text(const DuckInterval& span) {
    std::string date;
    if (span.months / 12 != 0) date += fmt::format("{}Y", span.months / 12);
    if (span.months % 12 != 0) date += fmt::format("{}M", span.months % 12);
    if (span.days != 0) date += fmt::format("{}D", span.days);
    if (span.micros == 0) return date.empty() ? "PT0S" : "P" + date;
    return "P" + date + TimeAmount(Duration(span.micros)).text().substr(1);
}

}  // namespace

DuckColumn::DuckColumn(const DuckLibrary& library, duck_vector* vector, const expr::Zone& zone)
    : library_(library),
      zone_(zone),
      type_(library.vector_get_column_type(vector), [&library](duck_type* one) { library.destroy_logical_type(&one); }),
      id_(library.get_type_id(type_.get())),
      data_(library.vector_get_data(vector)),
      validity_(library.vector_get_validity(vector)) {
    if (id_ == DuckType::List || id_ == DuckType::Map) add_child(library.list_vector_get_child(vector));
    if (id_ == DuckType::Array) add_child(library.array_vector_get_child(vector));
    if (id_ != DuckType::Struct) return;
    for (std::uint64_t i = 0; i < library.struct_type_child_count(type_.get()); ++i) {
        add_child(library.struct_vector_get_child(vector, i));
        char* name = library.struct_type_child_name(type_.get(), i);
        names_.emplace_back(name);
        library.free(name);
    }
}

Result<Value> DuckColumn::at(std::uint64_t row) const {
    const bool valid = validity_ == nullptr || (validity_[row / 64] >> (row % 64) & 1) != 0;
    if (!valid) return Value();
    return valid_at(row);
}

Result<Value> DuckColumn::list_at(std::uint64_t first, std::uint64_t count) const {
    List out;
    for (std::uint64_t i = first; i < first + count; ++i) {
        auto item = children_.front().at(i);
        if (!item) return item;
        out.push_back(std::move(*item));
    }
    return Value(std::move(out));
}

Result<Value> DuckColumn::struct_at(std::uint64_t row) const {
    Map out;
    for (std::size_t i = 0; i < children_.size(); ++i) {
        auto value = children_[i].at(row);
        if (!value) return value;
        out.set(names_[i], std::move(*value));
    }
    return Value(std::move(out));
}

/// A map is a list of structs of a key and a value.
Result<Value> DuckColumn::map_at(std::uint64_t first, std::uint64_t count) const {
    Map out;
    for (std::uint64_t i = first; i < first + count; ++i) {
        const auto entry = children_.front().at(i);
        if (!entry) return entry;
        const Value key = (*entry)["key"];
        const Extension* special = key.if_extension();
        const std::string name = key.is_string()      ? key.as_string()
                                 : special != nullptr ? special->text()
                                 : key.is_integer()   ? std::to_string(key.as_integer())
                                                      : "";
        out.set(name, (*entry)["value"]);
    }
    return Value(std::move(out));
}

Value DuckColumn::decimal_at(std::uint64_t row) const {
    const int width = library_.decimal_width(type_.get());
    const Huge huge = width <= 4    ? widened(raw<std::int16_t>(row))
                      : width <= 9  ? widened(raw<std::int32_t>(row))
                      : width <= 18 ? widened(raw<std::int64_t>(row))
                                    : raw<Huge>(row);
    Signed number = signed_digits(huge, true);
    return make_value<BigDecimal>(
        Decimal(number.negative, std::move(number.digits), library_.decimal_scale(type_.get())));
}

Value DuckColumn::enum_at(std::uint64_t row) const {
    const DuckType inner = library_.enum_internal_type(type_.get());
    const std::uint64_t index = inner == DuckType::UTinyInt    ? raw<std::uint8_t>(row)
                                : inner == DuckType::USmallInt ? raw<std::uint16_t>(row)
                                                               : raw<std::uint32_t>(row);
    char* text = library_.enum_dictionary_value(type_.get(), index);
    const std::string value(text);
    library_.free(text);
    return Value(value);
}

Result<Value> DuckColumn::valid_at(std::uint64_t row) const {
    switch (id_) {
        case DuckType::Boolean:
            return Value(raw<bool>(row));
        case DuckType::TinyInt:
            return integer_of(raw<std::int8_t>(row));
        case DuckType::SmallInt:
            return integer_of(raw<std::int16_t>(row));
        case DuckType::Integer:
            return integer_of(raw<std::int32_t>(row));
        case DuckType::BigInt:
            return Value(raw<std::int64_t>(row));
        case DuckType::UTinyInt:
            return integer_of(raw<std::uint8_t>(row));
        case DuckType::USmallInt:
            return integer_of(raw<std::uint16_t>(row));
        case DuckType::UInteger:
            return integer_of(raw<std::uint32_t>(row));
        case DuckType::UBigInt:
            return big_of({raw<std::uint64_t>(row), 0}, false);
        case DuckType::HugeInt:
            return big_of(raw<Huge>(row), true);
        case DuckType::UHugeInt:
            return big_of(raw<Huge>(row), false);
        case DuckType::Float:
            return Value(raw<float>(row));
        case DuckType::Double:
            return Value(raw<double>(row));
        case DuckType::Decimal:
            return decimal_at(row);
        case DuckType::Varchar:
            return Value(raw<DuckText>(row).view());
        case DuckType::Blob:
            return Value(expr::base64_of(raw<DuckText>(row).view()));
        case DuckType::Uuid:
            return Value(uuid_of(raw<Huge>(row)));
        case DuckType::Enum:
            return enum_at(row);
        case DuckType::Date:
            return make_value<LocalDate>(std::chrono::local_days(std::chrono::days(raw<std::int32_t>(row))));
        case DuckType::Time:
            return make_value<LocalTime>(raw<std::int64_t>(row) * 1000);
        case DuckType::Timestamp:
            return wall_of(raw<std::int64_t>(row), 1'000'000);
        case DuckType::TimestampS:
            return wall_of(raw<std::int64_t>(row), 1);
        case DuckType::TimestampMs:
            return wall_of(raw<std::int64_t>(row), 1'000);
        case DuckType::TimestampNs:
            return wall_of(raw<std::int64_t>(row), 1'000'000'000);
        case DuckType::TimestampTz: {
            const ZonedDateTime at = zone_.at(moment_of(raw<std::int64_t>(row), 1'000'000));
            return make_value<ZonedDateTime>(at.wall(), at.offset(), at.region());
        }
        case DuckType::Interval:
            return Value(interval_text(raw<DuckInterval>(row)));
        case DuckType::List:
            return list_at(raw<ListEntry>(row).offset, raw<ListEntry>(row).length);
        case DuckType::Array: {
            const std::uint64_t size = library_.array_type_array_size(type_.get());
            return list_at(row * size, size);
        }
        case DuckType::Struct:
            return struct_at(row);
        case DuckType::Map:
            return map_at(raw<ListEntry>(row).offset, raw<ListEntry>(row).length);
        default:
            return invalid("DuckDB's type {} has no value here; cast it to VARCHAR", static_cast<int>(id_));
    }
}

}  // namespace sluice::databases
