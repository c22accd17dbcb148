import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { licences } from "./tools/licences.mjs";
import { quiet } from "./tools/quiet.mjs";
import { sources } from "./tools/sources.mjs";

// A manager's address of the demo; `PORTAL=http://127.0.0.1:8003 npm run dev` shows another.
const PORTAL = process.env.PORTAL ?? "http://127.0.0.1:8001";

/** The host of a request names the manager: pass it on as if the browser had asked there. */
const passedOn = {
  target: PORTAL,
  changeOrigin: true,
  configure: (proxy) => proxy.on("proxyReq", (request) => request.hasHeader("origin") && request.setHeader("origin", PORTAL)),
};

export default defineConfig(({ command }) => ({
  // Built, it runs in any folder. In development it stands where the demo has it, so that a payer comes back to it.
  base: command === "build" ? "./" : "/single-page/",
  plugins: [react(), quiet(), licences(), sources()],
  server: {
    // Cookies do not tell ports apart: with the demo's own address the session is the same here and there.
    host: "127.0.0.1",
    proxy: { "/graphql": passedOn, "/documents": passedOn, "/checkouts": passedOn },
  },
  build: {
    target: "es2023",
    modulePreload: false,
    assetsInlineLimit: 0,
    // The same names each time: what changed is then told by a readable difference.
    rolldownOptions: { output: { entryFileNames: "app.js", assetFileNames: "app[extname]", codeSplitting: false } },
  },
}));
