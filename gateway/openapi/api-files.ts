import openapiTS, { astToString, type OpenAPI3 } from "openapi-typescript";

/** Every service whose routes stand under the one HTTP server. */
export const apiRouteFolders: readonly URL[] = ["gateway", "ingest"].map(
  (service) => new URL(`../../${service}/routes/`, import.meta.url),
);

/** Where the document and its types are kept. */
export const apiFiles = {
  document: new URL("../../docs/openapi.json", import.meta.url),
  types: new URL("../../schemas/generated/api.ts", import.meta.url),
} as const;

const header = `/** Written by \`node gateway/openapi/write-openapi.ts\`; do not edit. */\n`;

/** The types of a document's paths, parameters and answers. */
export async function typesOf(document: object): Promise<string> {
  const tree = await openapiTS(document as OpenAPI3, { alphabetize: true });
  return header + astToString(tree);
}
