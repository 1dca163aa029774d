import { formatMilliseconds, parseIsoDuration } from "@/format/duration";
import { shortId } from "@/format/id";
import { formatDateTime, type TimeStyle } from "@/format/time";

const ID = /\b0[0-9A-Za-z]{21}\b/g;
const MOMENT = /\b(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2}(?:\.\d+)?)([+-]\d{2})(:?\d{2})?\b/g;
const LENGTH = /\bP(?:\d+D)?(?:T[\d.HMS]+)?\b/g;

/** A sentence of the server as people read it: ids shortened, moments in their time zone, lengths of time in words. */
export function sentence(text: string, style: TimeStyle): string {
  return text
    .replace(ID, shortId)
    .replace(MOMENT, (whole, day: string, clock: string, hours: string, minutes = "00") => {
      const at = new Date(`${day}T${clock.slice(0, 12)}${hours}:${minutes.replace(":", "")}`);
      return Number.isNaN(at.getTime()) ? whole : formatDateTime(at, style);
    })
    .replace(LENGTH, (iso) => {
      const ms = parseIsoDuration(iso);
      return ms === undefined ? iso : formatMilliseconds(ms);
    });
}
