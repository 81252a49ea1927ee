/** Puts the test databases of a test file on the stack's TimescaleDB. */
import { inject } from "vitest";

process.env.TILLCAST_TEST_SERVER_URL = inject("stack").timescaleUrl;
