import { watchEffect } from "vue";

/** Names the browser's tab. */
export function useTitle(title: () => string): void {
  watchEffect(() => {
    const text = title();
    document.title = text === "" ? "Sluice" : `${text} · Sluice`;
  });
}
