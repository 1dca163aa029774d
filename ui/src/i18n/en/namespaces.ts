import type { Text } from "@/i18n";

export const namespaces = {} satisfies Record<string, Text>;
