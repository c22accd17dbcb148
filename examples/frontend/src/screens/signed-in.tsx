// What has to be done before anything else can be seen.
import type { ReactNode } from "react";
import { Heading } from "../parts/heading";
import { usePortal } from "../portal";
import { SignInScreen } from "./sign-in";

export function SignedIn({ children }: { children: ReactNode }) {
  const { viewer, words } = usePortal();
  if (!viewer) return <SignInScreen />;
  if (viewer.passwordChangeDue) return <Held name={viewer.name} text={words.held.password} />;
  if (viewer.secondFactor.due) return <Held name={viewer.name} text={words.held.secondFactor} />;
  if (viewer.onboardingState === "NEEDS_ACCOUNT") return <Held name={viewer.name} text={words.held.noAccount} />;
  return children;
}

function Held({ name, text }: { name: string; text: string }) {
  const { words } = usePortal();
  return (
    <>
      <Heading>{words.home.greeting(name)}</Heading>
      <p className="note">{text}</p>
    </>
  );
}
