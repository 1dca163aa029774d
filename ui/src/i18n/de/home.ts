import type { Text } from "@/i18n";
import type { home as english } from "@/i18n/en/home";

export const home: Record<keyof typeof english, Text> = {
  "home.title": "Start",
  "home.attention": "Braucht Aufmerksamkeit",
  "home.calm": "Alles in Ordnung: in den letzten 24 Stunden ist nichts fehlgeschlagen, und jeder Dienst läuft.",
  "home.failedFlow": { one: "in 24 Std. einmal fehlgeschlagen", other: "in 24 Std. {count}-mal fehlgeschlagen" },
  "home.paused": "wartet, dass jemand fortsetzt",
  "home.queued": { one: "{count} Ausführung wartet", other: "{count} Ausführungen warten" },
  "home.lateTrigger": "hätte auslösen sollen: {when}",
  "home.sickService": "ist {state}; letztes Lebenszeichen {when}",
  "home.flows": "Flows",
  "home.activeTriggers": "Trigger",
  "home.running": "Läuft gerade",
  "home.successRate": "Erfolg, 24 Std.",
  "home.successHint": "{ended} beendet",
  "home.chart": "Ausführungen pro Tag",
  "home.chartPeriod": "letzte 14 Tage",
  "home.recent": "Letzte Ausführungen",
  "home.upcoming": "Als Nächstes geplant",
  "home.noUpcoming": "Kein Trigger wird auslösen.",
  "home.noExecutions": "Noch ist nichts gelaufen.",
  "home.welcome": "Willkommen bei Sluice",
  "home.welcomeText":
    "Ein Flow ist ein YAML-Dokument. Es sagt, was läuft, in welcher Reihenfolge und wann. Der erste ist in einer halben Minute angelegt und ausgeführt.",
  "home.firstFlow": "Den ersten Flow anlegen",
  "home.readPlugins": "Was kann ein Task?",

  "chart.table": "Als Tabelle zeigen",
  "chart.chart": "Als Diagramm zeigen",
  "chart.day": "Tag",
  "chart.total": "Summe",
  "chart.bar": "{day}: {details}",
  "chart.nothing": "nichts gelaufen",
  "chart.empty": "In dieser Zeit ist nichts gelaufen.",
  "chart.lastRuns": { one: "der letzte Lauf", other: "die letzten {count} Läufe" },
};
