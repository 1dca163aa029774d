import { ref, type Ref } from "vue";

/** The name that people's earlier page used: their stars are taken over. */
const KEY = "starred.bookmarks";

export interface Bookmark {
  /** Below the page's beginning, with its query. */
  path: string;
  label: string;
}

const PAGE = /^\/ui(?=\/)/;

function read(): Bookmark[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    if (!Array.isArray(kept)) return [];
    const sound = kept.filter((one): one is Bookmark => typeof one?.path === "string" && typeof one?.label === "string" && one.path.startsWith("/"));
    return sound.map(({ path, label }) => ({ path: path.replace(PAGE, ""), label }));
  } catch {
    return []; // blocked, or not ours
  }
}

const marks = ref<Bookmark[]>(read());

function keep(next: Bookmark[]): void {
  marks.value = next;
  try {
    localStorage.setItem(KEY, JSON.stringify(next));
  } catch {
    // storage is blocked: they last as long as the page
  }
}

/** Pages that somebody has starred in this browser. */
export function useBookmarks(): {
  marks: Ref<Bookmark[]>;
  isMarked: (path: string) => boolean;
  toggle: (mark: Bookmark) => void;
  rename: (path: string, label: string) => void;
} {
  const isMarked = (path: string) => marks.value.some((one) => one.path === path);
  return {
    marks,
    isMarked,
    toggle: (mark) => keep(isMarked(mark.path) ? marks.value.filter(({ path }) => path !== mark.path) : [...marks.value, mark]),
    rename: (path, label) => keep(marks.value.map((one) => (one.path === path && label.trim() !== "" ? { path, label: label.trim() } : one))),
  };
}
