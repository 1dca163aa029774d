import { createRouter, createWebHistory, type RouteRecordRaw, type Router } from "vue-router";
import { rememberPages } from "@/composables/useRecent";
import { useSession } from "@/stores/session";

declare module "vue-router" {
  interface RouteMeta {
    /** The entry of the main menu that this page belongs to. */
    menu?: string;
    /** Needs no session. */
    open?: boolean;
  }
}

/** The tenant in front is optional: addresses from notifications have it, ours don't need it. */
const page = (path: string, name: string, menu: string, component: RouteRecordRaw["component"]): RouteRecordRaw =>
  ({ path: `/:tenant(main)?${path}`, name, component, meta: { menu } }) as RouteRecordRaw;

const routes: RouteRecordRaw[] = [
  { path: "/login", name: "login", component: () => import("@/pages/login/LoginPage.vue"), meta: { open: true } },
  page("", "home", "home", () => import("@/pages/home/HomePage.vue")),
  { path: "/:tenant(main)?/dashboards/:dashboard?", redirect: { name: "home" } },
  { path: "/:tenant(main)?/welcome", redirect: { name: "home" } },
  page("/flows", "flows", "flows", () => import("@/pages/flows/FlowsPage.vue")),
  page("/flows/search", "flow-sources", "flows", () => import("@/pages/flows/FlowSourcesPage.vue")),
  page("/flows/new", "flow-new", "flows", () => import("@/pages/flows/NewFlowPage.vue")),
  page("/flows/edit/:namespace/:id/:tab?", "flow", "flows", () => import("@/pages/flows/FlowPage.vue")),
  page("/executions", "executions", "executions", () => import("@/pages/executions/ExecutionsPage.vue")),
  page("/executions/:namespace/:flowId/:id/:tab?", "execution", "executions", () => import("@/pages/executions/ExecutionPage.vue")),
  page("/taskruns", "taskruns", "taskruns", () => import("@/pages/taskruns/TaskRunsPage.vue")),
  page("/logs", "logs", "logs", () => import("@/pages/logs/LogsPage.vue")),
  page("/admin/triggers", "triggers", "triggers", () => import("@/pages/triggers/TriggersPage.vue")),
  page("/admin/cluster/:tab?", "cluster", "cluster", () => import("@/pages/cluster/ClusterPage.vue")),
  { path: "/:tenant(main)?/admin/concurrency-limits", redirect: { name: "cluster", params: { tab: "concurrency" } } },
  { path: "/:tenant(main)?/admin/stats", redirect: { name: "cluster" } },
  page("/admin/operations/:id?", "operations", "operations", () => import("@/pages/operations/OperationsPage.vue")),
  page("/admin/services", "services", "services", () => import("@/pages/services/ServicesPage.vue")),
  page("/admin/access/:tab?", "access", "access", () => import("@/pages/access/AccessPage.vue")),
  page("/admin/audit", "audit", "audit", () => import("@/pages/audit/AuditPage.vue")),
  page("/namespaces", "namespaces", "namespaces", () => import("@/pages/namespaces/NamespacesPage.vue")),
  page("/namespaces/edit/:id/:tab?", "namespace", "namespaces", () => import("@/pages/namespaces/NamespacePage.vue")),
  page("/blueprints", "blueprints", "blueprints", () => import("@/pages/blueprints/BlueprintsPage.vue")),
  page("/blueprints/:kind/:tab/:id", "blueprint", "blueprints", () => import("@/pages/blueprints/BlueprintPage.vue")),
  { path: "/:tenant(main)?/blueprints/:kind/:tab?", redirect: { name: "blueprints" } },
  page("/plugins", "plugins", "plugins", () => import("@/pages/plugins/PluginsPage.vue")),
  page("/plugins/:cls/:version?", "plugin", "plugins", () => import("@/pages/plugins/PluginPage.vue")),
  page("/settings", "settings", "settings", () => import("@/pages/settings/SettingsPage.vue")),
  { path: "/:rest(.*)*", name: "not-found", component: () => import("@/pages/NotFoundPage.vue") },
];

export function createPageRouter(): Router {
  const router = createRouter({
    history: createWebHistory(import.meta.env.BASE_URL),
    routes,
    scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
  });

  router.beforeEach((to) => {
    const session = useSession();
    if (session.state === "anonymous" && to.meta.open !== true) return { name: "login", query: to.fullPath === "/" ? {} : { from: to.fullPath } };
    return true;
  });

  rememberPages(router);
  // A newer page was installed while this one was open: its parts are gone, so begin again at the wanted address.
  router.onError((error: Error, to) => {
    if (/dynamically imported module|Importing a module|module script failed/i.test(error.message))
      window.location.assign(import.meta.env.BASE_URL.replace(/\/$/, "") + to.fullPath);
  });
  return router;
}
