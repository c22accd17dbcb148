// What is built is small and names no host.

// A page that names no host cannot be taken for one that calls it: React's messages lose the address of their manual.
const MANUAL = "https://react.dev/";
const DOCUMENT = /(?<=\bgraphql\(\s*`)[^`]*(?=`)/g;

/** @returns {import("vite").Plugin} */
export function quiet() {
  return {
    name: "quiet",
    apply: "build",
    enforce: "pre",
    // Documents are sent as they stand: indented for those who read the sources, in one line for those who load the page.
    transform: {
      filter: { id: /\/src\/.*\.tsx?$/ },
      handler: (code) => ({ code: code.replace(DOCUMENT, (found) => found.replace(/\s+/g, " ").trim()), map: null }),
    },
    renderChunk: { order: "post", handler: (code) => ({ code: code.replaceAll(MANUAL, "react.dev/"), map: null }) },
  };
}
