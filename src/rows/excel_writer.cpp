#include "rows/excel_writer.h"

#include <cmath>
#include <xlsxwriter.h>

#include "value/extension.h"
#include "value/json.h"
#include "value/temporal.h"

namespace sluice::rows {
namespace {

constexpr std::int64_t kMostRows = 1'048'576;
constexpr std::size_t kMostColumns = 16'384;
constexpr std::int64_t kMostDigits = 999'999'999'999'999;  // a cell holds a double, of which Excel shows 15 digits

/// Days since 1899-12-31, as Excel counts them; 1900 is a leap year there.
double excel_days(const WallTime& at) {
    const auto epoch = std::chrono::local_days(std::chrono::year{1899} / 12 / 30);
    const double days = static_cast<double>((at.day() - epoch).count());
    return days + static_cast<double>(at.nano_of_day()) / 86'400e9;
}

std::optional<WallTime> wall_of(const Value& value) {
    if (const auto* at = if_a<LocalDateTime>(value)) return at->at();
    if (const auto* zoned = if_a<ZonedDateTime>(value)) return zoned->wall();
    if (const auto* instant = if_a<Instant>(value)) {
        return WallTime{std::chrono::local_seconds{instant->at().seconds.time_since_epoch()}, instant->at().nanos};
    }
    return {};
}

}  // namespace

struct ExcelWriter::State {
    std::string scratch{};
    lxw_workbook* book = nullptr;
    lxw_worksheet* sheet = nullptr;
    lxw_format* date = nullptr;
    lxw_format* date_time = nullptr;
    lxw_format* bold = nullptr;
    std::vector<std::string> names{};
    bool header = true;
    std::int64_t row = 0;

    Result<void> text(lxw_col_t column, const std::string& value, lxw_format* format = nullptr) {
        const auto failed = worksheet_write_string(sheet, static_cast<lxw_row_t>(row), column, value.c_str(), format);
        if (failed != LXW_NO_ERROR) return invalid("column {}: {}", column + 1, lxw_strerror(failed));
        return {};
    }
    void number(lxw_col_t column, double value, lxw_format* format = nullptr) {
        worksheet_write_number(sheet, static_cast<lxw_row_t>(row), column, value, format);
    }

    Result<void> cell(lxw_col_t column, const Value& value) {
        if (value.is_null()) return {};
        if (value.is_bool()) {
            worksheet_write_boolean(sheet, static_cast<lxw_row_t>(row), column, value.as_bool() ? 1 : 0, nullptr);
            return {};
        }
        if (const auto integer = value.if_integer(); integer && *integer <= kMostDigits && *integer >= -kMostDigits) {
            return number(column, static_cast<double>(*integer)), Result<void>();
        }
        if (value.is_number() && !value.is_integer() && std::isfinite(value.as_double()))
            return number(column, value.as_double()), Result<void>();
        if (const auto* decimal = if_a<BigDecimal>(value);
            decimal != nullptr && decimal->number().digits().size() <= 15) {
            return number(column, decimal->number().to_double()), Result<void>();
        }
        const auto* day = if_a<LocalDate>(value);
        if (day != nullptr)
            return number(column, excel_days({std::chrono::local_seconds(day->day()), 0}), date), Result<void>();
        if (const auto wall = wall_of(value)) return number(column, excel_days(*wall), date_time), Result<void>();
        if (const Extension* extension = value.if_extension()) return text(column, extension->text());
        return text(column, value.is_string() ? value.as_string() : to_json(value));
    }

    Result<void> next_row() {
        if (++row < kMostRows) return {};
        return invalid("a sheet of Excel has {} rows at most; divide the file, or write CSV", kMostRows);
    }

    Result<void> begin(const Map& fields) {
        for (const auto& [name, value] : fields) names.push_back(name);
        if (names.size() > kMostColumns) return invalid("a sheet of Excel has {} columns at most", kMostColumns);
        if (!header) return {};
        for (std::size_t i = 0; i < names.size(); ++i) {
            if (auto written = text(static_cast<lxw_col_t>(i), names[i], bold); !written) return written;
        }
        return next_row();
    }
};

ExcelWriter::ExcelWriter(const std::filesystem::path& file, const std::filesystem::path& scratch)
    : state_(std::make_unique<State>()) {
    state_->scratch = scratch.string();
    lxw_workbook_options options{};
    options.constant_memory = LXW_TRUE;
    options.tmpdir = state_->scratch.data();
    state_->book = workbook_new_opt(file.c_str(), &options);
    ensure(state_->book != nullptr, "no memory for a workbook");
    state_->bold = workbook_add_format(state_->book);
    format_set_bold(state_->bold);
    state_->date = workbook_add_format(state_->book);
    format_set_num_format(state_->date, "yyyy-mm-dd");
    state_->date_time = workbook_add_format(state_->book);
    format_set_num_format(state_->date_time, "yyyy-mm-dd hh:mm:ss");
}

ExcelWriter::~ExcelWriter() {
    if (state_->book != nullptr) workbook_close(state_->book);  // of a task that failed; nobody looks at the file
}

Result<void> ExcelWriter::begin_sheet(const std::string& name, bool header) {
    if (const auto failed = workbook_validate_sheet_name(state_->book, name.c_str()); failed != LXW_NO_ERROR) {
        return invalid("the name of a sheet, '{}': {}", name, lxw_strerror(failed));
    }
    state_->sheet = workbook_add_worksheet(state_->book, name.c_str());
    state_->header = header;
    state_->row = 0;
    state_->names.clear();
    return {};
}

Result<void> ExcelWriter::write(const Value& row) {
    State& state = *state_;
    ensure(state.sheet != nullptr, "a row before its sheet");
    if (const Map* fields = row.if_map()) {
        if (state.names.empty()) {
            if (auto begun = state.begin(*fields); !begun) return begun;
        }
        for (std::size_t i = 0; i < state.names.size(); ++i) {
            const Value* value = fields->find(state.names[i]);
            if (value == nullptr) continue;
            if (auto written = state.cell(static_cast<lxw_col_t>(i), *value); !written) return written;
        }
        return state.next_row();
    }
    const List items = row.is_list() ? row.as_list() : List{row};
    if (items.size() > kMostColumns) return invalid("a sheet of Excel has {} columns at most", kMostColumns);
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (auto written = state.cell(static_cast<lxw_col_t>(i), items[i]); !written) return written;
    }
    return state.next_row();
}

Result<void> ExcelWriter::close() {
    const auto failed = workbook_close(std::exchange(state_->book, nullptr));
    if (failed != LXW_NO_ERROR)
        throw OutsideError(fmt::format("the workbook can't be written: {}", lxw_strerror(failed)));
    return {};
}

}  // namespace sluice::rows
