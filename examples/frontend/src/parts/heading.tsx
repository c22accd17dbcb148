// The heading of a screen. It takes the focus when its screen appears, so that screen readers begin there.
import { useEffect, useRef, type ReactNode } from "react";

export function Heading({ children }: { children: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return <h1 ref={heading} tabIndex={-1}>{children}</h1>;
}
