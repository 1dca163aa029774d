// sluice import kestra: what another installation has comes here, with a report before and after. It works on the
// database and the storage, as its owner: no server has to run.
#include <iostream>
#include <unistd.h>

#include "access/act.h"
#include "access/capability.h"
#include "cli/command.h"
#include "cli/configuration.h"
#include "cli/kestra_readiness.h"
#include "net/client.h"
#include "pg/actor.h"
#include "pg/migrations.h"
#include "server/instance.h"
#include "server/server.h"
#include "storage/layout.h"
#include "store/flows.h"
#include "store/kv.h"
#include "store/triggers.h"
#include "value/json.h"

namespace sluice::cli {
namespace importing {

struct Wishes {
    bool dry_run = false;
    bool replace = false;  // flows, keys and files that are there
    bool triggers_stay_off = false;
    bool files = true, keys = true;
    std::string name_space{};  // only this one and those below it; empty: all
};

struct Found {
    std::vector<FlowReport> flows{};
    std::map<std::string, std::vector<std::string>> files{};  // by namespace
    std::map<std::string, std::vector<KestraKey>> keys{};     // by namespace
    std::vector<KestraTrigger> triggers{};
    std::vector<std::string> out_of_reach{};
};

/// What became of it.
struct Outcome {
    std::size_t flows = 0, unchanged = 0, files = 0, keys = 0, triggers = 0;
    std::vector<std::string> left{};  // what was not taken over, and why
};

/// Those of the flows and the ones above, whose files and keys they see; and the one that was asked for.
std::set<std::string> namespaces_of(const std::vector<FlowReport>& flows, const std::string& wanted) {
    std::set<std::string> out;
    if (!wanted.empty()) out.insert(wanted);
    for (const FlowReport& flow : flows) {
        for (std::string name = flow.id.namespace_name; !name.empty();) {
            if (access::is_within(name, wanted)) out.insert(name);
            const std::size_t dot = name.rfind('.');
            name.erase(dot == std::string::npos ? 0 : dot);
        }
    }
    return out;
}

Result<Found> look(KestraSource& source, const plugin::TaskCatalog& catalog, const server::Config& config,
                   const Wishes& wishes) {
    Found out;
    const auto flows = source.flows();
    if (!flows) return tl::unexpected(flows.error());
    out.flows = readiness_of(*flows, catalog, config.plugin_defaults);
    std::erase_if(out.flows, [&](const FlowReport& one) {
        return !one.id.namespace_name.empty() && !access::is_within(one.id.namespace_name, wishes.name_space);
    });
    for (const std::string& name : namespaces_of(out.flows, wishes.name_space)) {
        if (wishes.files) {
            auto files = source.files(name);
            if (!files) return tl::unexpected(files.error());
            if (!files->empty()) out.files[name] = std::move(*files);
        }
        if (wishes.keys) {
            auto keys = source.keys(name);
            if (!keys) return tl::unexpected(keys.error());
            if (!keys->empty()) out.keys[name] = std::move(*keys);
        }
    }
    auto triggers = source.triggers();
    if (!triggers) return tl::unexpected(triggers.error());
    out.triggers = std::move(*triggers);
    out.out_of_reach = source.out_of_reach();
    return out;
}

/// The database and the storage that are imported into.
class Target {
  public:
    Target(const server::Config& config, pg::ConnectionConfig where, const plugin::TaskCatalog& catalog)
        : pool_(where, 1, clock_),
          storage_pool_(where, 1, clock_),
          storage_(server::make_storage(config, server::process_environment(), &storage_pool_, http_)),
          instance_(server::make_instance(config, server::process_environment(), *storage_, templates_)),
          flows_(catalog.types(), config.plugin_defaults) {
        const char* login = getlogin();
        by_ = login != nullptr ? login : fmt::format("uid {}", getuid());
        pg::set_actor(pg::Actor{by_, "CLI", "", "IMPORT"});
    }
    ~Target() { pg::set_actor({}); }

    Result<void> usable() {
        return pool_.with_connection(
            [](pg::Connection& connection) { return pg::usable(pg::schema_state(connection)); });
    }

