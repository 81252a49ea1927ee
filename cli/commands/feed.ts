import {
  changeFeed,
  type FeedChange,
  type FeedFacts,
  feedNameText,
  findFeed,
  listFeeds,
  parseFeedName,
  requireTenant,
  tenantOfFeed,
  tenantOfStore,
  type VendorFeedName,
} from "@tillcast/accounts";
import { appError } from "@tillcast/core";
import { type NumberingSuggestion, suggestedNumberings } from "@tillcast/core/orders";
import type { Job } from "@tillcast/core/work";
import type { Numbering } from "@tillcast/schemas";
import { type Command, Option } from "commander";
import { readCurrency, readDate, readId, readWhole } from "../arguments.ts";
import {
  type ActionContext,
  type ActionResult,
  example,
  jsonOption,
  runAction,
} from "../run-action.ts";
import { type ChangeContext, runChange } from "../run-change.ts";
import { jobPhrase } from "../runtime/follow-job.ts";
import { openInstallation } from "../runtime/installation.ts";
import { followReappend, keepReappending } from "../runtime/reappend.ts";
import { table } from "../table.ts";

interface OneFeed {
  readonly feed: string;
  readonly tenant?: string;
}

interface AuthorityOptions extends OneFeed {
  readonly from?: string;
  readonly to?: string;
  readonly clear?: boolean;
}

/** What people type, and what is kept. */
const numberingWords: Readonly<Record<string, Exclude<Numbering, "unknown">>> = {
  unique: "unique",
  "per-register": "per_register",
  "per-day": "per_day",
  "per-register-and-day": "per_register_and_day",
};
const roundingWords = { "half-even": "half_even", "half-up": "half_up" } as const;

/** Most minor units by which a sender's sums may differ: more is another sum, not rounding. */
const toleranceMax = 1_000_000;

export default function addFeed(program: Command): void {
  const group = program
    .command("feed")
    .description("what each vendor location belongs to, and by which rules its orders count");
  group
    .command("list")
    .description("list feeds with their store, their rules, and what is parked or not counted")
    .option("--tenant <id>", "only this tenant's feeds", readId)
    .option("--store <id>", "only those mapped to this store", readId)
    .addOption(jsonOption())
    .addHelpText("after", example("feed list --tenant T"))
    .action((options: { tenant?: string; store?: string }, command: Command) =>
      runAction(command, (context) => list(options, context)),
    );
  ofOneFeed(group.command("map"))
    .description("map a location to a store, and move the orders that it has to there")
    .requiredOption("--store <id>", "whose sales they are", readId)
    .addHelpText("after", example("feed map --feed push/default/corner --store S"))
    .action((options: OneFeed & { store: string }, command: Command) =>
      runChange(command, async (context) => change(options, { storeId: options.store }, context)),
    );
  ofOneFeed(group.command("authority"))
    .description("say for which business dates a feed counts; the others are kept and not counted")
    .option("--from <date>", "the first date; without it, from the beginning", readDate)
    .option("--to <date>", "the last date; without it, for ever", readDate)
    .option("--clear", "for all dates")
    .addHelpText("after", example("feed authority --feed push/default/corner --from 2026-03-03"))
    .action((options: AuthorityOptions, command: Command) =>
      runChange(command, async (context) => {
        const authority = authorityOf(options);
        return change(options, { authority }, context);
      }),
    );
  ofOneFeed(group.command("numbering"))
    .description("say how the order numbers of a feed repeat")
    .addOption(
      new Option("--is <numbering>", "how they repeat")
        .choices(Object.keys(numberingWords))
        .makeOptionMandatory(),
    )
    .addHelpText("after", example("feed numbering --feed push/default/corner --is per-day"))
    .action((options: OneFeed & { is: string }, command: Command) =>
      runChange(command, (context) =>
        change(options, { numbering: numberingWords[options.is] }, context),
      ),
    );
  ofOneFeed(group.command("rounding"))
    .description(
      "say how the sender of a feed rounds, and by how much its sums may differ from ours",
    )
    .addOption(
      new Option("--rule <rule>", "what becomes of a half")
        .choices(Object.keys(roundingWords))
        .makeOptionMandatory(),
    )
    .addOption(
      new Option("--by <part>", "what is rounded").choices(["line", "order"]).default("line"),
    )
    .option("--tolerance <minor>", "minor units", readWhole(0, toleranceMax), 0)
    .addHelpText(
      "after",
      example("feed rounding --feed push/default/corner --rule half-up --by order"),
    )
    .action((options: RoundingOptions, command: Command) =>
      runChange(command, (context) => {
        const { rule, by, tolerance } = options;
        const rounding = { rule: roundingWords[rule], by, tolerance: BigInt(tolerance) };
        return change(options, { rounding }, context);
      }),
    );
  ofOneFeed(group.command("currency"))
    .description("say in which currency a feed's orders are; those in another are parked")
    .option("--is <code>", "ISO 4217 currency, such as EUR", readCurrency)
    .option("--any", "take every currency")
    .addHelpText("after", example("feed currency --feed push/default/corner --is EUR"))
    .action((options: OneFeed & { is?: string; any?: boolean }, command: Command) =>
      runChange(command, (context) => {
        if ((options.is === undefined) === (options.any !== true)) {
          throw appError("validationFailed", { field: "--is", reason: "give it, or --any" });
        }
        return change(options, { currency: options.is ?? null }, context);
      }),
    );
}

