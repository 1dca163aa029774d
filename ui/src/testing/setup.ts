// What the browser has and the tests' stand-in lacks.
import { config } from "@vue/test-utils";
import { createPinia } from "pinia";
import { createMemoryHistory, createRouter } from "vue-router";

Object.defineProperty(window, "matchMedia", {
  configurable: true,
  value: () => ({ matches: false, addEventListener: () => undefined, removeEventListener: () => undefined }),
});
window.scrollTo = () => undefined;

const names = ["home", "flows", "flow", "executions", "execution", "plugin", "services", "triggers"];
const routes = names.map((name) => ({ path: `/${name}/:namespace?/:flowId?/:id?/:tab?`, name, component: { template: "<div />" } }));
routes.push({ path: "/:rest(.*)*", name: "not-found", component: { template: "<div />" } });
config.global.plugins = [createPinia(), createRouter({ history: createMemoryHistory(), routes })];
