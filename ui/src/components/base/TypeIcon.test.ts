import { mount } from "@vue/test-utils";
import { expect, it } from "vitest";
import { iconAddress } from "@/api/plugins";
import TypeIcon from "@/components/base/TypeIcon.vue";

it("draws the icon that the server has for the type, and says nothing to readers of the page", () => {
  const icon = mount(TypeIcon, { props: { type: "com.example.greet.Hello" } });
  expect(icon.attributes("aria-hidden")).toBe("true");
  expect(icon.attributes("style")).toContain("/api/v1/plugins/com.example.greet.Hello/icon.svg");
});

it("keeps a name that is no address from becoming one", () => {
  expect(iconAddress('a/../b"')).toBe("/api/v1/plugins/a%2F..%2Fb%22/icon.svg");
});
