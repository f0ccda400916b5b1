export { readBrief } from "./brief.ts";
export { briefText } from "./brief-text.ts";
export { sendBrief } from "./send-brief.ts";
