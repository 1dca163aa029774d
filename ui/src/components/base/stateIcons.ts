import { CircleAlert, CircleCheck, CircleDashed, CirclePause, CirclePlay, CircleSlash, CircleStop, CircleX, Clock, RotateCcw } from "@lucide/vue";
import type { Component } from "vue";
import type { State } from "@/api/states";

const ICONS: Record<State, Component> = {
  CREATED: CircleDashed,
  SUBMITTED: CircleDashed,
  RUNNING: CirclePlay,
  PAUSED: CirclePause,
  BREAKPOINT: CirclePause,
  RESTARTED: RotateCcw,
  RESUBMITTED: RotateCcw,
  RETRYING: RotateCcw,
  RETRIED: RotateCcw,
  KILLING: CircleStop,
  KILLED: CircleStop,
  SUCCESS: CircleCheck,
  WARNING: CircleAlert,
  FAILED: CircleX,
  CANCELLED: CircleSlash,
  QUEUED: Clock,
  SKIPPED: CircleSlash,
  UNKNOWN: CircleDashed,
};

export function iconOf(state: State): Component {
  return ICONS[state];
}
