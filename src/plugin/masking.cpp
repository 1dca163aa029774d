#include "plugin/masking.h"

#include <array>

#include "expr/mask.h"
#include "expr/template.h"

namespace sluice::plugin {
namespace {

// Shorter ones are words like "test", which would blot out half of the log.
constexpr std::size_t kLeastBytes = 6;

void hide_texts(const Value& value, TaskContext& context) {
    if (const std::string* text = value.if_string()) {
        if (text->size() >= kLeastBytes && !expr::has_expression(*text)) context.hide(*text);
    } else if (const Map* map = value.if_map()) {
        for (const auto& [name, item] : *map) hide_texts(item, context);
    } else if (const List* list = value.if_list()) {
        for (const Value& item : *list) hide_texts(item, context);
    }
}

}  // namespace

std::string masked(std::string text, const std::vector<std::string>& secrets) {
    return expr::Mask(secrets).masked(std::move(text));
}

bool is_credential(std::string_view property_name) {
    static constexpr std::array<std::string_view, 13> kEndings{
        "password",    "passphrase", "secret",    "token",           "apikey",           "privatekey", "secretkey",
        "secretkeyid", "authkey",    "accesskey", "secretaccesskey", "connectionstring", "webhookurl"};
    std::string lower(property_name);
    for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return std::ranges::any_of(kEndings, [&](std::string_view ending) { return lower.ends_with(ending); });
}

void hide_credentials(const std::vector<flow::Property>& declared, const Value& rendered, TaskContext& context) {
    if (!rendered.is_map()) return;
    for (const flow::Property& property : declared) {
        const auto value = rendered.get(property.name);
        if (!value || value->is_null()) continue;
        if (property.secret || is_credential(property.name)) {
            hide_texts(*value, context);
        } else if (!property.fields.empty()) {
            hide_credentials(property.fields, *value, context);
        }
    }
}

}  // namespace sluice::plugin
