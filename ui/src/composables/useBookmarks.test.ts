import { beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  localStorage.clear();
  vi.resetModules();
});

const fresh = async () => (await import("@/composables/useBookmarks")).useBookmarks();

test("a page is starred, renamed, found again, and given up", async () => {
  const first = await fresh();
  first.toggle({ path: "/executions?state=FAILED", label: "Executions" });
  first.rename("/executions?state=FAILED", " Failed ");
  first.rename("/executions?state=FAILED", "  ");
  vi.resetModules();
  const later = await fresh();
  expect(later.marks.value).toEqual([{ path: "/executions?state=FAILED", label: "Failed" }]);
  expect(later.isMarked("/executions?state=FAILED")).toBe(true);
  later.toggle({ path: "/executions?state=FAILED", label: "" });
  expect(later.marks.value).toEqual([]);
});

test("stars of an earlier page are taken over, and nonsense is not", async () => {
  localStorage.setItem("starred.bookmarks", JSON.stringify([{ path: "/ui/main/flows", label: "Flows" }, { path: "https://elsewhere", label: "x" }, 7]));
  expect((await fresh()).marks.value).toEqual([{ path: "/main/flows", label: "Flows" }]);
});
