import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import { useRoute } from "vue-router";
import { searchExecutions } from "@/api/executions";
import { namespaces as loadNamespaces, searchFlows } from "@/api/flows";
import { getPlugins } from "@/api/plugins";
import { ADMINISTRATION, MAIN } from "@/components/layout/menuEntries";
import { best, looksLikeExecution, type Target } from "@/components/palette/paletteSearch";
import { targetsHere } from "@/components/palette/targetsHere";
import { useRecent } from "@/composables/useRecent";
import { shortId, shortType } from "@/format/id";
import { t } from "@/i18n";
import { usePreferences } from "@/stores/preferences";

const PAUSE_MS = 120;
const MOST_OF_EACH = 6;

/** What the palette offers: pages, types and namespaces from here, flows and executions from the server. */
export function usePaletteTargets(open: Ref<boolean>, text: Ref<string>): { targets: ComputedRef<Target[]>; busy: Ref<boolean> } {
  const recent = useRecent();
  const route = useRoute();
  const preferences = usePreferences();
  const local = shallowRef<Target[]>([]);
  const remote = shallowRef<Target[]>([]);
  const busy = ref(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  const pages = computed<Target[]>(() =>
    [...MAIN, ...ADMINISTRATION].map(({ route, text: name }) => ({ key: `page ${route}`, group: "pages", text: t(name), hint: "", to: { name: route } })),
  );
  const lately = computed<Target[]>(() => recent.value.map(({ path, title }) => ({ key: `recent ${path}`, group: "recent", text: title, hint: "", to: path })));

  const here = computed(() => targetsHere(route));
  const settings = computed<Target[]>(() =>
    (["light", "dark", "syncWithSystem"] as const)
      .map(
        (theme): Target => ({
          key: `theme ${theme}`,
          group: "settings",
          text: `${t("settings.theme")}: ${t(`settings.theme.${theme}`)}`,
          hint: "",
          run: () => (preferences.theme = theme),
        }),
      )
      .concat(
        (["relative", "absolute"] as const).map((form) => ({
          key: `times ${form}`,
          group: "settings",
          text: `${t("settings.timeForm")}: ${t(`settings.timeForm.${form}`)}`,
          hint: "",
          run: () => (preferences.timeForm = form),
        })),
      ),
  );

  async function loadLocal(): Promise<void> {
    const [names, groups] = await Promise.allSettled([loadNamespaces(), getPlugins()]);
    local.value = [
      ...(names.status === "fulfilled" ? names.value : []).map(
        (id): Target => ({ key: `namespace ${id}`, group: "namespaces", text: id, hint: "", to: { name: "namespace", params: { id } } }),
      ),
      ...(groups.status === "fulfilled" ? groups.value : [])
        .flatMap((group) => group.types)
        .map(({ type }): Target => ({ key: `type ${type}`, group: "types", text: shortType(type), hint: type, to: { name: "plugin", params: { cls: type } } })),
    ];
  }

  async function ask(wanted: string): Promise<void> {
    running?.abort();
    running = new AbortController();
    const { signal } = running;
    busy.value = true;
    const [flows, executions] = await Promise.allSettled([
      searchFlows({ q: wanted, size: MOST_OF_EACH, sort: "id:asc" }, signal),
      looksLikeExecution(wanted)
        ? searchExecutions({ "filters[id][STARTS_WITH]": wanted, size: MOST_OF_EACH }, signal)
        : Promise.resolve({ rows: [], total: 0 }),
    ]);
    if (signal.aborted) return;
    busy.value = false;
    remote.value = [
      ...(executions.status === "fulfilled" ? executions.value.rows : []).map(
        ({ namespace, flowId, id }): Target => ({
          key: `execution ${id}`,
          group: "executions",
          text: `${flowId} ${shortId(id)}`,
          hint: namespace,
          to: { name: "execution", params: { namespace, flowId, id } },
        }),
      ),
      ...(flows.status === "fulfilled" ? flows.value.rows : []).map(
        ({ namespace, id }): Target => ({
          key: `flow ${namespace}.${id}`,
          group: "flows",
          text: id,
          hint: namespace,
          to: { name: "flow", params: { namespace, id } },
        }),
      ),
    ];
  }

  watch(open, (now) => {
    if (!now) return;
    text.value = "";
    remote.value = [];
    if (local.value.length === 0) void loadLocal();
  });
  watch(text, (now) => {
    clearTimeout(timer);
    running?.abort();
    busy.value = false;
    if (now.trim() === "") remote.value = [];
    else timer = setTimeout(() => void ask(now.trim()), PAUSE_MS);
  });
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });

  const targets = computed<Target[]>(() => {
    const wanted = text.value.trim();
    if (wanted === "") return [...lately.value.slice(0, MOST_OF_EACH), ...here.value, ...pages.value];
    const of = (group: Target["group"]) =>
      best(
        local.value.filter((target) => target.group === group),
        wanted,
        MOST_OF_EACH,
      );
    return [
      ...best(here.value, wanted, MOST_OF_EACH),
      ...best(lately.value, wanted, 3),
      ...best(pages.value, wanted, MOST_OF_EACH),
      ...remote.value,
      ...of("namespaces"),
      ...of("types"),
      ...best(settings.value, wanted, MOST_OF_EACH),
    ];
  });
  return { targets, busy };
}