    /// With the state of its triggers: no date may come before it is known whether it is wanted.
    void take(const FlowReport& report, const std::vector<KestraTrigger>& triggers, const Wishes& wishes,
              Outcome& outcome) {
        if (report.readiness == Readiness::Missing) {
            outcome.left.push_back(report.id.text() + ": it does not run as it is");
            return;
        }
        const flow::ParsedFlow parsed = flows_.parse(report.source);
        std::vector<const KestraTrigger*> adopted;
        const auto saved = access::in_act(pool_, [&](pg::Transaction& tx) -> Result<store::SavedFlow> {
            adopted.clear();
            tx.now();  // begins it: what follows is somebody's act
            const auto there = store::latest_flow(tx.connection(), report.id);
            if (there && !there->deleted && there->source != report.source && !wishes.replace)
                return conflict("it is there already, with another text; --replace stores a new revision");
            auto done = store::save_flow(tx, parsed, report.source, store::Save::Either, by_, instance_);
            // What is here already may have been switched on or off here since.
            if (done && (done->changed || wishes.replace)) adopted = adopt(tx, *parsed.flow, triggers, wishes);
            return done;
        });
        if (!saved) {
            outcome.left.push_back(report.id.text() + ": " + saved.error().message);
            return;
        }
        ++(saved->changed ? outcome.flows : outcome.unchanged);
        for (const KestraTrigger* one : adopted) tell(*one, outcome);
    }

    void take(const std::string& name_space, const KestraKey& key, bool replace, Outcome& outcome) {
        store::KvRow row;
        row.name_space = name_space;
        row.key = key.key;
        row.kind = key.kind;
        row.value = key.value;
        row.description = key.description;
        std::optional<Duration> ttl;
        if (key.expires_at) ttl = *key.expires_at - clock_.now();
        if (ttl && *ttl <= 0s) return;
        const auto version = access::in_act(pool_, [&](pg::Transaction& tx) -> Result<std::int64_t> {
            tx.now();
            const auto set = store::kv_set(tx.connection(), row, ttl, replace);
            if (!set) return conflict("it is there already; --replace overwrites it");
            return *set;
        });
        if (version)
            ++outcome.keys;
        else
            outcome.left.push_back(fmt::format("key {} of {}: {}", key.key, name_space, version.error().message));
    }

    void take_file(KestraSource& source, const std::string& name_space, const std::string& path, bool replace,
                   Outcome& outcome) {
        const auto leave = [&](const std::string& why) {
            outcome.left.push_back(fmt::format("file {} of {}: {}", path, name_space, why));
        };
        const auto uri = storage::namespace_files(name_space).below(path);
        if (!uri) return leave(uri.error().message);
        if (!replace && storage_->exists(*uri)) return leave("it is there already; --replace overwrites it");
        const auto bytes = source.file(name_space, path);
        if (!bytes) return leave(bytes.error().message);
        if (const auto put = storage_->put(*uri, *bytes); !put) return leave(put.error().message);
        ++outcome.files;
    }

  private:
    /// The next date goes on where the other installation was, so that none is left out or comes twice.
    static std::vector<const KestraTrigger*> adopt(pg::Transaction& tx, const flow::Flow& flow,
                                                   const std::vector<KestraTrigger>& triggers, const Wishes& wishes) {
        constexpr const char* kBy = "import from Kestra";
        std::vector<const KestraTrigger*> out;
        tx.flush();  // the rows of its triggers are there
        for (const KestraTrigger& one : triggers) {
            if (flow::FlowId{one.name_space, one.flow_id} != flow.id) continue;
            const store::TriggerId id{flow.id, one.trigger_id};
            const bool off = one.disabled || wishes.triggers_stay_off;
            if (!store::adopt_trigger(tx, id, off ? std::nullopt : one.next_at, one.last_at)) continue;
            if (one.disabled) store::set_trigger_disabled(tx.connection(), id, true, kBy);
            out.push_back(&one);
        }
        if (!wishes.triggers_stay_off) return out;
        for (const flow::Trigger& one : flow.triggers)
            store::set_trigger_disabled(tx.connection(), {flow.id, one.id}, true, kBy);
        return out;
    }

    static void tell(const KestraTrigger& trigger, Outcome& outcome) {
        const std::string name =
            fmt::format("trigger {} of {}.{}", trigger.trigger_id, trigger.name_space, trigger.flow_id);
        ++outcome.triggers;
        if (trigger.has_backfill)
            outcome.left.push_back(name + ": its backfill; start it again by sluice trigger backfill");
        if (!trigger.execution_id.empty())
            outcome.left.push_back(name + ": it waits for execution " + trigger.execution_id +
                                   ", which stays where it is");
    }

