import { ref } from "vue";
import { en } from "@/i18n/en";

export type TextKey = keyof typeof en;
/** A text, or one for each plural form that the language has. */
export type Text = string | { one?: string; few?: string; many?: string; other: string };
export type Catalogue = Partial<Record<TextKey, Text>>;
export type TextValues = Record<string, string | number>;

const catalogues: Record<string, () => Promise<Catalogue>> = {
  en: async () => en,
  de: async () => (await import("@/i18n/de")).de,
};

export const languages = Object.keys(catalogues);

const language = ref("en");
const catalogue = ref<Catalogue>(en);

/** Texts that the language doesn't have yet come in English. */
export async function speak(wanted: string): Promise<void> {
  const load = catalogues[wanted] ?? catalogues.en;
  catalogue.value = (await load?.()) ?? en;
  language.value = wanted;
  document.documentElement.lang = wanted;
}

export function t(key: TextKey, values: TextValues = {}): string {
  return fill(choose(catalogue.value[key] ?? en[key], values.count), values);
}

function choose(text: Text, count: string | number | undefined): string {
  if (typeof text === "string") return text;
  const form = new Intl.PluralRules(language.value).select(Number(count ?? 0));
  return (form === "one" || form === "few" || form === "many" ? text[form] : undefined) ?? text.other;
}

function fill(text: string, values: TextValues): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === "number" ? new Intl.NumberFormat(language.value).format(value) : value;
  });
}
