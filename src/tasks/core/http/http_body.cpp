#include "tasks/core/http/http_body.h"

#include <iconv.h>

#include "plugin/task_files.h"
#include "tasks/files/storage_source.h"

namespace sluice::tasks {
namespace {

Result<net::Part> file_part(const std::string& field, const std::string& file_name, const std::string& address,
                            plugin::TaskContext& context) {
    auto source = StorageSource::open(context.storage(), address);
    if (!source) return tl::unexpected(source.error());
    net::Part part;
    part.name = field;
    part.file_name = file_name.empty() ? (*source)->name() : file_name;
    part.content = std::move(*source);
    return part;
}

Result<net::Part> part_of(const std::string& field, const Value& value, plugin::TaskContext& context) {
    if (const std::string* text = value.if_string(); text != nullptr && plugin::is_storage_address(*text)) {
        return file_part(field, "", *text, context);
    }
    if (value.is_map() && value.get("name") && plugin::is_storage_address(value.text("content"))) {
        return file_part(field, value.text("name"), value.text("content"), context);
    }
    net::Part part;
    part.name = field;
    part.content = plugin::text_of(value);
    if (value.is_map() || value.is_list()) part.content_type = "application/json";
    return part;
}

Result<net::Body> form_body(const Value& form, bool multipart, plugin::TaskContext& context) {
    if (!form.is_map()) return invalid("property 'formData': expected a map, found '{}'", plugin::text_of(form));
    net::Multipart parts;
    net::Pairs pairs;
    for (const auto& [field, value] : form.as_map()) {
        if (!multipart) {
            pairs.emplace_back(field, plugin::text_of(value));
            continue;
        }
        auto part = part_of(field, value, context);
        if (!part) return tl::unexpected(part.error());
        parts.parts.push_back(std::move(*part));
    }
    if (multipart) return net::Body(std::move(parts));
    return net::Body(net::form_urlencoded(pairs));
}

std::string charset_of(const net::Response& response) {
    const std::string type = response.headers.find("Content-Type").value_or("");
    constexpr std::string_view kKey = "charset=";
    const auto found = std::search(type.begin(), type.end(), kKey.begin(), kKey.end(),
                                   [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; });
    if (found == type.end()) return "";
    std::string name(found + static_cast<std::ptrdiff_t>(kKey.size()), type.end());
    name = name.substr(0, name.find(';'));
    std::erase_if(name, [](char c) { return c == '"' || c == ' '; });
    return name;
}

/// iconv's descriptor
class Converter {
  public:
    explicit Converter(const std::string& charset) : handle_(iconv_open("UTF-8", charset.c_str())) {}
    ~Converter() {
        if (is_open()) iconv_close(handle_);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;

    // iconv_open's way to say no is the address -1
    bool is_open() const { return handle_ != reinterpret_cast<iconv_t>(-1); }  // NOLINT

    std::optional<std::string> convert(std::string bytes) const {
        std::string out(bytes.size() * 4 + 16, '\0');
        char* from = bytes.data();
        char* to = out.data();
        std::size_t from_left = bytes.size();
        std::size_t to_left = out.size();
        if (iconv(handle_, &from, &from_left, &to, &to_left) == static_cast<std::size_t>(-1)) return {};
        out.resize(out.size() - to_left);
        return out;
    }

  private:
    iconv_t handle_;
};

}  // namespace

Result<void> set_http_body(const HttpProperties& want, plugin::TaskContext& context, net::Request& request) {
    const bool has_form = !want.form_data.is_null();
    const bool multipart = has_form && want.content_type.starts_with("multipart/form-data");
    if (has_form) {
        auto body = form_body(want.form_data, multipart, context);
        if (!body) return tl::unexpected(body.error());
        request.body = std::move(*body);
    } else if (want.body) {
        request.body = *want.body;
    } else {
        return {};
    }
    if (multipart) return {};  // the boundary is part of the type: libcurl writes it
    const char* usual = has_form ? "application/x-www-form-urlencoded" : "application/json";
    if (!request.headers.find("Content-Type")) {
        request.headers.add("Content-Type", want.content_type.empty() ? usual : want.content_type);
    }
    return {};
}

Result<std::string> body_text(const net::Response& response, const std::string& otherwise) {
    const std::string told = charset_of(response);
    const std::string& charset = told.empty() ? otherwise : told;
    const Converter converter(charset);
    if (!converter.is_open()) return invalid("the body's charset '{}' is not known", charset);
    auto text = converter.convert(response.body);
    if (!text || text->find('\0') != std::string::npos) {
        return invalid("the body is no {} text: use the task io.kestra.plugin.core.http.Download instead", charset);
    }
    return std::move(*text);
}

}  // namespace sluice::tasks
