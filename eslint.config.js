import solid from "eslint-plugin-solid/configs/typescript";
import tseslint from "typescript-eslint";

// Biome formats and lints; ESLint runs only the two rule sets that Biome does not have.
export default tseslint.config(
  {
    ignores: [
      "**/dist/**",
      "**/dist-types/**",
      "**/generated/**",
      "**/.tillcast/**",
      ".stack/**",
      "**/*.js",
    ],
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.base],
    languageOptions: {
      parserOptions: { projectService: { allowDefaultProject: ["vitest.config.ts"] } },
    },
    rules: { "@typescript-eslint/no-floating-promises": "error" },
  },
  { files: ["web/**/*.tsx"], ...solid },
);
