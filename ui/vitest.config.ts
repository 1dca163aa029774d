import { mergeConfig } from "vite";
import { defineConfig } from "vitest/config";
import viteConfig from "./vite.config";

const shared = { restoreMocks: true, unstubGlobals: true };

export default mergeConfig(
  viteConfig,
  defineConfig({
    test: {
      projects: [
        // What is pure needs no browser, and a stand-in for one costs more than the tests.
        { extends: true, test: { ...shared, name: "pure", include: ["src/{api,editor,filter,format,pages}/**/*.test.ts"] } },
        {
          extends: true,
          test: {
            ...shared,
            name: "page",
            include: ["src/{components,composables,i18n}/**/*.test.ts"],
            environment: "jsdom",
            environmentOptions: { jsdom: { url: "http://localhost/ui/" } },
            setupFiles: ["src/testing/setup.ts"],
          },
        },
      ],
    },
  }),
);
