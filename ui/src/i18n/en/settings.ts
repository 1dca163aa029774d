import type { Text } from "@/i18n";

/** What namespaces say of themselves. */
export const namespaceSettings = {
  "namespace.variables": "Variables",
  "namespace.plugin-defaults": "Plugin defaults",
  "settings.variablesHint": "YAML: names and values. Flows of this namespace, and of those below, read one with namespace.name.",
  "settings.defaultsHint":
    "YAML: a list of type, values and forced. They fill in what tasks and triggers of these types leave open; forced ones replace what a flow says.",
  "settings.saved": "Saved. It counts from the next task on.",
  "settings.notSaved": "It was not saved",
  "settings.notLoaded": "It could not be loaded",
  "settings.conflict": "Somebody else changed it meanwhile. Nothing was overwritten.",
  "settings.effectiveVariables": "What flows of this namespace see",
  "settings.effectiveDefaults": "What counts here, the strongest first",
  "settings.name": "Name",
  "settings.value": "Value",
  "settings.type": "Type, or its beginning",
  "settings.values": "Values",
  "settings.forced": "Forced",
  "settings.isForced": "forced",
  "settings.origin": "From",
  "settings.own": "this namespace",
  "settings.configuration": "the servers' configuration",
  "settings.hidden": "hidden",
  "settings.uses": "Flows that use {name}",
  "settings.usesTitle": "Flows that name {name}",
  "settings.unused": "No flow's text names it.",
} satisfies Record<string, Text>;
