import type { Text } from "@/i18n";
import type { namespaceSettings as english } from "@/i18n/en/settings";

export const namespaceSettings: Record<keyof typeof english, Text> = {
  "namespace.variables": "Variablen",
  "namespace.plugin-defaults": "Vorgaben für Plugins",
  "settings.variablesHint": "YAML: Namen und Werte. Flows dieses Namespaces und der darunter lesen einen mit namespace.name.",
  "settings.defaultsHint":
    "YAML: eine Liste von type, values und forced. Sie füllen, was Aufgaben und Auslöser dieser Typen offen lassen; erzwungene ersetzen, was ein Flow sagt.",
  "settings.saved": "Gespeichert. Es gilt ab der nächsten Aufgabe.",
  "settings.notSaved": "Es wurde nicht gespeichert",
  "settings.notLoaded": "Es ließ sich nicht laden",
  "settings.conflict": "Jemand anders hat es inzwischen geändert. Nichts wurde überschrieben.",
  "settings.effectiveVariables": "Was Flows dieses Namespaces sehen",
  "settings.effectiveDefaults": "Was hier gilt, das Stärkste zuerst",
  "settings.name": "Name",
  "settings.value": "Wert",
  "settings.type": "Typ oder sein Anfang",
  "settings.values": "Werte",
  "settings.forced": "Erzwungen",
  "settings.isForced": "erzwungen",
  "settings.origin": "Von",
  "settings.own": "diesem Namespace",
  "settings.configuration": "der Konfiguration der Server",
  "settings.hidden": "verdeckt",
  "settings.uses": "Flows, die {name} verwenden",
  "settings.usesTitle": "Flows, die {name} nennen",
  "settings.unused": "Kein Flow nennt sie in seinem Text.",
};
