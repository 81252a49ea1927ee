import solid from "eslint-plugin-solid/configs/typescript";
import tseslint from "typescript-eslint";

// Biome formats and lints; ESLint runs only the two rule sets that Biome does not have.
export default tseslint.config(
  { ignores: ["**/dist/**", "**/dist-types/**", "**/generated/**", "**/*.js"] },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.base],
    languageOptions: { parserOptions: { projectService: true } },
    rules: { "@typescript-eslint/no-floating-promises": "error" },
  },
  { files: ["web/**/*.tsx"], ...solid, languageOptions: { parser: tseslint.parser } },
);
