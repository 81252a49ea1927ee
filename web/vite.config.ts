import { defineConfig } from "vite";
import solid from "vite-plugin-solid";

/** Where the API answers while the dev server serves the page. */
const api = process.env.TILLCAST_API ?? "http://127.0.0.1:8080";

export default defineConfig({
  root: import.meta.dirname,
  plugins: [solid()],
  build: {
    target: "es2022",
    // Under `default-src 'self'` neither data: addresses nor inline scripts are allowed.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "/v1": api, "/socket.io": { target: api, ws: true } },
  },
});
