import { quoted } from "@/filter/condition";
import { FIELDS, WORDS, type FilterPage } from "@/filter/fields";
import { expectedAfter } from "@/filter/parse";

export interface Suggestion {
  text: string;
  /** What stands in the text then. */
  insert: string;
}

export interface Completion {
  from: number;
  to: number;
  suggestions: Suggestion[];
}

/** Values that the server knows of a field; the page asks for them. */
export type KnownValues = (field: string, key: string | undefined) => readonly string[];

const MOST = 12;

/** What may be written at the cursor: fields, operators, values, or how it goes on. */
export function completeFilter(text: string, cursor: number, page: FilterPage, known: KnownValues): Completion {
  const before = text.slice(0, cursor);
  const begun = /[^\s()",=<>!]*$/.exec(before)?.[0] ?? "";
  const from = cursor - begun.length;
  const expected = expectedAfter(before.slice(0, from), page);
  const all = candidates(expected, page, known);
  const needle = begun.toLowerCase();
  const starting = all.filter((one) => one.text.toLowerCase().startsWith(needle));
  const holding = all.filter((one) => !starting.includes(one) && one.text.toLowerCase().includes(needle));
  const suggestions = [...starting, ...holding].filter((one) => one.text.toLowerCase() !== needle || one.insert.trim() !== begun).slice(0, MOST);
  return { from, to: cursor, suggestions };
}

function candidates(expected: ReturnType<typeof expectedAfter>, page: FilterPage, known: KnownValues): Suggestion[] {
  const { what, field, key } = expected;
  if (what === "condition")
    return FIELDS[page].flatMap((one) => {
      if (!one.keyed) return [{ text: one.name, insert: `${one.name} ` }];
      const keys = known(one.name, undefined);
      return [
        { text: `${one.name}.`, insert: `${one.name}.` },
        ...keys.map((name) => ({ text: `${one.name}.${name}`, insert: `${one.name}.${quoted(name)} ` })),
      ];
    });
  if (what === "joint") return [{ text: "and", insert: "and " }];
  if (what === "operator")
    return (field?.operations ?? []).map((one) => ({ text: WORDS[one], insert: `${WORDS[one]} ${one === "IN" || one === "NOT_IN" ? "(" : ""}` }));
  if (what === "listEnd")
    return [
      { text: ",", insert: ", " },
      { text: ")", insert: ") " },
    ];
  if (field === undefined) return [];
  const values = field.values.length > 0 ? field.values : known(field.name, key);
  return values.map((value) => ({ text: value, insert: `${quoted(value)}${what === "value" ? " " : ""}` }));
}
