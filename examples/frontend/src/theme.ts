// The manager's colours, handed to the style sheet. Setting properties one by one is what a strict policy allows.
import { graphql, readFragment, type FragmentOf } from "./graphql";

export const ThemeColours = graphql(`
  fragment ThemeColours on Theme {
    primary
    onPrimary
    background
    text
    accent
  }
`);

export function dress(theme: FragmentOf<typeof ThemeColours>): void {
  const { primary, onPrimary, background, text, accent } = readFragment(ThemeColours, theme);
  const colours = { primary, "on-primary": onPrimary, background, text, accent };
  for (const [name, colour] of Object.entries(colours)) {
    document.documentElement.style.setProperty(`--portal-${name}`, colour);
  }
}
