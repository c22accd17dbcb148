// What goes wrong, in one place. A refused mutation tells it as `userErrors`: show `message`, branch on `reason`.
// All else comes as a `CombinedError`: no answer at all, a request turned away, or a field that could not be read.
import type { CombinedError } from "urql";
import type { Words } from "./words";

export type ProblemKind = "offline" | "unreachable" | "office" | "signedOut" | "forbidden" | "busy" | "unsupported" | "broken";

export interface Problem {
  kind: ProblemKind;
  /** A sentence for people. */
  message: string;
  /** Whether asking again may help. */
  retryable: boolean;
}

const KINDS: Record<string, ProblemKind> = {
  BACK_OFFICE_UNAVAILABLE: "office",
  BACK_OFFICE_TIMEOUT: "office",
  BACK_OFFICE_BAD_ANSWER: "office",
  UNAUTHENTICATED: "signedOut",
  FORBIDDEN: "forbidden",
  OVERLOADED: "busy",
  RATE_LIMITED: "busy",
  NOT_SUPPORTED: "unsupported",
  NOT_LICENSED: "unsupported",
};
const RETRYABLE: ReadonlySet<ProblemKind> = new Set(["offline", "unreachable", "office", "busy", "broken"]);
type GraphQLProblem = CombinedError["graphQLErrors"][number];

/** What went wrong with the whole answer. */
export function problemOf(error: CombinedError, words: Words): Problem {
  const first = error.graphQLErrors[0];
  if (first) return told(first, words);
  const kind = navigator.onLine ? "unreachable" : "offline";
  return { kind, message: words.problem[kind], retryable: true };
}

/** What went wrong at a field: `at` is the path of a null, from the root. Null where it is null by right, or never offered. */
export function problemAt(error: CombinedError | undefined, at: (string | number)[], words: Words): Problem | null {
  const found = error?.graphQLErrors.find(({ path }) => path && at.every((step, index) => path[index] === step));
  const problem = found ? told(found, words) : null;
  return problem?.kind === "unsupported" ? null : problem;
}

/** Whether the session is over: by time, or by hand from elsewhere. */
export function isSignedOut(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some(({ extensions }) => extensions["code"] === "UNAUTHENTICATED") ?? false;
}

function told({ extensions }: GraphQLProblem, words: Words): Problem {
  const kind = KINDS[String(extensions["code"])] ?? "broken";
  const { errorId, retryAfter } = extensions;
  return { kind, message: sentence(kind, words, errorId, retryAfter), retryable: RETRYABLE.has(kind) };
}

function sentence(kind: ProblemKind, words: Words, errorId: unknown, retryAfter: unknown): string {
  if (kind === "busy" && typeof retryAfter === "number") return words.problem.busyFor(Math.ceil(retryAfter));
  if (kind === "broken" && typeof errorId === "string") return `${words.problem.broken} (${errorId})`;
  return words.problem[kind];
}
