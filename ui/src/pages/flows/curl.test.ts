import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { toInput } from "@/api/inputs";
import { curlOf } from "@/pages/flows/curl";

const input = (id: string, type = "STRING") => toInput({ id, type });
const call = (inputs: ReturnType<typeof input>[], values: Record<string, string | File | undefined>, query = {}) =>
  curlOf("http://sluice:8080", { path: "/api/v1/main/executions/a.b/f", query }, inputs, values);

/** What a shell makes of it. */
const words = (command: string): string[] =>
  execFileSync("sh", ["-c", `curl() { printf '%s\\0' "$@"; }; ${command}`], { env: { SLUICE_TOKEN: "t0", API_KEY: "k0" } })
    .toString()
    .split("\0")
    .slice(0, -1);

test("without inputs it is a plain POST with its query", () => {
  expect(call([], {}, { labels: ["team:data", "x:y z"], scheduleDate: undefined })).toBe(
    `curl -X POST 'http://sluice:8080/api/v1/main/executions/a.b/f?labels=team%3Adata&labels=x%3Ay+z' \\\n  -H "Authorization: Bearer $SLUICE_TOKEN"`,
  );
});

test("the shell hands every value on as it was typed", () => {
  const value = `it's "$HOME" \`id\` @x;type=y\nsecond line`;
  expect(words(call([input("a"), input("empty")], { a: value, empty: undefined }))).toEqual([
    "-X",
    "POST",
    "http://sluice:8080/api/v1/main/executions/a.b/f",
    "-H",
    "Authorization: Bearer t0",
    "--form-string",
    `a=${value}`,
  ]);
});

test("files by their names, secrets from the environment", () => {
  const command = call([input("f", "FILE"), input("g", "FILE"), input("api-key", "SECRET")], {
    f: new File([], "data.csv"),
    g: new File([], 'odd "one", two;x.csv'),
    "api-key": "never shown",
  });
  expect(command).not.toContain("never shown");
  expect(words(command).slice(5)).toEqual(["-F", "f=@data.csv", "-F", 'g=@"odd \\"one\\", two;x.csv"', "--form-string", "api-key=k0"]);
});
