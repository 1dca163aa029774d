import { defineStore } from "pinia";
import { ref } from "vue";
import { ApiError } from "@/api/http";

export interface Toast {
  id: number;
  tone: "success" | "danger";
  title: string;
  details: string[];
  requestId: string | undefined;
}

/** Successes go by themselves; errors stay until somebody has read them. */
export const useToasts = defineStore("toasts", () => {
  const toasts = ref<Toast[]>([]);
  let lastId = 0;

  function add(tone: Toast["tone"], title: string, details: string[] = [], requestId?: string): void {
    toasts.value = [...toasts.value.slice(-3), { id: ++lastId, tone, title, details, requestId }];
  }

  function succeeded(title: string): void {
    add("success", title);
  }

  function failed(title: string, error: unknown): void {
    if (!(error instanceof ApiError)) return add("danger", title, [error instanceof Error ? error.message : String(error)]);
    const details = error.details.map((detail) => (detail.path === undefined ? detail.message : `${detail.path}: ${detail.message}`));
    add("danger", title, [error.message, ...details.filter((detail) => !error.message.includes(detail))], error.requestId);
  }

  function dismiss(id: number): void {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  }

  return { toasts, succeeded, failed, dismiss };
});
