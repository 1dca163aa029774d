import { expect, test, vi } from "vitest";
import { readFile } from "@/api/namespaceFiles";

const given = (...bytes: number[]) => vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(new Uint8Array(bytes), { headers: { etag: '"1"' } }));

test("a file in UTF-8 is text", async () => {
  given(...new TextEncoder().encode("Grüße\n"));
  expect(await readFile("a", "/x.txt")).toEqual({ text: "Grüße\n", etag: '"1"', binary: false });
});

test.each([
  ["in another encoding", [0x47, 0x72, 0xfc, 0xdf, 0x65]],
  ["with a zero in it", [0x61, 0x00, 0x62]],
])("a file %s is none, and can't be saved as something else", async (_name, bytes) => {
  given(...bytes);
  expect(await readFile("a", "/x.txt")).toEqual({ text: "", etag: '"1"', binary: true });
});
