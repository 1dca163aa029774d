import type { Catalogue } from "@/i18n";
import { access } from "@/i18n/de/access";
import { administration } from "@/i18n/de/administration";
import { bulk } from "@/i18n/de/bulk";
import { cluster } from "@/i18n/de/cluster";
import { executions } from "@/i18n/de/executions";
import { files } from "@/i18n/de/files";
import { filters } from "@/i18n/de/filters";
import { flows } from "@/i18n/de/flows";
import { frame } from "@/i18n/de/frame";
import { home } from "@/i18n/de/home";
import { namespaces } from "@/i18n/de/namespaces";
import { namespaceSettings } from "@/i18n/de/settings";

/** Complete: each part has the keys of the English one, or it does not compile. */
export const de: Catalogue = {
  ...frame,
  ...home,
  ...flows,
  ...executions,
  ...access,
  ...administration,
  ...cluster,
  ...namespaces,
  ...bulk,
  ...filters,
  ...files,
  ...namespaceSettings,
};
