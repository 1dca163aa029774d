#pragma once
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

namespace sluice {

class Value;
class Map;
class LazyMap;
class Extension;
using List = std::vector<Value>;

/// What a value is. The number types are told apart because expressions can see the difference.
enum class Kind : std::uint8_t {
    Null,
    Bool,
    Int,    // 32 bit: JSON integers that fit
    Long,   // 64 bit: literals and results of arithmetic in expressions
    Float,  // 32 bit
    Double,
    String,
    List,       // also what Java calls array, set and collection: see ListFlavour
    Map,        // keys in the order of their insertion
    Lazy,       // a map whose entries are fetched when asked for
    Extension,  // dates, big numbers, characters …: see extension.h
};

/// How a list came to be; it matters to expressions only.
enum class ListFlavour : std::uint8_t { List, Array, Set, Collection };

/// How the order of a map's keys came to be; it matters to expressions only.
enum class MapFlavour : std::uint8_t { Linked, Hash };

/// A dynamic value: what YAML, JSON, inputs, outputs and expressions are made of.
///
/// A copy is cheap and shares strings, lists and maps; mutable_list() and mutable_map() unshare first.
/// Threads  a value may be read by many threads and written by one owner of an unshared one
class Value {
  public:
    Value() = default;
    Value(std::nullptr_t) {}
    Value(bool b) : data_(b) {}
    Value(std::int32_t i) : data_(i) {}
    Value(std::int64_t l) : data_(l) {}
    Value(std::uint32_t u) : data_(static_cast<std::int64_t>(u)) {}
    Value(std::size_t n) : data_(static_cast<std::int64_t>(n)) {}
    Value(float f) : data_(f) {}
    Value(double d) : data_(d) {}
    Value(std::string text) : data_(std::make_shared<const std::string>(std::move(text))) {}
    Value(std::string_view text) : Value(std::string(text)) {}
    Value(const char* text) : Value(std::string(text)) {}
    Value(List items, ListFlavour flavour = ListFlavour::List);
    Value(Map entries);
    Value(std::initializer_list<std::pair<std::string, Value>> entries);
    Value(std::shared_ptr<const LazyMap> lazy) : data_(std::move(lazy)) {}
    Value(std::shared_ptr<const Extension> extension) : data_(std::move(extension)) {}
    template <class T>
    Value(const std::optional<T>& maybe) : Value(maybe ? Value(*maybe) : Value()) {}

    Kind kind() const { return static_cast<Kind>(data_.index()); }
    bool is_null() const { return kind() == Kind::Null; }
    bool is_bool() const { return kind() == Kind::Bool; }
    bool is_string() const { return kind() == Kind::String; }
    bool is_list() const { return kind() == Kind::List; }
    bool is_map() const { return kind() == Kind::Map; }
    bool is_lazy() const { return kind() == Kind::Lazy; }
    bool is_integer() const { return kind() == Kind::Int || kind() == Kind::Long; }
    bool is_number() const { return is_integer() || kind() == Kind::Float || kind() == Kind::Double; }

    // These want the right kind; a wrong one is our bug.
    bool as_bool() const { return std::get<bool>(data_); }
    std::int64_t as_integer() const;  // Int or Long
    double as_double() const;         // any number
    const std::string& as_string() const { return *std::get<StringPtr>(data_); }
    const List& as_list() const;
    ListFlavour flavour() const;
    const Map& as_map() const;
    const LazyMap& as_lazy() const { return *std::get<LazyPtr>(data_); }
    const Extension& as_extension() const { return *std::get<ExtensionPtr>(data_); }

    // These answer nothing when the kind is another.
    const std::string* if_string() const;
    const List* if_list() const;
    const Map* if_map() const;
    const Extension* if_extension() const;
    std::optional<std::int64_t> if_integer() const;
    std::optional<bool> if_bool() const;

    /// The entry of a map (a lazy one is asked); empty when this is no map or has no such key.
    std::optional<Value> get(std::string_view key) const;
    /// The same, walking down: get("state", "current")
    template <class... Keys>
    std::optional<Value> get(std::string_view key, Keys... more) const {
        const auto found = get(key);
        return found ? found->get(more...) : std::nullopt;
    }
    /// The entry, or null
    Value operator[](std::string_view key) const { return get(key).value_or(Value()); }
    /// The text of a string entry, or ""
    std::string text(std::string_view key) const;

    /// For changing: unshares the list or map first. Wants the right kind.
    List& mutable_list();
    Map& mutable_map();

    /// The very list, shared with every copy of this value: expressions tell lists apart by it.
    struct SharedList {
        List items;
        ListFlavour flavour = ListFlavour::List;
        int height = 1;
    };
    const std::shared_ptr<SharedList>& shared_list() const { return std::get<ListPtr>(data_); }

