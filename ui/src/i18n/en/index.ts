import { access } from "@/i18n/en/access";
import { administration } from "@/i18n/en/administration";
import { cluster } from "@/i18n/en/cluster";
import { executions } from "@/i18n/en/executions";
import { flows } from "@/i18n/en/flows";
import { frame } from "@/i18n/en/frame";
import { home } from "@/i18n/en/home";
import { namespaces } from "@/i18n/en/namespaces";

/** The texts of the page. Names of things are those that people search the documentation by. */
export const en = { ...frame, ...home, ...flows, ...executions, ...access, ...administration, ...cluster, ...namespaces };
