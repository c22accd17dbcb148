// What is said while there is nothing else to show.
import type { Problem } from "../problems";
import type { Words } from "../words";

export function Waiting({ text }: { text: string }) {
  return <p className="waiting" role="status">{text}</p>;
}

interface TroubleProps {
  problem: Problem;
  words: Words;
  again?: () => void;
}

/** A problem in words, with a way on where asking again may help. */
export function Trouble({ problem, words, again }: TroubleProps) {
  return (
    <div className="trouble" role="alert">
      <p>{problem.message}</p>
      {again && problem.retryable && <button type="button" className="plain" onClick={again}>{words.again}</button>}
    </div>
  );
}

/** Why a mutation was refused, in the portal's own words; what is true of several things is said once. */
export function Refusal({ errors }: { errors: readonly { message: string }[] }) {
  const messages = new Set(errors.map(({ message }) => message));
  return (
    <div className="trouble" role="alert">
      {[...messages].map((message) => <p key={message}>{message}</p>)}
    </div>
  );
}
