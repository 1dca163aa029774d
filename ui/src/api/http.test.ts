import { expect, test, vi } from "vitest";
import { ApiError, getJson, listenToTransport, toQueryString, UnreachableError } from "@/api/http";

const heard = { reached: vi.fn(), unreachable: vi.fn(), unauthorized: vi.fn() };
const answer = (status: number, body: unknown) =>
  vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response(JSON.stringify(body), { status, headers: { "x-request-id": "r1" } }));

test("empty values stay out of the address", () => {
  expect(toQueryString({ a: undefined, b: "", c: "x y", d: ["1", "2"], e: false })).toBe("?c=x+y&d=1&d=2&e=false");
});

test("a refusal carries its details and the id of the request", async () => {
  answer(422, { message: "Invalid entity", _embedded: { errors: [{ path: "id", message: "must not be blank" }] } });
  const error = await getJson("/x").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 422, message: "Invalid entity", requestId: "r1", details: [{ path: "id" }] });
});

test("401 is told to whoever keeps the session", async () => {
  listenToTransport(heard);
  answer(401, {});
  await expect(getJson("/x")).rejects.toThrow();
  expect(heard.unauthorized).toHaveBeenCalled();
});

test("a gateway's error counts as: the server is away", async () => {
  listenToTransport(heard);
  answer(502, {});
  await expect(getJson("/x")).rejects.toBeInstanceOf(UnreachableError);
  expect(heard.unreachable).toHaveBeenCalled();
});
