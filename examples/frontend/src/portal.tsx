// What every screen needs: the manager, who is signed in, and how to say things to them.
import { createContext, useContext } from "react";
import type { Format } from "./format";
import { graphql, type ResultOf } from "./graphql";
import { ThemeColours } from "./theme";
import type { Words } from "./words";

export const PortalDocument = graphql(
  `
    query Portal {
      portal {
        name
        locale
        timeZone
        language
        languages
        paymentPlatform
        signInWays
        theme {
          ...ThemeColours
        }
        texts(keys: ["welcome_title", "welcome_body", "sign_in_help"]) {
          key
          body
        }
      }
      viewer {
        name
        onboardingState
        passwordChangeDue
        secondFactor {
          due
        }
        seenBy {
          name
        }
      }
    }
  `,
  [ThemeColours],
);

type Answer = ResultOf<typeof PortalDocument>;
export type PortalFacts = Answer["portal"];
export type Viewer = NonNullable<Answer["viewer"]>;

export interface Portal {
  facts: PortalFacts;
  viewer: Viewer | null;
  words: Words;
  format: Format;
}

export const PortalContext = createContext<Portal | null>(null);

export function usePortal(): Portal {
  const portal = useContext(PortalContext);
  if (!portal) throw new Error("usePortal stands outside of App");
  return portal;
}
