import { expect, test } from "vitest";
import { renderMarkdown } from "@/format/markdown";

test("markup in a description is shown as text", () => expect(renderMarkdown("<img src=x onerror=alert(1)>")).not.toContain("<img"));
test("a link can't carry a script", () => expect(renderMarkdown("[x](javascript:alert(1))")).not.toContain("<a"));
test("pictures from elsewhere are not loaded", () => expect(renderMarkdown("![logo](https://a.example/x.png)")).toBe("<p>logo</p>\n"));
