import { openScope } from "@tillcast/core";
import { afterAll, test } from "vitest";
import { historySkip } from "../ci/add-up.ts";
import { isInClone, releaseBefore } from "../support/older-release.ts";
import { expectUpgradeFromBefore } from "../support/upgrade-from-before.ts";

const scope = openScope();
afterAll(() => scope.close());

const isHere = isInClone(releaseBefore);
const unlessHere = isHere ? "" : `: ${historySkip}`;
if (!isHere) console.log(`${historySkip}: rolling upgrade from ${releaseBefore}`);

test.skipIf(!isHere)(
  `from the release before, while orders come: every push is answered, every order counted once${unlessHere}`,
  () => expectUpgradeFromBefore(scope),
);
