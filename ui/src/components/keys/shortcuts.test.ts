import { afterEach, expect, test } from "vitest";
import { isFree, KeyReader, SHOWN } from "@/components/keys/shortcuts";
import { frame } from "@/i18n/en/frame";

afterEach(() => (document.body.innerHTML = ""));

test("g and a letter lead to a page, if the letter comes in time", () => {
  const keys = new KeyReader();
  expect(keys.read("g", 0)).toBeUndefined();
  expect(keys.read("e", 400)).toEqual({ kind: "go", route: "executions" });
  expect(keys.read("g", 1000)).toBeUndefined();
  expect(keys.read("e", 4000)).toEqual({ kind: "edit" });
});

test("a letter that leads nowhere ends it", () => {
  const keys = new KeyReader();
  keys.read("g", 0);
  expect(keys.read("q", 1)).toBeUndefined();
  expect(keys.read("h", 2)).toBeUndefined();
});

test("numbers open parts of a page", () => expect(new KeyReader().read("3", 0)).toEqual({ kind: "tab", number: 3 }));

test("every key that is listed has a text", () => {
  for (const { text } of SHOWN) expect(frame).toHaveProperty([text]);
});

function pressOn(html: string, more: KeyboardEventInit = {}): boolean {
  document.body.innerHTML = html;
  const event = new KeyboardEvent("keydown", { key: "e", bubbles: true, ...more });
  let free = false;
  document.addEventListener("keydown", (pressed) => (free = isFree(pressed)), { once: true });
  (document.querySelector(".here") ?? document.body).dispatchEvent(event);
  return free;
}

test("keys are free where nobody types and no dialog is open", () => {
  expect(pressOn("<main class='here'></main>")).toBe(true);
  expect(pressOn("<input type='checkbox' class='here'>")).toBe(true);
  expect(pressOn("<input class='here'>")).toBe(false);
  expect(pressOn("<textarea class='here'></textarea>")).toBe(false);
  expect(pressOn("<div class='monaco-editor'><div class='here'></div></div>")).toBe(false);
  expect(pressOn("<main class='here'></main><div role='dialog'></div>")).toBe(false);
  expect(pressOn("<main class='here'></main>", { ctrlKey: true })).toBe(false);
});
