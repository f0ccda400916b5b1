/** Where the second parser lies. The bundler puts another module in the place of this one. */
export const grammarPlace = {
  worker: new URL("./grammar-worker.ts", import.meta.url),
  core: () => import.meta.resolve("web-tree-sitter/web-tree-sitter.wasm"),
  grammar: () => import.meta.resolve("tree-sitter-bash/tree-sitter-bash.wasm"),
};
