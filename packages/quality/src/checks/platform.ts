import type { Check } from "../check.ts";
import { comparePlatform } from "../platform/compare.ts";

export const platform: Check = {
  id: "platform",
  title: "Fits the platform",
  weight: 10,
  about:
    "What is prepared has to fit where it goes. The facts that `memomesh facts` has collected tell what is free: memory limits and GPUs of Compose services, `platform:`, the requests, replicas and architectures of Kubernetes pods, the room that volumes and volume claims ask for, what a plan says under `needs` and a deployment under `resources` are compared with them. What goes to a group of hosts has to fit on each of them. Free memory counts as it was measured, so a service that runs already counts twice; limits that only exceed what is free cost less than those that exceed what is there. A fact that is absent or stale is named and costs nothing.",
  look(material) {
    const { flaws, compared } = comparePlatform(material);
    return compared === 0 ? undefined : flaws;
  },
};
