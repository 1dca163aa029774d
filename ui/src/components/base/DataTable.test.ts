import { mount } from "@vue/test-utils";
import { expect, test } from "vitest";
import DataTable from "@/components/base/DataTable.vue";

const columns = [
  { id: "id", text: "Id", sort: "id" },
  { id: "name", text: "Name" },
];
const mountTable = (sort: string) =>
  mount(DataTable<{ id: string }>, {
    props: { rows: [{ id: "1" }, { id: "2" }], columns, keyOf: (row: { id: string }) => row.id, caption: "Things", sort },
    slots: { id: ({ row }: { row: { id: string } }) => row.id, name: "a name" },
  });

test("the order is told to those who can't see the arrow", () => {
  expect(mountTable("id:asc").get("th").attributes("aria-sort")).toBe("ascending");
  expect(mountTable("other:asc").get("th").attributes("aria-sort")).toBe("none");
});

test("a click on a heading turns the order round", async () => {
  const table = mountTable("id:desc");
  await table.get("th button").trigger("click");
  expect(table.emitted("sort")).toEqual([["id:asc"]]);
});

test("a cell knows its heading, for the cards of narrow pages", () => expect(mountTable("").get("td:nth-child(2)").attributes("data-label")).toBe("Name"));
