// A process of its own that makes one commit, so that a test can kill it: node history-child.ts <folder> <file>
import { openRepository } from "../src/repository.ts";

const [folder = "", file = ""] = process.argv.slice(2);
const repository = await openRepository(folder);
await repository?.commit([{ subject: "From a process that dies", paths: [file], trailers: [] }]);
