import {
  Ban,
  CirclePlay,
  CircleSlash,
  Copy,
  FastForward,
  LockOpen,
  Pause,
  Play,
  RotateCcw,
  Square,
  Tags,
  ToggleLeft,
  ToggleRight,
  Trash2,
  Zap,
} from "@lucide/vue";
import type { Component } from "vue";
import type { BulkResource } from "@/api/operations";
import type { TextKey } from "@/i18n";

export interface BulkAction {
  id: string;
  text: TextKey;
  icon: Component;
  /** Stands as a button of its own. */
  prominent?: boolean;
  /** Can't be taken back. */
  destructive?: boolean;
  /** What the dialog asks for besides. */
  asks?: "labels" | "status" | "revision";
}

export const BULK_ACTIONS: Record<BulkResource, BulkAction[]> = {
  executions: [
    { id: "restart", text: "bulk.restart", icon: RotateCcw, prominent: true },
    { id: "replay", text: "bulk.replay", icon: Copy, prominent: true, asks: "revision" },
    { id: "kill", text: "bulk.kill", icon: Square, prominent: true, destructive: true },
    { id: "pause", text: "bulk.pause", icon: Pause },
    { id: "resume", text: "bulk.resume", icon: Play },
    { id: "unqueue", text: "bulk.unqueue", icon: FastForward },
    { id: "force-run", text: "bulk.forceRun", icon: Zap },
    { id: "change-status", text: "bulk.changeStatus", icon: CircleSlash, asks: "status" },
    { id: "labels", text: "bulk.labels", icon: Tags, asks: "labels" },
    { id: "delete", text: "bulk.delete", icon: Trash2, destructive: true },
  ],
  flows: [
    { id: "enable", text: "bulk.enable", icon: CirclePlay, prominent: true },
    { id: "disable", text: "bulk.disable", icon: Ban, prominent: true },
    { id: "delete", text: "bulk.delete", icon: Trash2, destructive: true },
  ],
  triggers: [
    { id: "enable", text: "bulk.enable", icon: ToggleRight, prominent: true },
    { id: "disable", text: "bulk.disable", icon: ToggleLeft, prominent: true },
    { id: "unlock", text: "bulk.unlock", icon: LockOpen, prominent: true },
    { id: "restart", text: "bulk.restartTrigger", icon: RotateCcw },
    { id: "pause-backfill", text: "bulk.pauseBackfill", icon: Pause },
    { id: "unpause-backfill", text: "bulk.unpauseBackfill", icon: Play },
    { id: "delete-backfill", text: "bulk.deleteBackfill", icon: Ban },
    { id: "delete", text: "bulk.deleteTrigger", icon: Trash2, destructive: true },
  ],
};

/** The words for an action; an operation that SQL started may have one that the page doesn't offer. */
export function actionText(resource: BulkResource, id: string): TextKey | undefined {
  return BULK_ACTIONS[resource]?.find((action) => action.id === id)?.text;
}

/** From so many on, somebody who destroys types how many there are. */
export const TYPED_FROM = 100;

/** "team:data, url:http://x": a label for each comma; undefined where one is none. */
export function parseLabels(text: string): { key: string; value: string }[] | undefined {
  const labels = [];
  for (const part of text.split(/[,\n]/)) {
    if (part.trim() === "") continue;
    const colon = part.indexOf(":");
    const label = { key: part.slice(0, colon).trim(), value: part.slice(colon + 1).trim() };
    if (colon < 0 || label.key === "" || label.value === "") return undefined;
    labels.push(label);
  }
  return labels.length === 0 ? undefined : labels;
}
