import {
  Activity,
  BookOpen,
  CalendarClock,
  ClipboardList,
  FolderTree,
  House,
  Layers,
  Library,
  ListChecks,
  Play,
  ScrollText,
  Server,
  Settings,
  ShieldCheck,
  Workflow,
  type LucideIcon,
} from "@lucide/vue";
import type { TextKey } from "@/i18n";

export interface MenuPage {
  route: string;
  text: TextKey;
  icon: LucideIcon;
  /** Shown to those only who may do it somewhere. */
  needs?: string;
}

export const MAIN: MenuPage[] = [
  { route: "home", text: "nav.home", icon: House },
  { route: "flows", text: "nav.flows", icon: Workflow },
  { route: "executions", text: "nav.executions", icon: Play },
  { route: "taskruns", text: "nav.taskRuns", icon: ListChecks },
  { route: "logs", text: "nav.logs", icon: ScrollText },
  { route: "namespaces", text: "nav.namespaces", icon: FolderTree },
  { route: "blueprints", text: "nav.blueprints", icon: Library },
  { route: "plugins", text: "nav.plugins", icon: BookOpen },
];

export const ADMINISTRATION: MenuPage[] = [
  { route: "triggers", text: "nav.triggers", icon: CalendarClock },
  { route: "operations", text: "nav.operations", icon: Layers },
  { route: "cluster", text: "nav.cluster", icon: Activity, needs: "CLUSTER:READ" },
  { route: "services", text: "nav.services", icon: Server },
  { route: "access", text: "nav.access", icon: ShieldCheck },
  { route: "audit", text: "nav.audit", icon: ClipboardList, needs: "AUDIT:READ" },
  { route: "settings", text: "nav.settings", icon: Settings },
];
