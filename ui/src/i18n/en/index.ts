import { access } from "@/i18n/en/access";
import { administration } from "@/i18n/en/administration";
import { bulk } from "@/i18n/en/bulk";
import { cluster } from "@/i18n/en/cluster";
import { executions } from "@/i18n/en/executions";
import { files } from "@/i18n/en/files";
import { filters } from "@/i18n/en/filters";
import { flows } from "@/i18n/en/flows";
import { frame } from "@/i18n/en/frame";
import { home } from "@/i18n/en/home";
import { namespaces } from "@/i18n/en/namespaces";
import { namespaceSettings } from "@/i18n/en/settings";

/** The texts of the page. Names of things are those that people search the documentation by. */
export const en = {
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