    pg::DatabaseClock clock_{};
    net::Client http_{};
    pg::Pool pool_;
    pg::Pool storage_pool_;
    std::unique_ptr<storage::Storage> storage_;
    expr::TemplateCache templates_{};
    store::Instance instance_;
    store::Flows flows_;
    std::string by_{};
};

Outcome take_over(const Found& found, KestraSource& source, Target& target, const Wishes& wishes) {
    Outcome out;
    out.left = found.out_of_reach;
    // What flows read comes first: their triggers may fire as soon as they are here.
    for (const auto& [name, keys] : found.keys) {
        for (const KestraKey& key : keys) target.take(name, key, wishes.replace, out);
    }
    for (const auto& [name, paths] : found.files) {
        for (const std::string& path : paths) target.take_file(source, name, path, wishes.replace, out);
    }
    for (const FlowReport& flow : found.flows) target.take(flow, found.triggers, wishes, out);
    return out;
}

// ------------------------------------------------------------------------------------------------- the report

template <class Lists>
std::size_t count_in(const Lists& lists) {
    std::size_t out = 0;
    for (const auto& [name, list] : lists) out += list.size();
    return out;
}

std::size_t count_of(const Found& found, Readiness readiness) {
    return static_cast<std::size_t>(std::count_if(found.flows.begin(), found.flows.end(),
                                                  [&](const FlowReport& one) { return one.readiness == readiness; }));
}

void print_report(const Found& found) {
    constexpr const char* kMarks[] = {"✓", "⚠", "✘"};
    std::map<std::string, std::size_t> secrets;
    for (const FlowReport& flow : found.flows) {
        std::cout << kMarks[static_cast<std::size_t>(flow.readiness)] << " "
                  << (flow.id.id.empty() ? flow.origin : flow.id.text()) << "\n";
        for (const std::string& line : flow.missing) std::cout << "    missing    " << line << "\n";
        for (const std::string& line : flow.different) std::cout << "    different  " << line << "\n";
        for (const std::string& name : flow.secrets) ++secrets[name];
    }
    std::cout << fmt::format("{} flow(s) run, {} run with differences, {} do not run as they are\n",
                             count_of(found, Readiness::Runs), count_of(found, Readiness::Differs),
                             count_of(found, Readiness::Missing));
    std::cout << fmt::format("{} file(s), {} key(s), the state of {} trigger(s)\n", count_in(found.files),
                             count_in(found.keys), found.triggers.size());
    for (const std::string& line : found.out_of_reach) std::cout << "not to be had from here: " << line << "\n";
    for (const auto& [name, flows] : secrets)
        std::cout << fmt::format("secret {}: {} flow(s) ask for it; secrets are not exported, set it here\n", name,
                                 flows);
}

void print_outcome(const Outcome& outcome) {
    for (const std::string& line : outcome.left) std::cout << "left out: " << line << "\n";
    std::cout << fmt::format(
        "took over {} flow(s) ({} were here already), {} file(s), {} key(s), {} trigger state(s)\n", outcome.flows,
        outcome.unchanged, outcome.files, outcome.keys, outcome.triggers);
}

Value to_value(const Found& found, const std::optional<Outcome>& outcome) {
    List flows;
    for (const FlowReport& flow : found.flows) flows.push_back(cli::to_value(flow));
    Map out;
    out.set("flows", Value(std::move(flows)));
    out.set("files", static_cast<std::int64_t>(count_in(found.files)));
    out.set("keys", static_cast<std::int64_t>(count_in(found.keys)));
    out.set("triggers", static_cast<std::int64_t>(found.triggers.size()));
    out.set("outOfReach", Value(List(found.out_of_reach.begin(), found.out_of_reach.end())));
    if (outcome) {
        out.set("taken", Value{{"flows", static_cast<std::int64_t>(outcome->flows)},
                               {"unchanged", static_cast<std::int64_t>(outcome->unchanged)},
                               {"files", static_cast<std::int64_t>(outcome->files)},
                               {"keys", static_cast<std::int64_t>(outcome->keys)},
                               {"triggers", static_cast<std::int64_t>(outcome->triggers)}});
        out.set("leftOut", Value(List(outcome->left.begin(), outcome->left.end())));
    }
    return Value(std::move(out));
}

// ------------------------------------------------------------------------------------------------ the command

Result<std::unique_ptr<KestraSource>> source_of(const Options& options) {
    const std::string& from = options.rest()[0];
    for (const char* scheme : {"postgresql://", "postgres://", "jdbc:postgresql://"}) {
        if (!from.starts_with(scheme)) continue;
        return kestra_database({.url = from,
                                .schema = options.text("schema"),
                                .tenant = options.text("tenant"),
                                .name_space = options.text("namespace")});
    }
    if (!from.starts_with("http://") && !from.starts_with("https://"))
        return kestra_files(from, options.text("namespace"));
    const auto environment = server::process_environment();
    const auto given = [&](const char* name) {
        const auto found = environment.find(name);
        return found != environment.end() ? found->second : std::string();
    };
    return kestra_api({.url = from,
                       .tenant = options.text("tenant"),
                       .user = given("KESTRA_USER"),
                       .password = given("KESTRA_PASSWORD"),
                       .token = given("KESTRA_TOKEN"),
                       .name_space = options.text("namespace")});
}

int run(const Options& options, const Wishes& wishes) {
    const auto config = configuration(options);
    if (!config) return fail(config.error());
    const auto catalog = local_catalog(options);
    if (!catalog) return fail(catalog.error());
    const auto source = source_of(options);
    if (!source) return fail(source.error());
    const auto found = look(**source, *catalog, *config, wishes);
    if (!found) return fail(found.error());
    const bool as_json = options.text("output") == "json";
    if (!as_json) print_report(*found);
    std::optional<Outcome> outcome;
    if (!wishes.dry_run) {
        auto where = database_connection(options);
        if (!where) return fail(where.error());
        where->application = "sluice import";
        Target target(*config, *where, *catalog);
        if (auto fits = target.usable(); !fits) return fail(fits.error());
        outcome = take_over(*found, **source, target, wishes);
        if (!as_json) print_outcome(*outcome);
    }
    if (as_json) std::cout << to_pretty_json(to_value(*found, outcome)) << "\n";
    const bool whole = count_of(*found, Readiness::Missing) == 0 && (!outcome || outcome->left.empty());
    return whole ? Exit::Success : Exit::Failed;
}

int import_kestra(const std::vector<std::string>& words) {
    Options options(
        "sluice import kestra SOURCE [--dry-run] [--namespace NS] [--replace]",
        "Takes over flows, namespace files, key-value pairs and the state of triggers. SOURCE: the address of a "
        "running Kestra (credentials: KESTRA_USER and KESTRA_PASSWORD, or KESTRA_TOKEN), its PostgreSQL database "
        "(postgresql://user@host/name, PGPASSWORD; it is only read), an exported ZIP, or a folder of flows.");
    options.arguments();
    add_configuration(options);
    options.value("data", "folder of a local server that runs", "DIR")
        .flag("dry-run", "only reports what runs, what is missing and what is different; stores nothing")
        .flag("replace", "stores what is there already anew: flows as a new revision")
        .flag("triggers-off", "switches all triggers off that are taken over, until you switch them on")
        .flag("no-files", "leaves the files of namespaces out")
        .flag("no-keys", "leaves key-value pairs out")
        .value("namespace", "only this one and those below it; of a ZIP of a namespace: which one that is", "NS")
        .value("tenant", "of the other installation", "NAME", "main")
        .value("schema", "of its database", "NAME", "public")
        .value("output", "table or json", "FORMAT", "table");
    if (const auto stop = options.parse(words)) return *stop;
    if (options.rest().size() != 1)
        return fail_usage("Usage: sluice import kestra SOURCE [--dry-run] [--namespace NS] [--replace]");
    configure_logging({.level = LogLevel::Warn, .to_stderr = true});
    return run(options, {.dry_run = options.has("dry-run"),
                         .replace = options.has("replace"),
                         .triggers_stay_off = options.has("triggers-off"),
                         .files = !options.has("no-files"),
                         .keys = !options.has("no-keys"),
                         .name_space = options.text("namespace")});
}

}  // namespace importing

std::vector<Command> import_commands() {
    return {{"import kestra", "takes over what a Kestra installation has, with a report",
             "sluice import kestra {URL | DATABASE | ZIP | FOLDER} [--dry-run] [--namespace NS] [--replace] "
             "[--triggers-off]",
             importing::import_kestra}};
}

}  // namespace sluice::cli
