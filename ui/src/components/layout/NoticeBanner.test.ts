import { mount } from "@vue/test-utils";
import { TooltipProvider } from "reka-ui";
import { expect, test } from "vitest";
import { h } from "vue";
import { toNotices, type Notices } from "@/api/notices";
import NoticeBanner from "@/components/layout/NoticeBanner.vue";

const now = new Date("2026-11-30T12:05:00Z");

function shown(notices: Notices) {
  return mount({ render: () => h(TooltipProvider, () => h(NoticeBanner, { notices, now })) });
}

test("nothing is shown when there is nothing to tell", () => {
  expect(shown(toNotices({ maintenance: { active: false }, announcements: [] })).findAll("[role=status]")).toHaveLength(0);
});

test("maintenance mode says why, who, and what still runs", () => {
  const page = shown(
    toNotices({ maintenance: { active: true, reason: "new disks", by: "ada", since: "2026-11-30T12:00:00Z", running: 3 }, announcements: [] }),
  );
  const text = page.get("[data-testid=maintenance]").text();
  for (const word of ["new disks", "ada", "3"]) expect(text).toContain(word);
});

test("announcements are text, in the tone of their level", () => {
  const page = shown(
    toNotices({
      maintenance: { active: false },
      announcements: [
        { id: 2, message: "<b>down</b> at noon", level: "ERROR" },
        { id: 1, message: "hello", level: "INFO", endsAt: "2026-12-01T00:00:00Z" },
      ],
    }),
  );
  const rows = page.findAll("[data-testid=announcement]");
  expect(rows.map((row) => row.text())).toEqual(["<b>down</b> at noon", "hello"]);
  expect(rows[0]?.classes()).toContain("ERROR");
});
