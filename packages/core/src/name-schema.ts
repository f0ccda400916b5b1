import * as z from "zod";
import { namePattern, nameWording } from "./name.ts";

/** A node's id, agent's or target's name. */
export const nameSchema = z.string().regex(namePattern, nameWording);
