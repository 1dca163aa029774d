import { describe, expect, test } from "vitest";
import { fromAddress, toAddress } from "@/composables/searchFilter";
import { anyField, FIELDS, type FilterPage } from "@/filter/fields";
import { isOpen, VIEWS, type View } from "@/filter/views";
import { frame } from "@/i18n/en/frame";
import { filters } from "@/i18n/en/filters";

const ALL = Object.entries(VIEWS).flatMap(([page, views]) => views.map((view) => [page as FilterPage, view] as const));

describe.each(ALL)("the view of %s", (page, view: View) => {
  const filter = fromAddress(view.query);

  test("asks for fields that the list has", () => {
    expect(filter.unknown).toEqual([]);
    for (const name of Object.keys(view.query).filter((one) => one !== "sort")) {
      const field = /^filters\[([\w.]+)\]/.exec(name)?.[1] ?? "";
      expect(anyField(field), field).toBeDefined();
      expect(
        FIELDS[page].map((one) => one.name),
        name,
      ).toContain(field);
    }
  });

  test("is the same after the page has read and written it, so that its mark stays", () => {
    expect(isOpen(view, toAddress(filter))).toBe(true);
    expect(isOpen(view, { ...toAddress(filter), page: "2", size: "50" })).toBe(true);
    expect(isOpen(view, { ...toAddress(filter), "filters[namespace][PREFIX]": "company" })).toBe(false);
  });

  test("has a name", () => expect({ ...frame, ...filters }).toHaveProperty([view.text]));
});
