import { isIP } from "node:net";
import { z } from "zod";

/** Whose `X-Forwarded` headers are believed: nobody's, those of so many hops, or those of networks. */
export type TrustProxy = false | number | string;

/** Networks that have a name of their own. */
const namedNetworks: readonly string[] = ["loopback", "linklocal", "uniquelocal"];
const hopsMax = 10;

/** Reads the setting. To believe everybody is to believe what a caller says of itself, so nothing means that. */
export const trustProxyText: z.ZodType<TrustProxy, string> = z
  .string()
  .transform((text, context): TrustProxy => {
    if (text === "off") return false;
    if (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= hopsMax) return Number(text);
    const networks = text.split(",").map((part) => part.trim());
    if (networks.every(isNetwork)) return networks.join(",");
    context.addIssue({
      code: "custom",
      message: `say how many proxies stand in front (1 to ${hopsMax}), or their networks (10.0.0.0/8, loopback), or off; "${text}" would believe anybody or nobody`,
    });
    return z.NEVER;
  });

/** Whether a text is an address, a range of them that is not all, or a network's name. */
function isNetwork(text: string): boolean {
  if (namedNetworks.includes(text)) return true;
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  if (bits === undefined) return true;
  return /^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128);
}