interface RoundingOptions extends OneFeed {
  readonly rule: keyof typeof roundingWords;
  readonly by: "line" | "order";
  readonly tolerance: number;
}

const ofOneFeed = (command: Command): Command =>
  command
    .requiredOption("--feed <name>", "source/account/location, as `feed list` shows it")
    .option("--tenant <id>", "whose feed it is, where several have one of this name", readId)
    .addOption(jsonOption());

function authorityOf({ from, to, clear }: AuthorityOptions) {
  if ((from !== undefined || to !== undefined) === (clear === true)) {
    throw appError("validationFailed", {
      field: "--from",
      reason: "give --from, --to or both, or else --clear",
    });
  }
  return { from: from ?? null, to: to ?? null };
}

async function list(
  { tenant, store }: { tenant?: string; store?: string },
  { scope, log }: ActionContext,
): Promise<ActionResult> {
  const { database } = await openInstallation({ scope, log, role: "command" });
  if (tenant !== undefined) await requireTenant(database.service, tenant);
  const storeIds = store === undefined ? null : [store];
  const found = await listFeeds(database.service, { tenantId: tenant, storeIds });
  const suggestions = await suggestedNumberings(database.service, tenant);
  const rows = found.feeds.map((one) => [
    feedNameText(one),
    one.storeName ?? "(none)",
    one.state,
    `${numberingWord(one.numbering)} (${one.numberingFrom})${suggested(suggestions.of(one))}`,
    stretch(one),
    one.currency ?? "any",
    `${one.rounding.replace("_", "-")} by ${one.roundingBy}, ±${one.toleranceMinor}`,
    one.clockAheadMs === null ? "" : `${one.clockAheadMs / 1000n} s`,
    String(one.parked),
    String(one.withheld),
  ]);
  const headings =
    "feed|store|state|numbering|authority|currency|rounding|clock ahead|parked|kept, not counted";
  const cut = found.isCut ? "\nand more; narrow them down with --tenant or --store" : "";
  return {
    ok: true,
    result: {
      feeds: found.feeds.map((one) => ({
        ...shown(one),
        suggestedNumbering: suggestions.of(one)?.numbering ?? null,
      })),
      isCut: found.isCut,
    },
    text: `${table(headings.split("|"), rows)}${cut}`,
  };
}

const numberingWord = (numbering: Numbering) => numbering.replaceAll("_", "-");

/** What the undecided conflicts of a feed suggest; a person sets it by `feed numbering`. */
function suggested(suggestion: NumberingSuggestion | undefined): string {
  if (suggestion === undefined) return "";
  const { numbering, conflicts } = suggestion;
  return `; ${conflicts} conflicts suggest ${numberingWord(numbering)}`;
}

async function change(
  options: OneFeed,
  wanted: FeedChange,
  context: ChangeContext,
): Promise<ActionResult> {
  const { scope, log } = context;
  const name = parseFeedName(options.feed);
  const installation = await openInstallation({ scope, log, role: "command" });
  const { service } = installation.database;
  const tenantId =
    options.tenant ??
    (await tenantOfFeed(service, name)) ??
    (wanted.storeId === undefined ? undefined : await tenantOfStore(service, wanted.storeId));
  if (tenantId === undefined) throw appError("notFound", { what: `feed ${options.feed}` });
  const decision = { tenantId, feed: name, change: wanted, by: context.by };
  const queued = await changeFeed(service, decision);
  let job: Job | null = null;
  if (queued !== null) {
    await keepReappending(scope, installation);
    job = await followReappend(service, queued, context);
  }
  const facts = (await findFeed(service, tenantId, name)) as FeedFacts;
  return {
    ok: job === null || job.state === "done",
    result: { feed: shown(facts), job: job === null ? null : shownJob(job) },
    text: job === null ? `${feedNameText(name)} is set; no order moves.` : jobPhrase(job),
  };
}

const shownJob = ({ jobId, state, message, error }: Job) => ({ jobId, state, message, error });

/** A feed as scripts read it. */
function shown(facts: FeedFacts & VendorFeedName) {
  return {
    ...facts,
    feed: feedNameText(facts),
    parked: Number(facts.parked),
    withheld: Number(facts.withheld),
  };
}

function stretch({ authorityFrom, authorityTo }: FeedFacts): string {
  if (authorityFrom === null && authorityTo === null) return "all dates";
  return `${authorityFrom ?? "..."} to ${authorityTo ?? "..."}`;
}
