import { fileURLToPath, URL } from "node:url";
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

/** Where `npm run dev` finds the API: the mock server of testing/, or a real one. */
const apiServer = process.env.SLUICE_URL ?? "http://127.0.0.1:8089";
/** The server refuses what a page of another site asks for: it has to look like its own. */
const asOwn = { target: apiServer, headers: { origin: apiServer, host: new URL(apiServer).host } };

export default defineConfig({
  base: "/ui/",
  plugins: [vue()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: process.env.SLUICE_UI_OUT ?? "dist",
    emptyOutDir: true,
    target: "es2022",
    // The editor and its workers are big and load only when somebody edits.
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
  },
  worker: { format: "es" },
  server: { proxy: { "/api": asOwn, "/ping": asOwn } },
});
