import { flushPromises, mount } from "@vue/test-utils";
import { afterEach, expect, test, vi } from "vitest";
import LoginForm from "@/components/layout/LoginForm.vue";

afterEach(() => vi.unstubAllGlobals());

async function shown(waysIn: unknown, props: { from: string; refused?: string }) {
  vi.stubGlobal("fetch", vi.fn(async () => (waysIn === undefined ? Promise.reject(new TypeError("away")) : new Response(JSON.stringify(waysIn)))));
  const page = mount(LoginForm, { props });
  await flushPromises();
  return page;
}

test("without a provider there is the password only", async () => {
  for (const waysIn of [{ isBasicAuthInitialized: true }, undefined]) {
    const page = await shown(waysIn, { from: "/ui/" });
    expect(page.findAll("input")).toHaveLength(2);
    expect(page.findAll("a")).toHaveLength(0);
  }
});

test("the provider's button leads there, and back to where one was", async () => {
  const signOn = { url: "/api/v1/login/oidc", label: "" };
  const page = await shown({ signOn }, { from: "/ui/flows?q=a b&x=1" });
  const link = page.get("a");
  expect(link.text()).toBe("Log in with single sign-on");
  expect(new URL(link.attributes("href") ?? "", "https://here").searchParams.get("from")).toBe("/ui/flows?q=a b&x=1");
  const named = await shown({ signOn: { ...signOn, label: "Log in with ACME" } }, { from: "/ui/" });
  expect(named.get("a").text()).toBe("Log in with ACME");
});

test("where no passwords are taken nobody is asked for one", async () => {
  const page = await shown({ passwords: false, signOn: { url: "/api/v1/login/oidc", label: "" } }, { from: "/ui/" });
  expect(page.findAll("input")).toHaveLength(0);
  expect(page.findAll("button")).toHaveLength(0);
  expect(page.findAll("a")).toHaveLength(1);
  expect(page.find(".or").exists()).toBe(false);
});

test("a log-in that came back without success says why", async () => {
  const page = await shown({}, { from: "/ui/", refused: "Your user is disabled here." });
  expect(page.get("[role=alert]").text()).toBe("Your user is disabled here.");
});