    /// How deep lists and maps stood in each other when this value was made: 0 for anything else, 1 for a flat list.
    /// What is put in later does not count.
    int height() const;

    /// Deep equality: same kinds and contents; Int and Long compare by value, so do Float and Double.
    /// Maps are equal whatever their order.
    bool operator==(const Value& other) const;

  private:
    using StringPtr = std::shared_ptr<const std::string>;
    using ListPtr = std::shared_ptr<SharedList>;
    using MapPtr = std::shared_ptr<Map>;
    using LazyPtr = std::shared_ptr<const LazyMap>;
    using ExtensionPtr = std::shared_ptr<const Extension>;

    // In the order of Kind.
    std::variant<std::monostate, bool, std::int32_t, std::int64_t, float, double, StringPtr, ListPtr, MapPtr, LazyPtr,
                 ExtensionPtr>
        data_{};
};

/// Keys and values in the order of insertion; a key stands once.
class Map {
  public:
    using Entry = std::pair<std::string, Value>;

    Map() = default;
    Map(std::initializer_list<Entry> entries);

    const Value* find(std::string_view key) const;
    Value* find(std::string_view key);
    bool contains(std::string_view key) const { return find(key) != nullptr; }
    /// The value of the key, made null when it is new.
    Value& operator[](std::string_view key);
    void set(std::string_view key, Value value) { (*this)[key] = std::move(value); }
    bool erase(std::string_view key);

    std::size_t size() const { return entries_.size(); }
    bool empty() const { return entries_.empty(); }
    auto begin() const { return entries_.begin(); }
    auto end() const { return entries_.end(); }
    auto begin() { return entries_.begin(); }
    auto end() { return entries_.end(); }
    const Entry& front() const { return entries_.front(); }
    void reserve(std::size_t n) { entries_.reserve(n); }

    MapFlavour flavour() const { return flavour_; }
    void set_flavour(MapFlavour flavour) { flavour_ = flavour; }
    /// The keys as an expression wrote them, in the order of the entries, when not all are text; otherwise null.
    /// Forgotten when a key comes or goes.
    const List* typed_keys() const { return typed_keys_.get(); }
    void set_typed_keys(List keys) { typed_keys_ = std::make_shared<const List>(std::move(keys)); }

    Map(const Map& other);
    Map(Map&&) noexcept = default;
    Map& operator=(const Map& other);
    Map& operator=(Map&&) noexcept = default;

  private:
    friend class Value;
    std::size_t position(std::string_view key) const;
    void build_index() const;

    std::vector<Entry> entries_{};
    MapFlavour flavour_ = MapFlavour::Linked;
    int height_ = 1;
    std::shared_ptr<const List> typed_keys_{};
    // Only for large maps, kept by writers. Its keys are hashes, because the entries move in memory.
    mutable std::unique_ptr<std::unordered_multimap<std::size_t, std::size_t>> index_{};
};

/// A map whose entries are fetched when they are asked for, as the outputs of a large execution are.
class LazyMap {
  public:
    virtual ~LazyMap() = default;
    virtual std::optional<Value> find(std::string_view key) const = 0;
    /// The whole of it
    virtual Value force() const = 0;
};

/// The extensions that are known by name; see extension.h and temporal.h.
enum class ExtensionType : std::uint8_t {
    BigInteger,
    BigDecimal,
    Character,
    Uri,
    EnumConstant,
    Instant,
    ZonedDateTime,
    LocalDate,
    LocalDateTime,
    LocalTime,
    TimeAmount,
    Other,
};

/// Kinds that only expressions and input types need.
class Extension {
  public:
    virtual ~Extension() = default;
    virtual ExtensionType type() const { return ExtensionType::Other; }
    /// How it stands in text
    virtual std::string text() const = 0;
    /// How it stands in JSON: as a number (unquoted) or as text.
    virtual std::string json() const = 0;
    virtual bool equals(const Extension& other) const = 0;
    /// See Value::height()
    virtual int height() const { return 0; }
};

/// The extension of this type, or null: if_a<Instant>(value)
template <class T>
const T* if_a(const Value& value) {
    const Extension* extension = value.if_extension();
    return extension != nullptr && extension->type() == T::kType ? static_cast<const T*>(extension) : nullptr;
}
template <class T>
const T* if_a(const Extension& extension) {
    return extension.type() == T::kType ? static_cast<const T*>(&extension) : nullptr;
}

/// A value that holds a new extension: make_value<Instant>(at)
template <class T, class... Args>
Value make_value(Args&&... args) {
    return Value(std::shared_ptr<const Extension>(std::make_shared<T>(std::forward<Args>(args)...)));
}

/// `from` laid over `onto`: maps are merged entry by entry, lists are concatenated, anything else replaces.
/// Source  flows.md §5.11: how outputs of task runs become one map
Value deep_merge(const Value& onto, const Value& from);

}  // namespace sluice
